"""Runs all stages that look at one pixel in a single pass: scene light in, linear ProPhoto or display light out.

512 pixels at a time, channel by channel, through tables (`rgb_tone`): gain, white curve on the largest and smallest
channel, black curve on each, tone curve on the largest and smallest, curves of red, green and blue, Vibrance,
Saturation, matrix, limits. Light below 0, outside of ProPhoto, counts as 0: else more Exposure would take it further
down, and the middle channel, which keeps its place, with it. On one core of a shared AMD EPYC (AVX-512), November 2026:
10 ns for each pixel without Vibrance and Saturation, where a loop over colours took 30.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.rgb_tone import BLOCK, COMPILE, SIZE, Table, on_channel, on_colours, room
from autohdr.develop.spaces import LUMINANCE
from autohdr.develop.stages import saturation, vibrance
from autohdr.system.kernel import kernel

_vibrance, _saturation = vibrance.pixel, saturation.pixel

NO_GAIN: NDArray[np.float32] = np.ones((1, 1), np.float32)
"""The local gain of a photo whose Highlights and Shadows rest."""
NO_CHANNELS: NDArray[np.float32] = np.empty((0, SIZE), np.float32)
"""Curves of red, green and blue where there are none."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Holds the curves of one photo with its settings, in the order in which they act."""

    factor: float
    """The factor by which Exposure scales scene light."""
    white: Table
    """White point and Whites, for the largest and smallest channel."""
    black: Table
    """Default black and Blacks, for each channel."""
    tone: Table
    """Base curve, Contrast, parametric and point curve, for the largest and smallest channel, less `lifts[0]`."""
    channels: NDArray[np.float32] = field(default_factory=lambda: NO_CHANNELS)
    """(3, SIZE), point curves of red, green and blue, less their lifts; (0, SIZE) for none."""
    lifts: NDArray[np.float32] = field(default_factory=lambda: np.zeros(4, np.float32))
    """(4,), what black becomes: by the joined curves, and by those of red, green and blue."""
    vibrance: NDArray[np.float32] = field(default_factory=lambda: vibrance.coefficients(0))
    """What `vibrance.pixel` needs; all 0 at rest."""
    saturation: NDArray[np.float32] = field(default_factory=lambda: saturation.coefficients(0))
    """What `saturation.pixel` needs; all 0 at rest."""


def run(
    light: NDArray[np.float32],
    tables: Tables,
    *,
    gain: NDArray[np.float32] = NO_GAIN,
    matrix: NDArray[np.float64] | None = None,
    lowest: float = 0.0,
    highest: float = np.inf,
) -> NDArray[np.float32]:
    """Takes light (H, W, 3) through the stages of `tables`, to linear ProPhoto, or to what `matrix` (3, 3) takes that
    to.

    Args:
        light: (H, W, 3), scene light.
        tables: the curves.
        gain: (H, W), Highlights and Shadows, or (1, 1).
        matrix: into the display's primaries; None stays in ProPhoto, and below 0 what was there.
        lowest, highest: with a matrix, light is held between them.
    """
    out = np.empty(light.shape, np.float32)
    into = np.eye(3) if matrix is None else matrix
    lowest = -np.inf if matrix is None else lowest
    _run(
        np.ascontiguousarray(light).reshape(-1, 3),
        gain.reshape(-1),
        np.float32(tables.factor),
        tables.white,
        tables.black,
        tables.tone,
        tables.channels,
        tables.lifts,
        tables.vibrance,
        tables.saturation,
        into.astype(np.float32),
        np.float32(lowest),
        np.float32(highest),
        out.reshape(-1, 3),
    )
    return out


def luminance(light: NDArray[np.float32], factor: float = 1.0) -> NDArray[np.float32]:
    """Computes the luminance (H, W) of linear ProPhoto light (H, W, 3), times a factor."""
    out = np.empty(light.shape[:2], np.float32)
    _luminance(np.ascontiguousarray(light).reshape(-1, 3), (LUMINANCE * factor).astype(np.float32), out.reshape(-1))
    return out


@kernel(**COMPILE)
def _luminance(light, weights, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        out[i] = light[i, 0] * weights[0] + light[i, 1] * weights[1] + light[i, 2] * weights[2]


@kernel(**COMPILE)
def _store(r, g, b, m, lowest, highest, out):  # type: ignore[no-untyped-def]
    """Write colours (N,) through a matrix to `out` (N, 3), within limits; they stay as what is written."""
    m00, m01, m02 = m[0, 0], m[0, 1], m[0, 2]
    m10, m11, m12 = m[1, 0], m[1, 1], m[1, 2]
    m20, m21, m22 = m[2, 0], m[2, 1], m[2, 2]
    for i in range(r.size):
        x, y, z = r[i], g[i], b[i]
        r[i] = min(max(m00 * x + m01 * y + m02 * z, lowest), highest)
        g[i] = min(max(m10 * x + m11 * y + m12 * z, lowest), highest)
        b[i] = min(max(m20 * x + m21 * y + m22 * z, lowest), highest)
    for i in range(r.size):
        out[i, 0], out[i, 1], out[i, 2] = r[i], g[i], b[i]


@kernel(**COMPILE)
def _lift(by, channel):  # type: ignore[no-untyped-def]
    for i in range(channel.size):
        channel[i] += by


@kernel(**COMPILE)
def _run(  # type: ignore[no-untyped-def]
    light, gain, factor, white, black, tone, channels, lifts, vibrance, saturation, matrix, lowest, highest, out
):
    # As tuples, which no write to a channel can change: so they stay in registers, and the loops become vectors.
    first = (vibrance[0], vibrance[1], vibrance[2], vibrance[3], vibrance[4], vibrance[5], vibrance[6], vibrance[7])
    v = (*first, vibrance[8], vibrance[9], vibrance[10], vibrance[11], vibrance[12], vibrance[13])
    s = (saturation[0], saturation[1], saturation[2], saturation[3], saturation[4])
    more_vibrance, more_saturation = np.any(vibrance != 0), np.any(saturation != 0)
    reds, greens, blues = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    rest, zero = room(), np.float32(0)
    for start in range(0, light.shape[0], BLOCK):
        count = min(BLOCK, light.shape[0] - start)
        r, g, b = reds[:count], greens[:count], blues[:count]
        block = light[start : start + count]
        if gain.size == 1:
            for i in range(count):
                r[i], g[i], b[i] = block[i, 0], block[i, 1], block[i, 2]
                r[i], g[i], b[i] = max(r[i], zero) * factor, max(g[i], zero) * factor, max(b[i], zero) * factor
        else:
            local = gain[start : start + count]
            for i in range(count):
                by = factor * local[i]
                r[i], g[i], b[i] = block[i, 0], block[i, 1], block[i, 2]
                r[i], g[i], b[i] = max(r[i], zero) * by, max(g[i], zero) * by, max(b[i], zero) * by
        on_colours(white, r, g, b, rest)
        on_channel(black, r, rest)
        on_channel(black, g, rest)
        on_channel(black, b, rest)
        on_colours(tone, r, g, b, rest)
        if lifts[0] != 0:
            _lift(lifts[0], r)
            _lift(lifts[0], g)
            _lift(lifts[0], b)
        if channels.shape[0] == 3:
            on_channel(channels[0], r, rest)
            on_channel(channels[1], g, rest)
            on_channel(channels[2], b, rest)
            _lift(lifts[1], r)
            _lift(lifts[2], g)
            _lift(lifts[3], b)
        if more_vibrance:
            for i in range(count):
                r[i], g[i], b[i] = _vibrance(v, r[i], g[i], b[i])
        if more_saturation:
            for i in range(count):
                r[i], g[i], b[i] = _saturation(s, r[i], g[i], b[i])
        _store(r, g, b, matrix, lowest, highest, out[start : start + count])
