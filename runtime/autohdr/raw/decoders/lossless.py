"""Samples of CR2 and DNG files in lossless JPEG, faster than flashraw, which says where they are and what they mean.

All others, and all that are not whole, are flashraw's.
"""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.decoders.dng import Dng
from autohdr.raw.ljpeg.memory import Memory
from autohdr.raw.ljpeg.mosaic import Part, decode_parts

FORMATS = ("CR2", "DNG")
"""Compared with LibRaw and flashraw on real files, sample by sample (tests/runtime/raw/decoders/test_lossless.py)."""
_FIRST_PLAIN = (1, 1, 0, 0)

_SLICES = re.compile(r"(\d{1,4})x(\d{1,5})\+(\d{1,5})")
"""The slices of a CR2 as flashraw says them: so many of one width, and a last one."""


def samples(data: bytes, file: Any, dng: Dng | None, memory: Memory | None = None) -> NDArray[np.uint16] | None:
    """All samples (H, W) or (H, W, planes) of an opened file, in that memory; None where they are to be flashraw's."""
    info = file.frame_info
    whole = info.sample_format == "u16" and info.compression == "lossless-jpeg" and 1 <= info.channels <= 4
    if not whole or file.format not in FORMATS or not (file.format == "CR2" or _plain(file, dng)):
        return None
    if info.black_from_masked and (len(info.masked_areas) != 1 or info.channels != 1):
        return None
    slices: tuple[int, ...] = ()
    if (said := file.metadata.extra.get("cr2_slices")) is not None:
        if (read := _SLICES.fullmatch(said)) is None or int(read[1]) > info.width:
            return None
        slices = (int(read[2]),) * int(read[1]) + (int(read[3]),)
        if min(slices) < 1:
            return None
    parts = [Part(tile.offset, tile.byte_length, *_place(tile.rect)) for tile in file.tiles]
    found = decode_parts(data, parts, (info.height, info.width, info.channels), slices, memory)
    if found is None:
        return None
    return found if info.channels == 1 else found.reshape(info.height, info.width, info.channels)


def _plain(file: Any, dng: Dng | None) -> bool:
    """Whether a DNG is of the common kind. Its oldest versions say 16 bits more behind a difference of 16 bits."""
    if dng is None or dng.version < _FIRST_PLAIN or dng.apart or dng.doubtful or dng.table:
        return False
    return dng.tile is None or all(dng.tile == (tile.rect.height, tile.rect.width) for tile in file.tiles)


def _place(rect: Any) -> tuple[int, int, int, int]:
    return rect.x, rect.y, rect.width, rect.height


def black(info: Any, samples: NDArray[np.uint16]) -> Any:
    """flashraw's black level, which it measures after decoding where a sensor has masked pixels: their mean, by place
    of the filter's cell."""
    if not info.black_from_masked:
        return info.black_level
    left, top, width, height = _place(info.masked_areas[0])
    masked = samples[top : top + height, left : left + width]
    cells = [masked[(y - top) % 2 :: 2, (x - left) % 2 :: 2] for y in (0, 1) for x in (0, 1)]
    means = tuple(float(cell.mean()) for cell in cells)
    return type(info.black_level)(rows=2, cols=2, samples=1, values=means, mean=sum(means) / 4)
