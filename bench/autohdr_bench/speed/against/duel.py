"""Times this checkout against a commit: both builds run each piece in turn, A B B A, and pairs of times are judged by
ranks.

What keeps unchanged code from raising an alarm: each build runs in several processes, since one process may be a few
per cent slower than another of the same code for as long as it lives; the rank test asks for more than `MARGIN`; the
answer is corrected for the number of questions; and an alarm counts only where new processes raise it again.
"""

import json
import math
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from autohdr.errors import SettingsError
from autohdr.system.processors import processors
from autohdr_bench.speed.against import build, worker
from autohdr_bench.speed.compare import CLOCKS, Change, Clock, Comparison, corrected
from autohdr_bench.speed.files import Format, write_photos
from autohdr_bench.speed.method import watch
from autohdr_bench.speed.method.ranks import signed_rank

FORMATS = (Format("mosaic", (3000, 4000)), Format("planes", (1500, 2000), phase="linear"))
LAUNCHES = 3
"""Pairs of processes."""
ROUNDS = 6
"""How many rounds each pair of processes is timed for."""
MARGIN = 0.025
"""Slow-down that the rank test takes for granted: what processes of the same code differ by."""
LEAST = 0.15
"""Seconds that a piece runs at least before it is read."""
ENOUGH = 10
"""Undisturbed rounds below which wall time is not judged."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One piece, one round, both builds: seconds of a run."""

    before: Mapping[Clock, float]
    after: Mapping[Clock, float]
    quiet: bool = True
    """No other process used the cores."""

    def log_ratio(self, clock: Clock) -> float:
        """Above zero where this checkout is slower."""
        return math.log(self.after[clock] / self.before[clock])


@dataclass(frozen=True, slots=True)
class Build:
    """A process of one build."""

    process: "subprocess.Popen[str]"
    said: IO[bytes]
    """What the process complains of, on its standard error."""
    pieces: dict[str, float]
    """The pieces of work that the process can run, with the seconds of one run."""

    def ask(self, name: str, times: int) -> dict[Clock, float]:
        """Seconds of one of so many runs of a piece."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"name": name, "times": times}) + "\n")
        self.process.stdin.flush()
        answer = _told(self.process, self.said)
        return {clock: max(answer[clock], 1e-9) for clock in CLOCKS}


def against(revision: str, on_launch: Callable[[str], None] = lambda told: None) -> Comparison:
    """How this checkout, as it stands, compares with a commit.

    Args:
        revision: as git spells it.
        on_launch: told what is measured now, a line each time.

    Raises:
        SettingsError: there is no such revision, or it shares no piece with this checkout that runs.
    """
    with build.commit(revision) as old, TemporaryDirectory() as folder:
        write_photos(Path(folder), FORMATS)
        trees = (old, build.root())
        comparison = judge(*measure(trees, Path(folder), None, on_launch))
        if not comparison.slower:
            return comparison
        suspects = sorted({change.name for change in comparison.slower})
        on_launch(f"Measuring again: {', '.join(suspects)}")
        return confirm(comparison, judge(*measure(trees, Path(folder), suspects, on_launch)))


def measure(
    trees: tuple[Path, Path],
    folder: Path,
    names: Sequence[str] | None,
    on_launch: Callable[[str], None] = lambda told: None,
    *,
    launches: int = LAUNCHES,
    rounds: int = ROUNDS,
) -> tuple[dict[str, list[Pair]], list[str]]:
    """Pairs of times by piece, of new processes of two trees; and the pieces that only one of them can run.

    Args:
        trees: the earlier one and this one.
        folder: of the photos.
        names: pieces to run; None for all that both builds have.
        on_launch: as `against`.
        launches: pairs of processes.
        rounds: of each.

    Raises:
        SettingsError: the builds have no piece in common.
    """
    pairs: dict[str, list[Pair]] = {}
    missing: set[str] = set()
    for launch in range(launches):
        on_launch(f"Processes {launch + 1} of {launches}")
        with ExitStack() as held:
            started = [held.enter_context(_started(tree, folder)) for tree in trees]
            before, after = (Build(process, said, _told(process, said)) for process, said in started)
            common = [name for name in after.pieces if name in before.pieces and (names is None or name in names)]
            missing |= before.pieces.keys() ^ after.pieces.keys()
            if not common:
                raise SettingsError("the two builds have no piece in common that runs; choose a later revision")
            for index in range(rounds):
                for name in common:
                    times = max(1, math.ceil(LEAST / max(before.pieces[name], after.pieces[name], 1e-6)))
                    pairs.setdefault(name, []).append(_pair(before, after, name, times, swapped=bool(index % 2)))
    return pairs, sorted(missing)


def judge(pairs: Mapping[str, Sequence[Pair]], missing: Sequence[str] = ()) -> Comparison:
    """Wall time of undisturbed rounds, where there are enough, and processor time of all.

    Args:
        pairs: by piece.
        missing: pieces that only one build can run.
    """
    changes: list[Change] = []
    disturbed: list[str] = []
    for name, found in pairs.items():
        for clock in CLOCKS:
            counted = [pair for pair in found if pair.quiet or clock == "cpu"]
            if clock == "wall" and len(counted) < min(ENOUGH, len(found)):
                disturbed.append(name)
                continue
            ratios = [pair.log_ratio(clock) for pair in counted]
            chance = signed_rank([ratio - math.log1p(MARGIN) for ratio in ratios])
            changes.append(Change(name, clock, math.exp(statistics.median(ratios)), chance))
    left_out = [f"{name}: only one of the builds can run it" for name in missing]
    if disturbed:
        left_out.append(f"wall time of {', '.join(disturbed)}: other processes disturbed it; processor time is judged")
    return Comparison(tuple(corrected(changes)), tuple(left_out))


def confirm(first: Comparison, second: Comparison) -> Comparison:
    """The first comparison, in which only those count as slower that are slower in the second, too."""
    again = {(change.name, change.clock): change for change in second.changes}
    changes = tuple(
        again.get((change.name, change.clock), change)
        if change.slower and (change.name, change.clock) in again
        else change
        for change in first.changes
    )
    return Comparison(changes, first.left_out)


def _pair(before: Build, after: Build, name: str, times: int, *, swapped: bool) -> Pair:
    """One round of one piece; each second one begins with the other build."""
    begun = watch.read()
    if swapped:
        new, old = after.ask(name, times), before.ask(name, times)
    else:
        old, new = before.ask(name, times), after.ask(name, times)
    used = watch.foreign(begun, watch.read(), processors())
    return Pair(old, new, used <= watch.FOREIGN)


@contextmanager
def _started(tree: Path, folder: Path) -> Iterator[tuple["subprocess.Popen[str]", IO[bytes]]]:
    """A process of a tree, ended at the end, and what it complains of."""
    command = [sys.executable, "-P", worker.__file__, str(folder)]
    pipe = subprocess.PIPE
    # What it complains of goes to a file: a pipe that nobody reads would stop it when it is full.
    with ExitStack() as held:
        said = held.enter_context(TemporaryFile())
        process = held.enter_context(
            subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=said, text=True, encoding="utf-8", env=build.environment(tree)
            )
        )
        held.callback(process.kill)
        yield process, said


def _told(process: "subprocess.Popen[str]", said: IO[bytes]) -> dict[str, float]:
    """A process's next line.

    Raises:
        SettingsError: it has ended.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        said.seek(0)
        words = said.read().decode(errors="replace").strip().splitlines() or ["without a word"]
        raise SettingsError(f"a build stopped ({words[-1]}); choose another revision for --against")
    told: dict[str, float] = json.loads(line)
    return told
