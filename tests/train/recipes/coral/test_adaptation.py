"""Learning from SDR and from scene light at once."""

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from autohdr.errors import LearningError, SettingsError
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.light import Light
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes import unfinished
from autohdr_train.recipes.augment import build
from autohdr_train.recipes.coral.adaptation import Adaptation, Parts
from autohdr_train.recipes.coral.alignment import Form
from autohdr_train.recipes.coral.display import Shown
from autohdr_train.recipes.loop import train
from autohdr_train.recipes.objective import Batch
from autohdr_train.recipes.recipe import Recipe, pu21_coral
from autohdr_train.recipes.unfinished import Stage

SPEC = InputSpec(size=32, encoding="pu21-255")
QUICK = replace(pu21_coral(), batch=4, rate=1e-3, augment=())
LONGER = replace(QUICK, batch=12, rate=3e-3)


@pytest.fixture
def shoot() -> TensorDataset:
    """Twelve even pictures over four stops of light, with noise; the darker one is, the further go its sliders."""
    random = np.random.default_rng(0)
    stops = random.uniform(-4, 0, 12)
    light = 2.0 ** (stops[:, None, None, None] + 0.2 * random.standard_normal((12, 3, 32, 32)))
    pixels = Light(SPEC).encode(torch.from_numpy(light.astype(np.float32))).numpy()
    labels = np.repeat(-stops[:, None] / 5, 8, axis=1).astype(np.float32)
    return TensorDataset(pixels, labels, ["a place"] * 12, np.full(12, np.nan))


def unlabelled(photos: TensorDataset) -> TensorDataset:
    return TensorDataset(photos.pixels, np.full_like(photos.labels, np.nan), photos.groups, photos.captured)


def adapt(
    network: SliderNet,
    sdr: TensorDataset,
    hdr: TensorDataset,
    recipe: Recipe,
    *,
    steps: int,
    form: Form | None = "coral",
    spec: InputSpec = SPEC,
) -> list[Parts]:
    objective = Adaptation(spec, network.config.hidden_size, sdr, hdr, recipe, form=form)
    train(network, spec, objective, steps=steps)
    return objective.parts


def mean_of(parts: list[Parts], name: str) -> float:
    return float(np.mean([getattr(step, name) for step in parts]))


def test_it_learns_from_both_domains(network: SliderNet, shoot: TensorDataset) -> None:
    parts = adapt(network, shoot, shoot, LONGER, steps=60)
    assert len(parts) == 60
    for name in ("sdr", "hdr"):
        assert mean_of(parts[-5:], name) < 0.5 * mean_of(parts[:5], name)


def test_hdr_photos_need_no_labels(network: SliderNet, shoot: TensorDataset) -> None:
    parts = adapt(network, shoot, unlabelled(shoot), LONGER, steps=60)
    assert mean_of(parts, "hdr") == 0.0
    assert mean_of(parts[-5:], "sdr") < 0.5 * mean_of(parts[:5], "sdr")
    assert all(torch.isfinite(weight).all() for weight in network.parameters())


@pytest.mark.parametrize("form", ["mean", "coral", "coral-minmax"])
def test_what_is_aligned_comes_closer_than_without(form: Form, network: SliderNet, shoot: TensorDataset) -> None:
    ends = []
    for weight in (0.0, 100.0):
        learner = copy.deepcopy(network)
        parts = adapt(learner, shoot, unlabelled(shoot), replace(QUICK, coral=weight), steps=30, form=form)
        ends.append(mean_of(parts[-5:], "aligned"))
    assert ends[1] < 0.6 * ends[0]


def test_the_same_seed_gives_the_same_weights(network: SliderNet, shoot: TensorDataset) -> None:
    results = []
    for seed in (1, 1, 2):
        learner = copy.deepcopy(network)
        parts = adapt(learner, shoot, shoot, replace(QUICK, seed=seed), steps=5)
        results.append((parts, learner.classifier.weight))
    assert results[0][0] == results[1][0]
    assert torch.equal(results[0][1], results[1][1])
    assert not torch.equal(results[0][1], results[2][1])


@pytest.mark.parametrize("form", ["coral", None])
def test_a_run_that_is_stopped_goes_on_to_the_same_weights(
    form: Form | None, network: SliderNet, shoot: TensorDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the fourth of six steps, with all that was random in play."""
    monkeypatch.setattr(unfinished, "KEEP_EVERY", 0.0)
    recipe, taken = replace(QUICK, augment=("turn", "exposure", "noise")), 0

    class Stopped(Adaptation):
        def loss(self, network: SliderNet, batch: Batch, spread: Tensor) -> Tensor:
            nonlocal taken
            taken += 1
            if taken == 4:
                raise KeyboardInterrupt
            return super().loss(network, batch, spread)

    def run(learner: SliderNet, stage: Stage | None) -> list[Parts]:
        objective = Stopped(SPEC, learner.config.hidden_size, shoot, shoot, recipe, form=form)
        train(learner, SPEC, objective, steps=6, stage=stage)
        return objective.parts

    whole, stopped = copy.deepcopy(network), copy.deepcopy(network)
    with pytest.raises(KeyboardInterrupt):
        run(stopped, Stage(tmp_path / "run.pt"))
    parts = run(network, Stage(tmp_path / "run.pt"))
    assert taken == 7  # the fourth step was begun twice, and three steps were not done again
    assert run(whole, None) == parts
    assert all(torch.equal(value, whole.state_dict()[name]) for name, value in network.state_dict().items())


def test_without_alignment_its_weight_means_nothing_but_coral_is_still_told(
    network: SliderNet, shoot: TensorDataset
) -> None:
    one, other = (
        adapt(copy.deepcopy(network), shoot, shoot, replace(QUICK, coral=weight), steps=4, form=None)
        for weight in (0.0, 1000.0)
    )
    assert one == other
    assert mean_of(one, "aligned") == 0.0
    assert mean_of(one, "coral") > 0.0


def test_both_domains_are_drawn_alike_and_augmented_before_they_are_shown(
    network: SliderNet, shoot: TensorDataset
) -> None:
    inputs: list[torch.Tensor] = []
    network.vit.register_forward_pre_hook(lambda _, __, named: inputs.append(named["pixel_values"]), with_kwargs=True)
    objective = Adaptation(SPEC, network.config.hidden_size, shoot, shoot, replace(QUICK, augment=("exposure",)))
    train(network, SPEC, objective, steps=1)
    sdr, hdr = next(objective.batches(0))
    assert torch.equal(sdr[0], hdr[0])
    brighter, random = build(("exposure",), SPEC), torch.Generator().manual_seed(0)
    source, target = (brighter(pixels, labels, random)[0] for pixels, labels in (sdr, hdr))
    torch.testing.assert_close(inputs[0][:4], Shown(SPEC)(source))
    torch.testing.assert_close(inputs[0][4:], target)


def test_a_shoot_smaller_than_a_batch_is_seen_again(network: SliderNet, shoot: TensorDataset) -> None:
    few = shoot.subset(np.arange(3))
    assert len(adapt(network, few, unlabelled(shoot), QUICK, steps=3)) == 3


def test_all_that_a_recipe_says_holds_here_too(network: SliderNet, shoot: TensorDataset) -> None:
    """The loss, the average of the weights and the rates by layer, which are the loop's, change what is learnt."""
    ends = []
    for change in ({}, {"loss": "huber"}, {"average": 0.9}, {"layer_decay": 0.5}, {"balanced": False}):
        learner = copy.deepcopy(network)
        adapt(learner, shoot, shoot, replace(QUICK, **change), steps=3)
        ends.append(learner.classifier.weight)
    assert all(not torch.equal(one, other) for place, one in enumerate(ends) for other in ends[:place])


def test_what_cannot_be_adapted_is_refused(network: SliderNet, shoot: TensorDataset) -> None:
    with pytest.raises(LearningError, match="12 SDR and 0 HDR photos"):
        adapt(network, shoot, shoot.subset(np.arange(0)), QUICK, steps=1)
    with pytest.raises(SettingsError, match="pu21"):
        adapt(network, shoot, shoot, QUICK, steps=1, spec=replace(SPEC, encoding="srgb"))
    with pytest.raises(LearningError, match="lower learning rate"):
        adapt(network, shoot, shoot, replace(QUICK, rate=1e30), steps=9)
