"""The closed-form head: what it remembers, as an exported graph, and what it learns from twenty edits."""

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from autohdr import prepare
from autohdr.raw.prepare import prepare_frame
from autohdr.sliders import SLIDERS, to_scaled
from autohdr.spec import InputSpec
from autohdr.style.scores import mean_label, score, table
from autohdr_scenes import Procedural, shots
from autohdr_scenes.photographers import PHOTOGRAPHERS
from autohdr_train import probe
from autohdr_train.checkpoint import Checkpoint, load, save
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.evaluate import predict
from autohdr_train.light import Light
from autohdr_train.model import SliderNet, from_config
from autohdr_train.probe import STOPS, learn, solve
from autohdr_train.recipes import autohdr2024 as a_recipe
from autohdr_train.start import begin
from tests.small_vit import small_config
from tests.train.heads import SPEC, alone, answers, dataset, featured, look

FACTS: dict[str, Any] = {
    "data": "numbers",
    "start": "nothing",
    "photos": {"train": 12, "held_out": 2},
    "groups": {"train": 1, "held_out": 1},
    "recipe": a_recipe(),
    "steps": 2,
    "scores": score(np.zeros((2, 8)), np.zeros((2, 8)), np.zeros(8)),
}


@pytest.fixture(params=["learnt", "plain"])
def network(request: pytest.FixtureRequest) -> SliderNet:
    """A small network with features, of learnt ones with sizes of their own."""
    return featured(learnt=request.param == "learnt")


def test_what_a_head_had_learnt_before_does_not_matter(network: SliderNet, seen: Tensor, labels: Tensor) -> None:
    found = look(network, seen)
    again = copy.deepcopy(network)
    solve(network, alone(found), labels)
    again.head = "tanh"
    again.balance(torch.full((8,), 0.1), torch.linspace(0.02, 0.3, 8))
    solve(again, alone(found[:5]), -labels[:5])
    solve(again, alone(found), labels)
    np.testing.assert_array_equal(answers(again, seen), answers(network, seen))


def test_of_more_photos_than_it_remembers_it_chooses_by_the_seed(
    monkeypatch: pytest.MonkeyPatch, network: SliderNet, seen: Tensor, labels: Tensor
) -> None:
    monkeypatch.setattr(probe, "MOST", 6)
    found = []
    for seed in (0, 0, 1):
        learn(network, SPEC, dataset(seen, labels), seed=seed)
        assert network.remembered is not None
        points = network.remembered.plain_photos.numpy()
        assert len(points) == 6 + 2 * 6  # each of them is copied twice
        assert len(np.unique(points[:6], axis=0)) == 6
        found.append(answers(network, seen))
    np.testing.assert_array_equal(found[0], found[1])
    assert np.abs(found[0] - found[2]).max() > 1e-3


def test_a_vit_without_features_gets_plain_ones_from_five_photos(seen: Tensor) -> None:
    torch.manual_seed(0)
    network = SliderNet(from_config(small_config()), "tanh")
    vit = {name: value.clone() for name, value in network.vit.state_dict().items()}
    brightness = Light(SPEC)(seen).log2().mean(dim=(1, 2, 3))
    exposure = -(brightness - brightness.mean()) / 5.0
    labels = exposure[:, None].repeat(1, 8)
    learn(network, SPEC, dataset(seen[:5], labels[:5]), seed=0)
    assert network.features is not None
    assert (network.features.learnt, network.head) == (0, "linear")
    assert all(torch.equal(value, vit[name]) for name, value in network.vit.state_dict().items())
    error = np.abs(answers(network, seen[5:])[:, 0] - exposure[5:].numpy())
    assert error.mean() < 0.5 * np.abs(exposure[5:].numpy() - float(exposure[:5].mean())).mean()


def test_plain_features_follow_a_level_far_from_0(seen: Tensor) -> None:
    """The mean of the edits is learnt as such, however few there are."""
    network = SliderNet(from_config(small_config()), "linear")
    labels = 0.8 + 1e-3 * torch.randn(5, 8, generator=torch.Generator().manual_seed(2))
    learn(network, SPEC, dataset(seen[:5], labels), seed=0)
    np.testing.assert_allclose(answers(network, seen[:5])[:, 0], 0.8, atol=0.08)


def test_a_preview_is_not_light(network: SliderNet, seen: Tensor, labels: Tensor) -> None:
    spec = InputSpec(source="preview", size=32)
    found = probe.look(network, spec, dataset(seen, labels), seed=0)
    assert torch.isnan(found.copies).all()
    assert torch.isfinite(found.features).all()


def test_of_more_photos_than_it_copies_it_chooses_by_the_seed(
    monkeypatch: pytest.MonkeyPatch, network: SliderNet, seen: Tensor, labels: Tensor
) -> None:
    """Whether they are looked at or the choice is made afterwards, of those that have been."""
    whole = probe.look(network, SPEC, dataset(seen, labels), seed=3)
    assert len(whole.copied) == 12
    monkeypatch.setattr(probe, "COPIED", 4)
    few = probe.look(network, SPEC, dataset(seen, labels), seed=3)
    assert len(few.copied) == 4
    assert torch.equal(few.copied, probe.remember(whole, labels, 3)[0].copied)
    assert not torch.equal(few.copied, probe.remember(whole, labels, 4)[0].copied)
    torch.testing.assert_close(few.copies[few.copied], whole.copies[few.copied], atol=1e-5, rtol=1e-5)


def test_of_more_photos_than_it_remembers_as_many_are_copied(
    monkeypatch: pytest.MonkeyPatch, network: SliderNet, seen: Tensor, labels: Tensor
) -> None:
    monkeypatch.setattr(probe, "MOST", 6)
    monkeypatch.setattr(probe, "COPIED", 4)
    kept, _ = probe.remember(probe.look(network, SPEC, dataset(seen, labels), seed=3), labels, 3)
    assert (len(kept.features), len(kept.copied)) == (6, 4)


@pytest.fixture
def solved(network: SliderNet, seen: Tensor, labels: Tensor) -> SliderNet:
    solve(network, alone(look(network, seen)), labels)
    return network


def test_a_solved_network_comes_back_from_its_checkpoint(solved: SliderNet, seen: Tensor, tmp_path: Path) -> None:
    save(tmp_path, Checkpoint(solved, SPEC, "solved", FACTS))
    back = load(tmp_path)
    np.testing.assert_allclose(answers(back.network, seen), answers(solved, seen), atol=1e-6)
    # It can be solved for again as well: what is expected of photographers was kept.
    found = look(solved, seen)
    solve(back.network, alone(found), torch.roll(found[:, :8], 1, 0) / 10)
    solve(solved, alone(found), torch.roll(found[:, :8], 1, 0) / 10)
    np.testing.assert_array_equal(answers(back.network, seen), answers(solved, seen))


@pytest.fixture(scope="module")
def keynote() -> tuple[SliderNet, TensorDataset, InputSpec]:
    """The default model, and sixty photos by a photographer whom it has never met."""
    network, spec = begin("default", None, None, "linear", 0)
    photos = list(shots(Procedural(), 60, seed=5, size=(224, 336), photographer=PHOTOGRAPHERS["keynote"]))
    pixels = np.stack([prepare_frame(photo.frame, spec) for photo in photos])
    labels = to_scaled(np.stack([photo.values for photo in photos])).astype(np.float32)
    return network, TensorDataset(pixels, labels, [photo.group for photo in photos], np.full(60, np.nan)), spec


@pytest.fixture(scope="module")
def taught(keynote: tuple[SliderNet, TensorDataset, InputSpec]) -> SliderNet:
    """The default model, once it has learnt twenty of them."""
    network, photos, spec = copy.deepcopy(keynote[0]), *keynote[1:]
    learn(network, spec, photos.subset(np.arange(20)), seed=0)
    return network


def test_from_twenty_edits_the_default_model_learns_a_photographer(
    taught: SliderNet, keynote: tuple[SliderNet, TensorDataset, InputSpec]
) -> None:
    _, photos, _ = keynote
    edited, others = photos.subset(np.arange(20)), photos.subset(np.arange(20, 60))
    scores = score(predict(taught, others), others.labels, mean_label(edited.labels))
    used = [row for row, slider in zip(scores, SLIDERS, strict=True) if slider.name != "Saturation"]
    assert all(row.mae < row.mean_mae for row in used), table(scores)
    assert scores[0].r2 > 0.8
    assert np.mean([row.r2 for row in used]) > 0.5
    assert (predict(taught, others)[:, 7] == 0.0).all()


@pytest.mark.parametrize("stops", STOPS)
def test_a_stop_of_light_is_a_stop_of_exposure(
    taught: SliderNet, keynote: tuple[SliderNet, TensorDataset, InputSpec], stops: float
) -> None:
    _, photos, spec = keynote
    others = torch.stack([photos[index][0] for index in range(20, 60)])
    assert np.median(np.abs(answered(taught, spec, others, stops) + stops)) < 0.1


@pytest.mark.parametrize("stops", STOPS)
def test_a_stop_of_light_is_a_stop_of_exposure_on_a_real_bracket(
    taught: SliderNet, keynote: tuple[SliderNet, TensorDataset, InputSpec], stops: float, shared_raws: Path
) -> None:
    bracket = [shared_raws / f"nikon_d5000_hdrmerge_sample{number}.dng" for number in (1, 2, 3)]
    pixels = torch.from_numpy(np.stack([prepare(path, keynote[2]) for path in bracket]))
    assert np.median(np.abs(answered(taught, keynote[2], pixels, stops) + stops)) < 0.15


def answered(network: SliderNet, spec: InputSpec, pixels: Tensor, stops: float) -> NDArray[np.float64]:
    """By how much Exposure moves (N,), EV, where pixels (N, 3, S, S) have so much more light."""
    light = Light(spec)
    before, after = (answers(network, shown)[:, 0] for shown in (pixels, light.encode(light(pixels) * 2.0**stops)))
    return 5.0 * (after - before).astype(np.float64)
