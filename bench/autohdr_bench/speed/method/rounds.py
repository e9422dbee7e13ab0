"""Timings that can be compared: the cases take turns, A B C A B C, so that a drifting machine slows all alike.

After each round it is asked what else the machine did. A round in which other processes used the cores does not count
and is repeated; where the machine stays disturbed, what was measured is kept and marked as not valid.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autohdr.system.processors import processors
from autohdr_bench.speed.method import watch

LEAST = 0.05
"""Seconds that a case runs at least before it is read: shorter ones are run several times."""
SLOWED = 0.05
"""Loss of pace from which the clock counts as slowed down."""


@dataclass(frozen=True, slots=True)
class Case:
    """Something to time. It ends when its work is done: one that uses a device waits for it."""

    run: Callable[[], object]
    units: float = 1.0
    """Photos, steps or the like that one run does; times are told per unit."""
    before: Callable[[], object] | None = None
    """Makes ready for one run; not timed."""


@dataclass(frozen=True, slots=True)
class Times:
    """One case's seconds a unit, by round."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]
    """Processor time, of all threads and child processes."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The state of the machine while something was timed."""

    rounds: int
    """How many rounds count."""
    disturbed: int
    """Rounds in which other processes used more of the cores than `watch.FOREIGN`."""
    foreign: float
    """Largest share of all cores that others used in a round that counts."""
    slowed: float
    """Largest loss of the clock's pace in a round that counts, against the quickest; 0.1 is a tenth slower."""
    valid: bool
    """Enough rounds were undisturbed."""

    @property
    def throttled(self) -> bool:
        """Whether the clock slowed down by more than `SLOWED`."""
        return self.slowed > SLOWED


@dataclass(frozen=True, slots=True)
class Taken:
    """The times of cases that took turns, and the conditions meanwhile."""

    times: dict[str, Times]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of every case."""

    wall: dict[str, float]
    cpu: dict[str, float]
    foreign: float
    pace: float
    """Seconds of `watch.pace` after it."""


def in_turn(cases: Mapping[str, Case], *, rounds: int) -> Taken:
    """Each case's times, by name, after one run of each that does not count.

    Args:
        cases: what to time, in the order of a round.
        rounds: that count, at least 1. Half as many again are tried where some are disturbed.
    """
    repeats = {name: _warm_up(case) for name, case in cases.items()}
    return collect(lambda: _round(cases, repeats), rounds=rounds)


def collect(one: Callable[[], Round], *, rounds: int) -> Taken:
    """Rounds until enough are undisturbed, or half as many again as are asked for were tried."""
    taken: list[Round] = []
    while len(taken) < rounds + (rounds + 1) // 2 and sum(map(_is_quiet, taken)) < rounds:
        taken.append(one())
    quiet = [found for found in taken if _is_quiet(found)]
    valid = len(quiet) >= rounds
    kept = quiet if valid else taken
    quickest = min(found.pace for found in taken)
    conditions = Conditions(
        rounds=len(kept),
        disturbed=len(taken) - len(quiet),
        foreign=round(max(found.foreign for found in kept), 4),
        slowed=round(max(found.pace for found in kept) / quickest - 1, 4),
        valid=valid,
    )
    times = {
        name: Times(tuple(found.wall[name] for found in kept), tuple(found.cpu[name] for found in kept))
        for name in kept[0].wall
    }
    return Taken(times, conditions)


def _is_quiet(found: Round) -> bool:
    return found.foreign <= watch.FOREIGN


def _warm_up(case: Case) -> int:
    """Runs a case once, and once more where it may be short; how often it is to run at a time."""
    first = _seconds(case)
    if case.before is not None or first > 20 * LEAST:
        return 1
    return max(1, math.ceil(LEAST / max(_seconds(case), 1e-7)))


def _seconds(case: Case) -> float:
    if case.before is not None:
        case.before()
    begun = time.perf_counter()
    case.run()
    return time.perf_counter() - begun


def _round(cases: Mapping[str, Case], repeats: Mapping[str, int]) -> Round:
    wall, cpu = {}, {}
    whole = watch.read()
    for name, case in cases.items():
        if case.before is not None:
            case.before()
        used, begun = watch.own_seconds(), time.perf_counter()
        for _ in range(repeats[name]):
            case.run()
        ended = time.perf_counter()
        units = repeats[name] * case.units
        wall[name], cpu[name] = (ended - begun) / units, (watch.own_seconds() - used) / units
    return Round(wall, cpu, watch.foreign(whole, watch.read(), processors()), watch.pace())
