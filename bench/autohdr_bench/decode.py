"""Decoding alone, a file's bytes to its sensor data, one file on one thread.

- `read`: the file read whole, from the system's cache where it lies there: the floor.
- `libraw`, `flashraw`: our decoders, from memory.
"""

from collections.abc import Callable, Sequence
from functools import partial

from autohdr_bench.photo import Photo
from autohdr_bench.results import FileTimings, Report
from autohdr_bench.timing import in_turn

NAMES = ("read", "libraw", "flashraw")
BASELINE = "libraw"


def bench(photos: Sequence[Photo], left_out: Sequence[str], *, repeats: int) -> Report:
    """Times each photo, `repeats` rounds."""
    return Report(BASELINE, repeats, [measure(photo, repeats=repeats) for photo in photos], left_out)


def measure(photo: Photo, *, repeats: int) -> FileTimings:
    """Times one file."""
    data = photo.path.read_bytes()
    candidates: dict[str, Callable[[], object]] = {
        "read": photo.path.read_bytes,
        **{name: partial(decoder.decode, data, photo.path) for name, decoder in photo.decoders.items()},
    }
    return FileTimings(photo, in_turn(candidates, repeats=repeats), NAMES, BASELINE)
