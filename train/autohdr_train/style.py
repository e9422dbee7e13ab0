"""What a photographer's style is expected to be, before any edit is seen: a Gaussian process for each slider.

A slider is a function of the features: what photographers do on average, a linear function of the learnt features z,
plus deviations. Those of the usual kind are linear in z, or curved, with the kernel exp(-|b (z - z')|^2 / 2); their
sizes, for each slider and feature, are learnt over made-up photographers. Others follow the plain features, with sizes
that nobody has learnt, for photographers unlike any of those. Given edits, the expected function is known in closed
form (C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press 2006, chapters 2 and 5).
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from autohdr.sliders import LIMITS, SLIDERS

UNITS = torch.tensor([1.0, 9.0, 26.0, 30.0, 27.0, 10.0, 5.0, 4.0]) / torch.from_numpy(LIMITS).float()
"""About how far each slider of a photographer moves from photo to photo, scaled as labels are; labels are divided by
it. Exposure 1 EV; the others from the deviations that real and made-up photographers show."""
COUNT = len(SLIDERS)
REACH = 0.75
"""Square of the distance, for each plain feature, over which curved deviations hold together."""


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
        """Of what photographers mean (8, N, M), for photos with learnt features (N, Z) and (M, Z)."""
        gram = self.gram(one, other)
        return gram.linear + gram.curved + gram.constant

    def prior(self, learnt: Tensor) -> Tensor:
        """Its diagonal (8, N), for photos with learnt features (N, Z)."""
        linear = (learnt * self.log_slope.exp()[:, None]).square().sum(dim=2)
        return linear + self.log_curved.exp()[:, None] + self.log_constant.exp()[:, None]


def squared_distance(one: Tensor, other: Tensor) -> Tensor:
    """Of every pair of rows of (..., N, F) and (..., M, F): (..., N, M)."""
    product = one @ other.transpose(-1, -2)
    squares = one.square().sum(dim=-1)[..., :, None] + other.square().sum(dim=-1)[..., None, :]
    return (squares - 2.0 * product).clamp(min=0.0)


def plain_gram(one: Tensor, other: Tensor) -> Tensor:
    """Covariance (N, M) of deviations that follow plain features (N, P) and (M, P): half linear, and curved."""
    return 0.5 * one @ other.T / one.shape[1] + plain_curved(one, other)


def plain_curved(one: Tensor, other: Tensor) -> Tensor:
    """The curved part of it."""
    return torch.exp(-0.5 * squared_distance(one, other) / (REACH * one.shape[1]))


class Remembered(nn.Module):
    """The curved part of a style that has been solved for: what each remembered photo, or copy of one in other light,
    adds to photos like it.

    Features (N, F) to sliders (N, 8), scaled as labels are.
    """

    def __init__(self, photos: int, learnt: int, plain: int) -> None:
        super().__init__()
        self.bend: Tensor
        self.photos: Tensor
        self.weights: Tensor
        self.plain_photos: Tensor
        self.plain_weights: Tensor
        self.register_buffer("bend", torch.zeros(COUNT, 1, learnt))
        self.register_buffer("photos", torch.zeros(photos, learnt))
        self.register_buffer("weights", torch.zeros(COUNT, photos, 1))
        self.register_buffer("plain_photos", torch.zeros(photos, plain))
        self.register_buffer("plain_weights", torch.zeros(photos, COUNT))

    def forward(self, features: Tensor) -> Tensor:
        learnt, plain = features[:, : self.photos.shape[1]], features[:, self.photos.shape[1] :]
        answer = plain_curved(plain, self.plain_photos) @ self.plain_weights
        if not learnt.shape[1]:  # every photo is equally near
            return answer + self.weights.sum(dim=1).T
        near = torch.exp(-0.5 * squared_distance(learnt * self.bend, self.photos * self.bend))  # (8, N, K)
        return answer + (near @ self.weights)[:, :, 0].T
