"""A decoder's frame of a DNG as the file's tags describe it: the same whichever decoder read the samples.

White balance, colour matrix, black and white levels, the order of rows and columns, and the opcodes that change
averages are the file's own, by the DNG specification (1.7).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.codes import Code
from autohdr.errors import RawError
from autohdr.raw.decoders import linearised, opcodes
from autohdr.raw.decoders.base import black_of_colours, matrix_from_xyz
from autohdr.raw.decoders.dng import Dng
from autohdr.raw.decoders.dng_white import daylight_matrix, matrices_of, white_of
from autohdr.raw.frame import RawFrame


def as_described(frame: RawFrame, dng: Dng, path: Path) -> RawFrame:
    """The frame with its rows and columns in order, its levels and white as the file gives them, its opcodes applied.

    Raises:
        RawError: its opcodes are damaged or ask for what is not supported.
    """
    frame = replace(_balanced(_in_order(frame, dng), dng), pixel_aspect=dng.pixel_aspect)
    height, width = dng.area[2:] if dng.area else frame.data.shape[:2]
    top, left, *size = dng.cropped(height, width)
    if frame.data.shape[:2] != (*size,):  # the decoder found another picture in the file than the tags tell of
        return frame
    levels = _levels(frame, dng, (top, left))
    try:
        stored, linear, full = (list(opcodes.steps(one)) for one in dng.opcodes)
    except ValueError as error:
        raise RawError(
            f"{path}: its list of opcodes is damaged or not supported ({error}); copy it from the card again, or "
            "convert it to another kind of DNG"
        ) from error
    if not stored and not linear and not full and (plain := _plain(frame, levels)) is not None:
        return plain
    if stored and dng.table:
        raise RawError(
            f"{path}: some of its opcodes apply before its linearisation table, which is not supported; convert it to "
            "another kind of DNG",
            code=Code.UNSUPPORTED,
        )
    return _stepped(frame, dng, levels, (stored, linear, full), path)


def _in_order(frame: RawFrame, dng: Dng) -> RawFrame:
    """Rows and columns as they stand in the picture: DNG stores every n-th one together where it says so.

    Decoders hand over all that such a file holds; what is not the picture is cut off here.
    """
    if dng.interleave == (1, 1):
        return frame
    whole = frame.data.shape[:2]
    rows, columns = (_places(length, factor) for length, factor in zip(whole, dng.interleave, strict=True))
    top, left, height, width = dng.area or (0, 0, *whole)
    down, right, height, width = dng.cropped(height, width)
    top, left = top + down, left + right
    data = frame.data[rows[top : top + height]][:, columns[left : left + width]]
    pattern = None if frame.pattern is None else np.roll(frame.pattern, (-top, -left), axis=(0, 1))
    return replace(frame, data=data, pattern=pattern)


def _places(length: int, factor: int) -> NDArray[np.intp]:
    """(length,), where each row stands in what is stored: first 0, n, 2n ..., then 1, n + 1 ..."""
    return np.argsort(np.concatenate([np.arange(first, length, factor) for first in range(min(factor, length))]))


def _balanced(frame: RawFrame, dng: Dng) -> RawFrame:
    """The frame with the white balance and matrix that the file gives; what the file does not give stays as the decoder
    said.
    """
    colours = len(frame.white_balance)
    gains, source = white_of(dng.colour, colours)
    if source != "none":
        frame = replace(frame, white_balance=gains, white_balance_source=source)
    camera_from_xyz = daylight_matrix(dng.colour, colours)
    if camera_from_xyz is None:
        return frame
    kelvin, matrices = matrices_of(dng.colour, colours)
    return replace(frame, matrix=matrix_from_xyz(camera_from_xyz), camera_from_xyz=matrices, kelvin=kelvin)


@dataclass(frozen=True, slots=True, eq=False)
class _Levels:
    """Black and white levels of samples (H, W, C)."""

    cell: NDArray[np.float64]
    """(P, Q, C), black, which repeats from the first sample."""
    down: NDArray[np.float64]
    """(H,), more of it."""
    across: NDArray[np.float64]
    """(W,)."""
    span: NDArray[np.float64]
    """(C,), from the blackest place, as the specification says, to saturation."""


def _levels(frame: RawFrame, dng: Dng, corner: tuple[int, int]) -> _Levels:
    planes = 1 if frame.data.ndim == 2 else frame.data.shape[2]
    black = dng.black[..., :planes] if dng.black.shape[2] >= planes else dng.black[..., :1]
    cell = np.roll(np.broadcast_to(black, (*black.shape[:2], planes)), (-corner[0], -corner[1]), axis=(0, 1))
    deltas, most = [], cell
    for axis, both in enumerate((dng.black_down, dng.black_across)):
        length, period = frame.data.shape[axis], cell.shape[axis]
        delta = both[corner[axis] : corner[axis] + length] if both.size >= corner[axis] + length else np.zeros(length)
        largest = np.array([delta[phase::period].max(initial=-np.inf) for phase in range(period)])
        most = most + np.where(np.isfinite(largest), largest, 0).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        deltas.append(delta)
    white = np.array(dng.white[:planes] if len(dng.white) >= planes else [dng.white[0]] * planes)
    return _Levels(cell, deltas[0], deltas[1], white - most.max(axis=(0, 1)))


def _plain(frame: RawFrame, levels: _Levels) -> RawFrame | None:
    """The frame with a black and a white level for each colour; None where one colour's black differs by place."""
    if levels.down.any() or levels.across.any():
        return None
    if frame.pattern is None:
        black, span = levels.cell[0, 0], levels.span
        if (levels.cell != black).any():
            return None
        places = [0, 1, 2, 1] if len(black) == 3 else [0, 1, 2, 3]
        return replace(frame, black=black[places], white=(black + span)[places])
    black = black_of_colours(levels.cell[..., 0], frame.pattern)
    size = np.lcm(levels.cell.shape[:2], frame.pattern.shape)
    whole, colours = (np.tile(one, size // one.shape) for one in (levels.cell[..., 0], frame.pattern))
    if not np.allclose(whole, black[colours]):
        return None
    return replace(frame, black=black, white=black + levels.span[0])


def _stepped(frame: RawFrame, dng: Dng, levels: _Levels, todo: tuple[list[opcodes.Step], ...], path: Path) -> RawFrame:
    """The frame of linear samples, 0 to 1, after all steps; what they trim off is cut off."""
    flat = frame.pattern is not None
    samples = frame.data[..., None] if flat else frame.data
    top, left, height, width = dng.area or (0, 0, *dng.size)
    down, right, *_ = dng.cropped(height, width)
    whole = linearised.Place((top + down, left + right), dng.size, None)
    active = linearised.Place((down, right), (height, width), None)
    coloured = active._replace(pattern=frame.pattern) if flat and frame.pattern.size > 1 else active  # type: ignore[union-attr]
    places = (whole, active, coloured)
    work = sum(linearised.work(some, samples.shape, place) for some, place in zip(todo, places, strict=True))
    if work > linearised.MOST_WORK or (levels.span <= 0).any():
        raise RawError(
            f"{path}: its opcodes or levels are impossible ({work:.0f} steps for every sample, levels {levels.span} "
            "above black); it is damaged, copy it from the card again"
        )
    if todo[0]:
        unit = 1.0 if samples.dtype.kind == "f" else 65535.0
        samples = samples.astype(np.float32) / np.float32(unit)
        linearised.apply(todo[0], samples, whole, 1 / unit)
        samples *= np.float32(unit)
    black = linearised.Black(levels.cell, levels.down, levels.across)
    light = linearised.linear(samples, black, levels.span)
    linearised.apply(todo[1], light, active)
    linearised.apply(todo[2], light, coloured)
    linear = replace(frame, data=light[..., 0] if flat else light, black=np.zeros(4), white=np.ones(4))
    for some, place in zip(todo, places, strict=True):
        linear = _trimmed(linear, [step.area for step in some if isinstance(step, opcodes.Trim)], place.corner)
    return linear


def _trimmed(frame: RawFrame, areas: list[tuple[int, int, int, int]], corner: tuple[int, int]) -> RawFrame:
    """What is left of the frame within all areas, where that is anything."""
    for top, left, bottom, right in areas:
        height, width = frame.data.shape[:2]
        first = max(0, top - corner[0]), max(0, left - corner[1])
        last = min(height, bottom - corner[0]), min(width, right - corner[1])
        if first[0] < last[0] and first[1] < last[1]:
            pattern = None if frame.pattern is None else np.roll(frame.pattern, (-first[0], -first[1]), axis=(0, 1))
            data = frame.data[first[0] : last[0], first[1] : last[1]]
            frame = replace(frame, data=data, pattern=pattern)
            corner = corner[0] + first[0], corner[1] + first[1]
    return frame
