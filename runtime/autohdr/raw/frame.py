"""What a decoder hands over: sensor data with its description, before any arithmetic."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class RawFrame:
    """The visible area of one RAW file. Values are the sensor's own, not rotated."""

    data: NDArray[np.uint16]
    """(H, W): a colour-filter mosaic. (H, W, 3): planes R, G, B. May be strided."""
    pattern: NDArray[np.uint8] | None
    """(P, Q), the filter at [row % P, column % Q]: 0 red, 1 green, 2 blue, 3 second green; 2 x 2 for Bayer, 6 x 6 for
    X-Trans, and [[1]] for a sensor without a filter. None for planes."""
    black: NDArray[np.float64]
    """(4,), black level of R, G, B, second G, in the data's unit."""
    white: float
    """Level at which the sensor saturates, in the data's unit."""
    white_balance: NDArray[np.float64]
    """(3,), gains of R, G, B that make a neutral grey; green is 1."""
    matrix: NDArray[np.float64]
    """(3, 3), white-balanced camera RGB to linear sRGB primaries (D65); rows sum to 1."""
    flip: int = 0
    """Orientation, bits as in LibRaw: 2 mirrors top to bottom, 1 left to right, and then 4 transposes."""
    kind: str = ""
    """Camera and compression: files of one kind are decoded by the same code."""
    decoder: str = ""
    """Name of the decoder that made it."""
    captured: float | None = None
    """Capture time, seconds since 1970, as the camera's clock had it."""
