"""Closed forms do what their formulas say, and what is missing harms nothing."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr_bench.labels import baselines
from autohdr_bench.labels.baselines import STRENGTHS, gaussian_process, mean, ridge

Array = NDArray[np.float64]


def drawn(count: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal((count, 18))


def test_ridge_takes_the_strength_that_leaving_each_photo_out_would_choose() -> None:
    rows, others = drawn(15), drawn(4, 1)
    targets = rows[:, :1] - 2 * rows[:, 1:2] + np.random.default_rng(2).standard_normal((15, 1))
    rows, targets = rows - rows.mean(axis=0), targets - targets.mean(axis=0)

    def solve(some: Array, labels: Array, strength: float) -> Callable[[Array], Array]:
        centre, level = some.mean(axis=0), labels.mean()
        centred = some - centre
        weights = np.linalg.solve(centred.T @ centred + strength * np.eye(18), centred.T @ (labels - level))
        return lambda more: (more - centre) @ weights + level

    errors = []
    for strength in STRENGTHS:
        left_out = 0.0
        for photo in range(15):
            rest = np.arange(15) != photo
            found = solve(rows[rest], targets[rest, 0], strength)
            left_out += float((targets[photo, 0] - found(rows[photo])) ** 2)
        errors.append(left_out)
    best = solve(rows, targets[:, 0], float(STRENGTHS[int(np.argmin(errors))]))
    np.testing.assert_allclose(baselines._ridge(rows, targets, others)[:, 0], best(others), atol=1e-9)


def test_both_learn_a_line_and_the_gaussian_process_a_curve() -> None:
    rows, others = drawn(200), drawn(100, 1)
    line, curve = (0.2 * some[:, 0] - 0.1 * some[:, 3] for some in (rows, others))
    bend, bent = (0.2 * np.tanh(some[:, 0]) + 0.1 * some[:, 1] ** 2 - 0.1 for some in (rows, others))
    labels = np.stack([line, bend], axis=1)
    error = {}
    for method in (mean, ridge, gaussian_process):
        predicted = method(rows, labels, others)
        error[method] = np.abs(predicted - np.stack([curve, bent], axis=1)).mean(axis=0)
    assert error[ridge][0] < 0.1 * error[mean][0]
    assert error[gaussian_process][0] < 0.1 * error[mean][0]
    assert error[gaussian_process][1] < 0.85 * error[ridge][1]


@pytest.mark.parametrize("method", [mean, ridge, gaussian_process])
def test_a_missing_label_costs_its_slider_one_photo_and_the_others_nothing(
    method: Callable[[Array, Array, Array], Array],
) -> None:
    rows, others = drawn(12), drawn(5, 1)
    labels = np.random.default_rng(3).uniform(-0.5, 0.5, (12, 8))
    whole = method(rows, labels, others)
    labels[2, 4] = np.nan
    labels[:, 7] = np.nan
    some = method(rows, labels, others)
    np.testing.assert_allclose(np.delete(some, [4, 7], axis=1), np.delete(whole, [4, 7], axis=1))
    rest = np.delete(np.arange(12), 2)
    np.testing.assert_allclose(some[:, 4], method(rows[rest], labels[rest], others)[:, 4])
    np.testing.assert_array_equal(some[:, 7], 0.0)


def test_two_photos_teach_their_mean() -> None:
    labels = np.array([[0.1] * 8, [0.3] * 8])
    np.testing.assert_allclose(gaussian_process(drawn(2), labels, drawn(3, 1)), 0.2)


def test_a_statistic_that_never_moved_throws_no_photo_far_out() -> None:
    rows, others = drawn(20), drawn(5, 1)
    rows[:, 12] = 0.0
    rows[0, 12] = 1e-4
    labels = rows[:, :1] * 0.1
    assert np.abs(ridge(rows, labels, others)).max() < 1.0
    assert np.abs(gaussian_process(rows, labels, others)).max() < 1.0
