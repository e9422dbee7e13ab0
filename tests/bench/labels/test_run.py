"""The study runs each cell once, keeps what came of it, and goes on where it was stopped."""

import copy
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.errors import ModelError, SettingsError
from autohdr_bench.labels import edits, methods, surroundings
from autohdr_bench.labels.inside import read_inside
from autohdr_bench.labels.run import LINES, PREDICTIONS, read_lines, run
from autohdr_bench.labels.study import Study, crossed
from autohdr_bench.labels.surroundings import Surroundings
from autohdr_scenes.photographers import PHOTOGRAPHERS
from autohdr_train.network.model import SliderNet
from tests.train.conftest import SMALL as SPEC

PEOPLE = tuple(PHOTOGRAPHERS)[:2]


def study(start: Path) -> Study:
    variants = crossed(("mean", "ridge"), (), draws=2) + crossed(
        ("autohdr2024",), (str(start),), ("none", "turn"), draws=1
    )
    return Study(variants, PEOPLE, (5, 10), steps=3, photos=24, held_out=12)


@pytest.fixture
def algebra(monkeypatch: pytest.MonkeyPatch, foreign_vit: Path) -> None:
    """Plain algebra on photos of 32 pixels, too."""
    monkeypatch.setattr(surroundings, "DEFAULT", str(foreign_vit))


@pytest.mark.usefixtures("algebra")
def test_every_cell_is_a_line_and_what_is_done_is_not_done_again(
    around: Surroundings, foreign_vit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = run(study(foreign_vit), around, tmp_path)
    assert len(lines) == 2 * 2 * 2 * 2 + 2 * 2 * 2
    assert (tmp_path / LINES).read_text().count("\n") == len(lines)
    trained = [line for line in lines if line["method"] == "autohdr2024"]
    assert {line["curve"][-1]["step"] for line in trained} == {3}
    assert {line["steps"] for line in lines if line["method"] == "mean"} == {None}
    assert [len(line["scores"]["mae"]) for line in lines] == [8] * len(lines)
    drawn = {line["key"] for line in lines if line["draw"] == 0}
    assert {path.stem for path in (tmp_path / PREDICTIONS).iterdir()} == drawn

    def never(_: methods.Task) -> methods.Outcome:
        raise AssertionError("it is done already")

    stopped = {name: dataclasses.replace(method, learn=never) for name, method in methods.METHODS.items()}
    monkeypatch.setattr("autohdr_bench.labels.run.METHODS", stopped)
    assert run(study(foreign_vit), around, tmp_path) == lines


@pytest.mark.usefixtures("algebra")
def test_a_torn_line_is_run_again(around: Surroundings, tmp_path: Path) -> None:
    small = Study(crossed(("mean",), (), draws=2), PEOPLE, (5,), steps=1, photos=24, held_out=12)
    lines = run(small, around, tmp_path)
    whole = (tmp_path / LINES).read_bytes()
    (tmp_path / LINES).write_bytes(whole[:-40])
    assert len(read_lines(tmp_path)) == len(lines) - 1
    again = run(small, around, tmp_path)
    assert [line["scores"] for line in again] == [line["scores"] for line in lines]
    assert all(json.loads(line) for line in (tmp_path / LINES).read_text().splitlines())


@pytest.mark.usefixtures("algebra")
def test_a_slider_that_a_photographer_does_not_use_is_not_scored(around: Surroundings, tmp_path: Path) -> None:
    name = next(name for name, who in PHOTOGRAPHERS.items() if not who.uses.all())
    [line] = run(Study(crossed(("mean",), (), draws=1), (name,), (5,), 1, 24, 12), around, tmp_path)
    scored = [value is not None for value in line["scores"]["mae"]]
    np.testing.assert_array_equal(scored, PHOTOGRAPHERS[name].uses)


def test_one_network_of_each_variant_is_looked_into(around: Surroundings, foreign_vit: Path, tmp_path: Path) -> None:
    small = Study(crossed(("autohdr2024",), (str(foreign_vit),)), PEOPLE, (5, 10), steps=1, photos=24, held_out=12)
    lines = run(small, around, tmp_path)
    looked = {(line["photographer"], line["edits"]) for line in lines if read_inside(tmp_path, line["key"])}
    assert looked == {(PEOPLE[0], 10)}


def test_a_start_that_cannot_be_loaded_is_one_sentence(around: Surroundings, tmp_path: Path) -> None:
    small = Study(crossed(("autohdr2024",), ("nowhere",)), PEOPLE, (5,), steps=1, photos=24, held_out=12)
    with pytest.raises(ModelError, match="--start nowhere"):
        run(small, around, tmp_path)


def test_what_a_frozen_network_says_of_a_photo_is_computed_once(
    around: Surroundings, network: SliderNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.describe_tones(SPEC, learnt=True)
    start = surroundings.Start("mine", "cpu")
    monkeypatch.setattr(surroundings, "begin", lambda *_: (copy.deepcopy(network), SPEC))
    around._starts["mine"] = start
    passed: list[int] = []
    see = SliderNet.see

    def counted(self: SliderNet, pixels: torch.Tensor) -> torch.Tensor:
        passed.append(len(pixels))
        return see(self, pixels)

    monkeypatch.setattr(SliderNet, "see", counted)
    small = Study(crossed(("style",), ("mine",), draws=2), PEOPLE, (5, 10), steps=1, photos=24, held_out=12)
    lines = run(small, around, tmp_path)
    assert sum(passed) == 3 * 24 + 12  # those to learn from in other light as well, twice
    assert len({json.dumps(line["scores"]["r2"]) for line in lines}) == 8
    kept = np.load(tmp_path / PREDICTIONS / f"{lines[0]['key']}.npy")
    assert np.isfinite(kept).all()


def test_photos_that_are_picked_are_other_photos_than_drawn_ones_and_of_the_same_shoot(
    around: Surroundings, network: SliderNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.describe_tones(SPEC, learnt=True)
    monkeypatch.setattr(surroundings, "begin", lambda *_: (copy.deepcopy(network), SPEC))
    monkeypatch.setattr(edits, "SHOOT", 12)
    learnt: list[np.ndarray] = []
    of = edits.Edits.of

    def watched(self: edits.Edits, side: edits.Side, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if side == "train":
            learnt.append(rows)
        return of(self, side, rows)

    monkeypatch.setattr(edits.Edits, "of", watched)
    small = Study(crossed(("style", "pick"), ("mine",), draws=1), PEOPLE[:1], (5, 12), steps=1, photos=24, held_out=12)
    lines = run(small, around, tmp_path)
    assert [line["name"] for line in lines] == ["style (mine)", "pick (mine)"] * 2
    few, chosen, all_drawn, all_chosen = (set(rows.tolist()) for rows in learnt)
    assert len(chosen) == 5
    assert chosen != few
    assert chosen < all_drawn == all_chosen


def test_a_start_without_a_learnt_style_cannot_pick(around: Surroundings, foreign_vit: Path, tmp_path: Path) -> None:
    small = Study(crossed(("pick",), (str(foreign_vit),)), PEOPLE[:1], (5,), steps=1, photos=24, held_out=12)
    with pytest.raises(SettingsError, match="nothing of photographers to pick by; try --start default"):
        run(small, around, tmp_path)
