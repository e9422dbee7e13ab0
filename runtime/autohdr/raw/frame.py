"""What a decoder hands over: sensor data with its description, before any arithmetic."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autohdr.shot.shot import NOTHING, Shot

WhiteBalanceSource = Literal["as shot", "daylight", "matrix", "none"]
"""The camera's own choice; its daylight; daylight computed from its matrix; or nothing, and all gains are 1."""


FLIPS = {1: 0, 2: 1, 3: 3, 4: 2, 5: 4, 6: 6, 7: 7, 8: 5}
"""`RawFrame.flip` by Exif's number for an orientation."""

MOST_STOPS = 16.0
"""No camera asks to be brightened by more: 16 bits hold no more."""

Samples = NDArray[np.uint16 | np.float32]
"""Whole levels, or, in some DNGs, floating-point numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class RawFrame:
    """The picture in one RAW file: its default crop, else its visible area. Values are the sensor's own, not rotated.

    C is the number of colours that the camera tells apart: 3, or 4 with such filters as RGBE and GMCY.
    """

    data: Samples
    """(H, W): a colour-filter mosaic. (H, W, C): planes, R, G, B for C = 3. May be strided."""
    pattern: NDArray[np.uint8] | None
    """(P, Q), the filter at [row % P, column % Q]: 0 red, 1 green, 2 blue, 3 second green; 2 x 2 for Bayer, 6 x 6 for
    X-Trans, and [[1]] for a sensor without a filter; for C = 4 the camera's own four. None for planes."""
    black: NDArray[np.float64]
    """(4,), black level of R, G, B, second G, or of the four colours, in the data's unit."""
    white: NDArray[np.float64]
    """(4,), level at which each of them saturates, in the data's unit."""
    white_balance: NDArray[np.float64]
    """(C,), gains that make a neutral grey; the second, green of R, G, B, is 1."""
    matrix: NDArray[np.float64]
    """(3, C), white-balanced camera colours to linear sRGB primaries (D65); rows sum to 1."""
    white_balance_source: WhiteBalanceSource = "as shot"
    """Where the white balance comes from."""
    exposure: float = 0.0
    """Stops by which the file asks to be brightened before any edit: a DNG's BaselineExposure."""
    flip: int = 0
    """Orientation, bits as in LibRaw: 2 mirrors top to bottom, 1 left to right, and then 4 transposes."""
    kind: str = ""
    """Camera and compression: files of one kind are decoded by the same code."""
    decoder: str = ""
    """Name of the decoder that made it."""
    shot: Shot = NOTHING
    """What the file says beside pixels; `decode` reads it, whichever decoder reads the pixels."""
    dng: bool = False
    """Whether the file is a DNG, which says its own baseline exposure; `decode` sets it."""
    camera_from_xyz: NDArray[np.float64] | None = None
    """(N, C, 3), matrices from CIE XYZ to the camera's colours, of one or more lights, each with one of `kelvin`; None
    where they are not known."""
    kelvin: NDArray[np.float64] | None = None
    """(N,), rising: the colour temperatures of those lights."""
    pixel_aspect: float = 1.0
    """Width of a sample's place by its height; other than 1 on a few sensors."""


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """The largest picture that a camera or a converter embedded in a RAW file."""

    data: NDArray[np.uint8]
    """(N,): the bytes of a JPEG. (H, W, 3): plain samples."""
    flip: int
    """Orientation of the sensor data, as `RawFrame.flip`."""
    shape: float
    """Width of the sensor's picture by its height."""
