"""Lossless JPEG, as DNG stores RAW data: ITU-T T.81, process 14 (SOF3), first-order prediction, one Huffman table.

Made here from the recommendation, because nothing that this project depends on writes it.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr.system.kernel import kernel

_CATEGORIES = 17
"""Sizes of a difference of 16-bit samples, 0 to 16 bits (T.81, table H.2)."""

_RARE = 512
"""No code is made for less than one in this many samples, so none is longer than log 530 / log 1.618 = 13 bits (the
depth of a Huffman tree is at most that of a Fibonacci one), inside T.81's limit of 16."""


def encode(samples: NDArray[np.uint16]) -> bytes:
    """A complete lossless JPEG stream of 16-bit samples.

    Args:
        samples: (H, W, C), C interleaved components, 1 to 4; H and W from 1 to 65535. DNG stores a mosaic as two
            components of half its width.

    Raises:
        SettingsError: a size is outside those limits.
    """
    height, width, components = samples.shape
    if not (0 < height < 65536 and 0 < width < 65536 and 1 <= components <= 4):
        raise SettingsError(f"lossless JPEG of shape {samples.shape}; expected 1 to 65535 a side, 1 to 4 components")
    data = np.ascontiguousarray(samples, dtype=np.uint16)
    counts = np.zeros(_CATEGORIES, dtype=np.int64)
    _count(data, counts)
    lengths = _code_lengths(counts)
    codes, order = _codes(lengths)
    # The worst case: 13 bits of code and 16 of difference in 4 bytes, each of them stuffed.
    out = np.empty(data.size * 8 + 8, dtype=np.uint8)
    used = _encode(data, codes, lengths, out)
    per_length = bytes(int((lengths == length).sum()) for length in range(1, 17))
    frame = b"".join(bytes([c, 0x11, 0]) for c in range(components))
    scan = b"".join(bytes([c, 0]) for c in range(components))
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return b"".join(
        [
            b"\xff\xd8",
            _segment(0xC3, b"\x10" + size + bytes([components]) + frame),
            _segment(0xC4, b"\x00" + per_length + bytes(order)),
            _segment(0xDA, bytes([components]) + scan + b"\x01\x00\x00"),
            out[:used].tobytes(),
            b"\xff\xd9",
        ]
    )


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def _code_lengths(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bits of each category's code, 0 for one that does not occur. Leaves the code of all ones free, as T.81 asks."""
    rare = max(1, -(-int(counts.sum()) // _RARE))
    lengths = np.zeros(len(counts) + 1, dtype=np.int64)
    # The last member stands for the code of all ones: lighter than any category, so among the longest.
    heap = [(max(int(count), rare) + 1, [index]) for index, count in enumerate(counts) if count]
    heap.append((1, [len(counts)]))
    heapq.heapify(heap)
    while len(heap) > 1:
        (light, some), (heavy, others) = heapq.heappop(heap), heapq.heappop(heap)
        lengths[some + others] += 1
        heapq.heappush(heap, (light + heavy, some + others))
    return lengths[:-1]


def _codes(lengths: NDArray[np.int64]) -> tuple[NDArray[np.uint32], list[int]]:
    """Canonical codes by category, and the categories in the order of their codes (T.81, annex C)."""
    codes = np.zeros(len(lengths), dtype=np.uint32)
    used = [index for index in range(len(lengths)) if lengths[index]]
    order = sorted(used, key=lambda index: (int(lengths[index]), index))
    code, previous = 0, 0
    for index in order:
        length = int(lengths[index])
        code <<= length - previous
        codes[index], previous = code, length
        code += 1
    return codes, order


@kernel(nogil=True)
def _difference(data, i, j, c):  # type: ignore[no-untyped-def]
    """Sample minus prediction, in -32767..32768 (T.81, H.1.2): from the left; in the first column, from above."""
    if j > 0:
        prediction = np.int64(data[i, j - 1, c])
    elif i > 0:
        prediction = np.int64(data[i - 1, j, c])
    else:
        prediction = np.int64(32768)
    difference = (np.int64(data[i, j, c]) - prediction) & 0xFFFF
    return difference - 65536 if difference > 32768 else difference


@kernel(nogil=True)
def _category(difference):  # type: ignore[no-untyped-def]
    magnitude, size = abs(difference), 0
    while magnitude:
        magnitude >>= 1
        size += 1
    return size


@kernel(nogil=True)
def _count(data, counts):  # type: ignore[no-untyped-def]
    for i in range(data.shape[0]):
        for j in range(data.shape[1]):
            for c in range(data.shape[2]):
                counts[_category(_difference(data, i, j, c))] += 1


@kernel(nogil=True)
def _encode(data, codes, lengths, out):  # type: ignore[no-untyped-def]
    used, held, buffer = 0, 0, np.uint64(0)
    for i in range(data.shape[0]):
        for j in range(data.shape[1]):
            for c in range(data.shape[2]):
                difference = _difference(data, i, j, c)
                size = _category(difference)
                # A size of 16 says all: 32768 alone has it.
                extra = 0 if size == 16 else size
                value = difference if difference >= 0 else difference + (1 << size) - 1
                word = (np.uint64(codes[size]) << np.uint64(extra)) | np.uint64(value & ((1 << extra) - 1))
                bits = lengths[size] + extra
                buffer = (buffer << np.uint64(bits)) | word
                held += bits
                while held >= 8:
                    held -= 8
                    byte = np.uint8((buffer >> np.uint64(held)) & np.uint64(0xFF))
                    out[used] = byte
                    used += 1
                    if byte == 0xFF:
                        out[used] = 0
                        used += 1
                buffer &= (np.uint64(1) << np.uint64(held)) - np.uint64(1)
    if held:
        byte = np.uint8(
            ((buffer << np.uint64(8 - held)) | ((np.uint64(1) << np.uint64(8 - held)) - np.uint64(1))) & np.uint64(0xFF)
        )
        out[used] = byte
        used += 1
        if byte == 0xFF:
            out[used] = 0
            used += 1
    return used
