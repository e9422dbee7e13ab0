"""Applies Contrast: an S curve about a pivot that depends on the photo, after the base curve.

The curve maps encoded values (ProPhoto primaries, sRGB transfer function), the largest and the smallest channel. With
x the value and p the pivot, it is `x + x (1 - x) (x - p) g(x)`, where g is a natural cubic spline through twelve points
for each of six slider positions, and linear in the slider between them. The points are a least-squares fit to Camera
Raw 18.7's curves on a synthetic chart, as pch/rawmakase (MIT) measured them at 64 levels; it smooths their noise.
Another pivot is reached by a power of the values under a gamma of 2.2, as it was measured there on 33 photos.

Error against those 64 levels (encoded): mean 0.0002 to 0.0009, largest 0.007 (at +100), where doing nothing is off by
0.015 to 0.069. The pivot of a photo is predicted from its default rendering (`pivot`) to 0.031 (rawmakase's own figure,
leave-one-out over the 33 photos, whose spread is 0.058); that is the larger part of the error.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autohdr.develop.kernels.sampled_curve import SampledCurve
from autohdr.develop.kernels.spline import natural
from autohdr.develop.transfer import decode, encode, to_gamma

CHART_PIVOT = 0.5559
"""The encoded value that the curves below leave alone."""
_AMOUNTS = (-100.0, -50.0, -25.0, 0.0, 25.0, 50.0, 100.0)
_KNOTS = (0.0, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_STRENGTHS = (
    (-4.943, -3.285, -1.949, -1.723, -1.737, -1.807, -2.072, -1.842, -1.873, -1.924, -2.034, -2.163),
    (-1.967, -1.407, -0.916, -0.857, -0.908, -0.991, -1.185, -1.062, -1.021, -0.980, -0.948, -0.910),
    (-0.828, -0.636, -0.442, -0.424, -0.462, -0.517, -0.633, -0.570, -0.531, -0.490, -0.455, -0.417),
    (0.0,) * 12,
    (0.637, 0.593, 0.478, 0.464, 0.515, 0.593, 0.749, 0.669, 0.601, 0.533, 0.474, 0.422),
    (1.015, 1.091, 0.974, 0.935, 1.037, 1.197, 1.492, 1.334, 1.196, 1.060, 0.946, 0.836),
    (1.650, 1.760, 1.948, 1.930, 2.134, 2.420, 3.023, 2.678, 2.358, 2.094, 1.882, 1.664),
)
_LOWEST, _HIGHEST = 0.3, 0.7
"""Pivots beyond these were never seen (0.36 to 0.63 were), and are held."""
_BLOCKS = 48
"""Blocks across the photo that its pivot is measured on."""


def curve(amount: float, pivot: float = CHART_PIVOT) -> SampledCurve:
    """Returns the curve for a slider position about a pivot.

    Args:
        amount: the slider, -100 to 100; beyond, it is held.
        pivot: the encoded value that it leaves alone; `pivot` measures it.
    """
    knots = np.array([np.interp(amount, _AMOUNTS, column) for column in zip(*_STRENGTHS, strict=True)])
    if not knots.any():
        return SampledCurve.of(lambda value: value)
    power = np.log(to_gamma(CHART_PIVOT)) / np.log(to_gamma(min(max(pivot, _LOWEST), _HIGHEST)))

    def moved(value: NDArray[np.float64]) -> NDArray[np.float64]:
        x = encode(decode(value) ** power)  # the power of values under the gamma is that of light
        bent = x + x * (1 - x) * (x - CHART_PIVOT) * natural(_KNOTS, knots, x)
        return encode(decode(bent) ** (1 / power))

    return SampledCurve.of(moved)


def pivot(default: ArrayLike) -> float:
    """Measures the pivot of a photo on its default rendering (white balance, no slider moved).

    Args:
        default: (H, W), linear luminance of that rendering, 0 to 1, at any size.

    0.577 + 0.568 mean - 0.689 middle, of the encoded luminances of blocks, 48 across: their mean, and half way between
    their 1st and 99th percentiles (rawmakase, docs/tone-controls.md).
    """
    blocks = encode(np.clip(_block_means(np.asarray(default, np.float64)), 1e-5, 1.0))
    low, high = np.interp(
        np.array([0.01, 0.99]) * (blocks.size - 1), np.arange(blocks.size), np.sort(blocks, axis=None)
    )
    return float(0.577 + 0.568 * blocks.mean() - 0.689 * (low + high) / 2)


def _block_means(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over blocks, 48 across and about as many pixels high as wide; a smaller picture stays as it is."""
    height, width = picture.shape
    across = min(_BLOCKS, width)
    down = min(max(1, round(height * across / width)), height)
    rows, columns = (np.arange(n) * size // n for n, size in ((down, height), (across, width)))
    sums = np.add.reduceat(np.add.reduceat(picture, rows, axis=0), columns, axis=1)
    sizes = np.diff(rows, append=height)[:, None] * np.diff(columns, append=width)
    return np.asarray(sums / sizes, np.float64)
