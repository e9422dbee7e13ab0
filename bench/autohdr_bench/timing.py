"""Timings that can be compared: the candidates take turns, A B C A B C, so that a drifting machine slows all alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

QUIET = 0.025
"""Spread up to which the machine counts as quiet."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that one candidate took, each run in turn with the others."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Coefficient of variation; above `QUIET` the machine was not quiet."""
        return statistics.stdev(self.seconds) / statistics.fmean(self.seconds) if len(self.seconds) > 1 else 0.0


def in_turn(candidates: Mapping[str, Callable[[], object]], *, repeats: int) -> dict[str, Timing]:
    """Each candidate's time, by name, after one run of each that is not counted.

    Args:
        candidates: what to time, in the order of a round.
        repeats: rounds, at least 1.
    """
    for candidate in candidates.values():
        candidate()
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(repeats):
        for name, candidate in candidates.items():
            begun = time.perf_counter()
            candidate()
            seconds[name].append(time.perf_counter() - begun)
    return {name: Timing(tuple(taken)) for name, taken in seconds.items()}


def ratio(slow: Timing, fast: Timing) -> float:
    """How many times as fast `fast` is: the median over rounds, pair by pair."""
    return statistics.median(one / other for one, other in zip(slow.seconds, fast.seconds, strict=True))
