"""Samples of 0 to 1 from what a DNG's file holds, by its black levels and its opcodes (DNG specification 1.7).

Every step ends at 1, where the sensor saturates, as in Adobe's own reader; and a sample that is there stays there,
whatever a gain below 1 says, so that a blown highlight is not tinted by a map of another gain for each colour. Noise
below black stays below it.

Samples are rewritten as 32-bit floating-point numbers, once for all and once for each step: for the four gain maps of a
12-megapixel phone 40 ms (November 2026, one core of a shared Xeon).
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.decoders.opcodes import CURVE, Curve, GainMap, Lines, Region, Step, Vignette
from autohdr.raw.frame import Samples
from autohdr.system.kernel import kernel

_COMPILE = {"bare": True, "nogil": True, "fastmath": {"contract"}}

MOST_WORK = 64
"""Steps over all samples that a file may ask for; more is hostile."""
_CHANNEL = (0, 1, 2, 1)
"""Which plane of a picture without a filter each of a mosaic's colours becomes."""


class Place(NamedTuple):
    """The place of samples in the picture that opcodes speak of."""

    corner: tuple[int, int]
    """Row and column of the first sample."""
    size: tuple[int, int]
    """Height and width of that picture."""
    pattern: NDArray[np.uint8] | None
    """The filter, where the opcodes' planes are its colours."""


class Black(NamedTuple):
    """Black levels of samples (H, W, C)."""

    cell: NDArray[np.float64]
    """(P, Q, C), repeats from the first sample."""
    down: NDArray[np.float64]
    """(H,), added."""
    across: NDArray[np.float64]
    """(W,), added."""


def linear(samples: Samples, black: Black, span: NDArray[np.float64]) -> NDArray[np.float32]:
    """(H, W, C): 0 is black and 1, where everything ends, is `span` (C,) levels above it."""
    out = np.empty(samples.shape, np.float32)
    columns = np.arange(samples.shape[1]) % black.cell.shape[1]
    rows = np.ascontiguousarray((black.cell[:, columns] + black.across[:, None]).astype(np.float32))  # (P, W, C)
    _linear(samples, rows, black.down.astype(np.float32), (1 / span).astype(np.float32), out)
    return out


def work(todo: Sequence[Step], shape: tuple[int, ...], place: Place) -> float:
    """The cost of some steps: how often all samples (H, W, C) would be gone through."""
    return sum(rows.size * columns.size for step in todo for rows, columns, _, _ in _lattices(step, shape, place)) / (
        shape[0] * shape[1] * shape[2]
    )


def apply(todo: Sequence[Step], samples: NDArray[np.float32], place: Place, unit: float = 1.0) -> None:
    """Do the steps, in order, to samples (H, W, C) of 0 to 1, in place; `unit` is that of numbers that are added."""
    for step in todo:
        for rows, columns, plane, layer in _lattices(step, samples.shape, place):
            one = samples[..., plane]
            if isinstance(step, GainMap):
                _gain(step, one, rows, columns, layer, place)
            elif isinstance(step, Curve):
                _curve(one, rows, columns, step.values)
            elif isinstance(step, Lines):
                _line(step, one, rows, columns, place, unit)
            elif isinstance(step, Vignette):
                _vignette(step, one, rows, columns, place)


def _lattices(
    step: Step, shape: tuple[int, ...], place: Place
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], int, int]]:
    """Rows and columns of the samples that a step is for, their plane, and which of the step's own planes it is."""
    everything = Region((0, 0, *place.size), (0, 2**32), (1, 1))
    region = getattr(step, "region", everything)
    rows, columns = (
        _places(
            region.area[axis],
            min(region.area[axis + 2], place.size[axis]),
            region.pitch[axis],
            place.corner[axis],
            length,
        )
        for axis, length in enumerate(shape[:2])
    )
    first, last = region.planes[0], sum(region.planes)
    if place.pattern is None:
        for plane in range(first, min(last, shape[2])):
            yield rows, columns, plane, plane
        return
    down, across = place.pattern.shape
    for (y, x), colour in np.ndenumerate(place.pattern):
        if first <= _CHANNEL[colour] < last:
            yield rows[rows % down == y], columns[columns % across == x], 0, _CHANNEL[colour]


def _places(first: int, last: int, pitch: int, corner: int, length: int) -> NDArray[np.int64]:
    """Indices among the samples of those rows, or columns, of the picture."""
    skipped = max(0, -(-(corner - first) // pitch))
    return np.arange(first + skipped * pitch, min(last, corner + length), pitch, dtype=np.int64) - corner


def _gain(
    step: GainMap, one: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], layer: int, place: Place
) -> None:
    points = np.ascontiguousarray(step.gains[..., min(layer, step.gains.shape[2] - 1)])
    (top, down), (left, across) = (
        _between(
            (at + place.corner[axis] + 0.5) / place.size[axis],
            step.origin[axis],
            step.spacing[axis],
            points.shape[axis],
        )
        for axis, at in ((0, rows), (1, columns))
    )
    line = np.empty(points.shape[1], np.float32)
    _gains(one, rows, columns, points, top, down, left, across, line)


def _between(
    at: NDArray[np.float64], origin: float, spacing: float, points: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The point before each place, and the share of the next one; constant beyond the first and the last."""
    if points == 1:
        return np.zeros(at.shape, np.int64), np.zeros(at.shape, np.float32)
    along = np.clip((at - origin) / spacing, 0, points - 1)
    before = np.minimum(along.astype(np.int64), points - 2)
    return before, (along - before).astype(np.float32)


def _line(step: Lines, one: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], place: Place, unit: float) -> None:
    axis, at = (0, rows) if step.rows else (1, columns)
    numbers = step.values[(at + place.corner[axis] - step.region.area[axis]) // step.region.pitch[axis]]
    nothing = np.zeros((columns if step.rows else rows).size, np.float32)
    if step.added:
        numbers = (numbers * unit).astype(np.float32)
    down, across = (numbers, nothing) if step.rows else (nothing, numbers)
    (_add if step.added else _scale)(one, rows, columns, down, across)


def _vignette(step: Vignette, one: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], place: Place) -> None:
    """Applies a vignette in place. Squares of the distance from the centre, 1 in the farthest corner, are sums of one
    part for rows and one for columns.
    """
    centre = [share * length for share, length in zip(step.centre, place.size, strict=True)]
    most = sum(max(middle, length - middle) ** 2 for middle, length in zip(centre, place.size, strict=True))
    down, across = (
        ((at + place.corner[axis] + 0.5 - centre[axis]) ** 2 / most).astype(np.float32)
        for axis, at in ((0, rows), (1, columns))
    )
    _radial(one, rows, columns, down, across, np.array(step.powers, np.float32))


@kernel(**_COMPILE)
def _linear(samples, rows, down, scale, out):  # type: ignore[no-untyped-def]
    for y in range(out.shape[0]):
        row, more = rows[y % rows.shape[0]], down[y]
        for x in range(out.shape[1]):
            for plane in range(out.shape[2]):
                level = (np.float32(samples[y, x, plane]) - row[x, plane] - more) * scale[plane]
                out[y, x, plane] = level if level < np.float32(0.99999) else np.float32(1)


@kernel(**_COMPILE)
def _gains(one, rows, columns, points, top, down, left, across, line):  # type: ignore[no-untyped-def]
    for j in range(rows.size):
        y, above, share = rows[j], top[j], down[j]
        below = min(above + 1, points.shape[0] - 1)
        for k in range(line.size):
            line[k] = points[above, k] + share * (points[below, k] - points[above, k])
        for i in range(columns.size):
            x, before = columns[i], left[i]
            after = min(before + 1, line.size - 1)
            if one[y, x] < 1:
                gain = line[before] + across[i] * (line[after] - line[before])
                one[y, x] = min(one[y, x] * gain, np.float32(1))


@kernel(**_COMPILE)
def _scale(one, rows, columns, down, across):  # type: ignore[no-untyped-def]
    for j in range(rows.size):
        for i in range(columns.size):
            if one[rows[j], columns[i]] < 1:
                one[rows[j], columns[i]] = min(one[rows[j], columns[i]] * (down[j] + across[i]), np.float32(1))


@kernel(**_COMPILE)
def _add(one, rows, columns, down, across):  # type: ignore[no-untyped-def]
    for j in range(rows.size):
        for i in range(columns.size):
            level = one[rows[j], columns[i]] + down[j] + across[i]
            one[rows[j], columns[i]] = max(np.float32(-1), min(level, np.float32(1)))


@kernel(**_COMPILE)
def _radial(one, rows, columns, down, across, powers):  # type: ignore[no-untyped-def]
    for j in range(rows.size):
        for i in range(columns.size):
            square = down[j] + across[i]
            gain = np.float32(0)
            for k in range(powers.size - 1, -1, -1):
                gain = (gain + powers[k]) * square
            if one[rows[j], columns[i]] < 1:
                one[rows[j], columns[i]] = min(one[rows[j], columns[i]] * max(np.float32(0), 1 + gain), np.float32(1))


@kernel(**_COMPILE)
def _curve(one, rows, columns, values):  # type: ignore[no-untyped-def]
    """Applies a curve: linear between two entries; below 0 as the curve goes above it, turned about its start."""
    for j in range(rows.size):
        for i in range(columns.size):
            level = one[rows[j], columns[i]]
            along = min(abs(level), np.float32(1)) * np.float32(CURVE - 1)
            before = min(int(along), CURVE - 2)
            bent = values[before] + (along - before) * (values[before + 1] - values[before])
            one[rows[j], columns[i]] = bent if level >= 0 else 2 * values[0] - bent
