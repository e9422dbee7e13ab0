"""Reads what Lightroom shows of each photo of a catalog: its develop settings, and whether they are a label of ours."""

import hashlib
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autohdr.catalog import lua
from autohdr.catalog.blobs import unpacked
from autohdr.catalog.document import document_of, moves_a_slider
from autohdr.catalog.photos import Row, is_table, select, whole
from autohdr.errors import AutohdrError, CatalogError
from autohdr.files.whole import read_bytes
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.names import sidecar_path
from autohdr.sidecar.record import Record, owner
from autohdr.sidecar.xmp.document import SIZE_LIMIT, Document, is_blank
from autohdr.sidecar.xmp.properties import OURS

_SETTINGS, _METADATA = "Adobe_imageDevelopSettings", "Adobe_AdditionalMetadata"
_AT_ONCE = 500
"""Photos whose settings are asked for by one query."""
_HELD = 8 << 20
"""Characters of settings that are held before they are handed on."""
_MEASURED = re.compile(r"\b(Temperature|Tint) = -?\d[\d.]*", re.ASCII)
"""What the camera measured, which stands beside "As Shot"."""
_ALIKE = 1000
"""Kinds of unedited photos that are remembered: cameras, and what each sets of its own."""


@dataclass(slots=True)
class Entry:
    """One photo that is there, as a catalog has it."""

    photo: Path
    settings: lua.Table | None = None
    text: str | None = None
    """The settings as the catalog spells them, where somebody has changed any."""
    records: tuple[Record, ...] = ()
    """What autohdr wrote down of its own labels, where it is one or was: in the photo's file, and in the catalog. They
    differ where the photo was labelled again since Lightroom has read a label."""
    _document: Document | None = None
    _trouble: str | None = None

    @property
    def is_edit(self) -> bool:
        """Whether it is a photographer's edit for certain, which is told without a document being made: a slider is
        moved, and nothing is known of a label of autohdr's."""
        return not self.records and self.settings is not None and moves_a_slider(self.settings)

    @property
    def document(self) -> Document | None:
        """The photo's develop settings; None where they cannot be read."""
        if self._document is None and self._trouble is None and self.settings is not None:
            try:
                self._document = self._made(self.settings)
            except AutohdrError as error:
                self._trouble = str(error)
        return self._document

    def _made(self, settings: lua.Table) -> Document:
        """The document with the record that it is a label by; else with the first, or none."""
        made = [document_of(settings, record) for record in self.records or (None,)]
        return made[0] if len(made) == 1 else next((one for one in made if owner(one) == "autohdr"), made[0])

    @property
    def trouble(self) -> str | None:
        """Why they cannot be read, as the beginning of a sentence."""
        return self._trouble if self.document is None else None


def entries(connection: sqlite3.Connection, path: Path, rows: Sequence[Row]) -> Iterator[tuple[Row, Entry]]:
    """What Lightroom shows of each photo, in any order.

    Raises:
        CatalogError: the catalog is none.
    """
    next(select(connection, path, _SETTINGS, ("id_local", "text")), None)  # it is a plain table
    reader = _Reader(connection, has_metadata=is_table(connection, path, _METADATA))
    for start in range(0, len(rows), _AT_ONCE):
        yield from reader.read(rows[start : start + _AT_ONCE])


class _Reader:
    """Reads the settings of photos. Those that nobody has edited are most of a catalog, and alike but for what the
    camera measured, so that one document does for all of a kind."""

    def __init__(self, connection: sqlite3.Connection, *, has_metadata: bool) -> None:
        self._connection = connection
        self._has_metadata = has_metadata
        self._unedited: dict[bytes, Document] = {}

    def read(self, rows: Sequence[Row]) -> Iterator[tuple[Row, Entry]]:
        """The entries of some photos."""
        waiting: defaultdict[int, list[Row]] = defaultdict(list)
        found: list[tuple[Row, Entry]] = []
        for row in rows:
            if row.settings is None:
                found.append((row, self._entry(row, "{}")))
            else:
                waiting[row.settings].append(row)
        held = 0
        for number, stored in _values(self._connection, _SETTINGS, "id_local", "text", list(waiting)):
            found += [(row, self._entry(row, stored)) for row in waiting.pop(number, [])]
            held += len(stored) if isinstance(stored, str | bytes) else 0
            if held > _HELD:
                yield from self._with_records(found)
                found, held = [], 0
        yield from self._with_records(found)
        for row in (row for some in waiting.values() for row in some):
            yield row, Entry(Path(row.path), _trouble="its settings are not in the catalog")

    def _entry(self, row: Row, stored: object) -> Entry:
        photo = Path(row.path)
        try:
            if isinstance(stored, sqlite3.DataError):
                raise CatalogError("its settings are larger than any photo's")
            text = unpacked(stored)
            if text is None:
                raise CatalogError("its settings are not in the catalog")
            alike = hashlib.sha256(_MEASURED.sub("", text).encode("utf-8", "replace")).digest()
            if alike in self._unedited:
                return Entry(photo, _document=self._unedited[alike])
            settings = lua.parse(text)
            document = None if moves_a_slider(settings) else document_of(settings)
        except AutohdrError as error:
            return Entry(photo, _trouble=str(error))
        if document is not None and not document.has_develop_settings:
            if len(self._unedited) < _ALIKE:
                self._unedited[alike] = document
            return Entry(photo, _document=document)
        return Entry(photo, settings, text, records_of(photo))

    def _with_records(self, found: list[tuple[Row, Entry]]) -> Iterator[tuple[Row, Entry]]:
        """The entries, with what the catalog itself knows of labels of ours."""
        unclear = {row.number: entry for row, entry in found if entry.settings is not None}
        if self._has_metadata and unclear:
            for number, stored in _values(self._connection, _METADATA, "image", "xmp", list(unclear)):
                entry, record = unclear.get(number), _record_in_catalog(stored)
                if entry is not None and record is not None and record not in entry.records:
                    entry.records += (record,)
        yield from found


def _values(
    connection: sqlite3.Connection, table: str, key: str, column: str, numbers: Sequence[int]
) -> Iterator[tuple[int, object]]:
    """The values of a column in the rows of these numbers, as they are stored, one after the other; where one is larger
    than any may be, the error in its place."""
    seen = set()
    query = f"SELECT {key}, {column} FROM {table} WHERE {key} IN ({', '.join(map(str, numbers))})"
    try:
        for found, value in connection.execute(query):
            if (number := whole(found)) is not None:
                seen.add(number)
                yield number, value
    except sqlite3.DataError as error:
        left = [number for number in numbers if number not in seen]
        if len(left) < 2:
            yield from ((number, error) for number in left)
            return
        for some in (left[: len(left) // 2], left[len(left) // 2 :]):
            yield from _values(connection, table, key, column, some)


def _record_in_catalog(stored: object) -> Record | None:
    """What autohdr wrote down of its own label, in the metadata that Lightroom keeps of a photo as XMP."""
    try:
        text = unpacked(stored)
        return _record_in(b"" if text is None or OURS not in text else text.encode(), "the catalog")
    except AutohdrError:  # then it is the photographer's
        return None


def records_of(photo: Path) -> tuple[Record, ...]:
    """What autohdr wrote down of its own label, in a photo's sidecar or in a DNG; nothing where there is none."""
    for place in (sidecar_path(photo), sidecar_path(photo, "darktable")):
        try:
            record = _record_in(read_bytes(place, SIZE_LIMIT + 1), str(place))
        except AutohdrError:  # when it is to be written to, that will be said
            continue
        if record is not None:
            return (record,)
    try:
        record = _record_in(read_embedded(photo) if photo.suffix.lower() == ".dng" else None, str(photo))
    except AutohdrError:
        return ()
    return () if record is None else (record,)


def _record_in(data: bytes | None, source: str) -> Record | None:
    return None if data is None or is_blank(data) else Record.find(Document.parse(data, source))
