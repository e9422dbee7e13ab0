"""Small networks with features, pictures for them, and what their closed-form heads see and answer."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.light import Light
from autohdr_train.model import SliderNet, from_config
from autohdr_train.probe import STOPS, Seen
from tests.small_vit import small_config

SPEC = InputSpec(size=32, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))
NEAR = 1e-4
"""Covariances of remembered photos are computed in float32 when a network answers."""


def featured(*, learnt: bool) -> SliderNet:
    torch.manual_seed(0)
    network = SliderNet(from_config(small_config()), "linear")
    network.describe_tones(SPEC, learnt=learnt)
    assert network.style is not None
    for weight in network.style.parameters():
        weight.data += 0.3 * torch.randn_like(weight)
    return network.eval()


def look(network: SliderNet, pixels: Tensor) -> Tensor:
    with torch.inference_mode():
        found = network.see(pixels)
    return found.clone()


def alone(features: Tensor) -> Seen:
    """Photos that nobody looked at in other light."""
    return Seen(features, features.new_full((len(features), len(STOPS), features.shape[1]), torch.nan))


def relit(pixels: Tensor, stops: float) -> Tensor:
    light = Light(SPEC)
    return light.encode(light(pixels) * 2.0**stops)


def answers(network: SliderNet, pixels: Tensor) -> NDArray[np.float32]:
    with torch.inference_mode():
        found: Tensor = network.eval()(pixels)
    return found.numpy()


def dataset(seen: Tensor, labels: Tensor) -> TensorDataset:
    count = len(seen)
    return TensorDataset(seen.numpy(), labels.numpy(), ["a place"] * count, np.full(count, np.nan))


def pictures() -> Tensor:
    """Pixels (12, 3, 32, 32) of coloured pictures over four stops."""
    random = torch.Generator().manual_seed(0)
    stops = -6.0 + 4.0 * torch.rand(12, 1, 1, 1, generator=random) + torch.randn(12, 3, 1, 1, generator=random) / 2
    return Light(SPEC).encode(2.0 ** (stops + torch.randn(12, 3, 32, 32, generator=random) / 2))
