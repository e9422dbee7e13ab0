"""How throughput grows with threads: each thread prepares all of the photos, so that all end together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from autohdr.raw.prepare import prepare_photo
from autohdr.spec import InputSpec
from autohdr_bench.speed.method.rounds import Case
from autohdr_bench.speed.photo import Photo
from autohdr_bench.speed.results import Group
from autohdr_bench.speed.suites.base import Bench, figures

GROUP = "threads"
ONE = "1"


def scaling(bench: Bench) -> Group:
    """Times 1 thread up to `bench.threads`, in turn, each photo with the fastest decoder that may count.

    Times are of one photo of all that the threads prepare, so that where scaling is perfect two threads halve them.
    """
    counts = steps(bench.threads)
    cases = {
        str(count): Case(partial(_together, count, bench.photos), units=count * len(bench.photos)) for count in counts
    }
    taken = bench.in_turn(cases, slow=True)
    notes = ("each thread prepares all of the files",)
    found = figures(taken, {str(count): "ours" for count in counts})
    return Group(GROUP, "photo", found, taken.conditions, ONE, notes=notes)


def steps(most: int) -> list[int]:
    """1, 2, 4 and so on below `most`, and `most`."""
    return [*(2**power for power in range((most - 1).bit_length())), most]


def _together(count: int, photos: Sequence[Photo]) -> None:
    def walk(first: int) -> None:
        # Not all threads on the same file at once: that is not how a shoot is read.
        for step in range(len(photos)):
            photo = photos[(first + step) % len(photos)]
            prepare_photo(photo.path, InputSpec(), photo.fastest)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(walk, range(count)))
