"""A recipe applied: scored on what was not learnt from, stopped where that is best, and all photos learnt."""

import copy
import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.spec import InputSpec
from autohdr.style.confidence.scores import mean_label
from autohdr.style.split import folds
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.learn import learn
from autohdr_train.recipes.loop import train
from autohdr_train.recipes.recipe import Recipe, finetune, pu21_coral
from autohdr_train.recipes.unfinished import Unfinished

SHORT = dataclasses.replace(finetune(), steps=6, batch=4, watch_every=2)
PLAIN = Recipe("test", head="linear", steps=4, batch=4, rate=3e-3, watch_every=2)


def test_each_photo_is_scored_by_a_network_that_had_not_learnt_from_it(
    network: SliderNet, spec: InputSpec, photos: TensorDataset
) -> None:
    parts = folds(photos.groups, photos.captured, 3)
    start = copy.deepcopy(network)
    learnt = learn(network, spec, photos, PLAIN, parts)
    assert np.isfinite(learnt.predicted).all()
    for part in parts:
        alone = copy.deepcopy(start)
        learn(alone, spec, photos.subset(part.train), PLAIN, steps=4)
        if learnt.steps == 4:
            np.testing.assert_allclose(
                predict(alone, photos.subset(part.held_out)), learnt.predicted[part.held_out], atol=1e-5
            )
        np.testing.assert_array_equal(
            learnt.baseline[part.held_out], np.tile(mean_label(photos.labels[part.train]), (len(part.held_out), 1))
        )


def test_what_gradients_make_worse_stops_before_them(
    network: SliderNet, spec: InputSpec, photos: TensorDataset
) -> None:
    """Labels that the start predicts already, and a rate that ruins it."""
    photos.labels = (predict(network, photos) / np.array([5.0, *[100.0] * 7])).astype(np.float32)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    parts = folds(photos.groups, photos.captured, 3)
    learnt = learn(network, spec, photos, dataclasses.replace(PLAIN, rate=1.0), parts)
    assert learnt.steps == 0
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert learn(network, spec, photos, dataclasses.replace(PLAIN, rate=1.0, watch_every=None), parts).steps == 4


def test_finished_folds_are_not_learnt_again(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = folds(photos.groups, photos.captured, 3)
    whole = copy.deepcopy(network)
    expected = learn(whole, spec, photos, PLAIN, parts)
    runs = 0

    def third_time_killed(*arguments: object, **settings: object) -> object:
        nonlocal runs
        runs += 1
        if runs == 3:
            raise KeyboardInterrupt
        return train(*arguments, **settings)  # type: ignore[arg-type]  # passed on as it is

    monkeypatch.setattr("autohdr_train.recipes.learn.train", third_time_killed)
    with pytest.raises(KeyboardInterrupt), Unfinished(tmp_path, {"run": 1}) as unfinished:
        learn(copy.deepcopy(network), spec, photos, PLAIN, parts, unfinished=unfinished)
    with Unfinished(tmp_path, {"run": 1}) as unfinished:
        again = learn(network, spec, photos, PLAIN, parts, unfinished=unfinished)
    assert runs == 3 + (2 if again.steps else 1)  # the third fold, and the network itself unless it takes no step
    np.testing.assert_array_equal(again.predicted, expected.predicted)
    assert all(torch.equal(value, whole.state_dict()[name]) for name, value in network.state_dict().items())
    assert not (tmp_path / "unfinished").exists()


def test_a_recipe_that_begins_with_a_head_learns_what_brightness_says(
    network: SliderNet, spec: InputSpec, photos: TensorDataset
) -> None:
    learnt = learn(network, spec, photos, SHORT, folds(photos.groups, photos.captured, 3))
    assert np.isfinite(learnt.predicted).all()
    truth = photos.labels[:, 0] * 5.0
    assert np.abs(learnt.predicted[:, 0] - truth).mean() < 0.5 * np.abs(learnt.baseline[:, 0] - truth).mean()
    assert np.abs(predict(network, photos)[:, 0] - truth).mean() < 0.5 * truth.std()


def test_pu21_coral_learns_with_both_domains(network: SliderNet, photos: TensorDataset) -> None:
    spec = InputSpec(size=32, encoding="pu21-pmax")
    recipe = dataclasses.replace(pu21_coral(), steps=2, batch=4)
    learnt = learn(network, spec, photos, recipe, folds(photos.groups, photos.captured, 2))
    assert learnt.steps == 2
    assert [point.step for point in learnt.curve] == [0, 2]
    assert np.isfinite(learnt.predicted).all()
