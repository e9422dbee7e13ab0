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
_PARTS = {_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES}
_ASKED = {_SUB_FILE, _ORIENTATION, _SUB_DIRECTORIES, _SAMPLE_FORMAT, _DNG_VERSION, _BASELINE_EXPOSURE, *_PARTS}
_ASKED |= {_BLACK_SIZE, _BLACK, _WHITE, _CROP_ORIGIN, _CROP_SIZE, _ACTIVE_AREA}
_FLOATING = 3

MAX_DIRECTORIES = 32
MAX_VALUES = 256
MAX_PARTS = 65536
"""Bounds for a hostile file; a tag with more values, or of more strips or tiles, is passed over."""

_Directory = dict[int, tuple[float, ...]]


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

    def cropped(self, height: int, width: int) -> tuple[int, int, int, int]:
        """The default crop of an active area of that size; all of it where the crop does not lie in it."""
        top, left, tall, wide = self.crop or (0, 0, height, width)
        inside = min(top, left) >= 0 and min(tall, wide) > 0 and top + tall <= height and left + wide <= width
        return (top, left, tall, wide) if inside else (0, 0, height, width)


def read_dng(data: bytes) -> Dng | None:
    """What the tags of a DNG say; None where the bytes are no DNG. Damaged tags count as missing."""
    directories = list(_directories(data))
    if not directories or _DNG_VERSION not in directories[0]:
        return None
    # The first of these directories describes the file; the picture is in it, or in a sub-directory of it.
    raw = next((tags for tags in directories if tags.get(_SUB_FILE) == (0,)), directories[0])
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
    )


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


def _directories(data: bytes) -> Iterator[_Directory]:
    """The first directory, then its sub-directories."""
    tiff = Tiff.open(lambda start, size: data[start : start + size])
    if tiff is None:
        return
    first = _numbers(tiff, tiff.first)
    yield first
    for offset in first.get(_SUB_DIRECTORIES, ())[:MAX_DIRECTORIES]:
        if 0 <= offset < len(data):
            yield _numbers(tiff, int(offset))


def _numbers(tiff: Tiff, start: int) -> _Directory:
    """What one directory says, of what is asked for here."""
    asked = [entry for entry in tiff.directory(start).entries if entry.tag in _ASKED]
    found = {entry.tag: tiff.numbers(entry, MAX_PARTS if entry.tag in _PARTS else MAX_VALUES) for entry in asked}
    return {tag: numbers for tag, numbers in found.items() if numbers}
