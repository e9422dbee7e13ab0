"""Applies Highlights and Shadows: a gain of luminance that follows the base level around each pixel.

The gain is read from tables (`local_tone_tables`) at the base level (`base_level`) above a key of the photo: for
Shadows log2 of the mean luminance, for Highlights half the 75th plus half the 1st percentile of log2 luminance.
Positive Shadows reads two tables, at the base level above the regional level (`region`) and at the regional level above
the key, so that a small dark place in bright surroundings is lifted less than a large one. All of this was found and
measured by pch/rawmakase (MIT; docs/scene-tone-stage.md) on Camera Raw 18.7.

Against Camera Raw on three synthetic scenes (means of 24 x 16 blocks), the rendering with the slider at 0 taken for the
scene: error of the gain in EV, and encoded (sRGB), beside that of doing nothing. No number of ours rests on them, but
negative Highlights was fitted by its source on such scenes. `autohdr bench develop` repeats the second figures:

| scene | Shadows +100 | Shadows -50 | Highlights -100 | Highlights +50 |
| --- | --- | --- | --- | --- |
| wide range | .038/.158, .0068/.0253 | .017/.083, .0028/.0125 | .072/.086, .0133/.0170 | .021/.040, .0042/.0079 |
| dark | .095/.080, .0047/.0038 | .048/.030, .0023/.0014 | .050/.087, .0027/.0052 | .017/.043, .0010/.0028 |
| bright | .087/.234, .0204/.0536 | .065/.126, .0134/.0259 | .055/.265, .0122/.0629 | .042/.115, .0096/.0286 |

On photos the tables' source states 0.12 EV for Shadows at +-100 and 0.09 to 0.10 for Highlights (cross-validated).
Known weakness, which it shares with its source: in a photo that is dark all over, Shadows does too much, by 0.1 EV.

A copy of 256 pixels differs from one of 512 by 0.009 EV on average over 14 radiance images at four settings of +-100
(0.03 in the worst); one of 128 by 0.025 (0.11). Time on one core: 1.7 ms for 512 x 341 pixels, 10 ms for 2048 x 1365.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.spaces import LUMINANCE
from autohdr.develop.stages.base_level import FLOOR, base_level, small_copy
from autohdr.develop.stages.local_tone_tables import (
    HIGHLIGHTS_DOWN,
    HIGHLIGHTS_UP,
    SHADOWS_DETAIL,
    SHADOWS_DOWN,
    SHADOWS_REGION,
)
from autohdr.develop.stages.regional_level import FIRST, region_grid
from autohdr.system.kernel import kernel

EDGE = 256
"""Long edge of the copy on which base level and keys are found, pixels."""
_LOWEST, _HIGHEST, _SAMPLES = -24.0, 24.0, 1537
"""Levels at which a table is sampled, stops."""
_FINER = 8
"""Steps of a gain by place in each stop of base level."""
_COMPILE: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"nsz", "arcp", "contract", "afn"}}

_WITHIN = {**_COMPILE, "forceinline": True}
_FINENESS = 64
"""Bins to a stop that levels are counted in to find a percentile."""


class Keys(NamedTuple):
    """Holds the levels of a photo that the tables are read against, stops."""

    shadows: float
    highlights: float


def keys(copy: NDArray[np.float32], levels: NDArray[np.float32]) -> Keys:
    """Measures the keys of a photo on a small copy (h, w) and its log2."""
    low, high = _ranked(levels.ravel(), (0.01, 0.75))
    mean = max(float(copy.mean(dtype=np.float64)), FLOOR)
    return Keys(float(np.log2(mean)), 0.5 * high + 0.5 * low)


def _ranked(levels: NDArray[np.float32], shares: tuple[float, ...]) -> list[float]:
    """The levels (N,) that these shares of all lie below: exactly, from the bin that each lies in."""
    bins = np.floor(levels * np.float32(_FINENESS)).astype(np.int64)
    bins -= bins.min()
    below, found = np.cumsum(np.bincount(bins)), []
    for share in shares:
        rank = int((levels.size - 1) * share)
        k = int(np.searchsorted(below, rank, side="right"))
        inside = levels[bins == k]
        found.append(float(np.partition(inside, rank - below[k] + inside.size)[rank - below[k] + inside.size]))
    return found


def gain_map(luminance: NDArray[np.float32], highlights: float, shadows: float) -> NDArray[np.float32]:
    """Computes the factor (H, W) that each pixel's light is multiplied by, all channels alike.

    Args:
        luminance: (H, W), of the exposed scene: linear, finite, any size; below 2**-14 it counts as that.
        highlights: the slider, -100 to 100; beyond, it is held.
        shadows: likewise.
    """
    luminance = np.ascontiguousarray(luminance, np.float32)
    out = np.empty_like(luminance)
    if (not highlights and not shadows) or not luminance.size:
        out.fill(1.0)
        return out
    copy = np.maximum(small_copy(luminance, EDGE), np.float32(FLOOR))
    levels = np.log2(copy)
    base, key = base_level(levels), keys(copy, levels)
    shape, small = luminance.shape, copy.shape
    rows, columns = (_places(size, cells) for size, cells in zip(shape, small, strict=True))
    at = np.linspace(_LOWEST, _HIGHEST, _SAMPLES)
    ev = (HIGHLIGHTS_UP if highlights > 0 else HIGHLIGHTS_DOWN).ev(highlights, at - key.highlights)
    if shadows <= 0:
        ev = ev + SHADOWS_DOWN.ev(shadows, at - key.shadows)
        _apply(luminance, base.a, base.b, *rows, *columns, _factors(ev), out)
        return out
    grid = region_grid(small_copy(levels, EDGE // 2))
    down, across = (_places(size, cells) for size, cells in zip(shape, grid.shape[:2], strict=True))
    gains = np.empty((*grid.shape[:2], (grid.shape[2] - 1) * _FINER + 1), np.float32)
    detail = _factors(SHADOWS_DETAIL.ev(shadows, at))
    _fill_gains(grid, _factors(ev), detail, _factors(SHADOWS_REGION.ev(shadows, at - key.shadows)), gains)
    _apply_by_place(luminance, base.a, base.b, *rows, *columns, gains, *down, *across, out)
    return out


def _factors(ev: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.exp2(ev).astype(np.float32)


def _places(size: int, cells: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Where the centres of `size` pixels lie among the centres of `cells` cells: the cell before (size,), and how far
    the way to the next is gone (size,)."""
    place = np.clip((np.arange(size) + 0.5) * cells / size - 0.5, 0, cells - 1)
    before = np.minimum(place.astype(np.int32), max(cells - 2, 0)).astype(np.int32)
    return before, (place - before).astype(np.float32)


@kernel(**_WITHIN)
def _log2(bits):  # type: ignore[no-untyped-def]
    """log2 of a positive float32, given as the integer of the same bits, within 0.00015: its exponent, and a polynomial
    of its mantissa that is exact at both ends."""
    f = np.float32(bits & 0x7FFFFF) * np.float32(2.0**-23)
    bend = np.float32(0.43807) + f * (np.float32(-0.23669) + f * np.float32(0.08031))
    return np.float32((bits >> 23) - 127) + f + f * (np.float32(1) - f) * bend


@kernel(**_WITHIN)
def _place(level):  # type: ignore[no-untyped-def]
    """Where a level lies in a table."""
    place = (level - np.float32(_LOWEST)) * np.float32((_SAMPLES - 1) / (_HIGHEST - _LOWEST))
    return min(max(place, np.float32(0)), np.float32(_SAMPLES - 1.01))


@kernel(**_COMPILE)
def _read(table, level):  # type: ignore[no-untyped-def]
    place = _place(level)
    k = np.int32(place)
    return table[k] + (table[k + 1] - table[k]) * (place - np.float32(k))


@kernel(**_COMPILE)
def _widened(field, column, across):  # type: ignore[no-untyped-def]
    """The rows of a small picture (h, w) as wide as the whole: (h, W)."""
    out = np.empty((field.shape[0], column.size), np.float32)
    next_one = np.minimum(column + 1, field.shape[1] - 1).astype(np.uint32)
    this, right = column.astype(np.uint32), np.empty(column.size, np.float32)
    for y in range(field.shape[0]):
        line, left = field[y], out[y]
        for x in range(column.size):
            left[x], right[x] = line[this[x]], line[next_one[x]]
        for x in range(column.size):
            left[x] += (right[x] - left[x]) * across[x]
    return out


@kernel(**_COMPILE)
def _base_levels(light, a, a_below, b, b_below, t, held, out):  # type: ignore[no-untyped-def]
    """The base levels of a row of pixels (W,), between two rows of the coefficients."""
    for x in range(light.size):
        held[x] = max(light[x], np.float32(FLOOR))
    bits = held.view(np.int32)
    for x in range(light.size):
        slope, start = a[x] + (a_below[x] - a[x]) * t, b[x] + (b_below[x] - b[x]) * t
        out[x] = slope * _log2(bits[x]) + start


@kernel(**_COMPILE)
def _apply(light, a, b, row, down, column, across, table, out):  # type: ignore[no-untyped-def]
    height, width = light.shape
    a, b, last = _widened(a, column, across), _widened(b, column, across), a.shape[0] - 1
    held, base, places = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.uint32)
    low, high = np.empty(width, np.float32), np.empty(width, np.float32)
    for y in range(height):
        i = row[y]
        j = min(i + 1, last)
        _base_levels(light[y], a[i], a[j], b[i], b[j], down[y], held, base)
        line = out[y]
        for x in range(width):
            base[x] = _place(base[x])
            places[x] = np.uint32(np.int32(base[x]))
        for x in range(width):  # what reads the table is a loop of its own, so that the others become vectors
            k = places[x]
            low[x], high[x] = table[k], table[k + np.uint32(1)]
        for x in range(width):
            line[x] = low[x] + (high[x] - low[x]) * (base[x] - np.float32(np.int32(places[x])))


@kernel(**_COMPILE)
def _fill_gains(grid, table, detail, region, out):  # type: ignore[no-untyped-def]
    """The gain at each place and base level: what a pixel would read there, so that it reads once and not thrice."""
    top = grid.shape[2] - 1
    for j in range(out.shape[0]):
        for i in range(out.shape[1]):
            for k in range(out.shape[2]):
                before = min(k // _FINER, top - 1)
                part = np.float32(k) / np.float32(_FINER) - np.float32(before)
                around = grid[j, i, before] + (grid[j, i, before + 1] - grid[j, i, before]) * part
                base = np.float32(FIRST) + np.float32(k) / np.float32(_FINER)
                out[j, i, k] = _read(table, base) * _read(detail, base - around) * _read(region, around)


@kernel(**_COMPILE)
def _plane(gains, y, t, out):  # type: ignore[no-untyped-def]
    """The gains (across * levels,) at a row of pixels between rows y and y + 1 of the places."""
    above, below = gains[y].reshape(-1), gains[min(y + 1, gains.shape[0] - 1)].reshape(-1)
    for k in range(out.size):
        out[k] = above[k] + (below[k] - above[k]) * t


@kernel(**_COMPILE)
def _apply_by_place(  # type: ignore[no-untyped-def]
    light, a, b, row, down, column, across, gains, gains_row, gains_down, gains_column, gains_across, out
):
    height, width = light.shape
    levels, last = gains.shape[2], a.shape[0] - 1
    a, b = _widened(a, column, across), _widened(b, column, across)
    plane = np.empty(gains.shape[1] * levels, np.float32)
    here = (gains_column * levels).astype(np.uint32)
    there = (np.minimum(gains_column + 1, gains.shape[1] - 1) * levels).astype(np.uint32)
    held, base, places = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.uint32)
    left, left_above = np.empty(width, np.float32), np.empty(width, np.float32)
    right, right_above = np.empty(width, np.float32), np.empty(width, np.float32)
    one = np.uint32(1)
    for y in range(height):
        i = row[y]
        j = min(i + 1, last)
        _base_levels(light[y], a[i], a[j], b[i], b[j], down[y], held, base)
        _plane(gains, gains_row[y], gains_down[y], plane)
        for x in range(width):
            place = (base[x] - np.float32(FIRST)) * np.float32(_FINER)
            base[x] = min(max(place, np.float32(0)), np.float32(levels) - np.float32(1.01))
            places[x] = np.uint32(np.int32(base[x]))
        for x in range(width):
            k, n = here[x] + places[x], there[x] + places[x]
            left[x], left_above[x], right[x], right_above[x] = plane[k], plane[k + one], plane[n], plane[n + one]
        for x in range(width):
            part = base[x] - np.float32(np.int32(places[x]))
            left[x] += (left_above[x] - left[x]) * part
            right[x] += (right_above[x] - right[x]) * part
        line = out[y]
        for x in range(width):
            line[x] = left[x] + (right[x] - left[x]) * gains_across[x]


def brightness(light: NDArray[np.float32], factor: float = 1.0) -> NDArray[np.float32]:
    """Computes what `gain_map` takes (H, W) of linear ProPhoto light (H, W, 3) times a factor: its luminance, but at
    least a sixteenth of the largest channel.

    No colour of sRGB is below that. The luminance of deep blues is near 0 or below, which says nothing of how bright
    they are: on a concert in blue light Highlights took the brightest places for something else.
    """
    out = np.empty(light.shape[:2], np.float32)
    weights = (LUMINANCE * factor).astype(np.float32)
    _brightness(
        np.ascontiguousarray(light, np.float32).reshape(-1, 3), weights, np.float32(factor / 16), out.reshape(-1)
    )
    return out


@kernel(**_COMPILE)
def _brightness(light, weights, share, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        r, g, b = light[i, 0], light[i, 1], light[i, 2]
        out[i] = max(r * weights[0] + g * weights[1] + b * weights[2], max(r, max(g, b)) * share)
