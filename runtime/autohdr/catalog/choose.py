"""Chooses photos of a catalog by folder, collection, rating, flag and date: `--only rating=3..`, all of which hold."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from autohdr.catalog.photos import Row, select, whole
from autohdr.errors import SettingsError

KINDS = ("folder", "collection", "rating", "flag", "date")
FLAGS = {"picked": 1, "unflagged": 0, "rejected": -1}
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_RATING = re.compile(r"[0-5]")
_SMART = "com.adobe.ag.library.smart_collection"
_NAMED = 5
"""Names that an error message offers."""


@dataclass(frozen=True, slots=True)
class Only:
    """One condition: `kind=value`."""

    kind: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "Only":
        """Raises:
        SettingsError: it is none.
        """
        kind, equals, value = text.partition("=")
        kind, value = kind.strip().casefold(), value.strip()
        if not equals or kind not in KINDS or not value:
            raise SettingsError(
                f"--only {text} is not understood; expected one of folder=2024/Paris, collection=Wedding, rating=3, "
                "rating=3.., flag=picked, date=2024-05, date=2024-05-01..2024-06"
            )
        if kind == "flag" and value not in FLAGS:
            raise SettingsError(f"--only {text}: expected flag={', flag='.join(FLAGS)}")
        if kind == "rating":
            _ends(text, value, _RATING, "0 to 5 stars, such as rating=3, rating=3.. or rating=1..2")
        if kind == "date":
            _ends(text, value, _DATE, "a year, month or day, such as date=2024, date=2024-05 or date=2024-05-17..")
        return cls(kind, value)


def parse_only(only: Sequence[str]) -> tuple[Only, ...]:
    """What the user chooses by.

    Raises:
        SettingsError: one of the conditions is not understood.
    """
    return tuple(Only.parse(text) for text in only)


def chosen(connection: sqlite3.Connection, path: Path, rows: Iterable[Row], only: Sequence[Only]) -> list[Row]:
    """The rows that all conditions hold for.

    Raises:
        SettingsError: the catalog has no such collection or folder, or no photo that they hold for.
    """
    found = list(rows)
    for count, one in enumerate(only, 1):
        holds = _condition(one, connection, path, found)
        before, found = found, [row for row in found if holds(row)]
        if not found:
            asked = " and ".join(f"{asked.kind}={asked.value}" for asked in only[:count])
            raise SettingsError(f"no photo in {path.name} has {asked}{_those(one.kind, before)}")
    return found


def _those(kind: str, rows: Sequence[Row]) -> str:
    """What photos have that a condition does not hold for, as the rest of a sentence."""
    found: list[str] = []
    if kind == "rating":
        found = [str(stars) for stars in sorted({row.rating for row in rows})]
    elif kind == "flag":
        found = [name for name, flag in FLAGS.items() if any(row.flag == flag for row in rows)]
    elif kind == "date":
        days = sorted(row.captured[:10] for row in rows if row.captured)
        found = [f"{days[0]}..{days[-1]}"] if days else []
    return f"; its photos have {kind}={f', {kind}='.join(found)}" if found else ""


def _condition(one: Only, connection: sqlite3.Connection, path: Path, rows: list[Row]) -> Callable[[Row], bool]:
    match one.kind:
        case "flag":
            return lambda row: row.flag == FLAGS[one.value]
        case "rating":
            low, high = (end or other for end, other in zip(_split(one.value), "05", strict=True))
            return lambda row: int(low) <= row.rating <= int(high)
        case "date":
            begin, end = _split(one.value)
            return lambda row: bool(row.captured) and begin <= row.captured and row.captured[: len(end)] <= end
        case "folder":
            return _in_folder(one.value, path, rows)
    members = _collection(one.value, connection, path)
    return lambda row: row.number in members


def _split(value: str) -> tuple[str, str]:
    """The two ends of a range, either of which may be missing; a single value is both."""
    low, dots, high = value.partition("..")
    return (low, high) if dots else (value, value)


def _ends(text: str, value: str, form: re.Pattern[str], expected: str) -> None:
    ends = [end for end in _split(value) if end]
    if not ends or not all(form.fullmatch(end) for end in ends):
        raise SettingsError(f"--only {text} is not understood; expected {expected}")


def _in_folder(value: str, path: Path, rows: list[Row]) -> Callable[[Row], bool]:
    """Whether a photo is in a folder, or in one below it. The last parts of the folder's path name it."""
    wanted = f"/{value.replace(chr(92), '/').strip('/')}/".casefold()
    folders = {row.named for row in rows}
    inside = {folder for folder in folders if wanted in f"/{folder}".casefold()}
    if not inside:
        parts = {part for folder in folders for part in folder.split("/") if part}
        raise _unknown("folder", value, path, parts)
    return lambda row: row.named in inside


def _collection(value: str, connection: sqlite3.Connection, path: Path) -> Collection[int]:
    """The photos of all collections of a name, and of those in a set of this name."""
    names = ("id_local", "name", "parent", "creationId")
    below: defaultdict[int | None, list[int | None]] = defaultdict(list)
    of_name: dict[int | None, bool] = {}
    known: set[str] = set()
    for number, name, parent, kind in select(connection, path, "AgLibraryCollection", names, optional=True):
        identity = whole(number)
        below[whole(parent)].append(identity)
        if kind != _SMART:
            known.add(str(name))
        if str(name).casefold() == value.casefold():
            of_name[identity] = kind == _SMART
    if not of_name:
        raise _unknown("collection", value, path, known)
    if all(of_name.values()):
        raise SettingsError(
            f"{value} is a smart collection, whose photos Lightroom alone works out; make a collection of them in "
            "Lightroom (select all, then Collection > Create Collection), and name that"
        )
    wanted: set[int | None] = set()
    waiting = list(of_name)
    while waiting:
        if (number := waiting.pop()) not in wanted:  # a damaged catalog may hold a set that is in itself
            wanted.add(number)
            waiting += below[number]
    pairs = select(connection, path, "AgLibraryCollectionImage", ("collection", "image"), optional=True)
    return {
        number for collection, image in pairs if whole(collection) in wanted and (number := whole(image)) is not None
    }


def _unknown(kind: str, value: str, path: Path, names: Collection[str]) -> SettingsError:
    spelled = {name.casefold(): name for name in sorted(names)}
    near = get_close_matches(value.casefold(), list(spelled)[:20_000], _NAMED, 0.4)
    offered = ", ".join(spelled[name] for name in near)
    some = ", ".join(list(spelled.values())[:_NAMED])
    every = f"it has {len(names)}: {some}{', ...' if len(spelled) > _NAMED else ''}" if spelled else "it has none"
    there = f"the nearest names are {offered}" if near else every
    return SettingsError(f"{path.name} has no {kind} {value}; {there}")
