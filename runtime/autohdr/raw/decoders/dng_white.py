"""The white and the matrix of a DNG (Adobe, DNG specification 1.7, chapter 6), whoever decodes its samples.

The camera's answer to a white of chromaticity xy is `AnalogBalance * CameraCalibration * ColorMatrix * XYZ(xy)`, with a
matrix that lies between those of the two nearest illuminants by inverse temperature.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.decoders.base import daylight, white_balance
from autohdr.raw.decoders.dng import Colour
from autohdr.raw.frame import WhiteBalanceSource

_D65 = 21

KELVIN = {
    **{1: 5500.0, 2: 4150.0, 3: 2850.0, 4: 5500.0, 9: 5500.0, 10: 6500.0, 11: 7500.0, 12: 6400.0, 13: 5050.0},
    **{14: 4150.0, 15: 3525.0, 16: 2925.0, 17: 2850.0, 18: 5500.0, 19: 6500.0, 20: 5500.0, 21: 6500.0, 22: 7500.0},
    **{23: 5000.0, 24: 3200.0},
}
"""Correlated colour temperature of Exif's light sources; of fluorescent ones the middle of their range."""


def white_of(colour: Colour, colours: int) -> tuple[NDArray[np.float64], WhiteBalanceSource]:
    """White balance (C,), green 1, and where it comes from: AsShotNeutral, AsShotWhiteXY, or the matrix's daylight."""
    with np.errstate(divide="ignore", invalid="ignore"):
        neutrals = (np.array(colour.neutral, dtype=np.float64), neutral_of(colour))
        known: list[tuple[WhiteBalanceSource, list[float]]] = [("as shot", list(1 / one)) for one in neutrals]
    matrix = daylight_matrix(colour, colours)
    if matrix is not None:
        known.append(("matrix", list(daylight(matrix))))
    return white_balance(known, colours)


def daylight_matrix(colour: Colour, colours: int) -> NDArray[np.float64] | None:
    """The XYZ-to-camera matrix (C, 3) for D65, else of the last illuminant, which is the coolest; None without any."""
    whole = [(illuminant, matrix) for illuminant, matrix in colour.calibrations if len(matrix) == colours]
    if not whole:
        return None
    return next((matrix for illuminant, matrix in whole if illuminant == _D65), whole[-1][1])


def matrices_of(colour: Colour, colours: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Temperatures (N,), rising, and XYZ-to-camera matrices (N, C, 3) of the lights of calibration, at least one.

    Of lights that have no temperature only the last one counts, as daylight, and only where there is no other.
    """
    whole = [(illuminant, matrix) for illuminant, matrix in colour.calibrations if len(matrix) == colours]
    known = {KELVIN[illuminant]: matrix for illuminant, matrix in whole if illuminant in KELVIN}
    known = known or {KELVIN[_D65]: whole[-1][1]}
    return np.array(sorted(known)), np.array([known[kelvin] for kelvin in sorted(known)])


def neutral_of(colour: Colour) -> NDArray[np.float64]:
    """What the camera (C,) makes of AsShotWhiteXY; nothing where the file does not say, or says no chromaticity."""
    if len(colour.white_xy) != 2 or not colour.calibrations:
        return np.empty(0)
    x, y = colour.white_xy
    if not (0 < x < 1 and 0 < y < 1 and x + y <= 1):  # and no NaN
        return np.empty(0)
    neutral: NDArray[np.float64] = _matrix_for(colour, temperature(x, y)) @ [x / y, 1.0, (1 - x - y) / y]
    return neutral


def _matrix_for(colour: Colour, kelvin: float) -> NDArray[np.float64]:
    """The XYZ-to-camera matrix for a colour temperature, between those of the two nearest illuminants; beyond them all,
    the outermost.
    """
    known = {KELVIN[illuminant]: matrix for illuminant, matrix in colour.calibrations if illuminant in KELVIN}
    if not known:
        return colour.calibrations[-1][1]
    if len({matrix.shape for matrix in known.values()}) > 1:  # damaged: of another number of colours
        return known[max(known)]
    kelvin = min(max(kelvin, min(known)), max(known))
    for low, high in pairwise(sorted(known)):
        if kelvin <= high:
            share = (1 / kelvin - 1 / high) / (1 / low - 1 / high)
            return share * known[low] + (1 - share) * known[high]
    return known[kelvin]


def temperature(x: float, y: float) -> float:
    """Correlated colour temperature of a chromaticity, kelvin, between 2000 and 50000 (McCamy 1992, within 1 %)."""
    n = (x - 0.3320) / (0.1858 - y) if y != 0.1858 else 0.0
    kelvin = ((449.0 * n + 3525.0) * n + 6823.3) * n + 5520.33
    return min(max(kelvin, 2000.0), 50000.0)
