"""The solution: the Gaussian process that it stands for, with any labels, and with what copies in other light tell."""

import copy
import itertools

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from autohdr_train import solution
from autohdr_train.light import Light
from autohdr_train.model import SliderNet
from autohdr_train.probe import STOPS, Seen, learn, solve
from autohdr_train.solution import Rule
from autohdr_train.style import UNITS, plain_gram
from tests.train.heads import NEAR, SPEC, alone, answers, dataset, featured, look, relit

GRID = ("TRUST", "SIZES", "NOISE", "PLAIN")


@pytest.fixture(params=["learnt", "plain"])
def network(request: pytest.FixtureRequest) -> SliderNet:
    """A small network with features, of learnt ones with sizes of their own."""
    return featured(learnt=request.param == "learnt")


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
