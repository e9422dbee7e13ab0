"""What a DNG file says that rawpy does not pass on, or rounds (Adobe, DNG specification 1.7; TIFF 6.0)."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.frame import FLIPS, MOST_STOPS
from autohdr.tiff import Tiff

_SUB_FILE, _ORIENTATION, _SUB_DIRECTORIES, _SAMPLE_FORMAT = 254, 274, 330, 339
_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES = 273, 279, 324, 325
_DNG_VERSION, _BASELINE_EXPOSURE = 50706, 50730
_BLACK_SIZE, _BLACK, _WHITE, _CROP_ORIGIN, _CROP_SIZE, _ACTIVE_AREA = 50713, 50714, 50717, 50719, 50720, 50829
_MATRICES, _CALIBRATIONS, _ILLUMINANTS = (50721, 50722), (50723, 50724), (50778, 50779)
_ANALOG_BALANCE, _NEUTRAL, _WHITE_XY = 50727, 50728, 50729
_OPCODES_2, _ROW_INTERLEAVE, _COLUMN_INTERLEAVE = 51009, 50975, 52547
_PARTS = {_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES}
_ASKED = {_SUB_FILE, _ORIENTATION, _SUB_DIRECTORIES, _SAMPLE_FORMAT, _DNG_VERSION, _BASELINE_EXPOSURE, *_PARTS}
_ASKED |= {_BLACK_SIZE, _BLACK, _WHITE, _CROP_ORIGIN, _CROP_SIZE, _ACTIVE_AREA}
_ASKED |= {*_MATRICES, *_CALIBRATIONS, *_ILLUMINANTS, _ANALOG_BALANCE, _NEUTRAL, _WHITE_XY}
_ASKED |= {_ROW_INTERLEAVE, _COLUMN_INTERLEAVE}
_FLOATING = 3

MAX_DIRECTORIES = 32
MAX_VALUES = 256
MAX_PARTS = 65536
MAX_OPCODES = 64 << 20
"""Bounds for a hostile file; a tag with more values, or of more strips or tiles, is passed over. The last is bytes."""

_Directory = dict[int, tuple[float, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Colour:
    """What a DNG says of its white."""

    neutral: tuple[float, ...]
    """What a neutral grey has recorded in each plane, as shot; empty where the file does not say."""
    white_xy: tuple[float, ...]
    """Chromaticity of the white, as shot; empty where the file does not say."""
    calibrations: tuple[tuple[int, NDArray[np.float64]], ...]
    """For each illuminant of calibration, its Exif number and the matrix (C, 3) from XYZ to the camera's colours, with
    the balance and the calibration of this very camera."""


@dataclass(frozen=True, slots=True)
class Dng:
    """What `RawFrame` needs to know of a DNG beside its samples."""

    baseline_exposure: float
    """Stops by which the picture is to be brightened before any edit."""
    floating: bool
    """The samples are floating-point numbers."""
    complete: bool
    """All strips and tiles of the picture lie within the file."""
    orientation: int
    """As Exif numbers it; what is no such number is 1, upright."""
    area: tuple[int, int, int, int] | None
    """Active area: top, left, height and width in all that the file holds."""
    crop: tuple[int, int, int, int] | None
    """Default crop: top, left, height and width in the active area."""
    black: NDArray[np.float64]
    """(P, Q, planes), black level of a cell that repeats from the active area's corner."""
    white: tuple[float, ...]
    """Level of saturation of each plane; empty where the file does not say."""
    interleave: tuple[int, int]
    """Every n-th row, and every n-th column, of the picture stands together in what is stored; 1 for all in order."""
    colour: Colour
    opcodes: bytes
    """OpcodeList2: what is to be done to linear samples."""

    def cropped(self, height: int, width: int) -> tuple[int, int, int, int]:
        """The default crop of an active area of that size; all of it where the crop does not lie in it."""
        top, left, tall, wide = self.crop or (0, 0, height, width)
        inside = min(top, left) >= 0 and min(tall, wide) > 0 and top + tall <= height and left + wide <= width
        return (top, left, tall, wide) if inside else (0, 0, height, width)


def read_dng(data: bytes) -> Dng | None:
    """What the tags of a DNG say; None where the bytes are no DNG. Damaged tags count as missing."""
    tiff = Tiff.open(lambda start, size: data[start : start + size])
    if tiff is None:
        return None
    starts = list(_directories(tiff, len(data)))
    directories = [_numbers(tiff, start) for start in starts]
    if not directories or _DNG_VERSION not in directories[0]:
        return None
    # The first of these directories describes the file; the picture is in it, or in a sub-directory of it.
    number = next((number for number, tags in enumerate(directories) if tags.get(_SUB_FILE) == (0,)), 0)
    raw = directories[number]
    stops = next(iter(directories[0].get(_BASELINE_EXPOSURE, ())), 0.0)
    return Dng(
        baseline_exposure=stops if abs(stops) <= MOST_STOPS else 0.0,
        floating=_FLOATING in raw.get(_SAMPLE_FORMAT, ()),
        complete=_complete(raw, len(data)),
        orientation=next((int(number) for number in directories[0].get(_ORIENTATION, ()) if number in FLIPS), 1),
        area=_area(raw),
        crop=_crop(raw),
        black=_black(raw),
        white=raw.get(_WHITE, ()),
        interleave=(_factor(raw, _ROW_INTERLEAVE), _factor(raw, _COLUMN_INTERLEAVE)),
        colour=_colour(directories[0]),
        opcodes=_opcodes(tiff, starts[number]),
    )


def _factor(raw: _Directory, tag: int) -> int:
    number = next(iter(raw.get(tag, ())), 1.0)
    return int(number) if 1 <= number <= MAX_PARTS else 1


def _colour(first: _Directory) -> Colour:
    calibrations = []
    for of_matrix, of_calibration, of_illuminant in zip(_MATRICES, _CALIBRATIONS, _ILLUMINANTS, strict=True):
        numbers = first.get(of_matrix, ())
        if not numbers or len(numbers) % 3:
            continue
        matrix = np.array(numbers, dtype=np.float64).reshape(-1, 3)
        colours = len(matrix)
        if len(calibration := first.get(of_calibration, ())) == colours * colours:
            matrix = np.array(calibration).reshape(colours, colours) @ matrix
        if len(balance := first.get(_ANALOG_BALANCE, ())) == colours:
            matrix = np.array(balance)[:, None] * matrix
        calibrations.append((int(next(iter(first.get(of_illuminant, ())), 0)), matrix))
    return Colour(first.get(_NEUTRAL, ()), first.get(_WHITE_XY, ()), tuple(calibrations))


def _opcodes(tiff: Tiff, start: int) -> bytes:
    entries = (entry for entry in tiff.directory(start).entries if entry.tag == _OPCODES_2)
    return next((tiff.content(entry) for entry in entries if entry.length <= MAX_OPCODES), b"")


def _complete(raw: _Directory, length: int) -> bool:
    parts = [
        (*zip(raw.get(places, ()), raw.get(sizes, ()), strict=False),)
        for places, sizes in ((_STRIPS, _STRIP_SIZES), (_TILES, _TILE_SIZES))
    ]
    return all(place + size <= length for pairs in parts for place, size in pairs)


def _area(raw: _Directory) -> tuple[int, int, int, int] | None:
    numbers = raw.get(_ACTIVE_AREA, ())
    if len(numbers) != 4 or not all(isfinite(number) for number in numbers):
        return None
    top, left, bottom, right = (round(number) for number in numbers)
    return top, left, bottom - top, right - left


def _crop(raw: _Directory) -> tuple[int, int, int, int] | None:
    numbers = (*raw.get(_CROP_ORIGIN, ()), *raw.get(_CROP_SIZE, ()))
    if len(numbers) != 4 or not all(isfinite(number) for number in numbers):
        return None
    left, top, width, height = (round(number) for number in numbers)
    return top, left, height, width


def _black(raw: _Directory) -> NDArray[np.float64]:
    size = [int(number) for number in raw.get(_BLACK_SIZE, (1, 1))]
    levels = np.array(raw.get(_BLACK, (0.0,)), dtype=np.float64)
    if len(size) != 2 or min(size) < 1 or len(levels) % (size[0] * size[1]) or not np.isfinite(levels).all():
        return np.zeros((1, 1, 1))
    return levels.reshape(size[0], size[1], -1)


def _directories(tiff: Tiff, length: int) -> Iterator[int]:
    """Offsets of the first directory, then of its sub-directories."""
    yield tiff.first
    below = next((entry for entry in tiff.directory(tiff.first).entries if entry.tag == _SUB_DIRECTORIES), None)
    yield from (int(offset) for offset in tiff.numbers(below, MAX_VALUES)[:MAX_DIRECTORIES] if 0 <= offset < length)


def _numbers(tiff: Tiff, start: int) -> _Directory:
    """What one directory says, of what is asked for here."""
    asked = [entry for entry in tiff.directory(start).entries if entry.tag in _ASKED]
    found = {entry.tag: tiff.numbers(entry, MAX_PARTS if entry.tag in _PARTS else MAX_VALUES) for entry in asked}
    return {tag: numbers for tag, numbers in found.items() if numbers}
