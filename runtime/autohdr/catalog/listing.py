"""Lists the photos of a catalog that the user has chosen, with the develop settings that Lightroom shows."""

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from autohdr.catalog import lua
from autohdr.catalog.blobs import unpacked
from autohdr.catalog.choose import chosen, parse_only
from autohdr.catalog.document import document_of
from autohdr.catalog.opening import read_catalog
from autohdr.catalog.photos import Row, rows_of, select, version_of, whole
from autohdr.catalog.roots import Roots, is_foreign
from autohdr.errors import AutohdrError, CatalogError, SettingsError
from autohdr.files.whole import read_bytes
from autohdr.raw.discover import EXTENSIONS
from autohdr.sidecar.document import SIZE_LIMIT, Document, is_blank
from autohdr.sidecar.embedded import read_embedded
from autohdr.sidecar.names import sidecar_path
from autohdr.sidecar.record import Record

T = TypeVar("T")

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
    next(select(connection, path, "Adobe_imageDevelopSettings", ("id_local", "text")), None)  # it is a plain table
    unedited: dict[bytes, Document] = {}
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        texts = _texts(connection, [row.settings for row in some if row.settings is not None])
        for row in some:
            yield _entry(Path(row.path), "{}" if row.settings is None else texts.get(row.settings), unedited)


def _texts(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int | None, object]:
    """The settings in some rows, as they are stored."""
    query = "SELECT id_local, text FROM Adobe_imageDevelopSettings WHERE id_local IN "
    try:
        rows = connection.execute(f"{query}({', '.join(map(str, numbers))})").fetchall()
    except sqlite3.DataError as error:  # one is larger than any may be
        if len(numbers) < 2:
            return dict.fromkeys(numbers, error)
        half = len(numbers) // 2
        return _texts(connection, numbers[:half]) | _texts(connection, numbers[half:])
    return {whole(number): text for number, text in rows}


def _entry(photo: Path, stored: object, unedited: dict[bytes, Document]) -> Entry:
    """What Lightroom shows of one photo. `unedited` remembers photos that nobody has edited: most of a catalog, and
    alike but for what the camera measured."""
    try:
        if isinstance(stored, sqlite3.DataError):
            raise CatalogError("its settings are larger than any photo's")
        text = unpacked(stored)
        if text is None:
            raise CatalogError("its settings are not in the catalog")
        alike = hashlib.sha256(_MEASURED.sub("", text).encode("utf-8", "replace")).digest()
        if alike in unedited:
            return Entry(photo, unedited[alike])
        settings = lua.parse(text)
        document = document_of(settings)
        if not document.has_develop_settings:
            if len(unedited) < _ALIKE:
                unedited[alike] = document
        elif (record := _record_of(photo)) is not None:
            document = document_of(settings, record)
    except AutohdrError as error:
        return Entry(photo, None, str(error))
    return Entry(photo, document)


def _record_of(photo: Path) -> Record | None:
    """What autohdr has written down of its own label, in a photo's sidecar or in a DNG; None where there is none.

    Lightroom does not keep it in the catalog. Where the settings are no more than what was written, they are ours.
    """
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
