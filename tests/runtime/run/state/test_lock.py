"""One run at a time in a folder."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autohdr import SettingsError
from autohdr.run.state.lock import hold
from tests.runtime.run.processes import start

_HOLD = (
    "import sys, time; from pathlib import Path; from autohdr.run.state.lock import hold\n"
    "with hold([Path(sys.argv[1])], Path(sys.argv[2])): print('held', flush=True); time.sleep(600)"
)


@pytest.fixture
def root(shoot: Path) -> Path:
    return Path(os.path.realpath(shoot))


@pytest.fixture
def other_run(root: Path, state: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that works in the shoot."""
    with subprocess.Popen([sys.executable, "-c", _HOLD, root, state], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def run(*arguments: str | Path) -> tuple[int, str]:
    process = start(*arguments)
    errors = process.communicate()[1]
    return process.returncode, errors


@pytest.mark.usefixtures("other_run")
@pytest.mark.parametrize("where", [".", "..", "deep", "IMG_0.dng"])
def test_a_second_run_in_above_or_below_a_folder_stops_with_one_sentence(
    root: Path, small_model: Path, where: str
) -> None:
    (root / "deep").mkdir()
    code, errors = run(root / where, "--model", small_model)
    assert code == 2
    assert errors.startswith("Error: another run of autohdr works in ")
    assert len(errors.splitlines()) == 1
    assert str(root) in errors
    assert not list(root.glob("*.xmp"))


@pytest.mark.usefixtures("other_run")
def test_a_run_elsewhere_and_a_dry_run_are_in_nobodys_way(root: Path, small_model: Path, tmp_path: Path) -> None:
    (tmp_path / "shoot-2").mkdir()
    assert run(tmp_path / "shoot-2", "--model", small_model)[0] == 0
    assert run(root, "--model", small_model, "--dry-run")[0] == 0


def test_the_lock_of_a_run_that_was_killed_holds_nobody_up(
    root: Path, state: Path, other_run: "subprocess.Popen[str]"
) -> None:
    other_run.kill()
    other_run.wait()
    (root / "deep").mkdir()
    notes = [path for path in state.glob("*/holder.json") if json.loads(path.read_text())["root"] == str(root)]
    assert len(notes) == 1
    with hold([root / "deep"], state):
        pass
    with hold([root], state):
        pass


def test_a_lock_is_given_back(root: Path, state: Path) -> None:
    with hold([root], state), pytest.raises(SettingsError), hold([root], state):
        pass
    with hold([root], state):
        pass


def test_a_folder_by_another_name_is_the_same_folder(
    root: Path, state: Path, tmp_path: Path, other_run: "subprocess.Popen[str]"
) -> None:
    try:
        (tmp_path / "link").symlink_to(root, target_is_directory=True)
    except OSError:
        pytest.skip("symbolic links need a right here that this user lacks")
    assert other_run.poll() is None
    with pytest.raises(SettingsError, match=f"process {other_run.pid} on "), hold([tmp_path / "link"], state):
        pass


def parts(root: Path, state: Path, *names: str) -> None:
    """Holds several at once."""
    with contextlib.ExitStack() as held:
        for name in names:
            held.enter_context(hold([root], state, name))


def test_shards_of_one_run_are_not_in_each_others_way(root: Path, tmp_path: Path) -> None:
    parts(root, tmp_path, "shard-1-of-3", "shard-3-of-3", "shard-2-of-3")
    assert not list(tmp_path.rglob("holder.json"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("shard-1-of-3", "shard-1-of-3"),
        ("shard-1-of-3", "shard-2-of-4"),
        ("shard-1-of-3", "shard-1-of-33"),
        ("shard-1-of-3", ""),
        ("", "shard-1-of-3"),
    ],
)
def test_two_that_may_label_the_same_photo_exclude_each_other(
    root: Path, tmp_path: Path, first: str, second: str
) -> None:
    named = "--shard 1/3, process" if first else r"\(process"
    with pytest.raises(SettingsError, match=named):
        parts(root, tmp_path, first, second)


def test_a_shard_of_another_folder_counts_as_another_run(root: Path, tmp_path: Path) -> None:
    (root / "deep").mkdir()
    with hold([root], tmp_path, "shard-1-of-3"), pytest.raises(SettingsError, match="another run of autohdr works"):
        parts(root / "deep", tmp_path, "shard-2-of-3")
