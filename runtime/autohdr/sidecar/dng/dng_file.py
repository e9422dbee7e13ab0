"""A DNG file as a place of XMP: where the packet stands, and what forbids another one (DNG 1.7; TIFF 6.0)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autohdr.errors import SidecarError
from autohdr.files.changing.inplace import OpenFile
from autohdr.sidecar.xmp.document import SIZE_LIMIT
from autohdr.tiff import SIZES, Directory, Entry, Tiff, directory_size

_XMP, _DNG_VERSION, _SUB_DIRECTORIES = 700, 50706, 330
_BYTE = 1
_PICTURES = ((273, 279), (324, 325), (513, 514))
"""Where the parts of a picture stand and how long they are: strips, tiles, a JPEG."""
_BIG = (b"II+\0", b"MM\0+")
_TORN, _LOOP = "a directory is cut off", "its directories lead back to the first"

MAX_ENTRIES = 4096
MAX_DIRECTORIES = 32
MAX_PARTS = 1 << 20
"""Bounds for a hostile file."""


@dataclass(frozen=True, slots=True)
class DngFile:
    """A DNG file that is open."""

    path: Path
    file: OpenFile
    tiff: Tiff
    first: Directory

    @classmethod
    def find(cls, path: Path, file: OpenFile) -> "DngFile | None":
        """The DNG that is open; None where the file is none.

        Raises:
            SidecarError: it is damaged or a BigTIFF.
        """
        tiff = Tiff.open(file.read)
        if tiff is None:
            if file.read(0, 4) in _BIG:
                raise SidecarError(f"{path} is a BigTIFF file, whose XMP autohdr does not know how to read")
            return None
        first = tiff.directory(tiff.first)
        if first.following is None:
            raise SidecarError(f"{path} is cut off or damaged: {_TORN}; copy it from the card again")
        return cls(path, file, tiff, first) if first.find(_DNG_VERSION) else None

    def packet(self) -> bytes | None:
        """The DNG's XMP; None where it has none, or blanks in its place.

        Raises:
            SidecarError: it is damaged.
        """
        entry = self.first.find(_XMP)
        if entry is None:
            return None
        if SIZES.get(entry.kind) != 1:
            raise self._damaged(f"its XMP is of TIFF's type {entry.kind}, not of bytes")
        if entry.length > SIZE_LIMIT:
            raise self._damaged(f"its XMP has {entry.length} bytes")
        packet = self.tiff.content(entry)
        if len(packet) < entry.length:
            raise self._damaged("its XMP would lie behind the end of the file")
        # Some programs end a packet by a NUL or fill its room with them. UTF-16 has them everywhere.
        text = packet.rstrip(b"\0")
        packet = packet if b"\0" in text else text
        return packet if packet.strip() else None

    def refuse_damaged(self) -> None:
        """Raises:
        SidecarError: the file leads behind its own end, so it would change with what is appended, or in circles.
        """
        if len(self.first.entries) > MAX_ENTRIES:
            raise self._damaged(f"its first directory has {len(self.first.entries)} entries")
        for directory in self._directories():
            if directory.following is None:
                raise self._damaged(_TORN)
            if directory.following == self.first.start:
                raise self._damaged(_LOOP)
            if not all(self._within(entry) for entry in directory.entries):
                raise self._damaged("a tag's values would lie behind the end of the file")
            for starts, sizes in _PICTURES:
                self._refuse_cut_picture(directory, starts, sizes)
        if sum(entry.tag == _XMP for entry in self.first.entries) > 1:
            raise self._damaged("it has XMP twice")

    def block_size(self, data: bytes) -> int:
        """How many bytes `block` has."""
        kept = sum(entry.tag != _XMP for entry in self.first.entries)
        return directory_size(kept + 1) + len(data)

    def block(self, data: bytes, start: int) -> bytes:
        """Makes the block to append at an even offset: the first directory, naming the packet that follows it."""
        others = [entry for entry in self.first.entries if entry.tag != _XMP]
        # TIFF wants entries in the order of their tags; where a file's are in another order, they stay so.
        place = next((index for index, entry in enumerate(others) if entry.tag > _XMP), len(others))
        entry = Entry(_XMP, _BYTE, len(data), b"\0\0\0\0")
        directory = self.first._replace(entries=(*others[:place], entry, *others[place:]))
        head = directory_size(len(directory.entries))
        field = struct.pack(f"{self.tiff.order}I", start + head)
        named = directory._replace(entries=(*others[:place], entry._replace(field=field), *others[place:]))
        return self.tiff.packed(named) + data

    def _directories(self) -> Iterator[Directory]:
        """The first directory, then its sub-directories."""
        yield self.first
        for offset in self._list(self.first, _SUB_DIRECTORIES, MAX_DIRECTORIES):
            if offset == self.first.start:
                raise self._damaged(_LOOP)
            if not 0 <= offset < self.file.length:
                raise self._damaged("a directory would lie behind the end of the file")
            yield self.tiff.directory(int(offset))

    def _list(self, directory: Directory, tag: int, limit: int) -> tuple[float, ...]:
        entry = directory.find(tag)
        if entry is not None and entry.length > limit:
            raise self._damaged(f"its tag {tag} has {entry.length} values")
        return self.tiff.numbers(entry, limit)

    def _within(self, entry: Entry) -> bool:
        place = self.tiff.offset(entry)
        return place is None or place + entry.length * SIZES[entry.kind] <= self.file.length

    def _refuse_cut_picture(self, directory: Directory, starts: int, sizes: int) -> None:
        parts = zip(self._list(directory, starts, MAX_PARTS), self._list(directory, sizes, MAX_PARTS), strict=False)
        if not all(start + size <= self.file.length for start, size in parts):
            raise self._damaged("a picture would lie behind the end of the file")

    def _damaged(self, what: str) -> SidecarError:
        return SidecarError(f"{self.path} is cut off or damaged: {what}; copy it from the card again")
