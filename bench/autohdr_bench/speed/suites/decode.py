"""Decoding alone, a file's bytes to its sensor data, one file on one thread.

- `read`: the file read whole, from the system's cache.
- `libraw`, `flashraw`: our decoders, from memory.
- `floor`: the file's codes walked through, or its samples copied.
"""

from functools import partial

from autohdr_bench.speed.method.rounds import Case
from autohdr_bench.speed.photo import Photo
from autohdr_bench.speed.results import Group, Role, Stage
from autohdr_bench.speed.suites.base import Bench, figures, with_floor

NAME = "decode"
BASELINE = "libraw"
# LibRaw is what everybody else decodes with; that we have a door to it does not make its speed ours.
ROLES: dict[str, Role] = {"read": "floor", "libraw": "peer", "flashraw": "ours"}


def measure(bench: Bench) -> Stage:
    """Times each photo."""
    return Stage(NAME, tuple(_photo(photo, bench) for photo in bench.photos), tuple(bench.left_out))


def _photo(photo: Photo, bench: Bench) -> Group:
    data = photo.path.read_bytes()
    cases = {
        "read": Case(photo.path.read_bytes),
        **{name: Case(partial(decoder.decode, data, photo.path)) for name, decoder in photo.decoders.items()},
    }
    taken = bench.in_turn(cases)
    group = Group(
        photo.path.name,
        "photo",
        figures(taken, ROLES),
        taken.conditions,
        BASELINE,
        facts=photo.facts,
        notes=photo.notes,
    )
    return with_floor(group, bench.limits.decoding(photo.file_bytes, photo.mosaic_bytes))
