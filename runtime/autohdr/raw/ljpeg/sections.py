"""Four sections of a stream of codes decoded in step, by one thread: each look-up waits for the one before it, so one
section alone leaves a core idle most of the time.

Nobody knows where in a stream codes begin. The second to fourth section are begun at a guess. What is read from a wrong
place soon falls into step with the right one, after some twelve codes, as lengths differ: from the first place at which
both find a code's beginning on, all is the same. So the first section, which is begun at a right place, is read on into
the second until one of its codes begins where one of the second's began. What the second had read before that is left
out, all behind it is right; and so on. Where two do not meet, nothing of the guess is used.

No read leaves the bytes: a position is looked at before each round and is at most the stream's end then, a round is
`ROUND` codes of `MOST` bits, and `SLACK` bytes that hold a round and a word lie behind the end.
"""

import numpy as np

from autohdr.raw.ljpeg.codes import AT_ONCE, behind, bits_at, one_of, symbol
from autohdr.raw.ljpeg.words import store_sample
from autohdr.system.kernel import kernel

LANES = 4
ROUND = 24
"""Codes of each section between two looks at where they are, a multiple of `AT_ONCE`."""
SLACK = 128
"""Bytes that may be read behind the last one that counts: 24 codes of 31 bits, and 8 bytes."""
CAPACITY = 24_000
"""Codes of a section at most, a multiple of `ROUND`; a section of a photo has 7,000 to 13,000."""
MEETING = 1024
"""Codes after which two sections that have not met are given up."""
ROOM = CAPACITY + ROUND + MEETING
"""Differences that a section may write."""


@kernel(nogil=True, forceinline=True)
def _arrived(position, end, count, lane, stops, counts):  # type: ignore[no-untyped-def]
    """Whether a section has come to its end; where and with how many codes it did so first is kept."""
    if position < end:
        return False
    if counts[lane] == 0:
        stops[lane], counts[lane] = position, count
    return True


@kernel(nogil=True)
def four(bytes_of, table, starts, ends, last, out, stops, counts):  # type: ignore[no-untyped-def]
    """Decodes four sections, whose codes all are of one table, by one symbol of each in turn: so what waits for a
    look-up does not fill a core's queue.

    Args:
        bytes_of: address of bytes, with `SLACK` of them behind the bit `last`.
        table: address of the table.
        starts: (4,) bits at which the sections begin, `last` at most.
        ends: (4,) bits, `last` at most, at or behind which each may stop.
        last: the bit behind the last one that counts.
        out: address of (4, ROOM) uint16, which get their differences.
        stops: (4,), gets the bits at which they stopped.
        counts: (4,), gets the codes that they had read, a multiple of `ROUND`; 0 for one that did not arrive.
    """
    of_a = np.uint64(out)
    of_b, of_c, of_d = of_a + np.uint64(2 * ROOM), of_a + np.uint64(4 * ROOM), of_a + np.uint64(6 * ROOM)
    a, b, c, d = starts[0], starts[1], starts[2], starts[3]
    counts[:] = 0
    at = 0
    while at < CAPACITY:
        for k in range(at, at + ROUND, AT_ONCE):
            here = np.uint64(2 * k)
            word_a, word_b = bits_at(bytes_of, a), bits_at(bytes_of, b)
            word_c, word_d = bits_at(bytes_of, c), bits_at(bytes_of, d)
            sum_a = sum_b = sum_c = sum_d = np.uint64(0)
            for j in range(AT_ONCE):
                to = here + np.uint64(2 * j)
                word_a, entry_a = one_of(word_a, table, of_a + to)
                word_b, entry_b = one_of(word_b, table, of_b + to)
                word_c, entry_c = one_of(word_c, table, of_c + to)
                word_d, entry_d = one_of(word_d, table, of_d + to)
                sum_a, sum_b, sum_c, sum_d = sum_a + entry_a, sum_b + entry_b, sum_c + entry_c, sum_d + entry_d
            a, b = behind(bytes_of, table, a, sum_a, of_a + here), behind(bytes_of, table, b, sum_b, of_b + here)
            c, d = behind(bytes_of, table, c, sum_c, of_c + here), behind(bytes_of, table, d, sum_d, of_d + here)
        at += ROUND
        a, b, c, d = min(a, last), min(b, last), min(c, last), min(d, last)
        there = _arrived(a, ends[0], at, 0, stops, counts)
        there &= _arrived(b, ends[1], at, 1, stops, counts)
        there &= _arrived(c, ends[2], at, 2, stops, counts)
        there &= _arrived(d, ends[3], at, 3, stops, counts)
        if there:
            break


@kernel(nogil=True)
def meet(bytes_of, table, stop, count, out, start, last):  # type: ignore[no-untyped-def]
    """Reads a section on until it meets the next one's codes.

    Args:
        bytes_of: address of the bytes.
        table: address of the table.
        stop: the bit at which the section stopped.
        count: the codes that it had read.
        out: address of its differences, which go on.
        start: the bit at which the next one began.
        last: as in `four`.

    Returns:
        The codes of the section, and how many of the next one's are to be left out; -1 where they do not meet.
    """
    mine, others, left_out = stop, start, 0
    for _ in range(MEETING):
        if mine > last or others > last:
            break
        if mine == others:
            return count, left_out
        if mine <= others:
            difference, used = symbol(bytes_of, table, mine)
            store_sample(out + np.uint64(2 * count), difference)
            mine, count = mine + used, count + 1
        else:
            _, used = symbol(bytes_of, table, others)
            others, left_out = others + used, left_out + 1
        if used == np.uint64(0):
            break
    return count, -1
