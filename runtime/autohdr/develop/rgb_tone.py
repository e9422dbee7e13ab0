"""Applies tone curves to colours: the largest and smallest channel follow the curve, the middle one keeps its place.

That is how a tone curve of the DNG specification acts (version 1.7.1, ProfileToneCurve), and how Camera Raw's white
point, Whites, Contrast and curves were seen to act: with curve f, lo and hi the smallest and the largest channel,

    f(lo) + (f(hi) - f(lo)) * (channel - lo) / (hi - lo)

Two such curves in a row are one, of both curves joined. A curve is a table of float32: its outputs at `NODES`, linear
levels with 128 between one power of two and the next. A level's place in the table is read from the bits of its
float32, so no logarithm is taken. Between nodes it is straight, with a relative error of at most 8e-6 times the
curve's bend (x^2 f''). Above the last node it holds; below the first it goes straight to 0 at 0, and colours outside
of the primaries, below 0, go on at that slope, or at 1 where it is steeper: they stay small.

Measured in November 2026 on one core of a shared Xeon: 8.5 ns for each pixel of random light, where `numpy.interp` on
two channels takes 130.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from autohdr.system.kernel import kernel

COMPILE = {"nogil": True, "fastmath": {"contract", "nsz"}}

_LOWEST_POWER, _HIGHEST_POWER = -18, 8
SHIFT = 16
"""Bits of a float32 below a node: 23 of the mantissa, less 7 for 128 nodes in each octave."""
_REST = (1 << SHIFT) - 1
FIRST = (127 + _LOWEST_POWER) << 23
_STEP = np.float32(2.0**-SHIFT)
SIZE = ((_HIGHEST_POWER - _LOWEST_POWER) << (23 - SHIFT)) + 1
LOWEST, HIGHEST = np.float32(2.0**_LOWEST_POWER), np.float32(2.0**_HIGHEST_POWER)

NODES: NDArray[np.float32] = (FIRST + (np.arange(SIZE, dtype=np.int32) << SHIFT)).astype(np.int32).view(np.float32)
"""(SIZE,), the linear levels at which a curve is sampled, from 2^-18 to 2^8."""

Table = NDArray[np.float32]
"""(SIZE,), a curve's outputs at `NODES`."""


def sample(curve: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Table:
    """A curve's table. It is made to rise: an output smaller than one before is held at that one."""
    return np.maximum.accumulate(curve(NODES.astype(np.float64))).astype(np.float32)


def inverse(table: Table) -> Table:
    """The table that takes a rising curve's outputs back to its inputs; flat pieces go to where they begin."""
    rising = np.concatenate([[True], np.diff(table) > 0])
    outputs, inputs = table[rising].astype(np.float64), NODES[rising].astype(np.float64)
    if outputs.size < 2:
        return np.full(SIZE, LOWEST)
    levels = NODES.astype(np.float64)
    back = np.interp(levels, outputs, inputs)
    if outputs[0] > 0:  # straight to 0, as the curve itself is
        back = np.where(levels < outputs[0], levels * inputs[0] / outputs[0], back)
    return back.astype(np.float32)


def look_up_reference(table: Table, levels: NDArray[np.floating]) -> NDArray[np.float64]:
    """A curve at levels of any shape, in NumPy: what `look_up` computes, for tables and tests."""
    x = np.asarray(levels, np.float64)
    slope = float(table[0]) / float(LOWEST)
    inside = np.interp(x, NODES.astype(np.float64), table.astype(np.float64))
    return np.where(x < 0, x * min(slope, 1.0), np.where(x < LOWEST, x * slope, inside))


@kernel(**COMPILE)
def look_up(table, x):  # type: ignore[no-untyped-def]
    """A curve at one level (float32)."""
    if x < LOWEST:
        slope = table[0] / LOWEST
        if x < np.float32(0.0):
            return x * min(slope, np.float32(1.0))
        return x * slope
    if x >= HIGHEST:
        return table[SIZE - 1]
    bits = np.float32(x).view(np.int32) - np.int32(FIRST)
    i = bits >> SHIFT
    below = table[i]
    return below + (table[i + 1] - below) * (np.float32(bits & _REST) * _STEP)


@kernel(**COMPILE)
def rgb_tone(table, r, g, b):  # type: ignore[no-untyped-def]
    """One colour after a curve: three float32."""
    low, high = min(r, min(g, b)), max(r, max(g, b))
    to_low, to_high = look_up(table, low), look_up(table, high)
    if high - low > np.float32(1e-9):
        scale = (to_high - to_low) / (high - low)
        return to_low + (r - low) * scale, to_low + (g - low) * scale, to_low + (b - low) * scale
    return to_low, to_low, to_low


@kernel(**COMPILE)
def _apply(light, table, out):  # type: ignore[no-untyped-def]
    for i in range(light.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = rgb_tone(table, light[i, 0], light[i, 1], light[i, 2])


@kernel(**COMPILE)
def _apply_to_each(light, table, out):  # type: ignore[no-untyped-def]
    for i in range(light.shape[0]):
        for channel in range(3):
            out[i, channel] = look_up(table, light[i, channel])


def apply(light: NDArray[np.float32], table: Table) -> NDArray[np.float32]:
    """Light (..., 3) after a curve on its largest and smallest channel."""
    out = np.empty(light.shape, np.float32)
    _apply(light.reshape(-1, 3), table, out.reshape(-1, 3))
    return out


def apply_to_each(light: NDArray[np.float32], table: Table) -> NDArray[np.float32]:
    """Light (..., 3) after a curve on each channel."""
    out = np.empty(light.shape, np.float32)
    _apply_to_each(light.reshape(-1, 3), table, out.reshape(-1, 3))
    return out
