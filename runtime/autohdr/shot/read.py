"""Reads what a RAW file says of its shot, whoever decodes its pixels.

Of each file a few headers are read, and at most some megabytes of a hostile one. A file that is damaged,
cut off, or of a form without such data gives an empty `Shot`, never an error: whether it is a photo is for its decoder
to say. Of 115,000 headers damaged at random none gave an error, and the slowest took 0.03 s; a whole one takes 0.07 ms
(November 2026).

Compared with ExifTool 12.57, field by field, on 43 real files, some of them headers alone (November 2026): TIFF files
(2 ARW, 4 CR2, 15 DNG and GPR, 1 IIQ, 1 KDC, 6 NEF, 1 PEF, 1 RW2), 3 CR3, 4 CRW, 2 RAF, 1 MRW and 2 X3F. Where Exif
knows no number above 65535, the ISO comes from the tags of 32 bits, and old Nikons' from their own notes. No ORF, 3FR,
ERF, SRW, MEF, MOS or DCR was at hand; they are TIFF files with Exif's tags too. Nothing is read of ARRI's files, nor of
Kodak's YRGB, which hold pixels alone.
"""

from io import RawIOBase
from typing import BinaryIO

from autohdr.shot.ciff import read_ciff
from autohdr.shot.containers import read_cr3, read_jpeg, read_mrw, read_raf
from autohdr.shot.exif import read_exif
from autohdr.shot.shot import NOTHING, Shot
from autohdr.shot.x3f import read_x3f
from autohdr.tiff import Read, Tiff

_TIFF = {
    **{b"II*\0": "<", b"MM\0*": ">"},
    **{b"IIRO": "<", b"IIRS": "<", b"MMOR": ">"},  # Olympus
    b"IIU\0": "<",  # Panasonic and Leica
}
"""Byte orders of TIFF files, by their first four bytes, which some makers change."""
_PANASONIC, _JPEG_OF_PANASONIC = b"IIU\0", 46


def shot_of(data: bytes) -> Shot:
    """What a RAW file's bytes say of the shot."""
    return read_shot(lambda start, size: data[start : start + size], len(data))


def shot_in(file: BinaryIO | RawIOBase) -> Shot:
    """What an open RAW file says of the shot, of which only headers are read.

    Raises:
        OSError: the file cannot be read.
    """

    def read(start: int, size: int) -> bytes:
        file.seek(start)
        return file.read(size) or b""

    return read_shot(read, file.seek(0, 2))


def read_shot(read: Read, size: int) -> Shot:
    """What a RAW file of that many bytes says of the shot."""
    head = read(0, 16)
    if len(head) < 16:
        return NOTHING
    if head[:4] in _TIFF:
        return _tiff(read, head)
    if head.startswith(b"FUJIFILMCCD-RAW"):
        return read_raf(read)
    if head[4:8] == b"ftyp":
        return read_cr3(read, size)
    if head[:4] == b"\0MRM":
        return read_mrw(read)
    if head[6:14] == b"HEAPCCDR":
        return read_ciff(read, size)
    if head[:4] == b"FOVb":
        return read_x3f(read, size)
    if head[:2] == b"\xff\xd8":  # some files called NEF or RAW are JPEGs, with sensor data behind or none
        return read_jpeg(read, 0)
    return NOTHING


def _tiff(read: Read, head: bytes) -> Shot:
    order = _TIFF[head[:4]]
    tiff = Tiff(read, order, int.from_bytes(head[4:8], "little" if order == "<" else "big"))
    shot = read_exif(tiff)
    if head[:4] != _PANASONIC:
        return shot
    entry = tiff.directory(tiff.first).find(_JPEG_OF_PANASONIC)
    place = None if entry is None else tiff.offset(entry)
    return shot if place is None else shot.or_else(read_jpeg(read, place))
