"""Compares two results of one machine, figure by figure, by ranks and not by eye: has anything become slower?

Where a figure was timed in turn with a baseline that is not ours, such as LibRaw, the two are compared as multiples of
it, so that a machine that is slower today slows both. What is to be known for certain is measured in turn instead:
`autohdr_bench.speed.against`.
"""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autohdr.errors import SettingsError
from autohdr_bench.speed.machine import same_machine
from autohdr_bench.speed.method.ranks import holm, rank_sum
from autohdr_bench.speed.results import Figure, Group, Result

SLOWER = 1.05
"""Ratio from which a figure may count as slower."""
CHANCE = 0.01
"""Probability, over all figures of a comparison, with which chance may raise an alarm at most."""

Clock = Literal["wall", "cpu"]
CLOCKS: tuple[Clock, ...] = ("wall", "cpu")


@dataclass(frozen=True, slots=True)
class Change:
    """One figure by one clock."""

    name: str
    clock: Clock
    ratio: float
    """How many times as long it takes now."""
    chance: float
    """Probability that equal builds would look like this, corrected for all that were compared."""

    @property
    def slower(self) -> bool:
        """Whether the figure is slower beyond the noise."""
        return self.ratio >= SLOWER and self.chance < CHANCE

    def __str__(self) -> str:
        """A line of a table."""
        mark = "  SLOWER" if self.slower else ""
        return f"  {self.name[:60]:60}{self.clock:>6}{self.ratio:9.3f}x   p {self.chance:.2g}{mark}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two builds, or two results, differ in."""

    changes: tuple[Change, ...]
    left_out: tuple[str, ...] = ()
    """What could not be compared and why, a sentence each."""

    @property
    def slower(self) -> list[Change]:
        """The alarms."""
        return [change for change in self.changes if change.slower]

    def text(self) -> str:
        """A line for each figure and clock, and the outcome."""
        lines = [str(change) for change in self.changes]
        lines += [f"left out: {reason}" for reason in self.left_out]
        slower = sorted({change.name for change in self.slower})
        outcome = f"Slower beyond the noise: {', '.join(slower)}" if slower else "Nothing is slower beyond the noise"
        return "\n".join([*lines, outcome])


def compare(before: Result, after: Result) -> Comparison:
    """Every figure of ours that both results hold.

    Raises:
        SettingsError: they are of two machines, or have nothing in common that was measured undisturbed.
    """
    if not same_machine(before.machine, after.machine):
        names = [f"{one.machine.get('processor')}, {one.machine.get('cores')} cores" for one in (before, after)]
        raise SettingsError(f"the results are of two machines ({' and '.join(names)}); measure both on one")
    changes: list[Change] = []
    leasts: list[float] = []
    left_out: list[str] = []
    for stage in after.stages:
        earlier = before.stage(stage.name)
        for group in stage.groups:
            then = earlier.group(group.name) if earlier is not None else None
            if then is None or not any(figure.role == "ours" for figure in group.figures):
                continue
            if not (group.conditions.valid and then.conditions.valid):
                left_out.append(f"{stage.name}, {group.name}: other processes disturbed it")
                continue
            for change, least in _group(stage.name, then, group):
                changes.append(change)
                leasts.append(least)
    if blind := sum(len(changes) * least >= CHANCE for least in leasts):
        left_out.append(
            f"{blind} of {len(changes)} figures have too few rounds for an alarm, however slow they are; "
            "--against REV can tell"
        )
    if not changes:
        why = f" ({left_out[0]})" if left_out else ""
        raise SettingsError(f"the results have no figures that can be compared{why}; measure the same suites again")
    return Comparison(tuple(corrected(changes)), tuple(left_out))


def corrected(changes: Sequence[Change]) -> list[Change]:
    """The comparisons, corrected for there being several."""
    chances = holm([change.chance for change in changes])
    return [replace(change, chance=chance) for change, chance in zip(changes, chances, strict=True)]


def _group(stage: str, before: Group, after: Group) -> Iterable[tuple[Change, float]]:
    """Each figure by each clock, and the least probability that so many rounds can show."""
    for figure in after.figures:
        then = before.figure(figure.name)
        if figure.role != "ours" or then is None:
            continue
        for clock in CLOCKS:
            old, new = _values(before, then, clock), _values(after, figure, clock)
            if old and new:
                ratio = statistics.median(new) / statistics.median(old)
                change = Change(f"{stage}, {after.name}, {figure.name}", clock, ratio, rank_sum(old, new))
                yield change, 1 / math.comb(len(old) + len(new), len(new))


def _values(group: Group, figure: Figure, clock: Clock) -> list[float]:
    """Seconds by round, or multiples of the baseline's where that is not ours."""
    own: tuple[float, ...] = getattr(figure, clock)
    baseline = group.figure(group.baseline)
    if baseline is not None and baseline.role == "peer":
        others: tuple[float, ...] = getattr(baseline, clock)
        if len(others) == len(own) and min(others, default=0.0) > 0:
            own = tuple(one / other for one, other in zip(own, others, strict=True))
    return [value for value in own if value > 0 and math.isfinite(value)]
