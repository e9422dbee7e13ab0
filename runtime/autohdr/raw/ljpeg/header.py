"""What stands before a lossless JPEG's codes (T.81, annex B).

Only the plainest form is known, as cameras write it: prediction from the left, without restarts, with
one table of codes for all components. All else is None, and another decoder's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.ljpeg.codes import CATEGORIES, LONGEST, TABLE, build

_LOSSLESS, _TABLES, _SCAN = 0xC3, 0xC4, 0xDA
_PASSED_OVER = frozenset({*range(0xE0, 0xF0), 0xFE})
"""Applications' own, and comments."""
MOST_SEGMENTS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """A stream's form."""

    height: int
    width: int
    """Pixels a row; each has `components` samples."""
    components: int
    """1 to 4, interleaved."""
    bits: int
    """Bits of a sample, 2 to 16."""
    counts: bytes
    """(16,), codes of each length; the same for all components."""
    categories: bytes
    """What each of them stands for, in order."""
    begin: int
    """Where the codes begin, counted from the stream's beginning."""

    def table(self) -> NDArray[np.uint32]:
        """The codes, as `codes.build` makes them."""
        table = np.empty(TABLE, np.uint32)
        build(np.frombuffer(self.counts, np.uint8), np.frombuffer(self.categories, np.uint8), table)
        return table


def read_header(data: memoryview) -> Header | None:
    """The form of the stream that begins where `data` does; None where it is not one that is decoded here."""
    if bytes(data[:2]) != b"\xff\xd8":
        return None
    at, frame, tables = 2, None, dict[int, tuple[bytes, bytes]]()
    for _ in range(MOST_SEGMENTS):
        marker, length = data[at : at + 2], int.from_bytes(data[at + 2 : at + 4], "big")
        body = bytes(data[at + 4 : at + 2 + length])
        if len(marker) != 2 or marker[0] != 0xFF or length < 2 or len(body) != length - 2:
            return None
        at += 2 + length
        if marker[1] == _SCAN:
            return None if frame is None else _header(frame, tables, body, at)
        if marker[1] == _LOSSLESS and frame is None:
            frame = body
        elif marker[1] == _TABLES:
            found = _tables(body)
            if found is None:
                return None
            tables |= found
        elif marker[1] not in _PASSED_OVER:
            return None
    return None


def _tables(body: bytes) -> dict[int, tuple[bytes, bytes]] | None:
    """The counts of codes of each length and their categories, by the table's number; None for what is no code."""
    found = {}
    while body:
        counts = body[1 : 1 + LONGEST]
        many = sum(counts)
        categories = body[1 + LONGEST : 1 + LONGEST + many]
        space = sum(count << (LONGEST - length) for length, count in enumerate(counts, start=1))
        fits = len(counts) == LONGEST and 0 < many <= CATEGORIES and space <= 1 << LONGEST
        if not fits or len(categories) != many or max(categories) >= CATEGORIES or body[0] > 3:
            return None
        found[body[0]] = (counts, categories)
        body = body[1 + LONGEST + many :]
    return found


def _header(frame: bytes, tables: dict[int, tuple[bytes, bytes]], scan: bytes, begin: int) -> Header | None:
    if len(frame) < 6 or len(frame) != 6 + 3 * frame[5] or not 1 <= frame[5] <= 4 or not 2 <= frame[0] <= 16:
        return None
    components = frame[5]
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    sampled = {frame[7 + 3 * component] for component in range(components)}
    if not height or not width or len(scan) != 4 + 2 * components or scan[0] != components or sampled != {0x11}:
        return None
    if scan[1 : 1 + 2 * components : 2] != frame[6::3]:
        return None
    asked = [tables.get(number >> 4) for number in scan[2 : 2 + 2 * components : 2]]
    codes = asked[0]
    plain = scan[-3] == 1 and scan[-1] == 0  # predictor 1, nothing shifted out
    if not plain or codes is None or asked.count(codes) != components:
        return None
    return Header(height, width, components, frame[0], *codes, begin)
