"""Applies the parametric curve: Shadows, Darks, Lights and Highlights with their three splits, after Contrast.

It acts on the largest and the smallest channel, ProPhoto primaries. With x under a gamma of 2.2, each region adds a
change to x: a cubic Hermite spline with knots at 0, 1/4, 1/2, 3/4 and 1, which are the splits at rest. Shadows acts
below the midtone split only and Highlights above it only; they come first, and Darks and Lights, which act everywhere,
follow and are added. That is how pch/rawmakase (MIT, docs/tone-controls.md) found Camera Raw's to be. Values and slopes
at the knots are least-squares fits to Camera Raw 18.7's grey ramp for each region at -100, -50, +50 and +100
(rawmakase's `tests/corpus/camera-raw/synthetic-d65.json`), and linear in the slider between positions.

A moved midtone split stretches what lies on either side of it. A moved shadow or highlight split moves the middle knot
of its region; with q the share of the region that lies outside of it (1/2 at rest), the change there is multiplied by
1/3 + 4/3 q and its slope by 8/3 q - 1/3. This rule was read off two cases: Shadows +50 with the split at 10, and
Highlights -50 with it at 90.

Error on the ramps that were fitted, encoded sRGB: mean 0.00003 to 0.0006, largest 0.003 (doing nothing: 0.011 to
0.079); on the two of the rule, mean 0.001, largest 0.008 (0.010 and 0.007). On cases that were not fitted, mean and
largest (nothing): Darks -50 with Lights +100 0.0064, 0.038 (0.067); Darks -50 with the midtone split at 65 0.0033,
0.014 (0.059); Lights +50 with it at 35 0.0044, 0.038 (0.048). `autohdr bench develop` repeats them.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.sampled_curve import IDENTITY, SampledCurve
from autohdr.develop.settings import Parametric
from autohdr.develop.transfer import from_gamma, to_gamma

_KNOTS: NDArray[np.float64] = np.linspace(0.0, 1.0, 5)
_AMOUNTS = (-100.0, -50.0, 0.0, 50.0, 100.0)
_NOTHING = (0.0,) * 10
_REGIONS: dict[str, tuple[tuple[float, ...], ...]] = {
    "shadows": (
        (0.0, -0.1007, 0.0, 0.0, 0.0, -1.3282, 0.4543, 0.0, 0.0, 0.0),
        (0.0, -0.0433, 0.0, 0.0, 0.0, -0.8492, 0.2091, 0.0, 0.0, 0.0),
        _NOTHING,
        (0.0, 0.0417, 0.0, 0.0, 0.0, 0.3338, -0.1799, 0.0, 0.0, 0.0),
        (0.0, 0.0996, 0.0, 0.0, 0.0, 0.5791, -0.3958, 0.0, 0.0, 0.0),
    ),
    "darks": (
        (0.0, -0.2061, -0.1873, -0.0666, 0.0, -1.0522, -0.4128, 0.3984, 0.4753, -0.0083),
        (0.0, -0.1060, -0.0812, -0.0285, 0.0, -0.7951, -0.0350, 0.1963, 0.1975, -0.0005),
        _NOTHING,
        (0.0, 0.0738, 0.0801, 0.0278, 0.0, 0.3348, 0.2188, -0.1585, -0.2006, 0.0008),
        (0.0, 0.1602, 0.1980, 0.0658, 0.0, 0.6472, 0.6035, -0.3866, -0.4886, 0.0012),
    ),
    "lights": (
        (0.0, -0.0350, -0.1750, -0.2140, 0.0, 0.0043, -0.4140, -0.4826, 0.2315, 1.9101),
        (0.0, -0.0148, -0.0767, -0.1027, 0.0, 0.0018, -0.1737, -0.2467, 0.0889, 0.8598),
        _NOTHING,
        (0.0, 0.0153, 0.0888, 0.1387, 0.0, -0.0038, 0.1764, 0.3653, -0.1049, -0.9564),
        (0.0, 0.0355, 0.2236, 0.2361, 0.0, -0.0037, 0.4236, 0.9026, -0.7672, -0.9677),
    ),
    "highlights": (
        (0.0, 0.0, 0.0, -0.1238, 0.0, 0.0, 0.0, 0.0, -0.4563, 1.9408),
        (0.0, 0.0, 0.0, -0.0542, 0.0, 0.0, 0.0, 0.0, -0.2061, 0.8648),
        _NOTHING,
        (0.0, 0.0, 0.0, 0.0593, 0.0, 0.0, 0.0, 0.0, 0.2455, -0.9625),
        (0.0, 0.0, 0.0, 0.1370, 0.0, 0.0, 0.0, 0.0, 0.4301, -1.0333),
    ),
}
"""The change, for each slider position, at the five knots, then its slope there."""
_GAP = 0.01
"""Splits keep at least so far from each other and from both ends."""


def curve(p: Parametric) -> SampledCurve:
    """Returns the curve of the four sliders and their splits; it never falls."""
    if not (p.shadows or p.darks or p.lights or p.highlights):
        return IDENTITY
    low, middle, high = _splits(p)

    def bent(encoded: NDArray[np.float64]) -> NDArray[np.float64]:
        x = to_gamma(encoded)
        x = x + _dark_end(x, p.shadows, low, middle) + _bright_end(x, p.highlights, middle, high)
        place = np.interp(x, (0.0, middle, 1.0), (0.0, 0.5, 1.0))
        place = place + _change(place, "darks", p.darks) + _change(place, "lights", p.lights)
        return from_gamma(np.maximum.accumulate(np.interp(place, (0.0, 0.5, 1.0), (0.0, middle, 1.0))))

    return SampledCurve.of(bent)


def _splits(p: Parametric) -> tuple[float, float, float]:
    """The three splits as shares, in order and apart."""
    middle = min(max(p.midtone_split / 100, 2 * _GAP), 1 - 2 * _GAP)
    low = min(max(p.shadow_split / 100, _GAP), middle - _GAP)
    return low, middle, max(min(p.highlight_split / 100, 1 - _GAP), middle + _GAP)


def _numbers(region: str, amount: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values and slopes at the five knots."""
    numbers = np.array([np.interp(amount, _AMOUNTS, column) for column in zip(*_REGIONS[region], strict=True)])
    return numbers[:5], numbers[5:]


def _change(x: NDArray[np.float64], region: str, amount: float) -> NDArray[np.float64]:
    """What Darks or Lights adds to x (N,), with the midtone split at rest."""
    return _hermite(x, _KNOTS, *_numbers(region, amount))


def _dark_end(x: NDArray[np.float64], amount: float, split: float, end: float) -> NDArray[np.float64]:
    """What Shadows adds to x (N,), with its split, up to where it ends."""
    value, slope = _numbers("shadows", amount)
    outside = split / end
    values = np.array([0.0, value[1] * 2 * end * (1 / 3 + outside * 4 / 3), 0.0])
    slopes = np.array([slope[0], slope[1] * (outside * 8 / 3 - 1 / 3), 0.0])
    return _hermite(x, np.array([0.0, split, end]), values, slopes)


def _bright_end(x: NDArray[np.float64], amount: float, start: float, split: float) -> NDArray[np.float64]:
    """What Highlights adds to x (N,) from where it starts, with its split."""
    value, slope = _numbers("highlights", amount)
    outside = (1 - split) / (1 - start)
    values = np.array([0.0, value[3] * 2 * (1 - start) * (1 / 3 + outside * 4 / 3), 0.0])
    slopes = np.array([0.0, slope[3] * (outside * 8 / 3 - 1 / 3), slope[4]])
    return _hermite(x, np.array([start, split, 1.0]), values, slopes)


def _hermite(
    x: NDArray[np.float64], knots: NDArray[np.float64], values: NDArray[np.float64], slopes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The cubic Hermite spline at x (N,); beyond its knots the first or last value."""
    inside = np.clip(x, knots[0], knots[-1])
    i = np.clip(np.searchsorted(knots, inside, side="right") - 1, 0, knots.size - 2)
    step = knots[i + 1] - knots[i]
    t = (inside - knots[i]) / step
    s = 1 - t
    left = (values[i] * (1 + 2 * t) + slopes[i] * step * t) * s * s
    return np.asarray(left + (values[i + 1] * (1 + 2 * s) - slopes[i + 1] * step * s) * t * t)
