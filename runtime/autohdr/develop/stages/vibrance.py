"""Applies Vibrance: changes the saturation of pale colours more than that of strong ones, and spares skin, after all
curves.

On linear light in ProPhoto primaries, in HSV: the hue stays; with S the saturation (1 - smallest / largest channel) and
V the largest channel (held at 1, so that highlights of HDR keep their level),

    S' = S f,   V' = V 2 ** (S (1 - V) (g0 + g1 S + g2 V + g3 S V + g4 V^2))
    below 0:   f = 1 + f0 + f1 S + f2 S^2 + f3 S V
    above 0:   f = 1 + (1 - S) (w (f0 + f1 V + f2 S + f3 V^2 + f4 S V) + (1 - w) (f5 + f6 V + f7 S))

where w is 0 for hues from 345 degrees (rose) over red to 33 (orange), and 1 from 47 to 288: there positive Vibrance
does a quarter to a half of what it does elsewhere. Negative Vibrance spares no hue. This form is ours; it was read off
Camera Raw 18.7's rendering of a synthetic chart (pch/rawmakase, MIT, `tests/corpus/camera-raw/synthetic-d65.json`),
which keeps the hue in linear ProPhoto within its rounding. The numbers are least-squares fits to every other hue of 24
at L45, L65 and L85, chroma 30 and 60 %, and five of nine near-greys (of S' and V'; at +100 then of encoded values,
clipped as theirs are); linear in the slider between positions. The edges of w were set while looking at all hues.

Error on the hues that were left out, encoded sRGB, mean (doing nothing): -100 0.0043 (0.076), -50 0.0024 (0.046), +50
0.0021 (0.031), +100 0.0056 (0.091). On the chart's ramp of skin, none of which was fitted: 0.0058 (0.085), 0.0032
(0.048), 0.0034 (0.014), 0.0104 (0.061). `autohdr bench develop` repeats them.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.rgb_tone import COMPILE, WITHIN
from autohdr.system.kernel import kernel

_AMOUNTS = (50.0, 100.0)
_BELOW = (
    (-0.537, 0.152, 0.188, 0.017, *(0.0,) * 4, -1.379, 0.891, -1.238, 1.679, 0.341),
    (-0.966, 0.208, 0.291, 0.235, *(0.0,) * 4, -3.001, 1.940, -3.474, 3.993, 1.456),
)
_ABOVE = (
    (0.687, -0.424, -0.239, -0.115, 0.824, 0.046, 0.002, 0.357, 0.364, -0.260, -0.031, -0.293, 0.300),
    (3.007, -2.214, -3.107, -0.581, 5.031, 0.549, 0.002, 0.571, 0.701, -0.408, 0.242, -1.148, 0.599),
)
"""f0 to f7 and g0 to g4, at each of the amounts."""
_ROSE, _RED, _ORANGE, _YELLOW = (np.float32(degrees / 60) for degrees in (-72, -15, 33, 47))
"""Hues between which w falls from 1 to 0, and rises again, in sixths of a turn."""
_TO_YELLOW, _TO_ROSE = 1 / (_YELLOW - _ORANGE), 1 / (_RED - _ROSE)
_ZERO, _ONE, _LEAST = np.float32(0), np.float32(1), np.float32(1e-9)


def coefficients(amount: float) -> NDArray[np.float32]:
    """Returns the fourteen numbers that `pixel` needs for a slider position, held within -100 to 100. The first is
    the slider's sign; all are 0 at 0."""
    rows = _ABOVE if amount > 0 else _BELOW
    numbers = [np.interp(abs(amount), (0.0, *_AMOUNTS), (0.0, *column)) for column in zip(*rows, strict=True)]
    return np.array([np.sign(amount), *numbers], np.float32)


def apply(light: NDArray[np.float32], amount: float) -> NDArray[np.float32]:
    """Applies the slider at `amount` to linear light (..., 3) in ProPhoto primaries."""
    out = np.empty(light.shape, np.float32)
    _apply(np.ascontiguousarray(light, np.float32).reshape(-1, 3), coefficients(amount), out.reshape(-1, 3))
    return out


@kernel(**WITHIN)
def _power_of_two(x):  # type: ignore[no-untyped-def]
    """2 ** x for x from -1.6 to 0.6, within 0.0001 of itself: the largest change of level is well within."""
    x = min(max(x, np.float32(-1.6)), np.float32(0.6))
    bend = np.float32(0.055503) + x * (np.float32(0.00925) + x * np.float32(0.000915))
    return _ONE + x * (np.float32(0.69317) + x * (np.float32(0.240336) + x * bend))


@kernel(**WITHIN)
def _smooth(x):  # type: ignore[no-untyped-def]
    x = min(max(x, _ZERO), _ONE)
    return x * x * (np.float32(3) - np.float32(2) * x)


@kernel(**WITHIN)
def _unspared(r, g, b, high, per_chroma):  # type: ignore[no-untyped-def]
    """Tells by how much a colour that is no grey is changed: 0 for the hues of skin, 1 elsewhere."""
    red = np.float32(high == r)  # numbers in place of branches, so that loops become vectors
    green = np.float32(high == g) * (_ONE - red)
    blue = _ONE - red - green
    sixth = (red * (g - b) + green * (b - r) + blue * (r - g)) * per_chroma + np.float32(2) * (green - blue)
    return max(_smooth((sixth - _ORANGE) * _TO_YELLOW), _smooth((_RED - sixth) * _TO_ROSE))


@kernel(**WITHIN)
def pixel(c, r, g, b):  # type: ignore[no-untyped-def]
    """Changes one colour, three float32, by the coefficients of a slider position. Only the sign branches, and that
    is the same for all colours, so that loops become vectors."""
    high, low = max(r, max(g, b)), min(r, min(g, b))
    coloured = (high > _ZERO) & (high - low > _LEAST)
    chroma = max(high - low, _LEAST)
    value, whole = min(high, _ONE), chroma / max(high, _LEAST)
    s = min(whole, _ONE)
    if c[0] > _ZERO:
        per_chroma = _ONE / chroma
        w = _unspared(r, g, b, high, per_chroma)
        general = c[1] + c[2] * value + c[3] * s + (c[4] * value + c[5] * s) * value
        spared = c[6] + c[7] * value + c[8] * s
        f = _ONE + (_ONE - s) * max(w * general + (_ONE - w) * spared, _ZERO)
        f = min(f, max(high * per_chroma, _ONE))  # up to the border of the primaries, no further
    else:
        f = max(_ONE + c[1] + (c[2] + c[3] * s + c[4] * value) * s, _ZERO)
    stops = c[9] + c[10] * s + (c[11] + c[12] * s + c[13] * value) * value
    lift = _power_of_two(s * (_ONE - value) * stops)
    level = high * lift if coloured else high
    turn = f * lift if coloured else _ONE
    return level - turn * (high - r), level - turn * (high - g), level - turn * (high - b)


@kernel(**COMPILE)
def _apply(light, c, out):  # type: ignore[no-untyped-def]
    for i in range(light.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = pixel(c, light[i, 0], light[i, 1], light[i, 2])
