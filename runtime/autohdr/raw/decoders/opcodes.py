"""The opcodes of a DNG that change the averages of its samples (Adobe, DNG specification 1.7, chapter 7).

GainMap, FixVignetteRadial, MapTable, MapPolynomial, and deltas and scales of rows and columns are steps to be done;
TrimBounds says where the picture ends. Passed over are WarpRectilinear, WarpFisheye and WarpRectilinear2, which move
light by a few hundredths of the picture at its edges, and FixBadPixelsConstant and FixBadPixelsList, which mend single
samples among thousands that are averaged.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_HEAD, _REGION, _PLACES = struct.Struct(">4I"), struct.Struct(">8I"), struct.Struct(">2I4dI")
_OPTIONAL = 1
_PASSED_OVER = {1, 2, 4, 5, 14}
_VIGNETTE, _TRIM, _TABLE, _POLYNOMIAL, _GAIN_MAP = 3, 6, 7, 8, 9
_LINES = {10: (True, True), 11: (False, True), 12: (True, False), 13: (False, False)}
"""Whether for rows, and whether it is added, by number."""
MOST_OPCODES, MOST_DEGREE = 4096, 8
CURVE = 65536
"""Entries of a curve."""


@dataclass(frozen=True, slots=True)
class Region:
    """Which samples a step is for."""

    area: tuple[int, int, int, int]
    """The area's top, left, bottom and right."""
    planes: tuple[int, int]
    """The first, and how many."""
    pitch: tuple[int, int]
    """Every n-th row and column from the top left corner."""


@dataclass(frozen=True, slots=True, eq=False)
class GainMap:
    """Gains that vary smoothly: what a lens loses towards the edges."""

    region: Region
    spacing: tuple[float, float]
    origin: tuple[float, float]
    """Between points, and of the first one: down and across, as shares of the picture."""
    gains: NDArray[np.float32]
    """(points down, points across, planes of the map)."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """A number for each row, or column, that is added to its samples or multiplies them."""

    region: Region
    rows: bool
    added: bool
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What becomes of levels of 0 to 1."""

    region: Region
    values: NDArray[np.float32]
    """(CURVE,), at equal steps."""
    polynomial: bool
    """Whether the file writes the curve as a polynomial."""


@dataclass(frozen=True, slots=True)
class Vignette:
    """A gain of 1 + k0 r^2 + k1 r^4 ..., where r is 1 in the corner farthest from the centre."""

    powers: tuple[float, ...]
    """(5,)."""
    centre: tuple[float, float]
    """Down and across, as shares of the picture."""


@dataclass(frozen=True, slots=True)
class Trim:
    """Top, left, bottom and right of what is kept."""

    area: tuple[int, int, int, int]


Step = GainMap | Lines | Curve | Vignette | Trim


def steps(opcodes: bytes) -> Iterator[Step]:
    """The steps that an opcode list asks for, in order. Such a list is big-endian in every file.

    Raises:
        ValueError: it is damaged, or asks for what is not known and may not be left out.
    """
    if not opcodes:
        return
    try:
        (count,) = struct.unpack_from(">I", opcodes)
        at = 4
        for _ in range(min(count, MOST_OPCODES)):
            number, _, flags, size = _HEAD.unpack_from(opcodes, at)
            at += _HEAD.size
            content = opcodes[at : at + size]
            if len(content) < size:
                raise ValueError("an opcode is cut off")
            at += size
            if number in _PASSED_OVER:
                continue
            step = _step(number, content)
            if step is not None:
                yield step
            elif not flags & _OPTIONAL:
                raise ValueError(f"opcode {number} is not known, and may not be left out")
    except struct.error as error:
        raise ValueError(f"an opcode is cut off ({error})") from error


def _step(number: int, content: bytes) -> Step | None:
    if number == _GAIN_MAP:
        return _gain_map(content)
    if number in _LINES:
        return _lines(content, *_LINES[number])
    if number == _TABLE:
        return _table(content)
    if number == _POLYNOMIAL:
        return _polynomial(content)
    if number == _VIGNETTE:
        down_and_across = struct.unpack_from(">5d2d", content)
        _refuse(not np.isfinite(down_and_across).all(), "a vignette is no number")
        return Vignette(down_and_across[:5], (down_and_across[6], down_and_across[5]))
    if number == _TRIM:
        top, left, bottom, right = struct.unpack_from(">4I", content)
        return Trim((top, left, bottom, right))
    return None


def _region(content: bytes) -> Region:
    top, left, bottom, right, plane, planes, down, across = _REGION.unpack_from(content)
    _refuse(not down or not across, "a pitch is 0")
    return Region((top, left, bottom, right), (plane, planes), (down, across))


def _gain_map(content: bytes) -> GainMap:
    region = _region(content)
    rows, columns, *places, layers = _PLACES.unpack_from(content, _REGION.size)
    gains = _floats(content, _REGION.size + _PLACES.size, rows * columns * layers).reshape(rows, columns, layers)
    spacing, origin = (places[0], places[1]), (places[2], places[3])
    spaced = all(step > 0 or points == 1 for step, points in zip(spacing, gains.shape, strict=False))
    _refuse(not np.isfinite(places).all() or not spaced or gains.min() < 0, "a gain map is impossible")
    return GainMap(region, spacing, origin, gains)


def _lines(content: bytes, rows: bool, added: bool) -> Lines:
    region = _region(content)
    (count,) = struct.unpack_from(">I", content, _REGION.size)
    values = _floats(content, _REGION.size + 4, count)
    _refuse(not added and values.min() < 0, "a scale is negative")
    axis = 0 if rows else 1
    length = max(0, region.area[axis + 2] - region.area[axis])
    _refuse(count < -(-length // region.pitch[axis]), "rows or columns lack their numbers")
    return Lines(region, rows, added, values)


def _table(content: bytes) -> Curve:
    (count,) = struct.unpack_from(">I", content, _REGION.size)
    _refuse(not 0 < count <= CURVE, f"a table holds {count} levels")
    levels = np.array(struct.unpack_from(f">{count}H", content, _REGION.size + 4), np.float32) / 65535
    return Curve(_region(content), np.pad(levels, (0, CURVE - count), mode="edge"), polynomial=False)


def _polynomial(content: bytes) -> Curve:
    (degree,) = struct.unpack_from(">I", content, _REGION.size)
    _refuse(degree > MOST_DEGREE, f"a polynomial is of degree {degree}")
    powers = struct.unpack_from(f">{degree + 1}d", content, _REGION.size + 4)
    _refuse(not np.isfinite(powers).all(), "a polynomial is no number")
    values = np.polynomial.polynomial.polyval(np.linspace(0, 1, CURVE), powers)
    return Curve(_region(content), values.clip(0, 1).astype(np.float32), polynomial=True)


def _floats(content: bytes, at: int, count: int) -> NDArray[np.float32]:
    _refuse(count < 1 or len(content) < at + 4 * count, "an opcode is cut off")
    values = np.frombuffer(content, ">f4", count, at).astype(np.float32)
    _refuse(not np.isfinite(values).all(), "an opcode holds what is no number")
    return values


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise ValueError(why)
