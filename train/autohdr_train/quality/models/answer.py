"""What every quality model answers, and the scale that it answers in."""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Answer(NamedTuple):
    """The answer to B pairs of pictures."""

    score: Tensor
    """(B,), JOD where the model learnt JOD: higher is better."""
    local: Tensor
    """(B, N), the score of each patch alone; the score of the whole where a model does not judge patches."""
    weights: Tensor
    """(B, N), what each patch counts in the score; they sum to 1."""
    features: Tensor
    """(2 B, D), of the references and then of the tests: what two domains are aligned by."""


class Scale(nn.Module):
    """The unit of scores: 0 of the network is `centre`, and 1 is a `spread` more. Part of the weights, not learnt."""

    def __init__(self) -> None:
        super().__init__()
        self.centre: Tensor
        self.spread: Tensor
        self.register_buffer("centre", torch.zeros(()))
        self.register_buffer("spread", torch.ones(()))

    def forward(self, plain: Tensor) -> Tensor:
        return self.centre + self.spread * plain

    @torch.no_grad()
    def set(self, centre: float, spread: float) -> None:
        """Speaks in another unit from now on; the network's own answers stay."""
        self.centre.fill_(centre)
        self.spread.fill_(spread)
