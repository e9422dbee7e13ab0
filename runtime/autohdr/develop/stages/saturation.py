"""Applies Saturation: moves colours away from the grey of their own luminance, or towards it, after all tone curves.

On linear light in ProPhoto primaries, with Y the luminance, V the largest channel, S its HSV saturation (1 - smallest /
largest) and b = 1 - Y / V: `out = Y + k (in - Y)`, so that luminance stays and -100 is grey. That Camera Raw behaves
so, with a k for each slider position, was found by pch/rawmakase (MIT, docs/color-mixer.md). Here k also follows the
colour: `k - 1 = c0 + c1 S + c2 S V + c3 b + c4 b V`, held within 0.7 and 1.3 times c0, where the five numbers are
least-squares fits to Camera Raw 18.7's rendering of every other hue of a synthetic chart (rawmakase's
`tests/corpus/camera-raw/synthetic-d65.json`: 24 hues at L45 and L65, chroma 30 %), and linear in the slider between
positions. A colour leaves the primaries where the slider takes it there.

Error on the hues that were left out, encoded sRGB, mean (doing nothing): -100 0.0014 (0.075), -50 0.0011 (0.037), +50
0.0019 (0.038), +100 0.0051 (0.083). On the chart's ramp of skin, none of which was fitted: 0.0048 (0.115), 0.0044
(0.060), 0.0094 (0.077), 0.0195 (0.126). `autohdr bench develop` repeats them.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.rgb_tone import COMPILE, WITHIN
from autohdr.develop.spaces import LUMINANCE
from autohdr.system.kernel import kernel

_AMOUNTS = (-100.0, -50.0, 0.0, 50.0, 100.0)
_FITTED = (
    (-1.0, 0.0, 0.0, 0.0, 0.0),
    (-0.491, 0.085, -0.440, -0.228, 0.874),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (0.502, -0.299, 1.237, 0.595, -2.427),
    (1.022, -0.808, 3.004, 1.481, -5.946),
)
_LEAST, _MOST = 0.7, 1.3
_RED, _GREEN, _BLUE = (np.float32(weight) for weight in LUMINANCE)
_ZERO, _ONE = np.float32(0), np.float32(1)


def coefficients(amount: float) -> NDArray[np.float32]:
    """Returns the five numbers that `pixel` needs for a slider position, held within -100 to 100; all are 0 at 0."""
    return np.array([np.interp(amount, _AMOUNTS, column) for column in zip(*_FITTED, strict=True)], np.float32)


def apply(light: NDArray[np.float32], amount: float) -> NDArray[np.float32]:
    """Applies the slider at `amount` to linear light (..., 3) in ProPhoto primaries."""
    out = np.empty(light.shape, np.float32)
    _apply(np.ascontiguousarray(light, np.float32).reshape(-1, 3), coefficients(amount), out.reshape(-1, 3))
    return out


@kernel(**WITHIN)
def pixel(c, r, g, b):  # type: ignore[no-untyped-def]
    """Changes one colour, three float32, by the coefficients of a slider position."""
    high, low = max(r, max(g, b)), min(r, min(g, b))
    luminance = _RED * r + _GREEN * g + _BLUE * b
    value, some = min(high, _ONE), max(high, np.float32(1e-9))
    saturation = min((high - low) / some, _ONE)
    below = min(max(_ONE - luminance / some, _ZERO), _ONE)
    more = c[0] + c[1] * saturation + c[2] * saturation * value + (c[3] + c[4] * value) * below
    one, other = c[0] * np.float32(_LEAST), c[0] * np.float32(_MOST)
    k = max(_ONE + min(max(more, min(one, other)), max(one, other)), _ZERO) if high > _ZERO else _ONE
    return luminance + k * (r - luminance), luminance + k * (g - luminance), luminance + k * (b - luminance)


@kernel(**COMPILE)
def _apply(light, c, out):  # type: ignore[no-untyped-def]
    for i in range(light.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = pixel(c, light[i, 0], light[i, 1], light[i, 2])
