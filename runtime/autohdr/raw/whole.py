"""Finds files that have the right size and are not whole: a copy, a tether or a pulled card left one byte where the
rest should be.

No sensor records that: what is compressed fills whole bytes with ever other bits, and a sensor's noise leaves no large
area at one value, except where all of it is saturated, which may well be stored as zeros. So the file's bytes and the
decoded samples are looked at. A file is refused where one byte, 0x00 or 0xFF, fills in one run

- more than 3 % of the file, up to its end or a tenth of it, and at least 1 % of the picture is flat, not saturated; or
- a tenth of the file or more, and saturated areas are a smaller part of the picture than that;

and where 95 % of the picture are flat and not saturated.

Of the 17 whole files of the tests, the longest run is 2.1 % of a file (the black border of a scanned film), and in the
others at most 0.1 % (November 2026). Not seen are: what is missing in the last 3 %, and 0xFF in uncompressed samples,
which look like blown highlights.
"""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import IncompleteError
from autohdr.raw.frame import RawFrame
from autohdr.raw.previews import Places, rest

RUN = 0.03
"""Share of a file that one byte fills in a run before anybody looks closer; a picture's padding is far less."""
LONG = 0.099
"""Share of a file from which on a run need not go on to its end."""
SMALLEST = 4096
"""The fewest bytes of a run of one value that counts: a block of a file system."""
FLAT = 0.01
"""Share of the picture's blocks that are flat."""
EMPTY = 0.95
"""Share of the picture's blocks that are flat where nothing was recorded, whatever the file holds: LibRaw fills up with
zeros what a file lacks."""
SATURATED = 0.9
"""The share of the white level from which on large areas of one value are blown highlights."""
BLOCK = 16
"""Samples a side."""
_BYTES = (b"\x00", b"\xff")
"""What stands where nothing was written."""


def refuse_incomplete(data: bytes | None, frame: RawFrame, path: Path) -> None:
    """Refuses a file of which a part was never written.

    Args:
        data: what the file holds; None where `refuse_long_runs` has found nothing.
        frame: its sensor data.
        path: its name.

    Raises:
        IncompleteError: a large part of the picture in these bytes has never been written.
    """
    run = 0.0 if data is None else _longest_run(data) / len(data)
    few = frame.data[::31, ::31]
    if not run and np.count_nonzero(few == few.min()) < EMPTY * few.size:
        return
    dark, saturated = _flat_shares(frame)
    if dark >= EMPTY or (run and (dark >= FLAT or (run >= LONG and saturated < run))):
        raise _incomplete(path)


def refuse_long_runs(data: bytes, left_out: Places, path: Path) -> None:
    """Refuses a file whose previews were not read as soon as one byte stands where more should be, be it a picture's.

    Raises:
        IncompleteError: such a stretch is found, or may go on in a preview.
    """
    least = max(SMALLEST, int(RUN * len(data)))
    for start, end in rest(len(data), left_out):
        if end - start < least:
            continue  # all of it may be one byte, and the picture is elsewhere
        behind, before = data[start : start + SMALLEST] if start else b"", data[end - SMALLEST : end]
        edges = (behind, before if end < len(data) else b"")
        for byte in _BYTES:
            if byte * SMALLEST in edges or _runs(data, byte, least, start, end):
                raise _incomplete(path)


def _incomplete(path: Path) -> IncompleteError:
    return IncompleteError(
        f"{path}: a part of the picture is missing: nothing was recorded there, or the file holds one and the same "
        "byte; copy it from the card again"
    )


def _longest_run(data: bytes) -> int:
    """The longest stretch of one byte that is worth a look at the picture, in bytes; 0 where there is none."""
    least, long, late = max(SMALLEST, int(RUN * len(data))), LONG * len(data), (1 - RUN) * len(data)
    runs = [run for byte in _BYTES for run in _runs(data, byte, least, 0, len(data))]
    return max((end - start for start, end in runs if end >= late or end - start >= long), default=0)


def _runs(data: bytes, byte: bytes, least: int, first: int, last: int) -> list[tuple[int, int]]:
    """The places between two others at which one byte stands at least that many times in a row.

    Such a run holds a whole stretch of half its length that begins at a multiple of a quarter of it, so that few bytes
    of the file are looked at, unless they are that byte: 0.1 ms where searching all of it takes 7 ms, 12 % of decoding
    (a 60D's CR2 by flashraw, November 2026).
    """
    step = least // 4
    stretch, other, found, end = (
        byte * (2 * step),
        re.compile(b"[^" + re.escape(byte) + b"]"),
        list[tuple[int, int]](),
        0,
    )
    for at in range(first, last - len(stretch) + 1, step):
        if at < end or data[at : at + 1] != byte or not data.startswith(stretch, at):
            continue
        start = at
        while start > first and data[start - 1 : start] == byte:
            start -= 1
        after = other.search(data, at, last)
        end = last if after is None else after.start()
        if end - start >= least:
            found.append((start, end))
    return found


def _flat_shares(frame: RawFrame) -> tuple[float, float]:
    """Shares of the picture's blocks in which no sample differs from the one two before it: those that are not
    saturated, and those that are.

    Two before: a mosaic's colours alternate, and what a decoder makes of zeros does so with them.
    """
    samples = frame.data if frame.data.ndim == 3 else frame.data[..., None]
    height, width = (length // BLOCK * BLOCK for length in samples.shape[:2])
    if not height or not width:
        return 0.0, 0.0
    step = max(1, int(np.sqrt(height * width / 4e6)))  # some blocks of a large picture will do
    blocks = samples[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, -1)[::step, :, ::step]
    flat: NDArray[np.bool_] = (blocks[:, :, :, 2:] == blocks[:, :, :, :-2]).all(axis=(1, 3, 4))
    saturated = blocks.max(axis=(1, 3, 4)) >= SATURATED * frame.white.min()
    return float((flat & ~saturated).mean()), float((flat & saturated).mean())
