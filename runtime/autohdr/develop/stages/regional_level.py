"""Measures the regional level of a picture: how bright its parts are, far more smoothly than the base level tells, but
without blurring edges of several stops.

It is a bilateral filter of log2 luminance with a spatial sigma of 25 % of the long edge and a range sigma of 4 stops
(values that pch/rawmakase, MIT, found for Camera Raw's positive Shadows), by a bilateral grid (Paris and Durand,
"A fast approximation of the bilateral filter", ECCV 2006) of 16 cells along the long edge and a level a stop. Against
the filter itself, on 14 radiance images at 64 pixels, it is off by 0.01 stops on average and 0.09 at most.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.system.kernel import kernel

SPATIAL = 0.25
"""Sigma, as a share of the long edge."""
RANGE = 4.0
"""Sigma, stops."""
FIRST = -14.0
"""The lowest level of the grid, stops: log2 of the darkest luminance that is told apart."""
_LEVELS = 25
_CELLS = 16
_COMPILE: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def region_grid(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Computes the regional level, stops, on a grid of places and of pixels' own levels.

    Args:
        levels: (h, w), log2 luminance of a small copy, from `FIRST` up.

    Returns:
        (cells down, cells across, levels): at the centres of cells that share the picture evenly, 16 along its long
        edge, for a pixel of level `FIRST`, `FIRST + 1` and so on.
    """
    share = _CELLS / max(levels.shape)
    rows, columns = (max(1, round(size * share)) for size in levels.shape)
    sums = np.zeros((2, rows, columns, _LEVELS), np.float32)
    _splat(np.ascontiguousarray(levels), sums)
    cell = [size / count / max(levels.shape) for size, count in zip(levels.shape, (rows, columns), strict=True)]
    down, across = (_gaussian(count, SPATIAL / one) for count, one in zip((rows, columns), cell, strict=True))
    sums = across @ (sums @ _gaussian(_LEVELS, RANGE))  # the weights between two levels are the same both ways
    sums = (down @ sums.reshape(2, rows, -1)).reshape(sums.shape)
    out: NDArray[np.float32] = (sums[1] / np.maximum(sums[0], 1e-20)).astype(np.float32)
    return out


def _gaussian(count: int, sigma: float) -> NDArray[np.float32]:
    """Weights (count, count) between evenly spaced places."""
    places = np.arange(count)
    return np.exp(-0.5 * ((places[:, None] - places) / sigma) ** 2).astype(np.float32)


@kernel(**_COMPILE)
def _splat(levels, sums):  # type: ignore[no-untyped-def]
    """Add each pixel to the nearest cell, shared between the two levels around its own."""
    height, width = levels.shape
    _, rows, columns, most = sums.shape
    for y in range(height):
        row = y * rows // height
        for x in range(width):
            column = x * columns // width
            level = levels[y, x]
            place = min(max(level - np.float32(FIRST), np.float32(0)), np.float32(most) - np.float32(1.001))
            k = int(place)
            upper = place - k
            sums[0, row, column, k] += 1 - upper
            sums[0, row, column, k + 1] += upper
            sums[1, row, column, k] += level * (1 - upper)
            sums[1, row, column, k + 1] += level * upper
