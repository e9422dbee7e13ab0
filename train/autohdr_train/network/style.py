"""What a photographer's style is expected to be, with sizes that are learnt by gradients.

`autohdr.style.experts.prior.Prior` says what is expected, and is what styles are solved with; this is the same in
torch, for `autohdr_train.default`, which learns the sizes over made-up photographers.
"""

import math
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from autohdr.sliders import SLIDERS
from autohdr.style.experts import prior

UNITS = torch.from_numpy(prior.UNITS).float()
"""`autohdr.style.experts.prior.UNITS`."""
COUNT = len(SLIDERS)


class Gram(NamedTuple):
    """Covariances of two sets of photos, in `UNITS` squared."""

    linear: Tensor
    """(8, N, M), of learnt features."""
    curved: Tensor
    """(8, N, M), of learnt features."""
    constant: Tensor
    """(8, 1, 1)."""


class Average(nn.Module):
    """What photographers do on average, a linear function of learnt features (N, Z); of none, a constant."""

    def __init__(self, learnt: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(COUNT, learnt))
        self.bias = nn.Parameter(torch.zeros(COUNT))

    def forward(self, learnt: Tensor) -> Tensor:
        return functional.linear(learnt, self.weight, self.bias)


class Style(nn.Module):
    """The expectation, for so many learnt and plain features. All sizes are kept as logarithms."""

    def __init__(self, learnt: int, plain: int) -> None:
        super().__init__()
        self.learnt, self.plain = learnt, plain
        few = max(learnt, 1)
        self.mean = Average(learnt)
        self.log_slope = nn.Parameter(torch.full((COUNT, learnt), -0.5 * math.log(few)))
        self.log_bend = nn.Parameter(torch.full((COUNT, learnt), -0.5 * math.log(2.0 * few)))
        self.log_curved = nn.Parameter(torch.zeros(COUNT))
        self.log_constant = nn.Parameter(torch.zeros(COUNT))
        self.log_noise = nn.Parameter(torch.full((COUNT,), -1.5))

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """All of it by name, as `autohdr.style.experts.prior.Prior.of` takes it; nothing without learnt features."""
        if not self.learnt:
            return {}
        return {name: value.detach().cpu().numpy() for name, value in self.state_dict().items()}

    def gram(self, one: Tensor, other: Tensor) -> Gram:
        """Covariances of photos with learnt features (N, Z) and (M, Z)."""
        slope, bend = self.log_slope.exp()[:, None], self.log_bend.exp()[:, None]
        linear = (one * slope) @ (other * slope).transpose(-1, -2)
        curved = self.log_curved.exp()[:, None, None] * torch.exp(-0.5 * squared_distance(one * bend, other * bend))
        return Gram(linear, curved, self.log_constant.exp()[:, None, None])

    def expect(self, seen: Tensor, labels: Tensor, asked: Tensor) -> tuple[Tensor, Tensor]:
        """The sliders (B, M, 8) of photos with learnt features (M, Z), and the variance (M, 8) about them, in `UNITS`.

        Args:
            seen: learnt features of the edited photos (K, Z).
            labels: their edits by B photographers (B, K, 8), in `UNITS`.
            asked: learnt features of the others (M, Z).
        """
        noise = torch.exp(2.0 * self.log_noise)[:, None, None]
        covariance = self.covariance(seen, seen) + noise * torch.eye(len(seen))
        cross = self.covariance(seen, asked)
        root = torch.linalg.cholesky(covariance)
        residual = (labels - self.mean(seen)).permute(2, 1, 0)  # (8, K, B)
        mean = (cross.transpose(1, 2) @ torch.cholesky_solve(residual, root)).permute(2, 1, 0) + self.mean(asked)
        explained = torch.linalg.solve_triangular(root, cross, upper=False).square().sum(dim=1)
        variance = (self.prior(asked) - explained).clamp(min=1e-4) + noise[:, :, 0]
        return mean, variance.T

    def covariance(self, one: Tensor, other: Tensor) -> Tensor:
        """Covariance (8, N, M) of what photographers mean, for photos with learnt features (N, Z) and (M, Z)."""
        gram = self.gram(one, other)
        return gram.linear + gram.curved + gram.constant

    def prior(self, learnt: Tensor) -> Tensor:
        """Variance (8, N) of what photographers mean, for photos with learnt features (N, Z)."""
        linear = (learnt * self.log_slope.exp()[:, None]).square().sum(dim=2)
        return linear + self.log_curved.exp()[:, None] + self.log_constant.exp()[:, None]


def squared_distance(one: Tensor, other: Tensor) -> Tensor:
    """Squared distance (..., N, M) of every pair of rows of (..., N, F) and (..., M, F)."""
    product = one @ other.transpose(-1, -2)
    squares = one.square().sum(dim=-1)[..., :, None] + other.square().sum(dim=-1)[..., None, :]
    return (squares - 2.0 * product).clamp(min=0.0)
