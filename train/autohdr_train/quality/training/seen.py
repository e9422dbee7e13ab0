"""Displays and inputs of quality models as torch operations on batches, equal to `autohdr.quality` in NumPy."""

from collections.abc import Sequence

import torch
from torch import Tensor

from autohdr.quality.display import Display
from autohdr.quality.inputs import Inputs
from autohdr_train.network.light import luminance_to_pu21


def shown(light: Tensor, displays: Sequence[Display]) -> Tensor:
    """Luminance (B, ...), cd/m2, of light (B, ...) that a picture asks for as a share of its display's peak."""
    peak, black, reflected = (
        torch.tensor([getattr(display, name) for display in displays]).to(light).reshape(-1, *[1] * (light.ndim - 1))
        for name in ("peak", "black", "reflected")
    )
    return (peak - black) * light.clamp(0.0, 1.0) + black + reflected


def encoded(luminance: Tensor, inputs: Inputs) -> Tensor:
    """A network's input (..., 3, h, w) of luminance of the same shape, cd/m2, as `Inputs.of` makes it."""
    darkest, reference = inputs.ends
    mean, std = (torch.tensor(values).to(luminance).reshape(3, 1, 1) for values in (inputs.mean, inputs.std))
    return ((luminance_to_pu21(luminance, inputs.variant) - darkest) / (reference - darkest) - mean) / std
