"""Makes samples of differences: each is added to the sample on its left (T.81, annex H, predictor 1)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.ljpeg.words import add_fours, sample_at, store_sample, store_word, word_at
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
    """(2,), `SUMS` and `FIRST`; they change."""
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
    out, place, words, widths, height, pitch, row, components = target
    at, seen, word = np.uint64(differences), np.uint64(0), words[SUMS]
    column, across, down, left = place[COLUMN], place[ACROSS], place[DOWN], place[LEFT]
    step = 3 if components == 3 else 4
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
            part -= part % 4
            word, bits = _fours(at, part, word, components, to)
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
        word = add_fours(word, np.uint64(sample_at(at + np.uint64(2 * k))) << shift)
        sample = np.uint16(word >> shift)
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
def _fours(at, many, word, components, to):  # type: ignore[no-untyped-def]
    """Four samples at a time of one, two or four components, in one word."""
    seen = np.uint64(0)
    if components == 4:
        for k in range(0, 2 * many, 8):
            word = add_fours(word, word_at(at + np.uint64(k)))
            store_word(to + np.uint64(k), word)
            seen |= word
        return word, seen
    one = components == 1
    # What came last goes on: to one component, or to two.
    last, spread = np.uint64(48 if one else 32), np.uint64(0x0001000100010001 if one else 0x0000000100000001)
    word = (word & np.uint64(0xFFFF if one else 0xFFFFFFFF)) * spread
    for k in range(0, 2 * many, 8):
        given = word_at(at + np.uint64(k))
        if one:
            given = add_fours(given, given << np.uint64(16))
        given = add_fours(given, given << np.uint64(32))
        samples = add_fours(word, given)
        store_word(to + np.uint64(k), samples)
        seen |= samples
        word = add_fours(word, (given >> last) * spread)
    return word, seen
