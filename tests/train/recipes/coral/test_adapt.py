"""Learning from SDR and from scene light at once."""

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.errors import LearningError, SettingsError
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.light import Light
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes import unfinished
from autohdr_train.recipes.coral.adapt import Adaptation, Step, adapt
from autohdr_train.recipes.coral.display import Shown
from autohdr_train.recipes.unfinished import Stage

SPEC = InputSpec(size=32, encoding="pu21-255")
QUICK = Adaptation(batch=4, rate=1e-3)
LONGER = Adaptation(batch=12, rate=3e-3)


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


def mean_of(curve: list[Step], name: str) -> float:
    return float(np.mean([getattr(step, name) for step in curve]))


def test_it_learns_from_both_domains(network: SliderNet, shoot: TensorDataset) -> None:
    curve = adapt(network, SPEC, shoot, shoot, LONGER, steps=60, seed=0)
    assert [step.step for step in curve] == list(range(1, 61))
    for name in ("sdr", "hdr"):
        assert mean_of(curve[-5:], name) < 0.5 * mean_of(curve[:5], name)


def test_hdr_photos_need_no_labels(network: SliderNet, shoot: TensorDataset) -> None:
    curve = adapt(network, SPEC, shoot, unlabelled(shoot), LONGER, steps=60, seed=0)
    assert mean_of(curve, "hdr") == 0.0
    assert mean_of(curve[-5:], "sdr") < 0.5 * mean_of(curve[:5], "sdr")
    assert all(torch.isfinite(weight).all() for weight in network.parameters())


@pytest.mark.parametrize("form", ["mean", "coral", "coral-minmax"])
def test_what_is_aligned_comes_closer_than_without(form: str, network: SliderNet, shoot: TensorDataset) -> None:
    weights = {name: weight.clone() for name, weight in network.state_dict().items()}
    ends = []
    for weight in (0.0, 100.0):
        network.load_state_dict(weights)
        settings = replace(QUICK, form=form, weight=weight)  # type: ignore[arg-type]
        curve = adapt(network, SPEC, shoot, unlabelled(shoot), settings, steps=30, seed=0)
        ends.append(mean_of(curve[-5:], "aligned"))
    assert ends[1] < 0.6 * ends[0]


def test_the_same_seed_gives_the_same_weights(network: SliderNet, shoot: TensorDataset) -> None:
    weights = {name: weight.clone() for name, weight in network.state_dict().items()}
    results = []
    for seed in (1, 1, 2):
        network.load_state_dict(weights)
        curve = adapt(network, SPEC, shoot, shoot, QUICK, steps=5, seed=seed)
        results.append((curve, network.classifier.weight.clone()))
    assert results[0][0] == results[1][0]
    assert torch.equal(results[0][1], results[1][1])
    assert not torch.equal(results[0][1], results[2][1])


@pytest.mark.parametrize("form", ["coral", "none"])
def test_a_run_that_is_stopped_goes_on_to_the_same_weights(
    form: str, network: SliderNet, shoot: TensorDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the fourth of six steps, with all that was random in play."""
    monkeypatch.setattr(unfinished, "KEEP_EVERY", 0.0)
    settings = replace(QUICK, form=form)  # type: ignore[arg-type]
    steps = 0

    def noisy(pixels: torch.Tensor, labels: torch.Tensor, random: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        nonlocal steps
        steps += 1
        if steps == 7:  # twice a step
            raise KeyboardInterrupt
        return pixels + 0.1 * torch.randn(pixels.shape, generator=random), labels

    def run(learner: SliderNet, stage: Stage | None) -> list[Step]:
        return adapt(learner, SPEC, shoot, shoot, settings, steps=6, seed=0, augment=noisy, stage=stage)

    whole, stopped = copy.deepcopy(network), copy.deepcopy(network)
    with pytest.raises(KeyboardInterrupt):
        run(stopped, Stage(tmp_path / "run.pt"))
    assert [step.step for step in run(network, Stage(tmp_path / "run.pt"))] == list(range(1, 7))
    assert steps == 13  # of the fourth step's two domains one was lost, and three steps were not done again
    run(whole, None)
    assert all(torch.equal(value, whole.state_dict()[name]) for name, value in network.state_dict().items())


def test_without_alignment_its_weight_means_nothing_but_coral_is_still_told(
    network: SliderNet, shoot: TensorDataset
) -> None:
    weights = {name: weight.clone() for name, weight in network.state_dict().items()}
    curves = []
    for weight in (0.0, 1000.0):
        network.load_state_dict(weights)
        curves.append(adapt(network, SPEC, shoot, shoot, replace(QUICK, form="none", weight=weight), steps=4, seed=0))
    assert curves[0] == curves[1]
    assert mean_of(curves[0], "aligned") == 0.0
    assert mean_of(curves[0], "coral") > 0.0


def test_both_domains_are_drawn_alike_and_augmented_before_they_are_shown(
    network: SliderNet, shoot: TensorDataset
) -> None:
    seen: list[torch.Tensor] = []
    inputs: list[torch.Tensor] = []

    def brighter(pixels: torch.Tensor, labels: torch.Tensor, _: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        seen.append(pixels)
        return pixels + 0.125, labels

    network.vit.register_forward_pre_hook(lambda _, __, named: inputs.append(named["pixel_values"]), with_kwargs=True)
    adapt(network, SPEC, shoot, shoot, QUICK, steps=1, seed=0, augment=brighter)
    assert torch.equal(seen[0], seen[1])
    torch.testing.assert_close(inputs[0][:4], Shown(SPEC)(seen[0] + 0.125))
    torch.testing.assert_close(inputs[0][4:], seen[0] + 0.125)


def test_previews_can_be_the_sdr_side(network: SliderNet, shoot: TensorDataset) -> None:
    previews = replace(SPEC, source="preview")
    sdr = [
        mean_of(adapt(network, SPEC, shoot, shoot, QUICK, steps=1, seed=0, sdr_spec=spec), "sdr")
        for spec in (SPEC, previews)
    ]
    assert sdr[0] != sdr[1]


def test_a_shoot_smaller_than_a_batch_is_seen_again(network: SliderNet, shoot: TensorDataset) -> None:
    few = shoot.subset(np.arange(3))
    assert len(adapt(network, SPEC, few, unlabelled(shoot), QUICK, steps=3, seed=0)) == 3


def test_what_cannot_be_adapted_is_refused(network: SliderNet, shoot: TensorDataset) -> None:
    with pytest.raises(LearningError, match="12 SDR and 0 HDR photos"):
        adapt(network, SPEC, shoot, shoot.subset(np.arange(0)), QUICK, steps=1, seed=0)
    with pytest.raises(SettingsError, match="pu21"):
        adapt(network, replace(SPEC, encoding="srgb"), shoot, shoot, QUICK, steps=1, seed=0)
    with pytest.raises(LearningError, match="lower learning rate"):
        adapt(network, SPEC, shoot, shoot, replace(QUICK, rate=1e30), steps=9, seed=0)


@pytest.mark.parametrize("wrong", [{"weight": -1.0}, {"batch": 1}, {"rate": 0.0}])
def test_an_impossible_setting_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match="expected"):
        replace(QUICK, **wrong)  # type: ignore[arg-type]
