"""What a DNG file says of its picture (Adobe, DNG specification 1.7; TIFF 6.0): its tags, no samples."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.frame import FLIPS, MOST_STOPS
from autohdr.tiff import Tiff

_SUB_FILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PLANES = 254, 256, 257, 258, 259, 277
_ORIENTATION, _PLANAR, _SUB_DIRECTORIES, _SAMPLE_FORMAT, _TABLE = 274, 284, 330, 339, 50712
_STRIPS, _STRIP_SIZES, _TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_SIZES = 273, 279, 322, 323, 324, 325
_DNG_VERSION, _BASELINE_EXPOSURE = 50706, 50730
_BLACK_SIZE, _BLACK, _BLACK_ACROSS, _BLACK_DOWN, _WHITE = 50713, 50714, 50715, 50716, 50717
_SCALE, _CROP_ORIGIN, _CROP_SIZE, _ACTIVE_AREA = 50718, 50719, 50720, 50829
_MATRICES, _CALIBRATIONS, _ILLUMINANTS = (50721, 50722, 52531), (50723, 50724, 52530), (50778, 50779, 52529)
_ANALOG_BALANCE, _NEUTRAL, _WHITE_XY = 50727, 50728, 50729
_CAMERA_SIGNATURE, _PROFILE_SIGNATURE = 50931, 50932
_OPCODES, _ROW_INTERLEAVE, _COLUMN_INTERLEAVE = (51008, 51009, 51022), 50975, 52547
_PARTS = {_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES, _TABLE, _BLACK_ACROSS, _BLACK_DOWN}
_ASKED = {_SUB_FILE, _ORIENTATION, _SUB_DIRECTORIES, _SAMPLE_FORMAT, _DNG_VERSION, _BASELINE_EXPOSURE, *_PARTS}
_ASKED |= {_BLACK_SIZE, _BLACK, _WHITE, _SCALE, _CROP_ORIGIN, _CROP_SIZE, _ACTIVE_AREA}
_ASKED |= {*_MATRICES, *_CALIBRATIONS, *_ILLUMINANTS, _ANALOG_BALANCE, _NEUTRAL, _WHITE_XY}
_ASKED |= {_ROW_INTERLEAVE, _COLUMN_INTERLEAVE, _CAMERA_SIGNATURE, _PROFILE_SIGNATURE}
_ASKED |= {_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PLANES, _PLANAR, _TILE_WIDTH, _TILE_HEIGHT}
_FLOATING = 3

MAX_DIRECTORIES = 32
MAX_VALUES = 256
MAX_PARTS = 65536
MAX_OPCODES = 64 << 20
"""Bounds for a hostile file; a tag with more values, or of more strips, tiles, rows or columns, is passed over. The
last is bytes."""

MOST_ASPECT = 8.0
"""A sensor whose samples are farther apart one way than the other by more is a damaged file's."""

LOSSY = 34892
"""The compression whose samples LibRaw hands over bent by a curve of the opcodes."""

_Directory = dict[int, tuple[float, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Colour:
    """What a DNG says of its white."""

    neutral: tuple[float, ...]
    """What a neutral grey has recorded in each plane, as shot; empty where the file does not say."""
    white_xy: tuple[float, ...]
    """Chromaticity of the white, as shot; empty where the file does not say."""
    calibrations: tuple[tuple[int, NDArray[np.float64]], ...]
    """The Exif number of each illuminant of calibration, and the matrix (C, 3) from XYZ to the camera's colours, with
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
    """The orientation as Exif numbers it; what is no such number is 1, upright."""
    area: tuple[int, int, int, int] | None
    """Active area: top, left, height and width in all that the file holds."""
    crop: tuple[int, int, int, int] | None
    """Default crop: top, left, height and width in the active area."""
    size: tuple[int, int]
    """Height and width of all that the file holds."""
    compression: int
    """TIFF's number: 1 uncompressed, 7 JPEG, `LOSSY`, 52546 JPEG XL."""
    apart: bool
    """Each plane is stored by itself."""
    gaps: bool
    """Whether the picture's strips do not follow each other in the file."""
    doubtful: bool
    """Whether a tag stands twice in the picture's directory, or its values are damaged: readers then differ in what
    counts."""
    version: tuple[int, ...]
    """Version of the specification, four numbers: `1, 4, 0, 0`."""
    tile: tuple[int, int] | None
    """Height and width of a tile; None for strips."""
    table: bool
    """What decoders hand over has passed through a linearisation table."""
    black: NDArray[np.float64]
    """(P, Q, planes), black level of a cell that repeats from the active area's corner."""
    black_down: NDArray[np.float64]
    """How much blacker each row of the active area is than the black level; empty for nothing."""
    black_across: NDArray[np.float64]
    """How much blacker each column of the active area is; empty for nothing."""
    white: tuple[float, ...]
    """Level of saturation of each plane, one at least."""
    interleave: tuple[int, int]
    """Every n-th row, and every n-th column, of the picture stands together in what is stored; 1 for all in order."""
    colour: Colour
    pixel_aspect: float
    """Width of a sample's place by its height."""
    opcodes: tuple[bytes, bytes, bytes]
    """The opcode lists: for samples as stored, for linear ones, and for those of a picture without a filter."""

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
        size=(_first(raw, _HEIGHT, 0), _first(raw, _WIDTH, 0)),
        compression=_first(raw, _COMPRESSION, 1),
        apart=_first(raw, _PLANAR, 1) == 2 and _first(raw, _PLANES, 1) > 1,
        gaps=_gaps(raw),
        doubtful=_doubtful(tiff, starts[number], raw),
        version=tuple(int(part) for part in directories[0][_DNG_VERSION]),
        tile=(_first(raw, _TILE_HEIGHT, 0), _first(raw, _TILE_WIDTH, 0)) if _TILES in raw else None,
        table=_TABLE in raw,
        black=_black(raw),
        black_down=_deltas(raw, _BLACK_DOWN),
        black_across=_deltas(raw, _BLACK_ACROSS),
        white=_white(raw),
        interleave=(_factor(raw, _ROW_INTERLEAVE), _factor(raw, _COLUMN_INTERLEAVE)),
        colour=_colour(directories[0]),
        pixel_aspect=_aspect(raw),
        opcodes=_opcodes(tiff, starts[number]),
    )


def _first(tags: _Directory, tag: int, default: int) -> int:
    number = next(iter(tags.get(tag, ())), default)
    return int(number) if isfinite(number) else default


def _factor(raw: _Directory, tag: int) -> int:
    number = next(iter(raw.get(tag, ())), 1.0)
    return int(number) if 1 <= number <= MAX_PARTS else 1


def _colour(first: _Directory) -> Colour:
    calibrations = []
    theirs = first.get(_CAMERA_SIGNATURE, ()) == first.get(_PROFILE_SIGNATURE, ())
    for of_matrix, of_calibration, of_illuminant in zip(_MATRICES, _CALIBRATIONS, _ILLUMINANTS, strict=True):
        numbers = first.get(of_matrix, ())
        if not numbers or len(numbers) % 3:
            continue
        matrix = np.array(numbers, dtype=np.float64).reshape(-1, 3)
        colours = len(matrix)
        if theirs and len(calibration := first.get(of_calibration, ())) == colours * colours:
            matrix = np.array(calibration).reshape(colours, colours) @ matrix
        if len(balance := first.get(_ANALOG_BALANCE, ())) == colours:
            matrix = np.array(balance)[:, None] * matrix
        calibrations.append((_first(first, of_illuminant, 0), matrix))
    return Colour(first.get(_NEUTRAL, ()), first.get(_WHITE_XY, ()), tuple(calibrations))


def _opcodes(tiff: Tiff, start: int) -> tuple[bytes, bytes, bytes]:
    directory = tiff.directory(start)
    one, two, three = (
        b"" if entry is None or entry.length > MAX_OPCODES else tiff.content(entry)
        for entry in map(directory.find, _OPCODES)
    )
    return one, two, three


def _complete(raw: _Directory, length: int) -> bool:
    parts = [
        (*zip(raw.get(places, ()), raw.get(sizes, ()), strict=False),)
        for places, sizes in ((_STRIPS, _STRIP_SIZES), (_TILES, _TILE_SIZES))
    ]
    return all(place + size <= length for pairs in parts for place, size in pairs)


def _gaps(raw: _Directory) -> bool:
    places, sizes = raw.get(_STRIPS, ()), raw.get(_STRIP_SIZES, ())
    return any(place + size != after for place, size, after in zip(places, sizes, places[1:], strict=False))


def _doubtful(tiff: Tiff, start: int, raw: _Directory) -> bool:
    tags = [entry.tag for entry in tiff.directory(start).entries]
    return len(set(tags)) < len(tags) or not _ASKED.intersection(tags) <= raw.keys()


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


def _aspect(raw: _Directory) -> float:
    across, down = (*raw.get(_SCALE, ()), 1.0, 1.0)[:2]
    aspect = across / down if isfinite(across) and isfinite(down) and down > 0 else 1.0
    return aspect if 1 / MOST_ASPECT <= aspect <= MOST_ASPECT else 1.0


def _black(raw: _Directory) -> NDArray[np.float64]:
    size = [int(number) for number in raw.get(_BLACK_SIZE, (1, 1)) if isfinite(number)]
    levels = np.array(raw.get(_BLACK, (0.0,)), dtype=np.float64)
    if len(size) != 2 or min(size) < 1 or len(levels) % (size[0] * size[1]) or not np.isfinite(levels).all():
        return np.zeros((1, 1, 1))
    return levels.reshape(size[0], size[1], -1)


def _deltas(raw: _Directory, tag: int) -> NDArray[np.float64]:
    deltas = np.array(raw.get(tag, ()), dtype=np.float64)
    return deltas if np.isfinite(deltas).all() and deltas.any() else np.empty(0)


def _white(raw: _Directory) -> tuple[float, ...]:
    """The file's levels, else the largest number that its samples can be."""
    if _WHITE in raw:
        return raw[_WHITE]
    largest = 1.0 if _FLOATING in raw.get(_SAMPLE_FORMAT, ()) else 2.0 ** min(_first(raw, _BITS, 16), 16) - 1
    return (max(largest, *raw.get(_TABLE, (0.0,))),)


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
