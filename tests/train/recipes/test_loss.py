"""The loss sees the labels that are there, and no others."""

import pytest
import torch

from autohdr_train.recipes.loss import masked_huber, masked_mse

NAN = float("nan")


def test_missing_labels_count_for_nothing() -> None:
    predicted = torch.tensor([[1.0, 5.0], [2.0, 0.0]])
    labels = torch.tensor([[0.0, NAN], [NAN, 2.0]])
    assert masked_mse(predicted, labels).item() == (1.0 + 4.0) / 2


def test_missing_labels_leave_the_gradient_finite_and_zero() -> None:
    predicted = torch.ones(1, 2, requires_grad=True)
    masked_mse(predicted, torch.tensor([[0.0, NAN]])).backward()  # type: ignore[no-untyped-call]
    assert predicted.grad is not None
    assert predicted.grad.tolist() == [[2.0, 0.0]]


def test_no_labels_at_all_give_zero() -> None:
    assert masked_mse(torch.ones(3, 8), torch.full((3, 8), NAN)).item() == 0.0


def test_without_gaps_it_is_the_mean_squared_error() -> None:
    random = torch.Generator().manual_seed(0)
    predicted, labels = torch.rand(5, 8, generator=random), torch.rand(5, 8, generator=random)
    assert torch.isclose(masked_mse(predicted, labels), torch.nn.functional.mse_loss(predicted, labels))


def test_small_errors_count_alike_and_a_large_one_pulls_no_more_than_one_spread() -> None:
    labels, spread = torch.zeros(1, 2), torch.tensor([0.1, 0.1])
    small = torch.tensor([[0.05, -0.02]])
    assert torch.isclose(masked_huber(small, labels, spread), masked_mse(small, labels, spread))
    pulls = []
    for off in (0.1, 0.9):
        predicted = torch.tensor([[off, 0.0]], requires_grad=True)
        masked_huber(predicted, labels, spread).backward()  # type: ignore[no-untyped-call]
        assert predicted.grad is not None
        pulls.append(predicted.grad[0, 0].item())
    assert pulls[0] == pytest.approx(pulls[1]) == pytest.approx(1 / 0.1)


def test_huber_skips_missing_labels() -> None:
    predicted = torch.ones(1, 2, requires_grad=True)
    loss = masked_huber(predicted, torch.tensor([[0.5, NAN]]))
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == 0.25
    assert predicted.grad is not None
    assert predicted.grad[0, 1] == 0.0
