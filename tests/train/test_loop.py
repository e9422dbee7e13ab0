"""The loop learns, repeats itself, and leaves a checkpoint at every epoch."""

import dataclasses
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autohdr.spec import InputSpec
from autohdr_train.checkpoint import load
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.errors import TrainingError
from autohdr_train.evaluate import SliderScore
from autohdr_train.loop import _rate, fit
from autohdr_train.model import SliderNet
from autohdr_train.recipes import Recipe, default_model

RECIPE = Recipe("test", head="linear", epochs=2, batch=4, optimiser="adam", rate=3e-3)
FULL = dataclasses.replace(default_model(), epochs=2, batch=4)
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
    assert [line["epoch"] for line in lines] == list(range(1, 16))
    assert lines[-1]["loss"] < 0.3 * lines[0]["loss"]


@pytest.mark.parametrize("recipe", [RECIPE, FULL], ids=["plain", "everything on"])
def test_the_same_seed_gives_the_same_weights(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path, recipe: Recipe
) -> None:
    start = {key: value.clone() for key, value in network.state_dict().items()}
    weights = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        network.load_state_dict(start)
        train(network, spec, photos, recipe, folder)
        weights.append((folder / "model.safetensors").read_bytes())
    assert weights[0] == weights[1]


def test_the_checkpoint_holds_the_last_epoch_and_its_scores(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path
) -> None:
    scores = train(network, spec, photos, RECIPE, tmp_path)
    saved = load(tmp_path)
    assert torch.equal(saved.network.classifier.weight, network.classifier.weight)
    assert saved.trained_on["epochs_done"] == 2
    assert saved.trained_on["scores"][0]["mae"] == scores[0].mae


def test_the_average_is_what_is_saved(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path
) -> None:
    train(network, spec, photos, dataclasses.replace(RECIPE, average=0.9), tmp_path)
    saved = load(tmp_path).network.classifier.weight
    assert not torch.equal(saved, network.classifier.weight)
    torch.testing.assert_close(saved, network.classifier.weight, atol=0.05, rtol=0)


def test_a_slider_without_any_label_is_not_learnt(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path
) -> None:
    photos.labels[:, 2:] = np.nan
    before = network.classifier.bias[2:].detach().clone()
    train(network, spec, photos, RECIPE, tmp_path)
    assert torch.equal(network.classifier.bias[2:], before)


def test_a_loss_that_explodes_stops_with_a_sentence(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path
) -> None:
    network.classifier.weight.data.fill_(float("inf"))
    with pytest.raises(TrainingError, match="lower learning rate"):
        train(network, spec, photos, RECIPE, tmp_path)
    assert not (tmp_path / "model.safetensors").exists()


def test_warm_up_and_cosine_rise_and_fall() -> None:
    recipe = dataclasses.replace(RECIPE, warm_up=0.1, cosine=True)
    rates = [_rate(step, 100, recipe) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[10] == 1.0
    assert rates[100] == pytest.approx(0.0)
    assert all(later <= earlier for earlier, later in pairwise(rates[10:]))
