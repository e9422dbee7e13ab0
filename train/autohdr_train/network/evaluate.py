"""Predicts sliders for photos with a network in torch."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from autohdr.sliders import to_values
from autohdr_train.data.tensors import TensorDataset


def predict(network: nn.Module, photos: TensorDataset, *, batch: int = 64) -> NDArray[np.float64]:
    """The network's sliders (N, 8) for each photo, in Lightroom's units, clipped to their ranges, not rounded."""
    network.eval()
    device = next(network.parameters()).device
    parts = np.array_split(np.arange(len(photos)), max(1, -(-len(photos) // batch)))
    with torch.inference_mode():
        scaled = [network(photos.batch(part)[0].to(device)).float().cpu() for part in parts]
    return to_values(torch.cat(scaled).numpy())
