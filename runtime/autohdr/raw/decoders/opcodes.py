"""Gain maps in a DNG: what a lens or a sensor loses towards the edges, to be given back to the samples.

Phones write them for their lenses, others for a flat field (Adobe, DNG specification 1.7, chapter 7, opcode 9 in
OpcodeList2: on linear samples, before they are made a picture). Of the other opcodes those that move pixels or mend
single ones change no averages, and those that bend levels (MapTable, MapPolynomial, rows, columns, FixVignetteRadial)
are left out: no camera of the tests writes them.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.frame import RawFrame, Samples

_GAIN_MAP = 9
_HEAD = struct.Struct(">4I")
_MAP = struct.Struct(">4I4I2I4dI")
MOST_OPCODES, MOST_POINTS = 256, 1 << 20
"""Bounds for a hostile file; what is beyond is passed over."""


@dataclass(frozen=True, slots=True, eq=False)
class GainMap:
    """Gains for some of the samples of an active area."""

    area: tuple[int, int, int, int]
    """Top, left, bottom, right."""
    planes: tuple[int, int]
    """The first, and how many."""
    pitch: tuple[int, int]
    """Every n-th row and column from the top left corner."""
    spacing: tuple[float, float]
    origin: tuple[float, float]
    """Between points, and of the first one: down and across, as shares of the active area."""
    gains: NDArray[np.float64]
    """(points down, points across, planes of the map)."""


def gain_maps(opcodes: bytes) -> Iterator[GainMap]:
    """The gain maps in an opcode list, which is big-endian in every file; damaged ones are passed over."""
    if len(opcodes) < 4:
        return
    (count,) = struct.unpack_from(">I", opcodes)
    at = 4
    for _ in range(min(count, MOST_OPCODES)):
        if at + _HEAD.size > len(opcodes):
            return
        number, _, _, size = _HEAD.unpack_from(opcodes, at)
        content = opcodes[at + _HEAD.size : at + _HEAD.size + size]
        at += _HEAD.size + size
        if number == _GAIN_MAP and (found := _map(content)) is not None:
            yield found


def _map(content: bytes) -> GainMap | None:
    if len(content) < _MAP.size:
        return None
    top, left, bottom, right, plane, planes, down, across, rows, columns, *places, layers = _MAP.unpack_from(content)
    points = rows * columns * layers
    if not 0 < points <= MOST_POINTS or len(content) < _MAP.size + 4 * points or not min(down, across, planes):
        return None
    gains = np.frombuffer(content, ">f4", points, _MAP.size).reshape(rows, columns, layers).astype(np.float64)
    spacing, origin = (places[0], places[1]), (places[2], places[3])
    if not np.isfinite([*places]).all() or min(spacing) <= 0 or not np.isfinite(gains).all() or gains.min() < 0:
        return None
    return GainMap((top, left, bottom, right), (plane, planes), (down, across), spacing, origin, gains)


def with_gains(frame: RawFrame, opcodes: bytes, corner: tuple[int, int], size: tuple[int, int]) -> RawFrame:
    """The frame with its gain maps applied; the very same where there are none. Saturated samples stay saturated.

    Args:
        frame: as decoded.
        opcodes: the file's OpcodeList2.
        corner: row and column of the frame's first sample in the active area.
        size: height and width of the active area.
    """
    maps = list(gain_maps(opcodes))
    if not maps:
        return frame
    data = frame.data.copy()
    for one in maps:
        _apply(data, frame, one, corner, size)
    return replace(frame, data=data)


def _apply(data: Samples, frame: RawFrame, one: GainMap, corner: tuple[int, int], size: tuple[int, int]) -> None:
    """Multiplies what lies above black, in place, and clips it at the white level."""
    rows, columns = (
        _places(one.area[axis], min(one.area[axis + 2], size[axis]), one.pitch[axis], corner[axis], data.shape[axis])
        for axis in (0, 1)
    )
    if not len(rows) or not len(columns):
        return
    down, across = (
        _weights((places + corner[axis] + 0.5) / size[axis], one.origin[axis], one.spacing[axis], one.gains.shape[axis])
        for axis, places in ((0, rows), (1, columns))
    )
    planes: NDArray[Any] = data[..., None] if data.ndim == 2 else data
    for number, plane in enumerate(range(one.planes[0], min(sum(one.planes), planes.shape[2]))):
        gain = down @ one.gains[..., min(number, one.gains.shape[2] - 1)] @ across.T  # (rows, columns)
        colour = plane if frame.pattern is None else _colour(frame.pattern, int(rows[0]), int(columns[0]))
        black, white = frame.black[colour], frame.white[colour]
        place = (rows[:, None], columns)
        lit = np.minimum((planes[..., plane][place] - black) * gain + black, white)
        planes[..., plane][place] = lit if data.dtype.kind == "f" else np.rint(np.maximum(lit, 0))


def _colour(pattern: NDArray[np.uint8], row: int, column: int) -> int:
    return int(pattern[row % pattern.shape[0], column % pattern.shape[1]])


def _places(first: int, last: int, pitch: int, corner: int, length: int) -> NDArray[np.int64]:
    """Indices in the frame of those rows, or columns, of the active area."""
    places = np.arange(first, last, pitch) - corner
    return places[(places >= 0) & (places < length)]


def _weights(at: NDArray[np.float64], origin: float, spacing: float, points: int) -> NDArray[np.float64]:
    """(places, points): the share of each point at each place, linear between two points, constant beyond the last."""
    along = np.clip((at - origin) / spacing, 0, points - 1)
    return np.maximum(0.0, 1.0 - np.abs(along[:, None] - np.arange(points)))
