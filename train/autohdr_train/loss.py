"""What a network is taught to make small."""

import torch
from torch import Tensor


def masked_mse(predicted: Tensor, labels: Tensor, spread: Tensor | float = 1.0) -> Tensor:
    """Mean squared error over the labels that are there, a scalar; 0 where none is.

    Args:
        predicted: (N, 8), scaled to [-1, 1].
        labels: the same; NaN marks a slider that the photographer's sidecar does not name.
        spread: (8,), what an error of each slider is measured in; 1 counts all sliders alike in their range.
    """
    known = torch.isfinite(labels)
    # Chosen before squaring: NaN times 0 would poison the gradient.
    error = torch.where(known, (predicted - labels) / spread, 0.0)
    return error.square().sum() / known.sum().clamp(min=1)
