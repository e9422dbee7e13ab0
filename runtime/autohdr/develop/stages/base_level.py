"""Measures the base level of a picture: its brightness without texture, in stops, from which Highlights and Shadows
decide.

It is a guided filter of log2 luminance with itself as the guide (He, Sun and Tang, "Guided image filtering", TPAMI
2013): base = a log2(Y) + b, where a and b are smooth. They are found on a small copy and read bilinearly with each
pixel's own luminance, so that edges stay sharp at any size. Radius and epsilon are those that pch/rawmakase (MIT) found
for Camera Raw: 3.2 % of the long edge, 0.5 stops squared.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.reduce import reduced
from autohdr.system.kernel import kernel

RADIUS = 0.032
"""The radius of the filter's window, as a share of the long edge."""
EPSILON = 0.5
"""Squared stops: texture with less variance than this counts as texture, more as an edge."""
FLOOR = 2.0**-14
"""The darkest luminance that is told apart."""
_COMPILE: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"nsz", "arcp", "contract", "afn"}}


class BaseLevel(NamedTuple):
    """Holds coefficients on a small copy: the base level of a pixel is `a log2(Y) + b`."""

    a: NDArray[np.float32]
    """(h, w)"""
    b: NDArray[np.float32]
    """(h, w), stops"""


def small_copy(luminance: NDArray[np.float32], edge: int) -> NDArray[np.float32]:
    """Averages a picture (H, W) over equal areas (h, w), the longer side `edge`; a smaller one stays as it is."""
    return reduced(luminance[:, :, None], edge)[:, :, 0]


def base_level(levels: NDArray[np.float32]) -> BaseLevel:
    """Computes the coefficients for log2 luminances (h, w) of a small copy."""
    radius = max(1, round(RADIUS * max(levels.shape)))
    a, b = np.empty_like(levels), np.empty_like(levels)
    _guided(np.ascontiguousarray(levels), radius, np.float32(EPSILON), a, b)
    return BaseLevel(a, b)


@kernel(**_COMPILE)
def _box(one, other, radius, mean_of_one, mean_of_other):  # type: ignore[no-untyped-def]
    """Means of two pictures (h, w) over a square window, the border repeated, by running sums."""
    height, width = one.shape
    size = 1.0 / (2 * radius + 1) ** 2
    first, second = np.zeros(width, np.float64), np.zeros(width, np.float64)
    for k in range(-radius, radius + 1):
        y = min(max(k, 0), height - 1)
        for x in range(width):
            first[x] += one[y, x]
            second[x] += other[y, x]
    for y in range(height):
        sum_of_first, sum_of_second = 0.0, 0.0
        for k in range(-radius, radius + 1):
            x = min(max(k, 0), width - 1)
            sum_of_first += first[x]
            sum_of_second += second[x]
        for x in range(width):
            mean_of_one[y, x] = sum_of_first * size
            mean_of_other[y, x] = sum_of_second * size
            comes, goes = min(x + radius + 1, width - 1), max(x - radius, 0)
            sum_of_first += first[comes] - first[goes]
            sum_of_second += second[comes] - second[goes]
        comes, goes = min(y + radius + 1, height - 1), max(y - radius, 0)
        for x in range(width):
            first[x] += one[comes, x] - one[goes, x]
            second[x] += other[comes, x] - other[goes, x]


@kernel(**_COMPILE)
def _guided(levels, radius, epsilon, a, b):  # type: ignore[no-untyped-def]
    height, width = levels.shape
    squares = np.empty_like(levels)
    mean, mean_of_squares = np.empty_like(levels), np.empty_like(levels)
    for y in range(height):
        for x in range(width):
            squares[y, x] = levels[y, x] * levels[y, x]
    _box(levels, squares, radius, mean, mean_of_squares)
    for y in range(height):
        for x in range(width):
            m = mean[y, x]
            variance = max(mean_of_squares[y, x] - m * m, np.float32(0))
            slope = variance / (variance + epsilon)
            squares[y, x] = slope
            mean[y, x] = m - slope * m
    _box(squares, mean, radius, a, b)
