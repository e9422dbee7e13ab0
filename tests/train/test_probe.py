"""The closed-form head: the Gaussian process that it stands for, with any labels, and as an exported graph.

`probe` and `solution` together, and so a long file: a solution is seen in what a head answers.
"""

import copy
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from autohdr import prepare
from autohdr.raw.prepare import prepare_frame
from autohdr.sliders import SLIDERS, to_scaled
from autohdr.spec import InputSpec
from autohdr_export.onnx_graph import to_bytes, trace
from autohdr_train import probe, solution
from autohdr_train.checkpoint import Checkpoint, load, save
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.evaluate import mean_label, predict, score, table
from autohdr_train.light import Light
from autohdr_train.model import SliderNet, from_config
from autohdr_train.probe import STOPS, Seen, learn, solve
from autohdr_train.recipes import seed as a_recipe
from autohdr_train.scenes import Procedural, shots
from autohdr_train.scenes.photographers import PHOTOGRAPHERS
from autohdr_train.solution import Rule
from autohdr_train.start import begin
from autohdr_train.style import UNITS, plain_gram
from tests.small_vit import small_config

SPEC = InputSpec(size=32, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))
GRID = ("TRUST", "SIZES", "NOISE", "PLAIN")
NEAR = 1e-4
"""Covariances of remembered photos are computed in float32 when a network answers."""
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


def featured(*, learnt: bool) -> SliderNet:
    torch.manual_seed(0)
    network = SliderNet(from_config(small_config()), "linear")
    network.describe_tones(SPEC, learnt=learnt)
    assert network.style is not None
    for weight in network.style.parameters():
        weight.data += 0.3 * torch.randn_like(weight)
    return network.eval()


@pytest.fixture
def seen() -> Tensor:
    """Pixels (12, 3, 32, 32) of coloured pictures over four stops."""
    random = torch.Generator().manual_seed(0)
    stops = -6.0 + 4.0 * torch.rand(12, 1, 1, 1, generator=random) + torch.randn(12, 3, 1, 1, generator=random) / 2
    return Light(SPEC).encode(2.0 ** (stops + torch.randn(12, 3, 32, 32, generator=random) / 2))


@pytest.fixture
def labels() -> Tensor:
    """(12, 8), scaled, by nobody."""
    return 0.3 * torch.randn(12, 8, generator=torch.Generator().manual_seed(1))


def look(network: SliderNet, pixels: Tensor) -> Tensor:
    with torch.inference_mode():
        found = network.see(pixels)
    return found.clone()


def alone(features: Tensor) -> Seen:
    """Photos that nobody looked at in other light."""
    return Seen(features, features.new_full((len(features), len(STOPS), features.shape[1]), torch.nan))


def relit(pixels: Tensor, stops: float) -> Tensor:
    light = Light(SPEC)
    return light.encode(light(pixels) * 2.0**stops)


def answers(network: SliderNet, pixels: Tensor) -> NDArray[np.float32]:
    with torch.inference_mode():
        found: Tensor = network.eval()(pixels)
    return found.numpy()


def one_choice(monkeypatch: pytest.MonkeyPatch, trust: float, size: float, noise: float, plain: float) -> None:
    for name, value in zip(GRID, (trust, size, noise, plain), strict=True):
        monkeypatch.setattr(solution, name, (value,))


def kernel(network: SliderNet, slider: int, one: Tensor, other: Tensor, size: float, plain: float) -> Tensor:
    """The covariance (N, M) of features, without noise, of one combination."""
    style = copy.deepcopy(network.style)
    assert style is not None
    gram = style.double().gram(one[:, : style.learnt], other[:, : style.learnt])
    usual = gram.linear[slider] + gram.curved[slider]
    return (
        size * usual + plain * plain_gram(one[:, style.learnt :], other[:, style.learnt :]) + 4 * gram.constant[slider]
    )


def test_one_combination_is_what_the_style_expects(
    monkeypatch: pytest.MonkeyPatch, network: SliderNet, seen: Tensor, labels: Tensor
) -> None:
    one_choice(monkeypatch, 1.0, 1.0, 1.0, 0.0)
    found = look(network, seen)
    style = copy.deepcopy(network.style)
    assert style is not None
    style = style.double()
    style.log_constant.data += np.log(4.0)  # edits may lie further from the average than photographers do on average
    known, asked = found[:8, : style.learnt].double(), found[8:, : style.learnt].double()
    with torch.inference_mode():
        expected = style.expect(known, (labels[:8] / UNITS)[None].double(), asked)[0][0] * UNITS
    solve(network, alone(found[:8]), labels[:8])
    np.testing.assert_allclose(answers(network, seen[8:]), expected.numpy(), atol=NEAR)


@torch.inference_mode()
def test_linear_layer_and_remembered_photos_are_the_whole_kernel_sum(
    monkeypatch: pytest.MonkeyPatch, network: SliderNet, seen: Tensor, labels: Tensor
) -> None:
    one_choice(monkeypatch, 0.5, 4.0, 0.25, 1.5)
    found = look(network, seen)
    solve(network, alone(found[:8]), labels[:8])
    style = copy.deepcopy(network.style)
    assert style is not None
    style = style.double()
    photos, asked = found[:8].double(), found[8:].double()
    for slider, unit in enumerate(UNITS):
        noise = 0.25 * torch.exp(2.0 * style.log_noise[slider]) * torch.eye(8, dtype=torch.float64)
        covariance = kernel(network, slider, photos, photos, 4.0, 1.5) + noise
        average = [0.5 * style.mean(numbers[:, : style.learnt])[:, slider] for numbers in (photos, asked)]
        residual = labels[:8, slider].double() / unit - average[0]
        across = kernel(network, slider, asked, photos, 4.0, 1.5)
        expected = unit * (average[1] + across @ torch.linalg.solve(covariance, residual))
        np.testing.assert_allclose(answers(network, seen[8:])[:, slider], expected.numpy(), atol=NEAR)


@pytest.mark.parametrize("copied", [[], [1, 4]], ids=["alone", "with copies"])
@torch.inference_mode()
def test_combinations_are_weighed_by_how_well_each_photo_follows_from_all_else(
    network: SliderNet, seen: Tensor, labels: Tensor, copied: list[int]
) -> None:
    """Against refits without each label, one by one, and their average."""
    told = alone(look(network, seen[:8]))
    for place in copied:
        told.copies[place] = torch.cat([look(network, relit(seen[place, None], stops)) for stops in STOPS])
    solve(network, told, labels[:8])
    style = copy.deepcopy(network.style)
    assert style is not None
    style = style.double()
    points, asked, slider = told.points().features, look(network, seen[8:]).double(), 2
    signs = torch.eye(len(points), dtype=torch.float64)
    for place, original in enumerate(told.points().original.tolist(), start=8):
        signs[place, original] = -1.0
    inexact = torch.tensor([solution.EXACT**2 * stops**2 for stops in STOPS] * len(copied), dtype=torch.float64)
    known = torch.cat([labels[:8, slider].double() / UNITS[slider], torch.zeros(2 * len(copied), dtype=torch.float64)])
    logs, means = [], []
    in_full = told_in_full(network, told, labels[:8]) if copied else 1.0
    for rule in solution.others(in_full) if copied else (solution.NOTHING,):
        used = slice(0, 8 if np.isinf(rule.deviation) else len(points))
        for trust, size, noise, plain in itertools.product(*(getattr(solution, name) for name in GRID)):
            average, later = (trust * style.mean(of[:, : style.learnt])[:, slider] for of in (points, asked))
            loud = noise * torch.exp(2.0 * style.log_noise[slider])
            diagonal = torch.cat([loud.expand(8), inexact])
            covariance = signs @ kernel(network, slider, points, points, size, plain) @ signs.T + diagonal.diag()
            covariance, residual = covariance[used, used], (known - signs @ average)[used]
            log = torch.tensor(rule.log + solution._prior(size, plain, noise, trust), dtype=torch.float64)
            for left in range(8):
                others = [place for place in range(len(residual)) if place != left]
                across = torch.linalg.solve(covariance[others][:, others], covariance[others, left])
                variance = covariance[left, left] - across @ covariance[others, left]
                error = residual[left] - across @ residual[others]
                log += -0.5 * error**2 / variance - 0.5 * variance.log()
            logs.append(log)
            across = (kernel(network, slider, asked, points, size, plain) @ signs.T)[:, used]
            means.append(later + across @ torch.linalg.solve(covariance, residual))
    expected = UNITS[slider] * (torch.softmax(torch.stack(logs), 0) @ torch.stack(means))
    np.testing.assert_allclose(answers(network, seen[8:])[:, slider], expected.numpy(), atol=NEAR)


def told_in_full(network: SliderNet, told: Seen, labels: Tensor) -> float:
    """The probability that Exposure makes up for light in full, as the solution found it."""
    found = []
    whole = solution.others

    def caught(in_full: float) -> tuple[Rule, Rule]:
        found.append(in_full)
        return whole(in_full)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solution, "others", caught)
        solve(copy.deepcopy(network), told, labels)
    return found[0]


def test_a_missing_label_is_left_out_for_its_slider_alone(network: SliderNet, seen: Tensor, labels: Tensor) -> None:
    found, other = look(network, seen), copy.deepcopy(network)
    missing = labels.clone()
    missing[[1, 5], 3] = float("nan")
    solve(network, alone(found), labels)
    whole = answers(network, seen)
    solve(network, alone(found), missing)
    kept = [place for place in range(12) if place not in (1, 5)]
    solve(other, alone(found[kept]), labels[kept])
    with_gap = answers(network, seen)
    np.testing.assert_array_equal(np.delete(with_gap, 3, axis=1), np.delete(whole, 3, axis=1))
    np.testing.assert_allclose(with_gap[:, 3], answers(other, seen)[:, 3], atol=2e-6)
    assert np.abs(with_gap[:, 3] - whole[:, 3]).max() > 1e-3


def test_a_slider_of_equal_labels_is_that_and_one_without_labels_is_0(
    network: SliderNet, seen: Tensor, labels: Tensor
) -> None:
    labels[:, 1], labels[:, 4], labels[1:, 5] = 0.25, float("nan"), float("nan")
    solve(network, alone(look(network, seen[:8])), labels[:8])
    found = answers(network, seen)
    np.testing.assert_allclose(found[:, 1], 0.25, atol=1e-7)
    np.testing.assert_array_equal(found[:, 4], 0.0)
    np.testing.assert_allclose(found[:, 5], float(labels[0, 5]), atol=1e-7)
    assert (found[:, [0, 2, 3, 6, 7]].std(axis=0) > 0.0).all()


def test_what_a_head_had_learnt_before_does_not_matter(network: SliderNet, seen: Tensor, labels: Tensor) -> None:
    found = look(network, seen)
    again = copy.deepcopy(network)
    solve(network, alone(found), labels)
    again.head = "tanh"
    again.balance(torch.full((8,), 0.1), torch.linspace(0.02, 0.3, 8))
    solve(again, alone(found[:5]), -labels[:5])
    solve(again, alone(found), labels)
    np.testing.assert_array_equal(answers(again, seen), answers(network, seen))


def dataset(seen: Tensor, labels: Tensor) -> TensorDataset:
    count = len(seen)
    return TensorDataset(seen.numpy(), labels.numpy(), ["a place"] * count, np.full(count, np.nan))


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


def one_rule(monkeypatch: pytest.MonkeyPatch, rule: Rule) -> None:
    monkeypatch.setattr(solution, "EXPOSURE", (rule,))
    monkeypatch.setattr(solution, "others", lambda _: (rule,))


@torch.inference_mode()
def test_copies_in_other_light_are_what_else_is_known(
    monkeypatch: pytest.MonkeyPatch, network: SliderNet, seen: Tensor, labels: Tensor
) -> None:
    """Against the Gaussian process of labels and differences, written out one by one."""
    one_choice(monkeypatch, 0.5, 4.0, 0.25, 1.5)
    one_rule(monkeypatch, Rule(-0.7, 0.3, 0.0))
    photos, asked = look(network, seen[:5]), look(network, seen[8:]).double()
    copies = torch.cat([look(network, relit(seen[2:3], stops)) for stops in STOPS])
    told = alone(photos)
    told.copies[2] = copies
    solve(network, told, labels[:5])
    style = copy.deepcopy(network.style)
    assert style is not None
    style, points = style.double(), torch.cat([photos, copies]).double()
    signs = torch.eye(7, dtype=torch.float64)
    signs[5:, 2] = -1.0
    for slider, unit in enumerate(UNITS):
        loud = 0.25 * float(torch.exp(2.0 * style.log_noise[slider]))
        noise = torch.tensor([loud] * 5 + [(0.3 * stops) ** 2 for stops in STOPS], dtype=torch.float64)
        known = torch.cat([labels[:5, slider].double() / unit, -0.7 * torch.tensor(STOPS, dtype=torch.float64)])
        average, later = (0.5 * style.mean(of[:, : style.learnt])[:, slider] for of in (points, asked))
        covariance = signs @ kernel(network, slider, points, points, 4.0, 1.5) @ signs.T + noise.diag()
        across = kernel(network, slider, asked, points, 4.0, 1.5) @ signs.T
        expected = unit * (later + across @ torch.linalg.solve(covariance, known - signs @ average))
        np.testing.assert_allclose(answers(network, seen[8:])[:, slider], expected.numpy(), atol=NEAR)


def moved(network: SliderNet, pixels: Tensor) -> NDArray[np.float64]:
    """What a stop more light does to sliders (N, 8), scaled."""
    less, more = (answers(network, relit(pixels, stops)) for stops in (-0.5, 0.5))
    return (more - less).astype(np.float64)


def test_light_is_expected_to_be_made_up_for_where_edits_do_not_say(seen: Tensor) -> None:
    """Edits of photos that are about equally bright, by whim, say nothing about light."""
    level = Light(SPEC)(seen).log2().mean(dim=(1, 2, 3))
    alike = torch.cat([relit(seen[place, None], float(level.mean() - level[place])) for place in range(12)])
    labels = torch.full((12, 8), torch.nan)
    labels[:, 0] = 0.1 * torch.randn(12, generator=torch.Generator().manual_seed(3))
    network = featured(learnt=True)
    solve(network, alone(look(network, alike)), labels)
    without = np.median(5.0 * moved(network, alike)[:, 0])
    learn(network, SPEC, dataset(alike, labels), seed=0)
    assert np.median(5.0 * moved(network, alike)[:, 0]) == pytest.approx(-1.0, abs=0.1)
    assert abs(without + 1.0) > 0.3


@pytest.mark.parametrize(("share", "whim"), [(1.0, 0.2), (0.5, 0.2), (0.0, 0.05)])
def test_how_far_light_is_made_up_for_is_told_by_the_edits(
    monkeypatch: pytest.MonkeyPatch, seen: Tensor, share: float, whim: float
) -> None:
    """With a whim, in stops; not at all is the least expected, so that its edits must be plain."""
    level = Light(SPEC)(seen).log2().mean(dim=(1, 2, 3))
    labels = torch.full((12, 8), torch.nan)
    noise = whim * torch.randn(12, generator=torch.Generator().manual_seed(4))
    labels[:, 0] = (-share * (level - level.mean()) + noise) / 5.0
    network = featured(learnt=True)
    learn(network, SPEC, dataset(seen, labels), seed=0)
    assert np.median(5.0 * moved(network, seen)[:, 0]) == pytest.approx(-share, abs=0.15)
    monkeypatch.setattr(solution, "EXPOSURE", (solution.IN_FULL,))
    learn(network, SPEC, dataset(seen, labels), seed=0)
    told = np.median(5.0 * moved(network, seen)[:, 0]) == pytest.approx(-share, abs=0.15)
    assert told == (share == 1.0)


def test_a_slider_that_answers_to_light_is_learnt_all_the_same(network: SliderNet, seen: Tensor) -> None:
    """That sliders but Exposure leave light alone is expected, and given up where edits say otherwise."""
    brightness = Light(SPEC)(seen).log2().mean(dim=(1, 2, 3))
    labels = torch.full((12, 8), torch.nan)
    labels[:, 3] = 0.3 * (brightness - brightness.mean())
    learn(network, SPEC, dataset(seen[:8], labels[:8]), seed=0)
    np.testing.assert_allclose(moved(network, seen[8:])[:, 3], 0.3, atol=0.05)


@pytest.mark.parametrize(("share", "free"), [(1.0, False), (0.5, True), (0.0, True), (None, False)])
def test_other_sliders_are_free_where_exposure_does_not_make_up_for_light(
    seen: Tensor, share: float | None, free: bool
) -> None:
    """Shadows that follow light so little and so noisily that either may be; no Exposure labels say nothing."""
    brightness = Light(SPEC)(seen).log2().mean(dim=(1, 2, 3))
    level = brightness - brightness.mean()
    labels = torch.full((12, 8), torch.nan)
    if share is not None:
        labels[:, 0] = (-share * level + 0.1 * torch.randn(12, generator=torch.Generator().manual_seed(6))) / 5.0
    labels[:, 3] = 0.03 * level + 0.05 * torch.randn(12, generator=torch.Generator().manual_seed(5))
    network = featured(learnt=True)
    learn(network, SPEC, dataset(seen, labels), seed=0)
    assert (np.median(moved(network, seen)[:, 3]) > 0.02) == free


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


def test_a_solved_network_answers_the_same_as_an_exported_graph(solved: SliderNet, seen: Tensor) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(to_bytes(trace(solved, 32)), options, providers=["CPUExecutionProvider"])
    for batch in (1, 2, 7):
        found = session.run(None, {"pixels": seen[:batch].numpy()})[0]
        np.testing.assert_allclose(found, answers(solved, seen[:batch]), atol=1e-4)


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
