"""How throughput grows with threads: each thread prepares all of the photos, so that all end together.

Where scaling is perfect, many threads take as long as one.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from autohdr.raw.prepare import prepare_photo
from autohdr.spec import InputSpec
from autohdr_bench.photo import Photo
from autohdr_bench.results import spread_cell, timing_row
from autohdr_bench.timing import Timing, in_turn, ratio


@dataclass(frozen=True, slots=True)
class Scaling:
    """By number of threads, 1 among them."""

    photos: int
    """That each thread prepared."""
    timings: dict[int, Timing]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: by number of threads, throughput and how many times one thread's it is."""
        return {
            str(threads): {
                **timing_row(timing),
                "raws_per_second": round(self._raws_per_second(threads), 3),
                "times_one_thread": round(self._times_one_thread(threads), 3),
            }
            for threads, timing in self.timings.items()
        }

    def lines(self) -> list[str]:
        """A line for each number of threads."""
        head = f"{'threads, each preparing all of the files':<42}{'RAW/s':>11}{'of one':>11}{'spread':>11}"
        rows = [
            f"  {threads:<40}{self._raws_per_second(threads):11.2f}{self._times_one_thread(threads):10.2f}x"
            f"{spread_cell(timing):>11}"
            for threads, timing in self.timings.items()
        ]
        return [head, *rows, ""]

    def _raws_per_second(self, threads: int) -> float:
        return threads * self.photos / self.timings[threads].median

    def _times_one_thread(self, threads: int) -> float:
        return threads * ratio(self.timings[1], self.timings[threads])


def steps(most: int) -> list[int]:
    """1, 2, 4 and so on below `most`, and `most`."""
    return [*(2**power for power in range((most - 1).bit_length())), most]


def measure(photos: Sequence[Photo], *, threads: int, repeats: int) -> Scaling:
    """Times 1 thread up to `threads`, in turn, each photo with the fastest decoder that may count."""

    def walk(first: int) -> None:
        # Not all threads on the same file at once: that is not how a shoot is read.
        for step in range(len(photos)):
            photo = photos[(first + step) % len(photos)]
            prepare_photo(photo.path, InputSpec(), photo.fastest)

    def together(count: int) -> None:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(walk, range(count)))

    candidates: dict[str, Callable[[], object]] = {str(count): partial(together, count) for count in steps(threads)}
    taken = in_turn(candidates, repeats=repeats)
    return Scaling(len(photos), {int(count): timing for count, timing in taken.items()})
