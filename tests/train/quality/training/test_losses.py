"""Losses are small where scores are right, and see order and line as they say."""

import pytest
import torch

from autohdr_train.quality.training.losses import mae, pearson, rank, rank_pearson

SCORES = torch.tensor([1.0, 3.0, 2.0, 6.0])


def test_right_scores_cost_nothing() -> None:
    for loss in (mae, rank, pearson, rank_pearson):
        assert loss(SCORES, SCORES).item() == pytest.approx(0.0, abs=1e-6)


def test_order_and_line_do_not_ask_for_a_scale() -> None:
    assert rank_pearson(5.0 + 100.0 * SCORES, SCORES).item() == pytest.approx(0.0, abs=1e-6)
    assert mae(SCORES + 0.5, SCORES).item() == pytest.approx(0.5)


def test_rank_by_hand() -> None:
    """Predictions 0, 2 and -2, whose mean is 0: two of three pairs stand wrong."""
    found = rank(torch.tensor([0.0, 2.0, -2.0]), torch.tensor([3.0, 1.0, 2.0]))
    # 0 before 1: wrong by 2, over 2. 0 before 2: right. 1 before 2: wrong by 4, over 2.
    assert found.item() == pytest.approx((1.0 + 0.0 + 2.0) / 3)


def test_the_opposite_costs_most() -> None:
    assert pearson(-SCORES, SCORES).item() == pytest.approx(2.0)
    assert rank(-SCORES, SCORES) > rank(SCORES[[0, 1, 3, 2]], SCORES) > 0


def test_equal_predictions_have_a_gradient_that_is_finite() -> None:
    predicted = torch.zeros(4, requires_grad=True)
    rank_pearson(predicted, SCORES).backward()  # type: ignore[no-untyped-call]
    assert predicted.grad is not None
    assert torch.isfinite(predicted.grad).all()
