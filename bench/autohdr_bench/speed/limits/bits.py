"""The rate at which one core can walk through a lossless JPEG's codes: a decoder without predictor, stores and errors.

A code's length is known only when the code before it has been read, so that a core which reads at one place waits most
of the time. A walk at four places by turns, which are known here and which a decoder has to find, is what no decoder is
known to do faster. One table look-up a sample, whose table holds the length of the code together with the bits that
follow it; three samples a word.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.ljpeg.words import stream_at
from autohdr.system.kernel import kernel
from autohdr_scenes.ljpeg import encode

_PEEK = 13
"""Bits of the longest code that `ljpeg` makes. The table then fits into a core's nearest cache: with 16 bits the walk
took 1.45x as long (November 2026, two cores of a shared Xeon)."""
PLACES = 4
AT_ONCE = 3
"""Codes that are read from one word of 57 bits at least; of this stream, no three are longer."""


class Stream(NamedTuple):
    """A stream of codes, as hard as a camera's."""

    codes: NDArray[np.uint8]
    """Bytes (N,) without stuffing, and eight bytes more than they take at least."""
    table: NDArray[np.uint8]
    """Table (8192,) of the bits of the code that 13 bits begin with, and of what follows it."""
    places: NDArray[np.uint64]
    """Bits (`PLACES` + 1,) at which as many parts of it begin, all of `each` codes, and where the last one
    ends."""
    each: int
    """How many codes a part has, a multiple of `AT_ONCE`."""


def noisy_stream(pixels: int) -> Stream:
    """A stream of some samples: noise of 60 steps' deviation comes to 8.5 bits a sample, as `files` has it."""
    side = int(pixels**0.5) // 2 * 2
    samples = np.random.default_rng(0).normal(4096, 60, (side, side // 2, 2)).astype(np.uint16)
    data = encode(samples)
    tables = data.index(b"\xff\xc4") + 5
    per_length = np.frombuffer(data[tables : tables + 16], np.uint8)
    categories = np.frombuffer(data[tables + 16 : tables + 16 + int(per_length.sum())], np.uint8)
    scan = data.index(b"\xff\xda")
    begins = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    codes = np.frombuffer(data[begins:-2].replace(b"\xff\x00", b"\xff") + bytes(16), np.uint8)
    table, each = _table(per_length, categories), samples.size // PLACES // AT_ONCE * AT_ONCE
    places = np.zeros(PLACES + 1, np.uint64)
    for part in range(PLACES):
        places[part + 1] = _walk_at_one(codes.ctypes.data, table, places[part], each)
    return Stream(codes, table, places, each)


def walk(stream: Stream) -> int:
    """Bits of all parts of a stream, walked through at once, with the differences that they hold."""
    ends = _walk(stream.codes.ctypes.data, stream.table, *stream.places[:-1], stream.each)
    assert ends == tuple(stream.places[1:]), "the walk has left the codes"
    return int(stream.places[-1])


def _table(per_length: NDArray[np.uint8], categories: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Canonical codes (T.81, annex C), each for all ways in which the 13 bits may go on."""
    table = np.zeros(1 << _PEEK, np.uint8)
    code, place = 0, 0
    for length, many in enumerate(per_length[:_PEEK], start=1):
        for _ in range(int(many)):
            first = code << (_PEEK - length)
            extra = 0 if categories[place] == 16 else int(categories[place])
            table[first : first + (1 << (_PEEK - length))] = length + extra
            code, place = code + 1, place + 1
        code <<= 1
    return table


@kernel(nogil=True)
def _walk_at_one(at, table, place, count):  # type: ignore[no-untyped-def]
    """The bit behind `count` codes from a bit on, of the bytes at an address."""
    bit = np.uint64(place)
    for _ in range(count):
        bit += np.uint64(table[_word(at, bit) >> np.uint64(64 - _PEEK)])
    return bit


@kernel(nogil=True)
def _walk(at, table, one, two, three, four, count):  # type: ignore[no-untyped-def]
    """The bits behind `count` codes from each of four bits on."""
    for _ in range(0, count, AT_ONCE):
        of_one, of_two, of_three, of_four = _word(at, one), _word(at, two), _word(at, three), _word(at, four)
        for _ in range(AT_ONCE):
            used = np.uint64(table[of_one >> np.uint64(64 - _PEEK)])
            of_one, one = of_one << used, one + used
            used = np.uint64(table[of_two >> np.uint64(64 - _PEEK)])
            of_two, two = of_two << used, two + used
            used = np.uint64(table[of_three >> np.uint64(64 - _PEEK)])
            of_three, three = of_three << used, three + used
            used = np.uint64(table[of_four >> np.uint64(64 - _PEEK)])
            of_four, four = of_four << used, four + used
    return one, two, three, four


@kernel(nogil=True, forceinline=True)
def _word(at, bit):  # type: ignore[no-untyped-def]
    return stream_at(np.uint64(at) + (bit >> np.uint64(3))) << (bit & np.uint64(7))
