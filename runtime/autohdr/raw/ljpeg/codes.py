"""Huffman codes of lossless JPEG: tables that give a code's bits and its difference at once (T.81, annexes C, H).

A code of up to 11 bits, with the first of the bits that follow it, is one look-up, and nothing branches on how many
follow: as a number of 16 bits, a symbol and its difference lie apart by what the table says. The table is 16 KiB, which
stays in a core's nearest cache.
"""

import numpy as np

from autohdr.raw.ljpeg.words import entry_at, sample_at, store_sample, stream_at
from autohdr.system.kernel import kernel

PEEK = 12
"""Bits that the table is looked up with."""
LONGEST = 16
"""Bits of a code."""
MOST = 31
"""Bits of a code with what follows it: 16 and 15. A difference of 16 bits has none that follow."""
CATEGORIES = 17
"""Sizes of a difference, 0 to 16 bits; and the most codes that a table may have here."""

AT_ONCE = 3
"""Symbols that are read from one word. With four a 60D's photo took as long (November 2026)."""
HIGH = np.uint64(2)
"""Where the high 16 bits of an entry lie in its bytes."""
NONE = 63
"""What an entry says in place of bits where one look-up does not do: with it, three are more than a word holds."""
WORD = 57
"""Bits that a word holds at least, from any bit on."""

# A table: entries by the next 12 bits; then, for codes of 12 to 16 bits, the first code behind them, aligned to 16
# bits, and the place of the first of them less its number; then the category at each place.
_LONGER = 1 << PEEK
_PLACES = _LONGER + LONGEST - PEEK + 1
_VALUES = _PLACES + LONGEST - PEEK + 1
TABLE = _VALUES + CATEGORIES
"""Numbers of a table."""


@kernel(nogil=True, bare=True)
def build(counts, categories, table):  # type: ignore[no-untyped-def]
    """Fill `table` (TABLE,) for canonical codes.

    An entry: its low 8 bits are all bits of the symbol, or `NONE` where the code and the first bit that follows it are
    more than 12, or there is no such code; its high 16 bits, what the difference is less than those bits as a number.

    Args:
        counts: (16,) codes of each length, which fit: the sum of count * 2^-length is 1 at most.
        categories: (N,), N the sum of `counts`, `CATEGORIES` at most, each below `CATEGORIES`, in the order of codes.
        table: (TABLE,) uint32.
    """
    table[:] = NONE
    code, place = 0, 0
    for length in range(1, LONGEST + 1):
        if length >= PEEK:
            table[_PLACES + length - PEEK] = np.uint32((place - code) & 0xFFFFFFFF)
        for _ in range(counts[length - 1]):
            size = np.int64(categories[place])
            table[_VALUES + place] = size
            if length <= PEEK:
                _enter(table, code, length, size)
            code, place = code + 1, place + 1
        if length >= PEEK:
            table[_LONGER + length - PEEK] = code << (LONGEST - length)
        code <<= 1


@kernel(nogil=True)
def _enter(table, code, length, size):  # type: ignore[no-untyped-def]
    """The entries of one code of `length` bits."""
    first, many = code << (PEEK - length), 1 << (PEEK - length)
    if size == 0 or size == LONGEST:
        table[first : first + many] = ((code - 32768 * (size // LONGEST)) & 0xFFFF) << 16 | length
    elif many > 1:
        less = code << size
        table[first : first + many // 2] = ((less + (1 << size) - 1) & 0xFFFF) << 16 | (length + size)
        table[first + many // 2 : first + many] = (less & 0xFFFF) << 16 | (length + size)


@kernel(nogil=True, forceinline=True)
def bits_at(data, position):  # type: ignore[no-untyped-def]
    """`WORD` bits at least, from a bit of the bytes at the address `data` on, the first one highest."""
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
def _long(word, table):  # type: ignore[no-untyped-def]
    """The difference and the bits of a symbol whose code has 12 to 16 bits; no bits where there is no such code."""
    for more in range(LONGEST - PEEK + 1):
        length = np.uint64(PEEK + more)
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
def _short(word, table):  # type: ignore[no-untyped-def]
    """The difference that a word begins with, the word behind its symbol, and the entry, as one look-up has them."""
    at = table + ((word >> np.uint64(64 - PEEK)) << np.uint64(2))
    entry = np.uint64(entry_at(at))
    bits = word >> ((np.uint64(0) - entry) & np.uint64(63))
    return np.uint16(np.uint16(bits) - sample_at(at + HIGH)), word << (entry & np.uint64(63)), entry


@kernel(nogil=True)
def symbol(data, table, position):  # type: ignore[no-untyped-def]
    """The difference, modulo 2^16, and the bits, `MOST` at most, of the symbol at a bit; no bits where there is none.

    Args:
        data: address of the bytes, of which the eight from that bit's on are read.
        table: address of its table.
        position: the bit.
    """
    word = bits_at(data, position)
    difference, _, entry = _short(word, table)
    used = entry & np.uint64(0xFF)
    return _long(word, table) if used == np.uint64(NONE) else (difference, used)


@kernel(nogil=True, forceinline=True)
def one_of(word, table, out):  # type: ignore[no-untyped-def]
    """Writes to an address the difference that a word begins with, unless one look-up does not do; the word behind its
    symbol, and the entry, of `AT_ONCE` of which `behind` is to be asked.
    """
    difference, word, entry = _short(word, table)
    store_sample(out, difference)
    return word, entry


@kernel(nogil=True, forceinline=True)
def behind(data, table, position, entries, out):  # type: ignore[no-untyped-def]
    """The bit behind `AT_ONCE` symbols that begin at a bit, by the sum of their entries.

    Where they are more than a word holds, or one stands for no code, they are read once more, one after another, and
    their differences written to the address `out`. A place at which no code stands is not left.
    """
    used = entries & np.uint64(0xFF)
    return _slowly(data, table, position, out) if used > np.uint64(WORD) else position + used


@kernel(nogil=True)
def _slowly(data, table, position, out):  # type: ignore[no-untyped-def]
    for k in range(AT_ONCE):
        difference, used = symbol(data, table, position)
        store_sample(out + np.uint64(2 * k), difference)
        position += used
    return position
