"""Runs the fused pass backward: display light in, scene light out, with what cannot be known marked.

Each curve is taken back exactly as the pass reads it (`rgb_tone`): straight between nodes. A curve on the largest and
smallest channel is taken back on those, and the middle one keeps its place. Vibrance and Saturation have no closed
inverse: they are solved by turns for each colour, the chroma (and for Vibrance the level) multiplied by what is wanted
over what comes of it, until they change by less than a part in 100,000.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.fused import Tables
from autohdr.develop.kernels.rgb_tone import COMPILE, FIRST, HIGHEST, LOWEST, NODES, SHIFT, SIZE, Table
from autohdr.develop.spaces import LUMINANCE
from autohdr.develop.stages import saturation, vibrance
from autohdr.system.kernel import kernel

_vibrance, _saturation = vibrance.pixel, saturation.pixel
_RED, _GREEN, _BLUE = (np.float32(weight) for weight in LUMINANCE)
_ROUNDS = 60
_PRECISE = np.float32(1e-5)
_TINY, _NEARLY = np.float32(1e-7), np.float32(1 - 1e-6)
_UNDER_BLACK = 0.125
"""What black is taken for, as a share of the highest level that a curve makes black, so that the darkest level stays
near it."""


class Back(NamedTuple):
    """Holds a curve's inverse, as a table to search in."""

    table: Table
    """(SIZE,), the curve."""
    start: NDArray[np.int32]
    """(SIZE + 1,), the first node whose output reaches each level of `NODES`; where a search begins."""
    black: float
    """What an output of 0 or less is taken back to."""
    white: float
    """The lowest input that gives the largest output."""

    @classmethod
    def of(cls, table: Table) -> "Back":
        """Inverts a table; where it falls or is flat, the first input that reaches an output counts."""
        rising = np.maximum.accumulate(table)
        start = np.append(np.searchsorted(rising, NODES), SIZE).astype(np.int32)
        last_black = int((rising <= 0).sum())
        black = float(NODES[last_black - 1]) * _UNDER_BLACK if last_black else 0.0
        return cls(rising, start, black, float(NODES[min(int(np.searchsorted(rising, rising[-1])), SIZE - 1)]))


class Result(NamedTuple):
    """Holds what a backward pass gives."""

    light: NDArray[np.float32]
    """(H, W, 3), before the local gain and Exposure are taken out: what the white curve was applied to."""
    known: NDArray[np.bool_]
    """(H, W)"""


def colours(light: NDArray[np.float32], tables: Tables, matrix: NDArray[np.float64], told: NDArray[np.bool_]) -> Result:
    """Computes the light that the joined tone curve gave, from display light (H, W, 3); it needs no measure of the
    scene.

    Args:
        light: within the display's limits.
        tables: of the forward pass.
        matrix: from the display's primaries to ProPhoto, (3, 3).
        told: (H, W), False where the picture does not tell: a channel is clipped or black.
    """
    back = [Back.of(table) for table in tables.channels]
    out, known = np.empty(light.shape, np.float32), told.copy()
    _colours(
        np.ascontiguousarray(light, np.float32).reshape(-1, 3),
        matrix.astype(np.float32),
        *_stacked(back or [Back.of(tables.tone)]),
        tables.lifts[1:] if back else np.empty(0, np.float32),
        tables.vibrance,
        tables.saturation,
        out.reshape(-1, 3),
        known.reshape(-1),
    )
    return Result(out, known)


def curves(result: Result, tables: Tables, white: float) -> Result:
    """Computes the light that the white curve was applied to, from what the joined tone curve gave.

    Args:
        result: of `colours`.
        tables: of the forward pass.
        white: what is taken for white: the level that the default curve makes white, as far as more levels do.
    """
    first, *others = [Back.of(table) for table in (tables.white, tables.black, tables.tone)]
    out, known = np.empty(result.light.shape, np.float32), result.known.copy()
    _curves(
        result.light.reshape(-1, 3),
        *_stacked([first._replace(white=max(first.white, white)), *others]),
        tables.lifts[0],
        out.reshape(-1, 3),
        known.reshape(-1),
    )
    return Result(out, known)


def _stacked(back: list[Back]) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.float32]]:
    """Tables (N, SIZE), where searches begin (N, SIZE + 1), and ends (N, 2)."""
    ends = np.array([(one.black, one.white) for one in back], np.float32)
    return np.stack([one.table for one in back]), np.stack([one.start for one in back]), ends


@kernel(**COMPILE)
def _back(table, start, ends, y):  # type: ignore[no-untyped-def]
    """The level whose output is y, and whether it is the only one."""
    black, white = ends[0], ends[1]
    if y <= 0:
        return black, False
    if y >= table[SIZE - 1]:
        return white, False
    if y <= table[0]:
        return y * (LOWEST / table[0]), True
    if y >= HIGHEST:
        return white, False
    j = 0 if y < LOWEST else int((np.float32(y).view(np.int32) - np.int32(FIRST)) >> SHIFT)
    low = 1 if y < LOWEST else max(start[j], 1)
    high = min(start[0] if y < LOWEST else start[j + 1], SIZE - 1)
    while low < high:  # the first node whose output is at least y
        middle = (low + high) // 2
        if table[middle] < y:
            low = middle + 1
        else:
            high = middle
    before, after = table[low - 1], table[low]
    if after <= before or (y >= after * _NEARLY and low + 1 < SIZE and table[low + 1] * _NEARLY <= after):
        return NODES[low], False
    return NODES[low - 1] + (NODES[low] - NODES[low - 1]) * ((y - before) / (after - before)), True


@kernel(**COMPILE)
def _back_on_colour(table, start, ends, r, g, b):  # type: ignore[no-untyped-def]
    low, high = min(r, min(g, b)), max(r, max(g, b))
    to_low, one = _back(table, start, ends, low)
    to_high, other = _back(table, start, ends, high)
    scale = (to_high - to_low) / max(high - low, np.float32(1e-9))
    return to_low + (r - low) * scale, to_low + (g - low) * scale, to_low + (b - low) * scale, one and other


@kernel(**COMPILE)
def _unsaturated(c, r, g, b):  # type: ignore[no-untyped-def]
    """The colour that Saturation makes r, g, b of: luminance stays."""
    y = _RED * r + _GREEN * g + _BLUE * b
    chroma = max(r, max(g, b)) - min(r, min(g, b))
    if c[0] <= np.float32(-0.999):  # all colours have become grey
        return r, g, b, False
    if chroma <= _TINY:
        return r, g, b, True
    scale, reached = np.float32(1), np.float32(1)
    for _ in range(_ROUNDS):
        one, two, three = _saturation(c, y + scale * (r - y), y + scale * (g - y), y + scale * (b - y))
        reached = (max(one, max(two, three)) - min(one, min(two, three))) / chroma
        if reached <= _TINY:
            return r, g, b, False
        scale /= reached
        if abs(reached - 1) < _PRECISE:
            break
    near = abs(reached - 1) < np.float32(1e-3)
    return y + scale * (r - y), y + scale * (g - y), y + scale * (b - y), near


@kernel(**COMPILE)
def _unvibrant(c, r, g, b):  # type: ignore[no-untyped-def]
    """The colour that Vibrance makes r, g, b of: the hue stays, saturation and level are solved for."""
    high, low = max(r, max(g, b)), min(r, min(g, b))
    if high <= _TINY or high - low <= _TINY:
        return r, g, b, True
    wanted = (high - low) / high
    level, s = high, np.float32(1)
    for _ in range(_ROUNDS):
        turn = level / high * s
        x, y, z = _vibrance(c, level - turn * (high - r), level - turn * (high - g), level - turn * (high - b))
        top = max(x, max(y, z))
        reached = (top - min(x, min(y, z))) / max(top, _TINY) / wanted
        came = top / high
        if reached <= _TINY:
            return r, g, b, False
        s *= min(max(reached, np.float32(0.2)), np.float32(5)) ** np.float32(-0.8)
        level /= came
        if abs(reached - 1) < _PRECISE and abs(came - 1) < _PRECISE:
            break
    turn = level / high * s
    one, two, three = level - turn * (high - r), level - turn * (high - g), level - turn * (high - b)
    x, y, z = _vibrance(c, one, two, three)
    near = max(abs(x - r), max(abs(y - g), abs(z - b))) < np.float32(1e-3) * high
    inside = c[0] <= 0 or wanted < np.float32(
        0.999
    )  # at the border of the primaries, positive Vibrance goes no further
    return one, two, three, near and inside


@kernel(**COMPILE)
def _colours(light, m, tables, starts, ends, lifts, vibrance, saturation, out, known):  # type: ignore[no-untyped-def]
    less_vibrance, less_saturation = np.any(vibrance != 0), np.any(saturation != 0)
    for i in range(light.shape[0]):
        x, y, z = light[i, 0], light[i, 1], light[i, 2]
        sure = known[i]
        r = m[0, 0] * x + m[0, 1] * y + m[0, 2] * z
        g = m[1, 0] * x + m[1, 1] * y + m[1, 2] * z
        b = m[2, 0] * x + m[2, 1] * y + m[2, 2] * z
        if less_saturation:
            r, g, b, solved = _unsaturated(saturation, r, g, b)
            sure = sure and solved
        if less_vibrance:
            r, g, b, solved = _unvibrant(vibrance, r, g, b)
            sure = sure and solved
        if lifts.size == 3:
            r, one = _back(tables[0], starts[0], ends[0], r - lifts[0])
            g, other = _back(tables[1], starts[1], ends[1], g - lifts[1])
            b, third = _back(tables[2], starts[2], ends[2], b - lifts[2])
            sure = sure and one and other and third
        out[i, 0], out[i, 1], out[i, 2] = r, g, b
        known[i] = sure


@kernel(**COMPILE)
def _curves(light, tables, starts, ends, lift, out, known):  # type: ignore[no-untyped-def]
    for i in range(light.shape[0]):
        r, g, b = light[i, 0] - lift, light[i, 1] - lift, light[i, 2] - lift
        r, g, b, first = _back_on_colour(tables[2], starts[2], ends[2], r, g, b)
        r, one = _back(tables[1], starts[1], ends[1], r)
        g, other = _back(tables[1], starts[1], ends[1], g)
        b, third = _back(tables[1], starts[1], ends[1], b)
        r, g, b, last = _back_on_colour(tables[0], starts[0], ends[0], r, g, b)
        out[i, 0], out[i, 1], out[i, 2] = r, g, b
        known[i] = known[i] and first and one and other and third and last
