"""Files that hold Exif's directories in another wrapping: JPEG, Fujifilm's, Canon's CR3, Minolta's.

JPEG: ITU-T T.81, annex B; Exif 2.32, section 4.7. CR3: ISO/IEC 14496-12, section 4.2, with Canon's box `moov/uuid`,
which holds a TIFF file in each of CMT1 (the first directory) and CMT2 (Exif's). RAF and MRW as their files show.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from autohdr.shot.exif import Tags, described, read_exif, within
from autohdr.shot.shot import NOTHING, Shot
from autohdr.tiff import Read, Tiff

MAX_PARTS = 64
"""Segments, boxes or blocks that are looked at in a row: a bound for a hostile file."""

_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_START_OF_IMAGE, _START_OF_SCAN, _APP1 = b"\xff\xd8", 0xDA, 0xE1


def read_jpeg(read: Read, start: int) -> Shot:
    """What a JPEG file within the file says of the shot."""
    if read(start, 2) != _START_OF_IMAGE:
        return NOTHING
    place = start + 2
    for _ in range(MAX_PARTS):
        head = read(place, 10)
        if len(head) < 10 or head[0] != 0xFF or head[1] == _START_OF_SCAN:
            break
        if head[1] == _APP1 and head[4:] == b"Exif\0\0":
            tiff = Tiff.open(within(read, place + len(head)))
            return NOTHING if tiff is None else read_exif(tiff)
        place += 2 + int.from_bytes(head[2:4])
    return NOTHING


def read_raf(read: Read) -> Shot:
    """What the JPEG in a Fujifilm RAF file says of the shot."""
    pointer = read(84, 4)
    return read_jpeg(read, int.from_bytes(pointer)) if len(pointer) == 4 else NOTHING


def read_mrw(read: Read) -> Shot:
    """What the TIFF block of a Minolta MRW file says of the shot."""
    place = 8
    for _ in range(MAX_PARTS):
        head = read(place, 8)
        if len(head) < 8:
            break
        if head[:4] == b"\0TTW":
            tiff = Tiff.open(within(read, place + len(head)))
            return NOTHING if tiff is None else read_exif(tiff)
        place += len(head) + int.from_bytes(head[4:])
    return NOTHING


def read_cr3(read: Read, size: int) -> Shot:
    """What Canon's box in a CR3 file says of the shot."""
    movie = next((box for box in _boxes(read, 0, size) if box.kind == b"moov"), None)
    inside = [] if movie is None else _boxes(read, movie.start, movie.end)
    canon = next((box for box in inside if box.kind == b"uuid" and read(box.start, len(_CANON)) == _CANON), None)
    if canon is None:
        return NOTHING
    found: dict[bytes, Tags] = {}
    for box in _boxes(read, canon.start + len(_CANON), canon.end):
        if box.kind in (b"CMT1", b"CMT2") and box.kind not in found:
            tiff = Tiff.open(within(read, box.start))
            if tiff is not None:
                found[box.kind] = Tags.at(tiff, tiff.first)
    return described([found[kind] for kind in (b"CMT2", b"CMT1") if kind in found])


class _Box(NamedTuple):
    """A box, and where its content begins and ends."""

    kind: bytes
    start: int
    end: int


def _boxes(read: Read, place: int, end: int) -> Iterator[_Box]:
    """The boxes in a row."""
    for _ in range(MAX_PARTS):
        head = read(place, 16)
        if place >= end or len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head[:8])
        start = 8
        if length == 1 and len(head) == 16:
            length, start = int.from_bytes(head[8:]), 16
        length = length or end - place
        if length < start:
            return
        yield _Box(kind, place + start, min(place + length, end))
        place += length
