"""The loop learns, repeats itself, also through a kill, and leaves a checkpoint."""

import copy
import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autohdr.errors import LearningError, SettingsError
from autohdr.spec import InputSpec
from autohdr.style.scores import SliderScore
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.checkpoint import load
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes import loop, unfinished
from autohdr_train.recipes.loop import fit
from autohdr_train.recipes.recipe import Recipe, scratch

RECIPE = Recipe("test", head="linear", epochs=2, batch=4, optimiser="adam", rate=3e-3)
FULL = dataclasses.replace(scratch(), epochs=2, batch=4)
FACTS: dict[str, Any] = {
    "data": "numbers",
    "start": "nothing",
    "photos": {"train": 8, "held_out": 4},
    "groups": {"train": 2, "held_out": 1},
}


def train(network: SliderNet, spec: InputSpec, photos: TensorDataset, recipe: Recipe, out: Path) -> list[SliderScore]:
    groups = np.array(photos.groups)
    held_out = np.flatnonzero(groups == "g0")
    rest = np.flatnonzero(groups != "g0")
    return fit(network, spec, photos.subset(rest), photos.subset(held_out), recipe, out, name="n", facts=FACTS)


def test_it_learns_what_brightness_says(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path
) -> None:
    scores = train(network, spec, photos, dataclasses.replace(RECIPE, epochs=15), tmp_path)
    assert scores[0].r2 > 0.5
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(0, 31, 2))
    assert lines[-1]["loss"] < 0.3 * lines[1]["loss"]
    assert lines[-1]["r2"]["Exposure2012"] == pytest.approx(scores[0].r2, abs=1e-4)


@pytest.mark.parametrize("recipe", [RECIPE, FULL], ids=["plain", "everything on"])
def test_the_same_seed_gives_the_same_weights(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path, recipe: Recipe
) -> None:
    weights = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        train(copy.deepcopy(network), spec, photos, recipe, folder)
        weights.append((folder / "model.safetensors").read_bytes())
    assert weights[0] == weights[1]


def test_the_checkpoint_holds_the_last_step_and_its_scores(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path
) -> None:
    scores = train(network, spec, photos, RECIPE, tmp_path)
    saved = load(tmp_path)
    assert torch.equal(saved.network.classifier.weight, network.classifier.weight)
    assert saved.trained_on["steps"] == 4
    assert saved.trained_on["scores"][0]["mae"] == scores[0].mae


def test_the_average_of_the_weights_is_what_is_left(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path
) -> None:
    plain, averaged = copy.deepcopy(network), copy.deepcopy(network)
    loop.train(plain, spec, photos, recipe=RECIPE)
    loop.train(averaged, spec, photos, recipe=dataclasses.replace(RECIPE, average=0.9))
    assert not torch.equal(plain.classifier.weight, averaged.classifier.weight)
    torch.testing.assert_close(plain.classifier.weight, averaged.classifier.weight, atol=0.05, rtol=0)


def test_a_slider_without_any_label_is_not_learnt(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    photos.labels[:, 2:] = np.nan
    before = network.classifier.bias[2:].detach().clone()
    loop.train(network, spec, photos, recipe=RECIPE)
    assert torch.equal(network.classifier.bias[2:], before)


def test_a_loss_that_explodes_stops_with_a_sentence(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path
) -> None:
    network.classifier.weight.data.fill_(float("inf"))
    with pytest.raises(LearningError, match="lower learning rate"):
        train(network, spec, photos, RECIPE, tmp_path)
    assert not (tmp_path / "model.safetensors").exists()
    assert not (tmp_path / "unfinished").exists()


def test_steps_count_instead_of_epochs_and_looks_come_when_asked(
    network: SliderNet, spec: InputSpec, photos: TensorDataset
) -> None:
    watch = photos.subset(np.arange(4))
    curve = loop.train(network, spec, photos, recipe=RECIPE, steps=7, watch=watch, watch_every=3)
    assert [point.step for point in curve] == [0, 3, 6, 7]
    assert curve[0].loss is None
    assert all(point.predicted is not None and point.predicted.shape == (4, 8) for point in curve)


def test_stopping_early_is_a_part_of_the_same_plan(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    recipe = dataclasses.replace(FULL, average=None)
    watch, early, late = photos.subset(np.arange(4)), copy.deepcopy(network), copy.deepcopy(network)
    short = loop.train(early, spec, photos, recipe=recipe, steps=8, until=5, watch=watch, watch_every=1)
    long = loop.train(late, spec, photos, recipe=recipe, steps=8, watch=watch, watch_every=1)
    for one, other in zip(short, long, strict=False):
        np.testing.assert_array_equal(one.predicted, other.predicted)
    assert len(short) == 6


def test_training_labels_are_smoothed_and_scored_ones_are_not(
    network: SliderNet, spec: InputSpec, photos: TensorDataset
) -> None:
    before = photos.labels.copy()
    losses = []
    for recipe in (RECIPE, RECIPE.changed(smooth="noise:1"), RECIPE.changed(smooth="average:3")):
        curve = loop.train(copy.deepcopy(network), spec, photos, recipe=recipe, watch=photos, steps=1)
        losses.append(curve[-1].loss)
        assert curve[0].r2 is not None
    np.testing.assert_array_equal(photos.labels, before)
    assert len(set(losses)) == 3


KILLED = """
import sys
from pathlib import Path
import numpy as np
import torch
from autohdr.spec import InputSpec
from autohdr_train.recipes import loop
from autohdr_train.recipes import unfinished
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet, from_config
from autohdr_train.recipes.recipe import Recipe
from tests.small_vit import small_config

class Slow:
    def __init__(self, pixels, seconds):
        self.pixels, self.seconds = pixels, seconds
    def __getitem__(self, index):
        import time
        time.sleep(self.seconds)
        return self.pixels[index]

unfinished.KEEP_EVERY = 0.0
torch.manual_seed(0)
random = np.random.default_rng(0)
pixels = random.standard_normal((12, 3, 32, 32)).astype(np.float32)
labels = random.uniform(-0.5, 0.5, (12, 8)).astype(np.float32)
photos = TensorDataset(Slow(pixels, float(sys.argv[2])), labels, ["g"] * 12, np.full(12, np.nan))
held_out = TensorDataset(pixels, labels, ["h"] * 12, np.full(12, np.nan))
recipe = Recipe("test", head="linear", epochs=12, batch=4, rate=1e-3, weight_decay=0.1, layer_decay=0.8, warm_up=0.2,
                cosine=True, clip=1.0, average=0.9, augment=("turn", "exposure"), balanced=True, loss="huber")
facts = {"data": "d", "start": "s", "photos": {"train": 12, "held_out": 12}, "groups": {"train": 1, "held_out": 1}}
loop.fit(SliderNet(from_config(small_config()), "linear"), InputSpec(size=32), photos, held_out, recipe,
         Path(sys.argv[1]), name="n", facts=facts)
"""


def test_a_run_that_is_killed_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    """A real kill, in the middle of the run."""

    def command(out: Path, pause: float) -> list[str]:
        return [sys.executable, "-c", KILLED, str(out), str(pause)]

    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(root)}
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    subprocess.run(command(whole, 0.0), check=True, env=environment, cwd=root)
    kept = broken / "unfinished" / "training.pt"
    with subprocess.Popen(command(broken, 0.02), env=environment, cwd=root) as process:
        while not kept.exists() and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    parts = unfinished.Stage(kept).restore()
    assert parts is not None
    assert 0 < parts["step"] < 36
    assert not (broken / "model.safetensors").exists()
    subprocess.run(command(broken, 0.0), check=True, env=environment, cwd=root)
    for name in ("model.safetensors", "log.jsonl", "README.md"):
        assert (broken / name).read_bytes() == (whole / name).read_bytes(), name
    assert not (broken / "unfinished").exists()


def test_an_unfinished_run_is_not_taken_for_another(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "KEEP_EVERY", 0.0)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loop, "write_log", stop)
    with pytest.raises(KeyboardInterrupt):
        train(copy.deepcopy(network), spec, photos, RECIPE, tmp_path)
    monkeypatch.undo()
    with pytest.raises(SettingsError, match="unfinished run with other recipe; repeat its command"):
        train(copy.deepcopy(network), spec, photos, dataclasses.replace(RECIPE, seed=1), tmp_path)
    train(network, spec, photos, RECIPE, tmp_path)
    assert (tmp_path / "model.safetensors").exists()
