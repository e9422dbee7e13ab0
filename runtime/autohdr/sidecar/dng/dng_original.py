"""The small file that leads a DNG back to what it was before we wrote into it: `IMG_1.dng_xmp_original`.

We only ever append to a DNG and change one number in it, the offset of its first directory. So its length and that
number are enough to bring every byte back, and a digest of all its bytes proves it. The XMP that it held is kept too,
for the case that another program writes the DNG anew and leaves nothing of what it was.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from autohdr.files.changing.inplace import OpenFile
from autohdr.files.look import lexists
from autohdr.files.whole import read_bytes
from autohdr.sidecar.xmp.document import SIZE_LIMIT
from autohdr.tiff import END, OFFSET_PLACE, Tiff

_LARGEST = 8 * SIZE_LIMIT
"""Bytes; JSON spells some characters with six."""


class Block(NamedTuple):
    """What we appended at one time: a directory, and behind it the XMP packet that it names."""

    start: int
    end: int
    digest: str


@dataclass(frozen=True, slots=True)
class DngOriginal:
    """What a DNG was before we wrote into it, and what we wrote."""

    length: int
    """Bytes of the whole file."""
    directory: int
    """Offset of its first directory."""
    digest: str
    """A digest of the whole file."""
    packet: str | None
    """The file's XMP; bytes that are not UTF-8 are spelled as lone surrogates."""
    blocks: tuple[Block, ...]
    """The one that the file may lead to already, then the one that it is about to."""
    end: int
    """The file is nowhere longer on account of us."""

    @classmethod
    def of(cls, file: OpenFile, tiff: Tiff, packet: bytes | None) -> "DngOriginal":
        """The original of a DNG as it is now, before the first block."""
        text = None if packet is None else packet.decode("utf-8", "surrogateescape")
        return cls(file.length, tiff.first, file.digest(0, file.length), text, (), file.length)

    def live(self, tiff: Tiff) -> Block | None:
        """The block that the file leads to; None where it leads to its original directory."""
        return next((block for block in self.blocks if block.start == tiff.first), None)

    def fits(self, file: OpenFile, tiff: Tiff) -> bool:
        """Whether nobody has changed the DNG but we. Then nothing is lost when it becomes what it was.

        All that stood in it stands there still, so nothing but its first directory can lead to what is behind.
        """
        live = self.live(tiff)
        if not self.length <= file.length <= self.end or (live is None and tiff.first != self.directory):
            return False
        if live is not None and file.digest(live.start, live.end - live.start) != live.digest:
            return False
        head = file.read(0, OFFSET_PLACE) + tiff.packed_offset(self.directory)
        return file.digest(len(head), self.length - len(head), head) == self.digest

    def to_json(self) -> bytes:
        """The original as it stands in its file."""
        about = "What a DNG was before autohdr wrote XMP into it; autohdr undo brings it back"
        return json.dumps({"about": about, **asdict(self)}, indent=1).encode() + b"\n"

    @classmethod
    def read(cls, path: Path) -> "DngOriginal | None":
        """What a file says; None where it is damaged.

        Raises:
            FileError: the file cannot be read.
        """
        try:
            said = json.loads(read_bytes(path, _LARGEST) or b"")
            blocks = tuple(Block(int(start), int(end), str(digest)) for start, end, digest in said["blocks"])
            numbers = (int(said["length"]), int(said["directory"]))
            packet = None if said["packet"] is None else str(said["packet"])
            found = cls(*numbers, str(said["digest"]), packet, blocks, int(said["end"]))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None
        return found if found._possible() else None

    def _possible(self) -> bool:
        behind = all(self.length <= block.start < block.end <= self.end for block in self.blocks)
        return behind and OFFSET_PLACE < self.directory < self.length <= self.end <= END


def kept_originals(path: Path) -> list[Path]:
    """The kept originals of a DNG: under each name until the first that is free."""
    kept: list[Path] = []
    while lexists(name := _name(path, len(kept))):
        kept.append(name)
    return kept


def find_original(path: Path, file: OpenFile, tiff: Tiff) -> tuple[Path, DngOriginal | None]:
    """The kept original that this DNG leads back to; where there is none, the first free name for one.

    Originals of which another program has left nothing are passed over, and never replaced: they hold the XMP of then.

    Raises:
        FileError: a kept original cannot be read.
    """
    names = kept_originals(path)
    for kept in names:
        original = DngOriginal.read(kept)
        if original is not None and original.fits(file, tiff):
            return kept, original
    return _name(path, len(names)), None


def _name(path: Path, earlier: int) -> Path:
    return path.with_name(f"{path.name}_xmp_original{earlier + 1 if earlier else ''}")
