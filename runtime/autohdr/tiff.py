"""The directories of a TIFF file, which a DNG is (TIFF 6.0, sections 2 and 8).

A file is read part by part: a few tags do not cost the reading of its pictures.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import NamedTuple

Read = Callable[[int, int], bytes]
"""`read(start, size)`: that many bytes of the file from an offset on, fewer where it ends."""

_FORMS = {1: "B", 2: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I"}
"""The numbers that each type is made of; a fraction is two."""
SIZES = {kind: struct.calcsize(f"<{form}") for kind, form in _FORMS.items()}
"""Bytes of one value, by type."""
OFFSET_PLACE = 4
"""Where the file says where its first directory stands."""
END = 1 << 32
"""No offset leads there: how long a TIFF file can be."""

_ENTRY = "HHI4s"
_ENTRY_SIZE = 12


def directory_size(entries: int) -> int:
    """Bytes of a whole directory of so many entries: their number, they, and the offset of the next directory."""
    return 2 + _ENTRY_SIZE * entries + 4


class Entry(NamedTuple):
    """One entry of a directory."""

    tag: int
    kind: int
    """TIFF's type; a key of `SIZES`, unless the file is damaged or newer than TIFF 6.0."""
    length: int
    """How many values."""
    field: bytes
    """(4,), the values if they fit in, else the offset where they stand."""


class Directory(NamedTuple):
    """One directory."""

    start: int
    entries: tuple[Entry, ...]
    following: int | None
    """Offset of the next directory, 0 where there is none; None where the file ends within this one."""

    def find(self, tag: int) -> Entry | None:
        """The first entry of that tag."""
        return next((entry for entry in self.entries if entry.tag == tag), None)


@dataclass(frozen=True, slots=True)
class Tiff:
    """A TIFF file, not a BigTIFF."""

    read: Read
    order: str
    """The order of bytes, as `struct` spells it: `<` or `>`."""
    first: int
    """Offset of the first directory."""

    @classmethod
    def open(cls, read: Read) -> "Tiff | None":
        """The file that `read` reads; None where it is no TIFF file."""
        head = read(0, 8)
        order = {b"II*\0": "<", b"MM\0*": ">"}.get(head[:4])
        if order is None or len(head) < 8:
            return None
        return cls(read, order, struct.unpack_from(f"{order}I", head, OFFSET_PLACE)[0])

    def directory(self, start: int) -> Directory:
        """The directory at an offset; what the file still holds of one that is cut off."""
        head = self.read(start, 2)
        if len(head) < 2:
            return Directory(start, (), None)
        (count,) = struct.unpack(f"{self.order}H", head)
        rows = self.read(start + 2, _ENTRY_SIZE * count + 4)
        whole = min(count, len(rows) // _ENTRY_SIZE) * _ENTRY_SIZE
        entries = tuple(Entry(*row) for row in struct.iter_unpack(self.order + _ENTRY, rows[:whole]))
        following = None
        if len(rows) == _ENTRY_SIZE * count + 4:
            (following,) = struct.unpack_from(f"{self.order}I", rows, whole)
        return Directory(start, entries, following)

    def offset(self, entry: Entry) -> int | None:
        """The offset of an entry's values; None where they are in the entry itself, or of an unknown type."""
        if entry.length * SIZES.get(entry.kind, 0) <= len(entry.field):
            return None
        place: int = struct.unpack(f"{self.order}I", entry.field)[0]
        return place

    def content(self, entry: Entry) -> bytes:
        """The bytes of an entry's values; fewer where the file ends, none where their type is unknown."""
        size = entry.length * SIZES.get(entry.kind, 0)
        place = self.offset(entry)
        return entry.field[:size] if place is None else self.read(place, size)

    def numbers(self, entry: Entry | None, limit: int) -> tuple[float, ...]:
        """The values of an entry, a fraction as its quotient or NaN.

        None of them where there is no entry, where it has more than `limit` values, is of an unknown type, or is cut
        off by the end of the file.
        """
        if entry is None or entry.length > limit or entry.kind not in SIZES:
            return ()
        data = self.content(entry)
        if len(data) < entry.length * SIZES[entry.kind]:
            return ()
        form = _FORMS[entry.kind]
        numbers = struct.unpack(f"{self.order}{entry.length * len(form)}{form[0]}", data)
        if len(form) == 1:
            return numbers
        return tuple(one / other if other else nan for one, other in zip(numbers[::2], numbers[1::2], strict=True))

    def packed(self, directory: Directory) -> bytes:
        """A directory as it stands in a file, from its count to the offset of the next one."""
        assert directory.following is not None, "only whole directories are written"
        rows = b"".join(struct.pack(self.order + _ENTRY, *entry) for entry in directory.entries)
        count = struct.pack(f"{self.order}H", len(directory.entries))
        return count + rows + self.packed_offset(directory.following)

    def packed_offset(self, offset: int) -> bytes:
        """(4,), an offset as the file spells it."""
        return struct.pack(f"{self.order}I", offset)
