"""What a stage keeps comes back as it was, or not at all; and only to the run that kept it."""

import contextlib
import dataclasses
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.errors import LearningError, SettingsError
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.recipes.recipe import Recipe
from autohdr_train.recipes.unfinished import KEEP_EVERY, Stage, Unfinished, identity, is_unfinished
from tests.runtime.crashes import CODE, WRITING

ROOT = Path(__file__).resolve().parents[3]


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "stage.pt")
    assert stage.restore() is None
    stage.keep({"step": 3, "weights": torch.arange(6.0)})
    kept = stage.restore()
    assert kept is not None
    assert kept["step"] == 3
    assert torch.equal(kept["weights"], torch.arange(6.0))


def test_a_stage_with_a_flipped_bit_begins_again(tmp_path: Path) -> None:
    """torch itself would load it, with another weight."""
    stage = Stage(tmp_path / "stage.pt")
    stage.keep({"weights": torch.arange(1000.0)})
    whole = stage.path.read_bytes()
    for place in range(0, len(whole), len(whole) // 50):
        stage.path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert stage.restore() is None
    stage.path.write_bytes(whole[:-1])
    assert stage.restore() is None


def some() -> TensorDataset:
    pixels = np.zeros((4, 3, 16, 16), np.float32)
    return TensorDataset(pixels, np.zeros((4, 8), np.float32), ["a", "a", "b", "b"], np.arange(4.0))


def test_a_run_is_known_by_its_recipe_its_input_and_its_photos() -> None:
    photos, recipe, spec = some(), Recipe("test", head="linear", epochs=1), InputSpec(size=16)
    one = identity(recipe, spec, photos)
    assert json.dumps(one) == json.dumps(identity(recipe, spec, some()))
    other = some()
    other.labels[2, 3] += 0.5
    assert identity(recipe, spec, other) != one
    other = some()
    other.captured[0] = np.nan
    assert identity(recipe, spec, other) != one
    other = some()
    other.groups[0] = "c"
    assert identity(recipe, spec, other) != one
    assert identity(dataclasses.replace(recipe, seed=1), spec, photos) != one
    assert identity(recipe, dataclasses.replace(spec, size=32), photos) != one


def test_the_same_run_goes_on_and_finds_what_it_kept(tmp_path: Path) -> None:
    Unfinished(tmp_path, {"run": 1}).stage("training").keep({"step": 3})
    assert is_unfinished(tmp_path)
    assert Unfinished(tmp_path, {"run": 1}).stage("training").restore() == {"step": 3}


def test_another_run_is_refused_while_something_is_kept_and_says_what_differs(tmp_path: Path) -> None:
    Unfinished(tmp_path, {"run": 1, "seed": 0, "input": 8}).stage("training").keep({"step": 3})
    with pytest.raises(SettingsError, match="an unfinished run with other run and seed; repeat its command") as refusal:
        Unfinished(tmp_path, {"run": 2, "seed": 1, "input": 8})
    assert str(tmp_path / "unfinished") in str(refusal.value)
    assert Unfinished(tmp_path, {"run": 1, "seed": 0, "input": 8}).stage("training").restore() == {"step": 3}


@pytest.mark.parametrize("held", [b"", b"no JSON", b"[]", b"null", b'{"run": 1}'])
def test_where_nothing_was_kept_any_run_begins(tmp_path: Path, held: bytes) -> None:
    Unfinished(tmp_path, {"run": 1})
    (tmp_path / "unfinished" / "run.json").write_bytes(held)
    (tmp_path / "unfinished" / "scrap").touch()
    begun = Unfinished(tmp_path, {"run": 2})
    assert [path.name for path in begun.folder.iterdir()] == ["run.json"]
    assert json.loads((begun.folder / "run.json").read_text()) == {"run": 2}


@pytest.mark.parametrize(("error", "gone"), [(None, True), (LearningError("too few"), True), (OSError(), False)])
def test_it_is_gone_once_the_run_is_over_and_stays_where_it_was_stopped(
    tmp_path: Path, error: Exception | None, gone: bool
) -> None:
    with contextlib.suppress(LearningError, OSError), Unfinished(tmp_path, {"run": 1}) as run:
        run.stage("training").keep({"step": 1})
        if error is not None:
            raise error
    assert is_unfinished(tmp_path) is not gone
    assert (tmp_path / "unfinished").exists() is not gone


def test_each_stage_is_a_file_of_its_own_and_can_be_forgotten(tmp_path: Path) -> None:
    run = Unfinished(tmp_path, {})
    one, other = run.stage("one"), run.stage("other")
    one.keep({"step": 1})
    other.keep({"step": 2})
    one.remove()
    one.remove()
    assert (one.restore(), other.restore()) == (None, {"step": 2})


def test_a_stage_is_due_once_so_many_seconds_have_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    stage = Stage(tmp_path / "stage.pt")
    seen = []
    for moment in (100.0, 100.0 + KEEP_EVERY - 1, 100.0 + KEEP_EVERY):
        now[0] = moment
        seen.append(stage.is_due)
    assert seen == [False, False, True]
    stage.keep({})
    assert not stage.is_due


@pytest.mark.parametrize("point", WRITING)
def test_a_crash_while_it_is_kept_leaves_what_was_kept_before_or_now(tmp_path: Path, point: str) -> None:
    stage = Stage(tmp_path / "stage.pt")
    stage.keep({"step": 1})
    code = (
        "import sys; from pathlib import Path; from autohdr_train.recipes.unfinished import Stage; "
        "from tests.runtime.crashes import die_at; die_at(sys.argv[1]); Stage(Path(sys.argv[2])).keep({'step': 2})"
    )
    command = [sys.executable, "-c", code, f"written: {point}", str(stage.path)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == CODE
    assert stage.restore() == {"step": 2 if point == "a file has its name" else 1}
