"""Features of a network that learnt none: what is measured in the picture, and its class token.

While such a network is trained there is only a head on its class token. At the end the token is standardised over the
photos that were learnt from, tones are put before it, and the head is rewritten, so that the answers stay as they are.
"""

import numpy as np
import torch
from torch import Tensor

from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.network.start import default
from autohdr_train.network.tones import SIZE as TONES

BATCH = 32
"""Photos that class tokens are found of at a time."""


def give_features(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    """Let a network that has only a head on its class token give features, in place; others stay as they are.

    Args:
        network: its input is as `spec` says.
        spec: how the photos were prepared.
        photos: over which its class tokens come out about 0 and 1 apart; those that it learnt from.
    """
    if network.features is None:
        _standardise(network, spec, _tokens(network, photos))


@torch.no_grad()
def _tokens(network: SliderNet, photos: TensorDataset) -> Tensor:
    """Class tokens (N, D), on the CPU."""
    network.eval()
    device = next(network.parameters()).device
    parts = np.array_split(np.arange(len(photos)), -(-len(photos) // BATCH))
    return torch.cat([network.token(photos.batch(part)[0].to(device)).float().cpu() for part in parts])


@torch.no_grad()
def _standardise(network: SliderNet, spec: InputSpec, tokens: Tensor) -> None:
    """Give features, of class tokens (N, D) of the photos."""
    before = network.folded()
    weight, bias = before["classifier.weight"].clone(), before["classifier.bias"].clone()
    network.describe_tones(spec)
    ordinary = default().network.tones
    assert network.tones is not None
    assert network.features is not None
    assert ordinary is not None
    network.tones.mean.copy_(ordinary.mean)
    network.tones.std.copy_(ordinary.std)
    network.features.standardise(tokens)
    network.classifier.weight[:, TONES:] = weight * network.features.token_std
    network.classifier.bias.copy_(bias + weight @ network.features.token_mean)
    network.centre.zero_()
    network.spread.fill_(1.0)
