"""Judging two builds: on numbers, with the noise that machines have, and once on two real processes."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr_bench.speed.against import build, worker
from autohdr_bench.speed.against.duel import LAUNCHES, ROUNDS, Pair, confirm, judge
from autohdr_bench.speed.compare import Comparison
from autohdr_bench.speed.files import Format, write_photos

PIECES = 10


def simulated(numbers: random.Random, slower: float = 1.0, *, noise: float = 0.04) -> Comparison:
    """What `measure` finds on a machine whose processes differ by 1 % and whose rounds do by `noise`; the first piece
    is slower, its processor time with it."""
    pairs: dict[str, list[Pair]] = {f"piece {index}": [] for index in range(PIECES)}
    for _ in range(LAUNCHES):
        for index, found in enumerate(pairs.values()):
            bias = numbers.gauss(1, 0.01) * (slower if index == 0 else 1.0)
            for _ in range(ROUNDS):
                old, new = (numbers.gauss(1, noise) for _ in range(2))
                found.append(Pair({"wall": old, "cpu": old}, {"wall": bias * new, "cpu": bias * new}))
    return judge(pairs)


def outcome(numbers: random.Random, slower: float = 1.0) -> list[str]:
    """The alarms of a whole run: those that a second measurement confirms."""
    first = simulated(numbers, slower)
    found = confirm(first, simulated(numbers, slower)) if first.slower else first
    return sorted({change.name for change in found.slower})


def test_unchanged_code_raises_no_alarm() -> None:
    numbers = random.Random(0)
    assert [outcome(numbers) for _ in range(100)] == [[]] * 100


def test_fifteen_per_cent_are_caught() -> None:
    numbers = random.Random(1)
    assert [outcome(numbers, 1.15) for _ in range(50)] == [["piece 0"]] * 50


def test_three_per_cent_are_no_alarm() -> None:
    numbers = random.Random(2)
    assert all(outcome(numbers, 1.03) == [] for _ in range(30))


def test_wall_time_of_disturbed_rounds_is_not_judged() -> None:
    """Processor time alone is, and the report says so."""
    slow = Pair({"wall": 1.0, "cpu": 1.0}, {"wall": 2.0, "cpu": 1.0}, quiet=False)
    found = judge({"piece": [slow] * 18})
    assert [change.clock for change in found.changes] == ["cpu"]
    assert found.slower == []
    assert "wall time of piece" in found.left_out[0]


def test_a_piece_that_one_build_lacks_is_named() -> None:
    found = judge({"piece": [Pair({"wall": 1.0, "cpu": 1.0}, {"wall": 1.0, "cpu": 1.0})] * 3}, ["new piece"])
    assert found.left_out == ("new piece: only one of the builds can run it",)


def test_an_alarm_that_does_not_come_again_is_none() -> None:
    numbers = random.Random(3)
    first, second = simulated(numbers, 1.2), simulated(numbers)
    assert first.slower
    assert confirm(first, second).slower == []


def test_a_revision_that_is_not_there_is_one_sentence() -> None:
    try:
        build.root()
    except SettingsError:
        pytest.skip("needs a git checkout")
    with pytest.raises(SettingsError, match=r"check the revision of --against"), build.commit("no-such-revision"):
        pass


def test_a_commit_stands_beside_the_checkout_as_long_as_it_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> str:
        named = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        command = ["git", "-C", str(tmp_path), *named, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet")
    (tmp_path / "kernel.py").write_text("then")
    git("add", "kernel.py")
    git("commit", "--quiet", "--message", "then")
    (tmp_path / "kernel.py").write_text("now")
    monkeypatch.setattr(build, "root", lambda: tmp_path)
    with build.commit("HEAD") as tree:
        assert (tree / "kernel.py").read_text() == "then"
    assert not tree.exists()
    assert (tmp_path / "kernel.py").read_text() == "now"
    assert len(git("worktree", "list").splitlines()) == 1


def test_a_process_runs_the_pieces_of_the_build_that_it_is_given(tmp_path: Path) -> None:
    """Another build is another tree: here one whose only module says so."""
    (tmp_path / "runtime" / "autohdr").mkdir(parents=True)
    (tmp_path / "runtime" / "autohdr" / "__init__.py").write_text("raise ImportError('the other tree')")
    done = subprocess.run(
        [sys.executable, "-P", worker.__file__, str(tmp_path)],
        input="",
        capture_output=True,
        text=True,
        env=build.environment(tmp_path),
        check=True,
    )
    assert json.loads(done.stdout) == {}
    assert "the other tree" in done.stderr


def test_pieces_of_this_build_run_and_answer(tmp_path: Path) -> None:
    write_photos(tmp_path, (Format("mosaic", (96, 144)),))
    photos = {"mosaic": tmp_path / "mosaic.dng"}
    found = dict([*worker.decoding(photos), *worker.preparing(photos)])
    assert {"decode, libraw", "prepare, mosaic, srgb", "prepare, mosaic, pu21-pmax"} <= set(found)
    told = worker.timed(found["prepare, mosaic, srgb"], 2)
    assert set(told) == {"wall", "cpu"}
    assert told["wall"] > 0
