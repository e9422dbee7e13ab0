"""What a network is taught to make small."""

import torch
from torch import Tensor


def masked_mse(predicted: Tensor, labels: Tensor) -> Tensor:
    """Mean squared error over the labels that are there, a scalar; 0 where none is.

    Both are (N, 8), scaled to [-1, 1]; NaN in `labels` marks a slider that the photographer's sidecar does not name.
    """
    known = torch.isfinite(labels)
    error = torch.where(known, predicted - labels, 0.0)  # chosen before squaring: NaN times 0 would poison the gradient
    return error.square().sum() / known.sum().clamp(min=1)
