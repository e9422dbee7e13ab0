"""Applies tone curves to colours: the largest and smallest channel follow the curve, the middle one keeps its place.

That is how a tone curve of the DNG specification acts (version 1.7.1, ProfileToneCurve), and how Camera Raw's white
point, Whites, Contrast and curves were seen to act: with curve f, lo and hi the smallest and the largest channel,

    f(lo) + (f(hi) - f(lo)) * (channel - lo) / (hi - lo)

Two such curves in a row are one, of both curves joined. A curve is a table of float32: its outputs at `NODES`, linear
levels with 128 between one power of two and the next. A level's place in the table is read from the bits of its
float32, so no logarithm is taken. Between nodes it is straight, with a relative error of at most 8e-6 times the
curve's bend (x^2 f''). Above the last node it holds; below the first it goes straight to 0 at 0, and colours outside
of the primaries, below 0, go on at that slope, or at 1 where it is steeper: they stay small.

Measured in November 2026 on one core of a shared AMD EPYC (AVX-512): 4.4 ns for each pixel of random light, where
`numpy.interp` on two channels takes 120. One colour at a time, with branches, it was 8.5.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from autohdr.system.kernel import kernel

COMPILE = {"nogil": True, "error_model": "numpy", "fastmath": {"contract", "nsz", "arcp"}}
WITHIN = {**COMPILE, "forceinline": True}
"""Options for a kernel of one colour or level, which a loop calls: unless it is inlined, the loop does not become
vectors."""

_LOWEST_POWER, _HIGHEST_POWER = -18, 8
SHIFT = 16
"""Bits of a float32 below a node: 23 of the mantissa, less 7 for 128 nodes in each octave."""
_REST = (1 << SHIFT) - 1
FIRST = (127 + _LOWEST_POWER) << 23
_STEP = np.float32(2.0**-SHIFT)
SIZE = ((_HIGHEST_POWER - _LOWEST_POWER) << (23 - SHIFT)) + 1
LOWEST, HIGHEST = np.float32(2.0**_LOWEST_POWER), np.float32(2.0**_HIGHEST_POWER)

_TOP = np.nextafter(HIGHEST, np.float32(0))
_OF_LOWEST = np.float32(1) / LOWEST
BLOCK = 512
"""Colours that a kernel works on at a time, channel by channel: they stay in the processor's first cache."""

NODES: NDArray[np.float32] = (FIRST + (np.arange(SIZE, dtype=np.int32) << SHIFT)).astype(np.int32).view(np.float32)
"""(SIZE,), the linear levels at which a curve is sampled, from 2^-18 to 2^8."""

Table = NDArray[np.float32]
"""(SIZE,), a curve's outputs at `NODES`."""


def sample(curve: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Table:
    """Samples a curve into a table that rises: an output smaller than one before is held at that one."""
    return np.maximum.accumulate(curve(NODES.astype(np.float64))).astype(np.float32)


def look_up_reference(table: Table, levels: NDArray[np.floating]) -> NDArray[np.float64]:
    """Looks levels of any shape up in a table with NumPy, as the kernels do; for tables and tests."""
    x = np.asarray(levels, np.float64)
    slope = float(table[0]) / float(LOWEST)
    inside = np.interp(x, NODES.astype(np.float64), table.astype(np.float64))
    return np.where(x < 0, x * min(slope, 1.0), np.where(x < LOWEST, x * slope, inside))


@kernel(**COMPILE)
def room():  # type: ignore[no-untyped-def]
    """What `on_colours` and `on_channel` work in, for a block of colours at most."""
    places, below, above = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    low, high = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    return places, below, above, low, high, np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)


@kernel(**WITHIN)
def _held(x):  # type: ignore[no-untyped-def]
    """A level within the table, as the bits of its float32."""
    held = x if x > LOWEST else LOWEST
    return np.float32(held if held < _TOP else _TOP).view(np.uint32)


@kernel(**COMPILE)
def _look_up(table, levels, count, places, below, above):  # type: ignore[no-untyped-def]
    """Apply a curve to levels (count,), in place. What reads the table is a loop of its own, so that the other two
    become vectors."""
    for i in range(count):
        places[i] = (_held(levels[i]) - np.uint32(FIRST)) >> np.uint32(SHIFT)
    for i in range(count):
        place = places[i]
        below[i], above[i] = table[place], table[place + np.uint32(1)]
    for i in range(count):
        x = levels[i]
        part = np.float32(np.int32(_held(x) & np.uint32(_REST))) * _STEP
        level = (below[i] + (above[i] - below[i]) * part) * (min(x, LOWEST) * _OF_LOWEST)
        levels[i] = level if x >= np.float32(0) else max(level, x)


@kernel(**COMPILE)
def on_colours(table, r, g, b, room):  # type: ignore[no-untyped-def]
    """Apply a curve to the largest and smallest channel of colours, in place: three float32 (N,)."""
    places, below, above, low, high, to_low, to_high = room
    for i in range(r.size):
        x, y, z = r[i], g[i], b[i]
        low[i], high[i] = min(x, min(y, z)), max(x, max(y, z))
    to_low[:], to_high[:] = low, high
    _look_up(table, to_low, r.size, places, below, above)
    _look_up(table, to_high, r.size, places, below, above)
    for i in range(r.size):
        start, to = low[i], to_low[i]
        scale = (to_high[i] - to) / max(high[i] - start, np.float32(1e-9))
        r[i] = to + (r[i] - start) * scale
        g[i] = to + (g[i] - start) * scale
        b[i] = to + (b[i] - start) * scale


@kernel(**COMPILE)
def on_channel(table, channel, room):  # type: ignore[no-untyped-def]
    """Apply a curve to one channel, in place: float32 (N,)."""
    places, below, above = room[0], room[1], room[2]
    _look_up(table, channel, channel.size, places, below, above)


@kernel(**COMPILE)
def _apply(light, table, together, out):  # type: ignore[no-untyped-def]
    r, g, b = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    rest = room()
    for start in range(0, light.shape[0], BLOCK):
        count = min(BLOCK, light.shape[0] - start)
        for i in range(count):
            r[i], g[i], b[i] = light[start + i, 0], light[start + i, 1], light[start + i, 2]
        if together:
            on_colours(table, r[:count], g[:count], b[:count], rest)
        else:
            on_channel(table, r[:count], rest)
            on_channel(table, g[:count], rest)
            on_channel(table, b[:count], rest)
        for i in range(count):
            out[start + i, 0], out[start + i, 1], out[start + i, 2] = r[i], g[i], b[i]


def apply(light: NDArray[np.float32], table: Table) -> NDArray[np.float32]:
    """Applies a curve to the largest and the smallest channel of light (..., 3)."""
    out = np.empty(light.shape, np.float32)
    _apply(light.reshape(-1, 3), table, True, out.reshape(-1, 3))
    return out


def apply_to_each(light: NDArray[np.float32], table: Table) -> NDArray[np.float32]:
    """Applies a curve to each channel of light (..., 3)."""
    out = np.empty(light.shape, np.float32)
    _apply(light.reshape(-1, 3), table, False, out.reshape(-1, 3))
    return out
