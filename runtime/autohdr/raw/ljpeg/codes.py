"""Huffman codes of lossless JPEG: tables that give a code's bits and its difference at once (T.81, annexes C, H).

A code of up to 12 bits, with the bits that follow it, is one look-up where all of them are 12 at most; the table is 16
KiB, which stays in a core's nearest cache. With 13 bits a 60D's photo took as long and noisier ones longer, with 14 to
16 all took longer (November 2026).
"""

import numpy as np

from autohdr.raw.ljpeg.words import entry_at, store_sample, stream_at
from autohdr.system.kernel import kernel

PEEK = 12
"""Bits that the table is looked up with."""
LONGEST = 16
"""Bits of a code."""
MOST = 31
"""Bits of a code with what follows it: 16 and 15. A difference of 16 bits has none that follow."""
CATEGORIES = 17
"""Sizes of a difference, 0 to 16 bits; and the most codes that a table may have here."""

# A table: entries by the next 12 bits; then, for codes of 13 to 16 bits, the first code behind them, aligned to 16
# bits, and the place of the first of them less its number; then the category at each place.
_LONGER = 1 << PEEK
_PLACES = _LONGER + LONGEST - PEEK
_VALUES = _PLACES + LONGEST - PEEK
TABLE = _VALUES + CATEGORIES
"""Numbers of a table."""


@kernel(nogil=True, bare=True)
def build(counts, categories, table):  # type: ignore[no-untyped-def]
    """Fill `table` (TABLE,) for canonical codes.

    An entry: 0 for a code of more than 12 bits, or none. Else its low 6 bits are all bits of the symbol, the high 16
    its difference; or, where the symbol is longer than 12 bits, the low 6 bits are 0, the next 8 the code's, the high
    16 those that follow.

    Args:
        counts: (16,) codes of each length, which fit: the sum of count * 2^-length is 1 at most.
        categories: (N,), N the sum of `counts`, `CATEGORIES` at most, each below `CATEGORIES`, in the order of codes.
        table: (TABLE,) uint32.
    """
    table[:] = 0
    code, place = 0, 0
    for length in range(1, LONGEST + 1):
        if length > PEEK:
            table[_PLACES + length - PEEK - 1] = np.uint32((place - code) & 0xFFFFFFFF)
        for _ in range(counts[length - 1]):
            size = np.int64(categories[place])
            table[_VALUES + place] = size
            if length <= PEEK:
                _enter(table, code << (PEEK - length), length, size)
            code, place = code + 1, place + 1
        if length > PEEK:
            table[_LONGER + length - PEEK - 1] = code << (LONGEST - length)
        code <<= 1


@kernel(nogil=True)
def _enter(table, first, length, size):  # type: ignore[no-untyped-def]
    """The entries of one code of `length` bits, from `first` on."""
    extra = 0 if size == LONGEST else size
    total = length + extra
    for i in range(1 << (PEEK - length)):
        if total > PEEK:
            table[first + i] = extra << 16 | length << 8
            continue
        bits = i >> (PEEK - total)
        difference = 32768 if size == LONGEST else bits
        if size > 0 and extra > 0 and bits >> (size - 1) == 0:
            difference = bits - (1 << size) + 1
        table[first + i] = (difference & 0xFFFF) << 16 | total


@kernel(nogil=True, forceinline=True)
def _bits_at(data, position):  # type: ignore[no-untyped-def]
    """57 bits at least, from a bit of the bytes at the address `data` on, the first one highest."""
    return stream_at(data + (position >> np.uint64(3))) << (position & np.uint64(7))


@kernel(nogil=True, forceinline=True)
def _entry(table, place):  # type: ignore[no-untyped-def]
    return entry_at(table + (np.uint64(place) << np.uint64(2)))


@kernel(nogil=True, forceinline=True)
def _following(word, length, extra):  # type: ignore[no-untyped-def]
    """The difference that `extra` bits, one at least, say behind a code of `length`."""
    bits = (word << length) >> (np.uint64(64) - extra)
    if bits >> (extra - np.uint64(1)) == np.uint64(0):
        bits = bits + np.uint64(1) - (np.uint64(1) << extra)
    return np.uint16(bits)


@kernel(nogil=True)
def _long_code(word, table):  # type: ignore[no-untyped-def]
    """The difference and the bits of a symbol whose code has 13 to 16 bits; no bits where there is no such code."""
    for more in range(LONGEST - PEEK):
        length = np.uint64(PEEK + 1 + more)
        if (word >> np.uint64(64 - LONGEST)) < np.uint64(_entry(table, _LONGER + more)):
            place = np.uint32(_entry(table, _PLACES + more) + np.uint32(word >> (np.uint64(64) - length)))
            if place >= CATEGORIES:
                break
            size = np.uint64(_entry(table, _VALUES + place))
            if size == np.uint64(0):
                return np.uint16(0), length
            if size == np.uint64(LONGEST):
                return np.uint16(32768), length
            return _following(word, length, size), length + size
    return np.uint16(0), np.uint64(0)


@kernel(nogil=True, forceinline=True)
def _long(word, entry, table):  # type: ignore[no-untyped-def]
    """The difference and the bits of a symbol of more than 12 bits; no bits where there is no such code."""
    if entry == np.uint32(0):
        return _long_code(word, table)
    length, extra = np.uint64(entry >> np.uint32(8)) & np.uint64(0xFF), np.uint64(entry >> np.uint32(16))
    return _following(word, length, extra), length + extra


@kernel(nogil=True, forceinline=True)
def symbol(data, table, position):  # type: ignore[no-untyped-def]
    """The difference, modulo 2^16, and the bits, `MOST` at most, of the symbol at a bit; no bits where there is none.

    Args:
        data: address of the bytes, of which the eight from that bit's on are read.
        table: address of its table.
        position: the bit.
    """
    word = _bits_at(data, position)
    entry = _entry(table, word >> np.uint64(64 - PEEK))
    used = np.uint64(entry) & np.uint64(63)
    if used == np.uint64(0):
        return _long(word, entry, table)
    return np.uint16(entry >> np.uint32(16)), used


@kernel(nogil=True, forceinline=True)
def three(data, first, second, third, position, out):  # type: ignore[no-untyped-def]
    """Writes three differences to the address `out`, by the tables at three addresses; the bit behind them.

    The three are read from one word unless one is long: 57 bits hold four of 12. A place at which no code stands is
    not left.
    """
    word = _bits_at(data, position)
    word, position = _next(data, first, word, position, out)
    word, position = _next(data, second, word, position, out + np.uint64(2))
    word, position = _next(data, third, word, position, out + np.uint64(4))
    return position


@kernel(nogil=True, forceinline=True)
def _next(data, table, word, position, out):  # type: ignore[no-untyped-def]
    """Writes one difference; the word and the bit behind its symbol."""
    entry = _entry(table, word >> np.uint64(64 - PEEK))
    used = np.uint64(entry) & np.uint64(63)
    if used == np.uint64(0):
        difference, used = _long(word, entry, table)
        store_sample(out, difference)
        return _bits_at(data, position + used), position + used
    store_sample(out, np.uint16(entry >> np.uint32(16)))
    return word << used, position + used
