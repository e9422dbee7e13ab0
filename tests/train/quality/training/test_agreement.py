"""Figures of agreement are those of the definitions; intervals are of contents and folds."""

import numpy as np
import pytest

from autohdr_train.quality.training.agreement import Fold, figures, interval, krocc, over_folds, srocc


def test_by_hand() -> None:
    predicted, scores = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 4.0])
    found = figures(predicted, scores)
    assert found.srocc == pytest.approx(1 - 6 * 2 / (4 * 15))
    assert found.krocc == pytest.approx((5 - 1) / 6)
    assert found.plcc == pytest.approx(0.8)
    assert found.rmse == pytest.approx(np.sqrt(0.5))


def test_ties_have_their_mean_rank() -> None:
    predicted, scores = np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])
    assert srocc(predicted, scores) == pytest.approx(np.corrcoef([1.5, 1.5, 3], [1, 2, 3])[0, 1])
    assert krocc(predicted, scores) == pytest.approx(2 / np.sqrt(2 * 3))


def test_order_alone_counts_for_ranks() -> None:
    scores = np.random.default_rng(0).normal(size=50)
    assert srocc(np.exp(scores), scores) == pytest.approx(1.0)
    assert krocc(-np.exp(scores), scores) == pytest.approx(-1.0)


def test_what_does_not_vary_has_no_correlation() -> None:
    found = figures(np.ones(3), np.arange(3.0))
    assert np.isnan([found.srocc, found.krocc, found.plcc]).all()


def folds(noise: float) -> list[Fold]:
    made = []
    for fold in range(3):
        random = np.random.default_rng(fold)
        scores = random.uniform(0, 10, 60)
        contents = [f"{fold}-{number % 6}" for number in range(60)]
        made.append(Fold(scores + noise * random.normal(size=60), scores, contents))
    return made


def test_the_interval_holds_the_figure_and_narrows_with_agreement() -> None:
    for noise in (0.5, 3.0):
        found = interval(folds(noise), draws=100)
        assert found.value == pytest.approx(over_folds(folds(noise)).srocc)
        assert found.low < found.value < found.high
    wide, narrow = interval(folds(3.0), draws=100), interval(folds(0.5), draws=100)
    assert wide.high - wide.low > narrow.high - narrow.low


def test_a_difference_is_drawn_with_the_same_contents() -> None:
    nothing = interval(folds(2.0), folds(2.0), draws=50)
    assert (nothing.value, nothing.low, nothing.high) == (0.0, 0.0, 0.0)
    assert not nothing.clear
    assert interval(folds(0.5), folds(4.0), draws=50).clear


def test_the_seed_decides() -> None:
    assert interval(folds(2.0), draws=50) == interval(folds(2.0), draws=50)
    assert interval(folds(2.0), draws=50) != interval(folds(2.0), draws=50, seed=1)
