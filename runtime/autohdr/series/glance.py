"""What a photo shows at a glance: a coarse picture of its light, by which photos are compared.

It is measured in what is prepared for the network, on the CPU, so that it is the same whatever engine labels the photo.
"""

from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from autohdr.spec import InputSpec
from autohdr.style.description import FLOOR, light_of

Array = NDArray[np.float64]

CELLS = 28
"""Rows and columns of cells that a frame is divided into."""
LIGHTEST, DARKEST = 0.8, -11.0
"""Light of a cell's strongest channel above which part of it may be clipped, and log2 of the luminance below which it
is mostly noise: such a cell is not compared."""
TONES, COLOURS = (2.0, 10.0, 25.0, 75.0, 90.0, 98.0), (10.0, 50.0, 90.0)
"""Percentages of the cells below whose levels, less the median, and whose ratios of colours, photos are compared."""
TONE, COLOUR = 0.8, 0.35
"""Stops, and log2 of ratios, that count 1 in `unlike`."""
FEWEST = 60
"""Cells below which two photos cannot be compared."""
OVERLAP = 0.25
"""Share of the frame that two photos have to have in common at least, when one is moved to lie upon the other."""
_MOVED = 0.3
"""Correlation that an alignment has to be better by, for the whole frame it leaves out of the overlap."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Glance:
    """A coarse picture of a photo, 4 kB."""

    levels: NDArray[np.float32]
    """(C, C), log2 of the mean luminance of each cell, 0 at saturation; NaN where it cannot be compared."""
    tones: Array
    """(6,), as of `TONES`."""
    colours: Array
    """(6,), as of `COLOURS`: of red to green, and of blue to green."""


def glance(pixels: NDArray[np.floating], spec: InputSpec) -> Glance:
    """Looks at a photo, given the network's input (3, S, S) that it was prepared as."""
    light = light_of(pixels, spec)
    count = min(CELLS, len(light))
    edges = np.arange(count) * len(light) // count
    areas = np.diff(np.append(edges, len(light))).astype(np.float32)
    cells = np.add.reduceat(np.add.reduceat(light, edges, axis=0), edges, axis=1) / np.outer(areas, areas)[..., None]
    levels = np.log2(cells @ _LUMINANCE + np.float32(FLOOR))
    ratios = np.log2(cells[..., ::2] + np.float32(FLOOR)) - np.log2(cells[..., 1:2] + np.float32(FLOOR))
    comparable = (cells.max(axis=2) < LIGHTEST) & (levels > DARKEST)
    return Glance(
        np.where(comparable, levels, np.float32(np.nan)),
        np.percentile(levels, TONES) - np.median(levels),
        np.percentile(ratios.reshape(-1, 2), COLOURS, axis=0).T.ravel(),
    )


def unlike(one: Glance, other: Glance) -> float:
    """Tells how unlike two photos are in tones and colours, whatever their brightness and framing.

    Pairs of photos that real people edited: taken within a minute 0.8 to 1.9 (quartiles), on other days 2.1 to 4.2.
    """
    tones = np.abs(one.tones - other.tones).mean() / TONE
    return float(tones + np.abs(one.colours - other.colours).mean() / COLOUR)


class Moved(NamedTuple):
    """One photo compared with another, moved to lie upon it."""

    down: int
    """Cells by which what both show stands lower in the other photo."""
    across: int
    """Cells by which what both show stands further to the right in the other photo."""
    correlation: float
    """The correlation of both pictures' levels where they overlap; 0 where they cannot be compared."""
    stops: float
    """Stops by which the other photo is brighter there (median of the cells); NaN where they cannot be compared."""
    spread: float
    """Median absolute deviation of the cells' differences from that, in stops."""


def compare(one: Glance, other: Glance) -> Moved:
    """Finds where one photo lies upon another best, and by how much the other is brighter there.

    The alignment is that of the greatest normalised correlation (J. P. Lewis, "Fast normalized cross-correlation",
    Vision Interface 1995) of what is left when rows and columns have one mean, with a little preference for those that
    overlap more.
    """
    known = _COMPARED.setdefault(one, WeakKeyDictionary())
    if (found := known.get(other)) is None:
        found = known[other] = _compared(one, other)
    return found


_COMPARED: WeakKeyDictionary[Glance, WeakKeyDictionary[Glance, Moved]] = WeakKeyDictionary()
"""What came of comparing, for as long as both are held: a series is asked about again with every answer."""


def _compared(one: Glance, other: Glance) -> Moved:
    rows, columns = one.levels.shape
    correlation, overlap = _correlations(one.levels, other.levels)
    share = overlap / (rows * columns)
    fits = (share >= OVERLAP) & (overlap >= FEWEST)
    if not fits.any():
        return Moved(0, 0, 0.0, np.nan, np.nan)
    worth = np.where(fits, correlation - _MOVED * (1.0 - share), -np.inf)
    place = np.unravel_index(int(worth.argmax()), worth.shape)
    down, across = (int(at) if at < size // 2 else int(at) - size for at, size in zip(place, worth.shape, strict=True))
    there = other.levels[max(down, 0) : rows + min(down, 0), max(across, 0) : columns + min(across, 0)]
    here = one.levels[max(-down, 0) : rows + min(-down, 0), max(-across, 0) : columns + min(-across, 0)]
    apart = (there - here)[np.isfinite(there - here)].astype(np.float64)
    middle = float(np.median(apart))
    return Moved(down, across, float(correlation[place]), middle, float(np.median(np.abs(apart - middle))))


def _correlations(one: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[Array, Array]:
    """Correlation of two pictures for each way of moving one (2 C, 2 C), and the cells that overlap then."""
    size = tuple(2 * count for count in one.shape)

    def spectra(levels: NDArray[np.float32]) -> tuple[NDArray[np.complex128], ...]:
        known = np.isfinite(levels)
        held = np.where(known, levels, 0.0).astype(np.float64)
        for axis in (0, 1):  # sky above ground is alike wherever one looks
            mean = held.sum(axis=axis, keepdims=True) / np.maximum(known.sum(axis=axis, keepdims=True), 1)
            held = np.where(known, held - mean, 0.0)
        return tuple(np.fft.rfft2(part, size) for part in (known.astype(np.float64), held, held**2))

    def sums(left: NDArray[np.complex128], right: NDArray[np.complex128]) -> Array:
        return np.asarray(np.fft.irfft2(np.conj(left) * right, size))

    (known, held, squares), (known_other, held_other, squares_other) = spectra(one), spectra(other)
    count = np.rint(sums(known, known_other))
    safe = np.maximum(count, 1.0)
    total, total_other = sums(held, known_other), sums(known, held_other)
    variance = sums(squares, known_other) - total**2 / safe
    variance_other = sums(known, squares_other) - total_other**2 / safe
    product = sums(held, held_other) - total * total_other / safe
    return product / np.sqrt(np.maximum(variance, 1e-6) * np.maximum(variance_other, 1e-6)), count
