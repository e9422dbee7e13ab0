"""Synthetic DNGs with an embedded preview, as DNG converters write them."""

import io
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def jpeg(pixels: NDArray[np.uint8], **options: object) -> bytes:
    """A JPEG without loss of colour resolution; `options` as of Pillow's `save`."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", **{"quality": 98, "subsampling": 0, **options})
    return out.getvalue()


def embed(dng: Path, preview: bytes) -> Path:
    """Append a JPEG preview to a little-endian DNG, in a second directory."""
    data = bytearray(dng.read_bytes())
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    width, height = Image.open(io.BytesIO(preview)).size
    data += b"\0" * (len(data) % 2)
    struct.pack_into("<I", data, first + 2 + 12 * count, len(data))
    tags = {254: 1, 256: width, 257: height, 258: 8, 259: 7, 262: 6, 273: 0, 277: 3, 278: height, 279: len(preview)}
    tags[273] = len(data) + 2 + 12 * len(tags) + 4
    data += struct.pack("<H", len(tags))
    data += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    data += b"\0\0\0\0" + preview
    dng.write_bytes(data)
    return dng
