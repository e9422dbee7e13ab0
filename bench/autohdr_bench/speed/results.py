"""What was measured, as one file of JSON: `Result` holds `Stage`s, these `Group`s of `Figure`s that were timed in turn.

Seconds stand there round by round, so that whoever doubts a median can judge it again.
"""

import json
import statistics
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from autohdr.errors import FileError, SettingsError
from autohdr.files.whole import write_atomically
from autohdr_bench.speed.machine import commit, fingerprint
from autohdr_bench.speed.method.rounds import Conditions, Times
from autohdr_bench.speed.method.stats import QUIET, interval, times, variation
from autohdr_bench.speed.schema import decode, encode

SCHEMA = 1
"""The number of the results' schema, raised whenever a result of an earlier version would be read wrongly."""

Role = Literal["ours", "peer", "floor"]
"""What a figure is of: autohdr; what people would use instead; what the machine allows at best."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The times of one candidate."""

    name: str
    role: Role
    wall: tuple[float, ...]
    """Seconds a unit, by round. A floor that is computed from a rate has one."""
    cpu: tuple[float, ...]
    """Processor time, the same."""
    memory: int | None = None
    """Most bytes that a process doing it held, or that one unit in flight takes; the note says which."""
    note: str = ""

    @classmethod
    def of(cls, name: str, role: Role, taken: Times, *, memory: int | None = None, note: str = "") -> "Figure":
        """A figure that was timed."""
        return cls(name, role, taken.wall, taken.cpu, memory, note)

    @classmethod
    def computed(cls, name: str, seconds: float, note: str) -> "Figure":
        """A floor that follows from a rate measured elsewhere in the run, which the note tells."""
        return cls(name, "floor", (seconds,), (), None, note)

    @property
    def median(self) -> float:
        """Seconds a unit."""
        return statistics.median(self.wall)

    @property
    def processor(self) -> float | None:
        """Median processor time, seconds a unit; None of what was not timed."""
        return statistics.median(self.cpu) if self.cpu else None

    @property
    def interval(self) -> tuple[float, float]:
        """The confidence interval of the median."""
        return interval(self.wall)

    @property
    def spread(self) -> float:
        """Coefficient of variation of the wall time."""
        return variation(self.wall)

    @property
    def noisy(self) -> bool:
        """Whether it spreads by more than 2.5 %."""
        return self.spread > QUIET


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that did the same work in turn."""

    name: str
    """The name of the work: a file, a batch, a shoot."""
    unit: str
    """What times are told for: `photo`, `step`, `GB`."""
    figures: tuple[Figure, ...]
    conditions: Conditions
    baseline: str | None = None
    """The candidate that the others are compared with."""
    floor: str | None = None
    """The figure that says what the machine allows at best."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Facts about the work, as plain JSON: megapixels, bytes, and the like."""
    notes: tuple[str, ...] = ()
    """What is to be known of it, a sentence each."""

    def figure(self, name: str | None) -> Figure | None:
        """The candidate of that name, where there is one."""
        return next((figure for figure in self.figures if figure.name == name), None)

    def times_as_fast(self, figure: Figure) -> float | None:
        """How many times as fast as the baseline a candidate is."""
        baseline = self.figure(self.baseline)
        return None if baseline is None else times(baseline.wall, figure.wall)

    def of_floor(self, figure: Figure) -> float | None:
        """How many times as long as the floor it takes."""
        floor = self.figure(self.floor)
        return None if floor is None else times(figure.wall, floor.wall)


@dataclass(frozen=True, slots=True)
class Stage:
    """One suite's groups."""

    name: str
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()
    """What could not be measured and why, a sentence each."""
    extra: dict[str, Any] = field(default_factory=dict)
    """What is no time, plain JSON: series over time, models."""

    def group(self, name: str) -> Group | None:
        """The group of that name, where there is one."""
        return next((group for group in self.groups if group.name == name), None)


@dataclass(frozen=True, slots=True)
class Result:
    """One run of `autohdr bench`."""

    schema: int
    commit: str | None
    """The commit of the checkout that was measured; None outside of one."""
    dirty: bool | None
    """Whether the checkout had changes that were not committed."""
    made: str
    """UTC, ISO 8601."""
    profile: str
    machine: dict[str, Any]
    """The machine's description, as `machine.fingerprint` gives it."""
    seconds: float
    """The whole took."""
    stages: tuple[Stage, ...]

    def stage(self, name: str) -> Stage | None:
        """The stage of that name, where there is one."""
        return next((stage for stage in self.stages if stage.name == name), None)

    @classmethod
    def of(cls, profile: str, stages: tuple[Stage, ...], seconds: float) -> "Result":
        """The result of stages measured just now, in that many seconds, on this machine."""
        begun = datetime.now(UTC) - timedelta(seconds=seconds)
        made = begun.isoformat(timespec="seconds")
        return cls(SCHEMA, *commit(), made, profile, fingerprint(), seconds, stages)

    @property
    def disturbed(self) -> list[str]:
        """The groups, as `stage: group`, that other processes disturbed."""
        return [
            f"{stage.name}: {group.name}"
            for stage in self.stages
            for group in stage.groups
            if not group.conditions.valid
        ]

    def to_json(self) -> str:
        """The file's text."""
        return json.dumps(self.to_dict(), indent=1) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        found: dict[str, Any] = encode(self)
        return found

    @classmethod
    def from_json(cls, text: str, where: str = "the result") -> "Result":
        """What `to_json` wrote; `where` names it in messages.

        Raises:
            SettingsError: it is of another version, or damaged.
        """
        try:
            data = json.loads(text)
        except ValueError as error:
            raise SettingsError(f"{where} is no JSON ({error}); name a file that autohdr bench wrote") from error
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            found = data.get("schema") if isinstance(data, dict) else None
            raise SettingsError(f"{where} has schema {found}; this autohdr reads {SCHEMA}: measure again")
        made = decode(cls, data, where)
        _refuse_impossible(made, where)
        return made


def _refuse_impossible(result: Result, where: str) -> None:
    """Refuses a result that is impossible in ways that types do not tell."""
    for stage in result.stages:
        for group in stage.groups:
            names = [figure.name for figure in group.figures]
            place = f"{where}: {stage.name}, {group.name}"
            if len(set(names)) < len(names) or not {group.baseline, group.floor} <= {None, *names}:
                raise SettingsError(
                    f"{place} has figures {', '.join(names)}; expected each once, baseline and floor too"
                )
            for figure in group.figures:
                if not figure.wall or min(figure.wall) <= 0 or min(figure.cpu, default=0.0) < 0:
                    raise SettingsError(f"{place}, {figure.name} has times {figure.wall}; expected some, above zero")


def save(result: Result, path: Path) -> None:
    """Raises:
    FileError: it cannot be written.
    """
    write_atomically(path, result.to_json().encode())


def load(path: Path) -> Result:
    """Raises:
    FileError: the file cannot be read.
    SettingsError: it is no result.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise FileError(f"{path}: cannot be read ({reason}); name a result of autohdr bench") from error
    return Result.from_json(text, str(path))
