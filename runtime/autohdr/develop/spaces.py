"""Converts between colour spaces: holds their primaries and white points, and makes the matrices between them.

Scene light and all stages stand in linear ProPhoto RGB (ROMM, ISO 22028-2), whose white is D50; pictures for displays
stand in sRGB, Display P3 or BT.2020, whose white is D65. White points are adapted by Bradford's matrix (ICC.1:2022,
annex E).
"""

from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Primaries = Literal["prophoto", "srgb", "display-p3", "bt2020"]
DisplayPrimaries = Literal["srgb", "display-p3", "bt2020"]

D50 = (0.3457, 0.3585)
"""Chromaticity (x, y) of ProPhoto's white."""
D65 = (0.3127, 0.3290)

_CHROMATICITIES: dict[Primaries, tuple[tuple[float, float], ...]] = {
    "prophoto": ((0.734699, 0.265301), (0.159597, 0.840403), (0.036598, 0.000105)),
    "srgb": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),  # IEC 61966-2-1
    "display-p3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # SMPTE EG 432-1
    "bt2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # ITU-R BT.2020
}
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def white_of(primaries: Primaries) -> tuple[float, float]:
    """Returns the chromaticity (x, y) of a colour space's white."""
    return D50 if primaries == "prophoto" else D65


def xyz_of(xy: tuple[float, float]) -> NDArray[np.float64]:
    """Returns CIE XYZ (3,) of a chromaticity, with Y = 1."""
    x, y = xy
    return np.array([x / y, 1.0, (1 - x - y) / y])


def adaptation(source: tuple[float, float], target: tuple[float, float]) -> NDArray[np.float64]:
    """Returns Bradford's matrix (3, 3), which takes XYZ under one white (x, y) to XYZ under another."""
    ratio = (_BRADFORD @ xyz_of(target)) / (_BRADFORD @ xyz_of(source))
    return np.linalg.inv(_BRADFORD) @ (ratio[:, None] * _BRADFORD)


@cache
def _to_xyz(primaries: Primaries) -> NDArray[np.float64]:
    columns = np.array([xyz_of(xy) for xy in _CHROMATICITIES[primaries]]).T
    matrix = columns * np.linalg.solve(columns, xyz_of(white_of(primaries)))
    matrix.flags.writeable = False
    return matrix


def to_xyz(primaries: Primaries) -> NDArray[np.float64]:
    """Returns the matrix (3, 3) from linear light to XYZ relative to the space's own white."""
    if primaries not in get_args(Primaries):
        raise ValueError(f"primaries are {primaries!r}; expected one of {', '.join(get_args(Primaries))}")
    return _to_xyz(primaries)


@cache
def between(source: Primaries, target: Primaries) -> NDArray[np.float64]:
    """Returns the matrix (3, 3) from linear light in one space to linear light in another, white to white."""
    adapted = adaptation(white_of(source), white_of(target)) @ to_xyz(source)
    matrix: NDArray[np.float64] = np.linalg.inv(to_xyz(target)) @ adapted
    matrix.flags.writeable = False
    return matrix


LUMINANCE: NDArray[np.float64] = to_xyz("prophoto")[1]
"""(3,), what R, G and B of linear ProPhoto add to luminance."""
