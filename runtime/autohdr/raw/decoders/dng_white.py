"""The white of a DNG that gives it as a chromaticity (AsShotWhiteXY; Adobe, DNG specification 1.7, chapter 6).

The camera's answer to a white of chromaticity xy is `AnalogBalance * CameraCalibration * ColorMatrix * XYZ(xy)`, with a
matrix that lies between those of the two nearest illuminants by inverse temperature.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.decoders.dng import Colour

KELVIN = {
    **{1: 5500.0, 2: 4150.0, 3: 2850.0, 4: 5500.0, 9: 5500.0, 10: 6500.0, 11: 7500.0, 12: 6400.0, 13: 5050.0},
    **{14: 4150.0, 15: 3525.0, 16: 2925.0, 17: 2850.0, 18: 5500.0, 19: 6500.0, 20: 5500.0, 21: 6500.0, 22: 7500.0},
    **{23: 5000.0, 24: 3200.0},
}
"""Correlated colour temperature of Exif's light sources; of fluorescent ones the middle of their range."""


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
    """Between the two nearest illuminants of known temperature; beyond them all, the outermost."""
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
