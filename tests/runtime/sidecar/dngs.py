"""Small DNGs, and the XMP to put into them."""

import struct
from pathlib import Path

import numpy as np
import tifffile

from autohdr.sidecar import merge
from autohdr.sidecar.places import EMPTY_PACKET
from autohdr.sidecar.xmp.properties import CRS

HEAD = 8
"""Bytes before the picture."""
SAMPLES = np.arange(16).reshape(4, 4)


def packet(value: str = "+0.50", room: int = 0) -> bytes:
    """An XMP packet; `room` is how much longer than others."""
    return merge(EMPTY_PACKET, {f"{{{CRS}}}Exposure2012": value, f"{{{CRS}}}Name": "x" * room})


def tiff(order: str = "<", xmp: bytes | None = None, *, kind: int = 1, odd: bool = False) -> bytes:
    """A small DNG that holds a grey picture of 4 x 4 samples and, where it is given, XMP."""
    version = (50706, 1, 4, b"\1\4\0\0")
    sizes = {256: 4, 257: 4, 258: 16, 259: 1, 262: 34892, 273: HEAD, 277: 1, 278: 4, 279: 32}
    shorts = [(tag, 3, 1, struct.pack(f"{order}HH", value, 0)) for tag, value in sizes.items()]
    held = b"" if xmp is None else xmp
    count = len(shorts) + 1 + (xmp is not None)
    start = HEAD + 2 * SAMPLES.size
    far = struct.pack(f"{order}I", start + 2 + 12 * count + 4)
    entries = sorted([*shorts, version, *([] if xmp is None else [(700, kind, len(held), far)])])
    rows = b"".join(struct.pack(f"{order}HHI4s", *entry) for entry in entries)
    mark = b"II*\0" if order == "<" else b"MM\0*"
    picture = SAMPLES.astype(f"{order}u2").tobytes()
    directory = struct.pack(f"{order}H", count) + rows + b"\0\0\0\0"
    whole = mark + struct.pack(f"{order}I", start) + picture + directory + held
    return whole + b"\0" * ((len(whole) % 2 == 0) == odd)


def by_tifffile(path: Path) -> bytes | None:
    """The packet as a reader reads it that is not ours."""
    with tifffile.TiffFile(path) as file:
        tag = file.pages.first.tags.get(700)
        return None if tag is None else bytes(tag.value)
