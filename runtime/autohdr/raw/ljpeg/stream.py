"""One stream of codes to samples, a piece at a time, so that all that is worked with stays in a core's own cache."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.ljpeg.codes import MOST, symbol
from autohdr.raw.ljpeg.samples import write
from autohdr.raw.ljpeg.sections import CAPACITY, LANES, ROOM, SLACK, four, meet
from autohdr.raw.ljpeg.words import BLOCK, copy_block, full_bytes, store_sample, zeros_below
from autohdr.system.kernel import kernel

PIECE = 40_000
"""Bytes of the stream that are looked at together: with their differences they stay in a core's own cache."""
FEW = 2048
"""Bytes that are not worth four sections."""


class Scratch(NamedTuple):
    """Memory to work with."""

    piece: NDArray[np.uint8]
    """(PIECE + SLACK,)."""
    differences: NDArray[np.uint16]
    """(LANES, ROOM)."""
    starts: NDArray[np.uint64]
    """(LANES,), as are the following."""
    ends: NDArray[np.uint64]
    stops: NDArray[np.uint64]
    counts: NDArray[np.int64]


def new_scratch() -> Scratch:
    """Memory for one thread."""
    starts, ends, stops = np.zeros((3, LANES), np.uint64)
    piece, differences = np.zeros(PIECE + SLACK, np.uint8), np.empty((LANES, ROOM), np.uint16)
    return Scratch(piece, differences, starts, ends, stops, np.zeros(LANES, np.int64))


@kernel(nogil=True)
def unstuffed(data, data_at, start, end, out, out_at, have):  # type: ignore[no-untyped-def]
    """Copies bytes without the zeros that stand behind each 0xFF, until `PIECE` are there, or nearly; `BLOCK` bytes
    behind them are overwritten as well.

    Returns:
        Where it went on to; how many bytes there are in `out`; whether it stopped at a marker, or at the end.
    """
    while have < PIECE:
        if start + BLOCK < end:
            if have + BLOCK > PIECE:
                break
            full = full_bytes(data_at + np.uint64(start))
            copy_block(out_at + np.uint64(have), data_at + np.uint64(start))
            if full == np.uint64(0):
                start, have = start + BLOCK, have + BLOCK
                continue
            before = np.int64(zeros_below(full))
            if data[start + before + 1] != 0:
                return start + before, have + before, True
            start, have = start + before + 2, have + before + 1
            continue
        if start >= end:
            return start, have, True
        byte = data[start]
        if byte == 0xFF:
            if start + 1 >= end or data[start + 1] != 0:
                return start, have, True
            start += 1
        out[have] = byte
        start, have = start + 1, have + 1
    return start, have, False


@kernel(nogil=True)
def _moved_up(piece, have, bit):  # type: ignore[no-untyped-def]
    """Moves what follows a bit to the beginning; how many bytes that are, and which bit of them is next."""
    passed = np.int64(bit >> np.uint64(3))
    for i in range(have - passed):
        piece[i] = piece[passed + i]
    return have - passed, bit & np.uint64(7)


@kernel(nogil=True)
def _in_order(bytes_of, table, bit, last, most, out, ended):  # type: ignore[no-untyped-def]
    """Reads codes one after another, `most` at most, as far as whole ones are there.

    Returns:
        How many, 0 where there is no such code, or too few; and the bit behind them.
    """
    many, margin = 0, np.uint64(0 if ended else MOST)
    while many < most:
        if many > 0 and bit + margin > last:
            break
        if bit > last:
            return 0, bit
        difference, used = symbol(bytes_of, table, bit)
        if used == np.uint64(0):
            return 0, bit
        store_sample(out + np.uint64(2 * many), difference)
        many, bit = many + 1, bit + used
    return (0 if bit > last else many), bit


@kernel(nogil=True)
def _joined(bytes_of, table, starts, last, out, stops, counts, most, target):  # type: ignore[no-untyped-def]
    """Writes what four sections have read, as far as they met, `most` samples at most.

    Returns:
        How many samples, the bit behind them, and all bits that are set in any.
    """
    begin, done, seen, bit = 0, 0, np.uint16(0), starts[0]
    for lane in range(LANES):
        here, count, left_out, bit = out + np.uint64(2 * lane * ROOM), counts[lane], -1, stops[lane]
        if lane + 1 < LANES and counts[lane + 1] > 0:
            count, left_out = meet(bytes_of, table, bit, count, here, starts[lane + 1], last)
        met = left_out >= 0 and left_out <= counts[(lane + 1) % LANES]
        count = min(count if met else counts[lane], most - done + begin)
        if count > begin:
            seen |= write(here + np.uint64(2 * begin), count - begin, target)
            done += count - begin
        if not met:
            break
        begin = left_out
    return done, bit, seen


@kernel(nogil=True, bare=True)
def decode(data, start, end, total, target, scratch, addresses):  # type: ignore[no-untyped-def]
    """Decodes `total` samples of codes that lie between two places of a file.

    Args:
        data: (N,), the file's bytes.
        start: where the codes begin.
        end: where they end at the latest, N at most; a marker ends them before.
        total: samples, whole rows; never more than the target has room for.
        target: where they go.
        scratch: to work with.
        addresses: of `data`; of the table of codes, as `build` makes it, of all components; and of two parts of
            `scratch`, the piece and the differences. Whoever calls holds all of them.

    Returns:
        Whether all of them were there, each of a code that there is; and all bits that are set in any sample.
    """
    piece, _, starts, ends, stops, counts = scratch
    data_at, table = np.uint64(addresses[0]), np.uint64(addresses[1])
    bytes_of, out = np.uint64(addresses[2]), np.uint64(addresses[3])
    have, bit, done, ended, seen, spread = 0, np.uint64(0), 0, False, np.uint16(0), PIECE
    while done < total:
        have, bit = _moved_up(piece, have, bit)
        if not ended:
            start, have, ended = unstuffed(data, data_at, start, end, piece, bytes_of, have)
            for i in range(SLACK):
                piece[have + i] = 0
        last, usable = np.uint64(8 * have), min(have - SLACK, spread)
        counts[0] = 0
        if usable >= FEW:
            for lane in range(LANES):
                starts[lane] = np.uint64(lane * (2 * usable))
                ends[lane] = np.uint64((lane + 1) * (2 * usable))
            starts[0] = bit
            four(bytes_of, table, starts, ends, last, out, stops, counts)
        if counts[0] > 0:
            most = total - done
            many, bit, bits = _joined(bytes_of, table, starts, last, out, stops, counts, most, target)
            seen |= bits
            short = max(max(counts[0], counts[1]), max(counts[2], counts[3])) < CAPACITY // 4
            spread = min(PIECE, 2 * spread) if short else spread
        else:  # few bytes are left, or codes are very short, or there is none
            most = min(total - done, CAPACITY)
            many, bit = _in_order(bytes_of, table, bit, last, most, out, ended)
            seen |= write(out, many, target)
            spread = max(FEW, spread // 2)
        if many <= 0:
            return False, seen
        done += many
    return True, seen
