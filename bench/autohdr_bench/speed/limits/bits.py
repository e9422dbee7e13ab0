"""The rate at which one core can walk through a lossless JPEG's codes: a decoder without predictor, stores and errors.

A code's length is known only when the code before it has been read, so that no core can go faster by doing more at
once. One table look-up a sample, whose table holds the length of the code together with the bits that follow it.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.system.kernel import kernel
from autohdr_scenes.ljpeg import encode

_PEEK = 13
"""Bits of the longest code that `ljpeg` makes. The table then fits into a core's nearest cache: with 16 bits the walk
took 1.45x as long (November 2026, two cores of a shared Xeon)."""


def noisy_stream(pixels: int) -> tuple[NDArray[np.uint32], NDArray[np.uint8], int]:
    """A stream as hard as a camera's: the codes (N,) without stuffing, the table of `walk`, and how many codes.

    Noise of 60 steps' deviation comes to 8.5 bits a sample, as `files` has it.
    """
    side = int(pixels**0.5) // 2 * 2
    samples = np.random.default_rng(0).normal(4096, 60, (side, side // 2, 2)).astype(np.uint16)
    data = encode(samples)
    tables = data.index(b"\xff\xc4") + 5
    per_length = np.frombuffer(data[tables : tables + 16], np.uint8)
    categories = np.frombuffer(data[tables + 16 : tables + 16 + int(per_length.sum())], np.uint8)
    scan = data.index(b"\xff\xda")
    begins = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    bare = data[begins:-2].replace(b"\xff\x00", b"\xff")
    codes = np.frombuffer(bare + bytes(-len(bare) % 4 + 16), ">u4").astype(np.uint32)
    return codes, _table(per_length, categories), samples.size


def walk(codes: NDArray[np.uint32], table: NDArray[np.uint8], count: int) -> int:
    """Bits of the first `count` codes of a stream, with the differences that they hold.

    Args:
        codes: (N,), 32 bits each, at least two words more than the codes take.
        table: (8192,), bits of the code that 13 bits begin with, and of what follows it.
        count: codes to read.
    """
    return int(_walk(codes, table, count))


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
def _walk(codes, table, count):  # type: ignore[no-untyped-def]
    buffer, held, place, bits = np.uint64(0), np.uint64(0), 0, np.uint64(0)
    for _ in range(count):
        if held < np.uint64(32):
            buffer = (buffer << np.uint64(32)) | np.uint64(codes[place])
            place += 1
            held += np.uint64(32)
        used = np.uint64(table[(buffer >> (held - np.uint64(_PEEK))) & np.uint64((1 << _PEEK) - 1)])
        held -= used
        bits += used
    return bits
