"""Lists the photos of a catalog that the user has chosen, with the develop settings that Lightroom shows."""

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from autohdr.catalog import lua
from autohdr.catalog.blobs import unpacked
from autohdr.catalog.choose import chosen, parse_only
from autohdr.catalog.document import document_of
from autohdr.catalog.opening import read_catalog
from autohdr.catalog.photos import Row, is_table, rows_of, select, version_of, whole
from autohdr.catalog.roots import Roots, is_foreign
from autohdr.errors import AutohdrError, CatalogError, SettingsError
from autohdr.files.whole import read_bytes
from autohdr.raw.discover import EXTENSIONS
from autohdr.sidecar.document import SIZE_LIMIT, Document, is_blank
from autohdr.sidecar.embedded import read_embedded
from autohdr.sidecar.names import sidecar_path
from autohdr.sidecar.properties import OURS
from autohdr.sidecar.record import Record

T = TypeVar("T")

_SETTINGS, _METADATA = "Adobe_imageDevelopSettings", "Adobe_AdditionalMetadata"
_AT_ONCE = 500
"""Photos whose settings are read by one query."""
_MEASURED = re.compile(r"\b(Temperature|Tint) = -?\d[\d.]*", re.ASCII)
"""What the camera measured, which stands beside "As Shot"."""
_ALIKE = 1000
"""Kinds of unedited photos that are remembered: cameras, and what each sets of its own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo that is there, as a catalog has it."""

    photo: Path
    document: Document | None
    """Its develop settings; None where they cannot be read."""
    trouble: str | None = None
    """Why they cannot, as the beginning of a sentence."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """The photos of a catalog that were chosen, and those that nothing can be done with."""

    catalog: Path
    version: int
    """Of Lightroom."""
    photos: tuple[Path, ...]
    """RAW files that are there, sorted."""
    made: tuple[T, ...]
    """What was made of each."""
    missing: tuple[Path, ...]
    """RAW files that are not where the catalog says, sorted."""
    copies: tuple[Path, ...]
    """The RAW files of virtual copies, sorted."""
    others: int
    """Photos and films that are no RAW files."""
    unsaved: frozenset[Path]
    """Photos that Lightroom has metadata of which it has not saved to their files."""
    roots: tuple[Path, ...]
    """The catalog's root folders that hold the photos."""

    @property
    def smart_previews(self) -> bool:
        """Whether Lightroom has smart previews for this catalog."""
        return self.catalog.with_name(f"{self.catalog.stem} Smart Previews.lrdata").is_dir()


def is_catalog(path: Path) -> bool:
    """Whether a path names a Lightroom catalog, by its ending."""
    return path.suffix.lower() == ".lrcat"


def catalogs_of(named: Sequence[Path], only: Sequence[str], roots: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """The catalogs among what the user has named, and the rest.

    Raises:
        SettingsError: `only` or `roots` are given, and no catalog.
    """
    catalogs = [path for path in named if is_catalog(path)]
    if not catalogs and (only or roots):
        flag = "--only" if only else "--root"
        raise SettingsError(f"{flag} is for the photos of a Lightroom catalog; name one, such as Lightroom.lrcat")
    return catalogs, [path for path in named if not is_catalog(path)]


def list_catalog(
    path: Path, make: Callable[[Entry], T], *, only: Sequence[str] = (), roots: Sequence[str] = ()
) -> Listing[T]:
    """The photos of a catalog, and what `make` makes of each; it may be asked more than once.

    Args:
        path: the catalog's file; nothing is written into it, or beside it.
        make: given each photo that is there, as Lightroom shows it.
        only: conditions that all hold, such as `rating=3..`; see `autohdr.catalog.choose`.
        roots: `OLD=NEW`, folders that were moved.

    Raises:
        CatalogError: it is no catalog, is damaged, or keeps changing.
        SettingsError: a condition or a root is not understood, or names nothing that is there.
    """
    conditions, moved = parse_only(only), Roots.parse(roots)

    def read(connection: sqlite3.Connection) -> Listing[T]:
        version = version_of(connection, path)
        rows = chosen(connection, path, rows_of(connection, path, moved), conditions)
        raws = {row.path: row for row in rows if not row.is_copy and _extension(row.path) in EXTENSIONS}
        is_there = _looker()
        there = sorted((row for row in raws.values() if is_there(row.path)), key=lambda row: row.path)
        missing = sorted(Path(name) for name in raws.keys() - {row.path for row in there})
        return Listing(
            path,
            version,
            tuple(Path(row.path) for row in there),
            tuple(make(entry) for entry in _entries(connection, path, there)),
            tuple(missing),
            tuple(sorted(Path(row.path) for row in rows if row.is_copy and _extension(row.path) in EXTENSIONS)),
            len({row.path for row in rows} - raws.keys()),
            frozenset(Path(row.path) for row in there if row.unsaved),
            tuple(map(Path, sorted({row.root for row in there}))),
        )

    return read_catalog(path, read)


def _extension(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122  # of 100,000 texts


def _looker() -> Callable[[str], bool]:
    """Looks for files, at each folder once: asking a network drive for 100,000 names one by one takes minutes."""

    @cache
    def names(folder: str) -> frozenset[str]:
        try:
            return frozenset(os.listdir(folder))  # noqa: PTH208  # names alone
        except OSError:
            return frozenset()

    def is_there(path: str) -> bool:
        if is_foreign(path):
            return False
        folder, name = os.path.split(path)
        # A name may be spelled otherwise than the disk has it: another letter case, other accents.
        return name in names(folder) or (bool(names(folder)) and os.path.isfile(path))  # noqa: PTH113  # may raise

    return is_there


def _entries(connection: sqlite3.Connection, path: Path, rows: Sequence[Row]) -> Iterator[Entry]:
    """What Lightroom shows of each photo, in order."""
    next(select(connection, path, _SETTINGS, ("id_local", "text")), None)  # it is a plain table
    has_metadata = is_table(connection, path, _METADATA)
    unedited: dict[bytes, Document] = {}
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        texts = _values(connection, _SETTINGS, "id_local", "text", [row.settings for row in some])
        drafts = [_draft(row, texts, unedited) for row in some]
        unclear = [draft.row.number for draft in drafts if draft.is_edited and draft.record is None]
        stored = _values(connection, _METADATA, "image", "xmp", unclear) if unclear and has_metadata else {}
        yield from (draft.entry(stored.get(draft.row.number)) for draft in drafts)


@dataclass(slots=True)
class _Draft:
    """A photo whose settings are read, and of which it is not known yet whether they are a label of autohdr's."""

    row: Row
    settings: lua.Table | None = None
    document: Document | None = None
    trouble: str | None = None
    is_edited: bool = False
    record: Record | None = None

    def entry(self, metadata: object) -> Entry:
        """The photo, where the catalog holds this XMP of it beside the settings."""
        photo = Path(self.row.path)
        record = self.record or (_record_in_catalog(metadata) if self.is_edited else None)
        if self.settings is None or record is None:
            return Entry(photo, self.document, self.trouble)
        return Entry(photo, document_of(self.settings, record))


def _values(
    connection: sqlite3.Connection, table: str, key: str, column: str, numbers: Sequence[int | None]
) -> dict[int | None, object]:
    """The values of a column in the rows of these numbers, as they are stored."""
    wanted = ", ".join(str(number) for number in numbers if number is not None)
    try:
        rows = connection.execute(f"SELECT {key}, {column} FROM {table} WHERE {key} IN ({wanted})").fetchall()
    except sqlite3.DataError as error:  # one is larger than any may be
        if len(numbers) < 2:
            return dict.fromkeys(numbers, error)
        first, second = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
        return _values(connection, table, key, column, first) | _values(connection, table, key, column, second)
    return {whole(number): value for number, value in rows}


def _draft(row: Row, texts: Mapping[int | None, object], unedited: dict[bytes, Document]) -> _Draft:
    """Reads the settings of one photo. `unedited` remembers photos that nobody has edited: most of a catalog, and alike
    but for what the camera measured."""
    stored = "{}" if row.settings is None else texts.get(row.settings)
    try:
        if isinstance(stored, sqlite3.DataError):
            raise CatalogError("its settings are larger than any photo's")
        text = unpacked(stored)
        if text is None:
            raise CatalogError("its settings are not in the catalog")
        alike = hashlib.sha256(_MEASURED.sub("", text).encode("utf-8", "replace")).digest()
        if alike in unedited:
            return _Draft(row, document=unedited[alike])
        settings = lua.parse(text)
        document = document_of(settings)
    except AutohdrError as error:
        return _Draft(row, trouble=str(error))
    if not document.has_develop_settings:
        if len(unedited) < _ALIKE:
            unedited[alike] = document
        return _Draft(row, document=document)
    return _Draft(row, settings, document, is_edited=True, record=_record_of(Path(row.path)))


def _record_in_catalog(stored: object) -> Record | None:
    """What autohdr wrote down of its own label, in the metadata that Lightroom keeps of a photo as XMP."""
    try:
        text = unpacked(stored)
        data = b"" if text is None or OURS not in text else text.encode()
        return _record_in(data, "the catalog")
    except AutohdrError:  # then it is the photographer's
        return None


def _record_of(photo: Path) -> Record | None:
    """What autohdr wrote down of its own label, in a photo's sidecar or in a DNG; None where there is none."""
    places = [sidecar_path(photo), sidecar_path(photo, "darktable")]
    for place in places:
        try:
            record = _record_in(read_bytes(place, SIZE_LIMIT + 1), str(place))
        except AutohdrError:  # when it is to be written to, that will be said
            continue
        if record is not None:
            return record
    if photo.suffix.lower() == ".dng":
        try:
            return _record_in(read_embedded(photo), str(photo))
        except AutohdrError:
            return None
    return None


def _record_in(data: bytes | None, source: str) -> Record | None:
    return None if data is None or is_blank(data) else Record.find(Document.parse(data, source))
