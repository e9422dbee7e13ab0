"""The sums of a run, one result after the other: what is said at its end, however many photos it had."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autohdr.run.results.result import Result, Status
from autohdr.series.join import Kind
from autohdr.style.confidence.doubt import to_check

NAMED = 3
"""Photos that are named under each reason."""
OPEN = 4096
"""Series that may still have photos: those of one follow one another."""
REASONS = 1000
"""Kinds of reasons that are told apart; they do not grow with the run but by a fault."""


@dataclass(slots=True)
class Group:
    """Photos that ended in one way, for reasons that differ in names and numbers alone."""

    status: Status
    reason: str
    """The reason of the first photo, without its name."""
    count: int = 0
    names: list[str] = field(default_factory=list)
    """The first few."""


@dataclass(slots=True)
class Sums:
    """Counts of the results of a run."""

    ended: Counter[Status] = field(default_factory=Counter)
    marked: int = 0
    """Photos that were labelled and have a mark of autohdr's."""
    in_series: int = 0
    """Photos that are labelled with others."""
    _doubted: list[int] = field(default_factory=lambda: [0, 0])
    _open: dict[tuple[Path, str], Kind] = field(default_factory=dict)
    _kinds: Counter[Kind] = field(default_factory=Counter)
    _groups: dict[tuple[Status, str], Group] = field(default_factory=dict)

    @classmethod
    def of(cls, results: Iterable[Result]) -> "Sums":
        """The sums of results that are there."""
        found = cls()
        for result in results:
            found.add(result)
        return found

    def add(self, result: Result) -> None:
        """Counts one more result; those of a series follow one another."""
        self.ended[result.status] += 1
        self.marked += result.marked
        if result.why is not None:
            self._doubted[0] += to_check(result.difference, result.why.unlike)
            self._doubted[1] += 1
        if result.series is not None:
            self.in_series += 1
            self._open[result.path.parent, result.series.first] = result.series.kind
            if len(self._open) > OPEN:
                self._kinds[self._open.pop(next(iter(self._open)))] += 1
        if result.status != "labelled":
            self._group(result)

    @property
    def photos(self) -> int:
        """Photos that ended."""
        return self.ended.total()

    @property
    def to_check(self) -> tuple[int, int] | None:
        """How many photos are worth a look, as of `doubt.to_check`, and of how many that can be said; None where no
        style labelled any."""
        some, every = self._doubted
        return (some, every) if every else None

    @property
    def kinds(self) -> Counter[Kind]:
        """How many series there are of each kind."""
        return self._kinds + Counter(self._open.values())

    def groups(self, status: Status) -> Iterator[Group]:
        """The reasons of the photos that ended so, the most frequent first."""
        found = [group for group in self._groups.values() if group.status == status]
        yield from sorted(found, key=lambda group: group.count, reverse=True)

    def _group(self, result: Result) -> None:
        reason = _reason(result)
        key = (result.status, re.sub(r"\d+(\.\d+)?", "#", reason))
        if key not in self._groups and len(self._groups) >= REASONS:
            key, reason = (result.status, ""), "for other reasons; --report FILE.csv lists them"
        group = self._groups.setdefault(key, Group(result.status, reason))
        group.count += 1
        if len(group.names) < NAMED:
            group.names.append(result.path.name)


def _reason(result: Result) -> str:
    """A result's sentence without its photo's name: `*` stands for that, so that those of many photos are alike."""
    reason = (result.reason or "").replace(str(result.path.parent / "x")[:-1], "")
    named = re.sub(rf"(?<!\w){re.escape(result.path.stem)}\.(?=\w)", "*.", reason)
    return named.removeprefix(f"*{result.path.suffix}: ")
