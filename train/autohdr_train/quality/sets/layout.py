"""Finds the files of a published data set, and says in one sentence what is missing."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from autohdr.errors import MissingError, SettingsError
from autohdr_train.quality.sets.pair import Pair

Row = TypeVar("Row")

WHERE = "docs/study/quality-data.md names where the data sets are published"


def listed(path: Path, name: str) -> Path:
    """Returns a file or folder that a data set's layout has.

    Raises:
        SettingsError: it is not there.
    """
    if not path.exists():
        raise SettingsError(f"{path.parent} holds no {path.name}, which {name} has; unpack the set there ({WHERE})")
    return path


def text(path: Path, name: str) -> str:
    """Returns the text of a data set's file.

    Raises:
        SettingsError: it is missing or no text.
    """
    try:
        return listed(path, name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} of {name} cannot be read ({error}); unpack the set again") from error


def table(path: Path, name: str, columns: Iterable[str]) -> list[dict[str, str]]:
    """Returns the rows of a data set's CSV file that has these columns, among others.

    Raises:
        SettingsError: it is missing, or a column is.
    """
    rows = list(csv.DictReader(text(path, name).splitlines()))
    absent = [column for column in columns if not rows or rows[0].get(column) is None]
    if absent:
        raise SettingsError(f"{path} of {name} has no column {', '.join(absent)}; unpack the set again")
    return rows


def parsed(rows: Iterable[Row], pair: Callable[[Row], Pair], name: str) -> list[Pair]:
    """Returns the pairs that a data set's rows stand for.

    Raises:
        SettingsError: a row cannot be understood.
    """
    found = []
    for row in rows:
        try:
            found.append(pair(row))
        except SettingsError:
            raise
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise SettingsError(f"a row of {name} cannot be understood ({row}); unpack the set again") from error
    return found


def by_name(folder: Path, name: str) -> dict[str, Path]:
    """Returns the files of a folder by their names in lower case: what is published is written in several ways.

    Raises:
        SettingsError: the folder is not there.
    """
    return {path.name.lower(): path for path in sorted(listed(folder, name).iterdir()) if path.is_file()}


def present(pairs: list[Pair], name: str) -> list[Pair]:
    """Returns pairs, all of whose pictures are there.

    Raises:
        SettingsError: some are not.
    """
    paths = {path for pair in pairs for path in (pair.reference, pair.distorted)}
    absent = sorted(path for path in paths if not path.is_file())
    if absent:
        raise SettingsError(f"{len(absent)} pictures of {name} are missing, such as {absent[0]}; unpack the set again")
    return pairs


def needs(package: str) -> MissingError:
    """Returns what to raise where a package that reads a set's tables is not installed."""
    return MissingError(f'{package} is not installed; run: pip install "autohdr[quality]"')
