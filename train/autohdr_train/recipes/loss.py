"""What a network is taught to make small."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Loss = Literal["mse", "huber"]


def masked_mse(predicted: Tensor, labels: Tensor, spread: Tensor | float = 1.0) -> Tensor:
    """Mean squared error over the labels that are there, a scalar; 0 where none is.

    Args:
        predicted: (N, 8), scaled to [-1, 1].
        labels: the same; NaN marks a slider that the photographer's sidecar does not name.
        spread: (8,), what an error of each slider is measured in; 1 counts all sliders alike in their range.
    """
    error, known = _errors(predicted, labels, spread)
    return error.square().sum() / known


def masked_huber(predicted: Tensor, labels: Tensor, spread: Tensor | float = 1.0) -> Tensor:
    """The mean of squared errors up to one `spread`, and of `2 |error| - 1` beyond it, over labels that are there
    (Huber).

    One edit that is unlike the others then pulls no more than one that is a spread off (P. J. Huber, 1964).
    """
    error, known = _errors(predicted, labels, spread)
    return 2.0 * functional.huber_loss(error, torch.zeros_like(error), reduction="sum") / known


LOSSES: dict[Loss, Callable[[Tensor, Tensor, Tensor], Tensor]] = {"mse": masked_mse, "huber": masked_huber}


def _errors(predicted: Tensor, labels: Tensor, spread: Tensor | float) -> tuple[Tensor, Tensor]:
    """Errors (N, 8) in `spread`, 0 where there is no label, and the number of labels, at least 1."""
    known = torch.isfinite(labels)
    # Chosen before squaring: NaN times 0 would poison the gradient.
    return torch.where(known, (predicted - labels) / spread, 0.0), known.sum().clamp(min=1)
