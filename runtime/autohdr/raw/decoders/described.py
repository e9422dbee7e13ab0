"""What a DNG's tags say of its samples and decoders do not, done to every decoder's frame alike."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import RawError
from autohdr.raw.decoders.base import white_balance
from autohdr.raw.decoders.dng import Dng
from autohdr.raw.decoders.dng_white import neutral_of
from autohdr.raw.decoders.opcodes import with_gains
from autohdr.raw.frame import RawFrame


def as_described(frame: RawFrame, dng: Dng, path: Path) -> RawFrame:
    """The frame with its rows and columns in order, its gain maps applied, and the white that the file gives.

    Raises:
        RawError: rows or columns are interleaved, and only a part of them is the picture.
    """
    frame = _in_order(frame, dng, path)
    height, width = dng.area[2:] if dng.area else frame.data.shape[:2]
    down, right, *_ = dng.cropped(height, width)
    frame = with_gains(frame, dng.opcodes, (down, right), (height, width))
    if dng.colour.neutral or not dng.colour.white_xy:
        return frame
    with np.errstate(divide="ignore", invalid="ignore"):
        known = list(1.0 / neutral_of(dng.colour))
    gains, source = white_balance([("as shot", known)], len(frame.white_balance))
    return frame if source == "none" else replace(frame, white_balance=gains, white_balance_source=source)


def _in_order(frame: RawFrame, dng: Dng, path: Path) -> RawFrame:
    """Rows and columns as they stand in the picture: DNG stores every n-th one together where it says so."""
    if dng.interleave == (1, 1):
        return frame
    height, width = frame.data.shape[:2]
    if dng.area not in (None, (0, 0, height, width)) or dng.cropped(height, width) != (0, 0, height, width):
        raise RawError(
            f"{path}: its rows are interleaved and cropped, which is not supported; convert it to a plain DNG"
        )
    rows, columns = (_places(length, factor) for length, factor in zip((height, width), dng.interleave, strict=True))
    return replace(frame, data=frame.data[rows][:, columns])


def _places(length: int, factor: int) -> NDArray[np.intp]:
    """(length,), where each row stands in what is stored: first 0, n, 2n ..., then 1, n + 1 ..."""
    return np.argsort(np.concatenate([np.arange(first, length, factor) for first in range(min(factor, length))]))
