"""Makes samples of differences: each is added to the sample on its left (T.81, annex H, predictor 1)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.ljpeg.words import running_1, running_2, running_4, sample_at, store_sample, word_at
from autohdr.system.kernel import kernel

COLUMN, ACROSS, DOWN, SLICE, LEFT = range(5)
"""Where the next sample goes: in a row of the stream; in a row of the slice; the slice's row; which slice; its first
column."""
SUMS, FIRST = range(2)
"""The last sample of each component; the first ones in the last row, or what is predicted for the first row. Four
samples in a word, the first component lowest."""


class Target(NamedTuple):
    """Where samples go, and what they are added to."""

    out: int
    """Address of uint16, with the rows of all slices. Whoever makes this holds them."""
    place: NDArray[np.int64]
    """(5,), `COLUMN` and so on; it moves on."""
    words: NDArray[np.uint64]
    """(4,), `SUMS` and `FIRST`, which change, and two to work with."""
    bits: int
    """Address of those two."""
    widths: NDArray[np.int64]
    """(slices,), samples of a row of each; one is filled to its last row, then the next one, to its right."""
    height: int
    """Rows of each slice."""
    pitch: int
    """Samples from one row of `out` to the next."""
    row: int
    """Samples of a row of the stream, a multiple of the components."""
    components: int
    """1 to 4, interleaved."""


@kernel(nogil=True, error_model="numpy")
def write(differences, many, target):  # type: ignore[no-untyped-def]
    """Writes what so many differences from an address on say, never more than the target holds; all bits that are set.

    The first pixel of a row has none on its left, and is added to the one above.
    """
    out, place, words, bits_at, widths, height, pitch, row, components = target
    at, seen, word = np.uint64(differences), np.uint64(0), words[SUMS]
    column, across, down, left = place[COLUMN], place[ACROSS], place[DOWN], place[LEFT]
    step = 3 if components == 3 else 8
    while many > 0:
        width = widths[place[SLICE]]
        part = min(many, row - column, width - across)
        to = np.uint64(out) + np.uint64(2 * (down * pitch + left + across))
        if column == 0:
            word = words[FIRST]
        if column < components or column % components or part < step:
            part = min(part, components - column % components)
            word, bits = _few(at, part, word, column % components, to)
            if column < components:
                words[FIRST] = word
        elif components == 3:
            part -= part % 3
            word, bits = _threes(at, part, word, to)
        else:
            part -= part % 8
            word, bits = _eights(at, part, word, components, to, np.uint64(bits_at))
        seen |= bits
        at, many = at + np.uint64(2 * part), many - part
        column, across = column + part, across + part
        if column == row:
            column = 0
        if across == width:
            across, down = 0, down + 1
            if down == height:
                down, left = 0, left + width
                place[SLICE] += 1
    words[SUMS] = word
    place[COLUMN], place[ACROSS], place[DOWN], place[LEFT] = column, across, down, left
    return np.uint16(seen | seen >> np.uint64(16) | seen >> np.uint64(32) | seen >> np.uint64(48))


@kernel(nogil=True, forceinline=True)
def _few(at, many, word, component, to):  # type: ignore[no-untyped-def]
    """Some samples of one pixel, from that component on; the sums, and the bits that are set."""
    seen = np.uint64(0)
    for k in range(many):
        shift = np.uint64(16 * (component + k))
        sample = np.uint16(np.uint16(word >> shift) + sample_at(at + np.uint64(2 * k)))
        word = (word & ~(np.uint64(0xFFFF) << shift)) | (np.uint64(sample) << shift)
        store_sample(to + np.uint64(2 * k), sample)
        seen |= np.uint64(sample)
    return word, seen


@kernel(nogil=True, forceinline=True)
def _threes(at, many, word, to):  # type: ignore[no-untyped-def]
    """Whole pixels of three components."""
    a, b, c, seen = np.uint16(word), np.uint16(word >> np.uint64(16)), np.uint16(word >> np.uint64(32)), np.uint16(0)
    for k in range(0, 2 * many, 6):
        here, there = at + np.uint64(k), to + np.uint64(k)
        a = np.uint16(a + sample_at(here))
        b = np.uint16(b + sample_at(here + np.uint64(2)))
        c = np.uint16(c + sample_at(here + np.uint64(4)))
        store_sample(there, a)
        store_sample(there + np.uint64(2), b)
        store_sample(there + np.uint64(4), c)
        seen |= a | b | c
    return np.uint64(a) | np.uint64(b) << np.uint64(16) | np.uint64(c) << np.uint64(32), np.uint64(seen)


@kernel(nogil=True, forceinline=True)
def _eights(at, many, word, components, to, seen):  # type: ignore[no-untyped-def]
    """Eight samples at a time of one, two or four components."""
    bytes_of = np.uint64(2 * many)
    if components == 4:
        word = running_4(at, to, bytes_of, word, seen)
    elif components == 2:
        word = running_2(at, to, bytes_of, word << np.uint64(32), seen) >> np.uint64(32)
    else:
        word = running_1(at, to, bytes_of, word << np.uint64(48), seen) >> np.uint64(48)
    return word, word_at(seen) | word_at(seen + np.uint64(8))
