"""The solution: the Gaussian process that it stands for, with any labels, and with what copies in other light say."""

import itertools
import math

import numpy as np
import pytest

from autohdr.style.experts import solve as solution
from autohdr.style.experts.light import EXACT, IN_FULL, NOTHING, STOPS, Rule, others
from autohdr.style.experts.prior import UNITS, Array, Prior, plain_covariance
from autohdr.style.points import Seen
from tests.runtime.style.photographers import alone, features, head, looked, observations, prior, relit

GRID = ("TRUST", "SIZES", "NOISE", "PLAIN")
NEAR = 1e-9


@pytest.fixture(params=[True, False], ids=["learnt", "plain"])
def learnt(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def labels() -> Array:
    """(12, 8), scaled, by nobody."""
    return 0.3 * np.random.default_rng(1).standard_normal((12, 8))


def one_choice(monkeypatch: pytest.MonkeyPatch, trust: float, size: float, noise: float, plain: float) -> None:
    for name, value in zip(GRID, (trust, size, noise, plain), strict=True):
        monkeypatch.setattr(solution, name, (value,))


def one_rule(monkeypatch: pytest.MonkeyPatch, rule: Rule) -> None:
    monkeypatch.setattr(solution, "EXPOSURE", (rule,))
    monkeypatch.setattr(solution, "others", lambda _: (rule,))


def kernel(expected: Prior, slider: int, one: Array, other: Array, size: float, plain: float) -> Array:
    """The covariance (N, M) of features, without noise, of one combination."""
    width = expected.learnt
    usual = expected.usual(slider, one[:, :width], other[:, :width])
    strange = plain_covariance(one[:, width:], other[:, width:])
    whole: Array = size * usual + plain * strange + 4.0 * expected.constant[slider]
    return whole


def answers(expected: Prior, seen: Seen, labels: Array, asked: Array) -> Array:
    return head(expected, seen, labels).answer(asked)


def test_slopes_and_remembered_photos_are_the_whole_kernel_sum(
    monkeypatch: pytest.MonkeyPatch, learnt: bool, labels: Array
) -> None:
    one_choice(monkeypatch, 0.5, 4.0, 0.25, 1.5)
    expected, seen = prior(learnt=learnt), features(12, learnt=learnt)
    photos, asked, width = seen[:8], seen[8:], expected.learnt
    found = answers(expected, alone(photos), labels[:8], asked)
    for slider, unit in enumerate(UNITS):
        covariance = kernel(expected, slider, photos, photos, 4.0, 1.5) + 0.25 * expected.noise[slider] * np.eye(8)
        average, later = (0.5 * expected.mean(numbers[:, :width])[:, slider] for numbers in (photos, asked))
        residual = labels[:8, slider] / unit - average
        across = kernel(expected, slider, asked, photos, 4.0, 1.5)
        np.testing.assert_allclose(
            found[:, slider], unit * (later + across @ np.linalg.solve(covariance, residual)), atol=NEAR
        )


@pytest.mark.parametrize("copied", [[], [1, 4]], ids=["alone", "with copies"])
def test_combinations_are_weighed_by_how_well_each_photo_follows_from_all_else(
    monkeypatch: pytest.MonkeyPatch, learnt: bool, labels: Array, copied: list[int]
) -> None:
    """Against refits without each label, one by one, and their average."""
    expected, whole = prior(learnt=learnt), features(12, learnt=learnt)
    seen = looked(whole[:8], np.isin(np.arange(8), copied), learnt=learnt)
    asked, slider, shares = whole[8:], 2, []

    def caught(in_full: float) -> tuple[Rule, Rule]:
        shares.append(in_full)
        return others(in_full)

    monkeypatch.setattr(solution, "others", caught)
    found = answers(expected, seen, labels[:8], asked)
    points, signs = seen.points().features, observations(seen.points())
    inexact = np.array([EXACT**2 * stops**2 for stops in STOPS] * len(copied))
    known = np.concatenate([labels[:8, slider] / UNITS[slider], np.zeros(2 * len(copied))])
    logs, means = [], []
    for rule in others(shares[0]) if copied else (NOTHING,):
        used = slice(0, 8 if math.isinf(rule.deviation) else len(points))
        for trust, size, noise, plain in itertools.product(*(getattr(solution, name) for name in GRID)):
            average, later = (trust * expected.mean(of[:, : expected.learnt])[:, slider] for of in (points, asked))
            diagonal = np.concatenate([np.full(8, noise * expected.noise[slider]), inexact])
            covariance = signs @ kernel(expected, slider, points, points, size, plain) @ signs.T + np.diag(diagonal)
            covariance, residual = covariance[used, used], (known - signs @ average)[used]
            log = rule.log + solution._prior(size, plain, noise, trust)
            for left in range(8):
                rest = [place for place in range(len(residual)) if place != left]
                across = np.linalg.solve(covariance[np.ix_(rest, rest)], covariance[rest, left])
                variance = covariance[left, left] - across @ covariance[rest, left]
                error = residual[left] - across @ residual[rest]
                log += -0.5 * error**2 / variance - 0.5 * np.log(variance)
            logs.append(log)
            across = (kernel(expected, slider, asked, points, size, plain) @ signs.T)[:, used]
            means.append(later + across @ np.linalg.solve(covariance, residual))
    weights = np.exp(np.array(logs) - max(logs))
    np.testing.assert_allclose(found[:, slider], UNITS[slider] * (weights / weights.sum()) @ np.stack(means), atol=1e-7)


def test_copies_in_other_light_are_what_else_is_known(
    monkeypatch: pytest.MonkeyPatch, learnt: bool, labels: Array
) -> None:
    """Against the Gaussian process of labels and differences, written out one by one."""
    one_choice(monkeypatch, 0.5, 4.0, 0.25, 1.5)
    one_rule(monkeypatch, Rule(-0.7, 0.3, 0.0))
    expected, whole = prior(learnt=learnt), features(12, learnt=learnt)
    seen = looked(whole[:5], np.isin(np.arange(5), [2]), learnt=learnt)
    found = answers(expected, seen, labels[:5], whole[8:])
    points, signs = seen.points().features, observations(seen.points())
    for slider, unit in enumerate(UNITS):
        noise = np.array([0.25 * expected.noise[slider]] * 5 + [(0.3 * stops) ** 2 for stops in STOPS])
        known = np.concatenate([labels[:5, slider] / unit, -0.7 * np.array(STOPS)])
        average, later = (0.5 * expected.mean(of[:, : expected.learnt])[:, slider] for of in (points, whole[8:]))
        covariance = signs @ kernel(expected, slider, points, points, 4.0, 1.5) @ signs.T + np.diag(noise)
        across = kernel(expected, slider, whole[8:], points, 4.0, 1.5) @ signs.T
        wanted = unit * (later + across @ np.linalg.solve(covariance, known - signs @ average))
        np.testing.assert_allclose(found[:, slider], wanted, atol=NEAR)


def test_a_missing_label_is_left_out_for_its_slider_alone(learnt: bool, labels: Array) -> None:
    expected, seen = prior(learnt=learnt), features(12, learnt=learnt)
    missing = labels.copy()
    missing[[1, 5], 3] = np.nan
    whole, gap = (answers(expected, alone(seen), values, seen) for values in (labels, missing))
    kept = np.delete(np.arange(12), [1, 5])
    without = answers(expected, alone(seen[kept]), labels[kept], seen)
    np.testing.assert_array_equal(np.delete(gap, 3, axis=1), np.delete(whole, 3, axis=1))
    np.testing.assert_allclose(gap[:, 3], without[:, 3], atol=NEAR)
    assert np.abs(gap[:, 3] - whole[:, 3]).max() > 1e-3


def test_a_slider_of_equal_labels_is_that_and_one_without_labels_is_0(learnt: bool, labels: Array) -> None:
    labels[:, 1], labels[:, 4], labels[1:, 5] = 0.25, np.nan, np.nan
    seen = features(12, learnt=learnt)
    scaled = head(prior(learnt=learnt), alone(seen[:8]), labels[:8]).answer(seen)
    np.testing.assert_allclose(scaled[:, 1], 0.25)
    np.testing.assert_array_equal(scaled[:, 4], 0.0)
    np.testing.assert_allclose(scaled[:, 5], labels[0, 5])
    assert (scaled[:, [0, 2, 3, 6, 7]].std(axis=0) > 0.0).all()


def test_one_decomposition_solves_every_noise(labels: Array) -> None:
    random = np.random.default_rng(2)
    covariance = random.standard_normal((9, 9))
    covariance = covariance @ covariance.T
    noise, inexact, target = random.uniform(0.1, 1.0, 6), random.uniform(0.1, 1.0, 3), random.standard_normal(9)
    system = solution._System.of(covariance, noise, inexact)
    for loud in (0.25, 16.0):
        inverse = np.linalg.inv(covariance + np.diag(np.concatenate([loud * noise, inexact])))
        weights, diagonal = system.solve(target, loud)
        np.testing.assert_allclose(weights, inverse @ target, atol=1e-10)
        np.testing.assert_allclose(diagonal, np.diag(inverse)[:6], atol=1e-10)


def moved(expected: Prior, seen: Array, labels: Array, copied: bool = True) -> Array:
    """What a stop more light does to sliders (N, 8), scaled."""
    style = head(expected, looked(seen, np.full(len(seen), copied)), labels)
    less, more = (style.answer(relit(seen, stops)) for stops in (-0.5, 0.5))
    return more - less


def test_light_is_made_up_for_in_part_where_edits_do_not_say() -> None:
    """Edits of photos that are equally bright, by whim, say nothing about light, so that every rule counts."""
    seen = features(12)
    seen[:, [0, -1]] = 0.0
    labels = np.full((12, 8), np.nan)
    labels[:, 0] = 0.1 * np.random.default_rng(3).standard_normal(12)
    assert -0.9 < np.median(5.0 * moved(prior(), seen, labels)[:, 0]) < -0.1


@pytest.mark.parametrize(("share", "whim"), [(1.0, 0.2), (0.5, 0.2), (0.0, 0.05)])
def test_how_far_light_is_made_up_for_is_told_by_the_edits(
    monkeypatch: pytest.MonkeyPatch, share: float, whim: float
) -> None:
    """With a whim, in stops; not at all is the least expected, so that its edits must be plain."""
    seen, labels = features(12), np.full((12, 8), np.nan)
    labels[:, 0] = (-share * seen[:, 0] + whim * np.random.default_rng(4).standard_normal(12)) / 5.0
    assert np.median(5.0 * moved(prior(), seen, labels)[:, 0]) == pytest.approx(-share, abs=0.15)
    monkeypatch.setattr(solution, "EXPOSURE", (IN_FULL,))
    told = np.median(5.0 * moved(prior(), seen, labels)[:, 0]) == pytest.approx(-share, abs=0.15)
    assert told == (share == 1.0)


def test_a_slider_that_answers_to_light_is_learnt_all_the_same(learnt: bool) -> None:
    """That sliders but Exposure leave light alone is expected, and given up where edits say otherwise."""
    seen, labels = features(12, learnt=learnt), np.full((12, 8), np.nan)
    labels[:, 3] = 0.3 * seen[:, -1]
    style = head(prior(learnt=learnt), looked(seen, learnt=learnt), labels)
    less, more = (style.answer(relit(seen, stops, learnt=learnt))[:, 3] for stops in (-0.5, 0.5))
    np.testing.assert_allclose(np.median(more - less), 0.3, atol=0.1)
