"""How far apart the features of two domains are: CORAL in two forms, and a control that looks at the means alone.

B. Sun and K. Saenko, "Deep CORAL: Correlation Alignment for Deep Domain Adaptation", 2016, arXiv:1607.01719. The second
form is that of the program beside A. Chubarau et al., 2024, arXiv:2405.00670 (github.com/ch-andrei/HDR-IQA-dom-adapt).

A covariance of D features has D (D + 1) / 2 numbers, and a batch of sixteen photos tells fifteen directions of them. So
features are projected to fewer dimensions, and the statistics of past batches are kept (`Alignment`).
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, get_args

import torch
from torch import Tensor, nn

from autohdr.errors import SettingsError

Form = Literal["mean", "coral", "coral-minmax"]
"""`coral`: as published. `coral-minmax`: as Chubarau's program has it. `mean`: the control."""


def covariance(features: Tensor) -> Tensor:
    """Covariance (D, D) of features (N, D), divided by N - 1."""
    return _scatter(features) / (len(features) - 1)


def minmax_scatter(features: Tensor) -> Tensor:
    """Scatter (D, D), not divided by anything, of features (N, D) brought to 0..1 by their least and largest value."""
    low, high = features.min(), features.max()
    return _scatter((features - low) / (high - low).clamp(min=1e-12))


def _scatter(features: Tensor) -> Tensor:
    centred = features - features.mean(dim=0)
    return centred.T @ centred


class Distance(NamedTuple):
    """One form: what is taken of each domain's features (N, D), and how two of those are compared."""

    statistic: Callable[[Tensor], Tensor]
    compare: Callable[[Tensor, Tensor], Tensor]


def _published(source: Tensor, target: Tensor) -> Tensor:
    return (source - target).square().sum() / (4 * len(source) ** 2)


def _unsquared(source: Tensor, target: Tensor) -> Tensor:
    return torch.linalg.vector_norm(source - target) / len(source)  # its gradient at 0 is 0, a square root's is NaN


def _mean_square(source: Tensor, target: Tensor) -> Tensor:
    return (source - target).square().mean()


DISTANCES: dict[Form, Distance] = {
    "mean": Distance(lambda features: features.mean(dim=0), _mean_square),
    "coral": Distance(covariance, _published),
    "coral-minmax": Distance(minmax_scatter, _unsquared),
}


class Alignment(nn.Module):
    """The distance between two domains' features, a scalar; with what it keeps of earlier batches, to be made small.

    The projection is random, orthonormal and fixed. A learnt one could make the distance small by looking away from
    what differs; a fixed one leaves that to the network, keeps lengths, and needs no place in a checkpoint.

    The statistics are running means over batches. Gradients go through the current batch alone, and are not made
    smaller by `decay`: it decides how well the difference is known, not how strongly it pulls.
    """

    def __init__(self, form: Form, features: int, *, width: int = 64, decay: float = 0.9, seed: int = 0) -> None:
        """
        Args:
            form: which distance.
            features: D, of each photo.
            width: that are left by the projection; none takes place where there are no more than these.
            decay: weight of the past in the running mean, 0 (each batch alone) to below 1.
            seed: of the projection.

        Raises:
            SettingsError: a setting is impossible.
        """
        super().__init__()
        if form not in get_args(Form):
            raise SettingsError(f"alignment is {form!r}; expected one of {', '.join(get_args(Form))}")
        if width < 1:
            raise SettingsError(f"projection is {width} wide; expected at least 1")
        if not 0 <= decay < 1:
            raise SettingsError(f"decay of the running statistics is {decay}; expected 0 to below 1")
        self.distance = DISTANCES[form]
        self.decay = decay
        self.projection: Tensor
        self.register_buffer("projection", _orthonormal(features, width, seed), persistent=False)
        self._past: dict[str, Tensor] = {}
        self._batches = 0

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """The distance between features (N, D) and (M, D); N and M are 2 or more, and equal for `coral-minmax`, which
        counts rows.
        """
        decay = min(self.decay, self._batches / (self._batches + 1))  # the first ones count alike
        self._batches += 1
        return self.distance.compare(
            self._running("source", source, decay),
            self._running("target", target, decay),
        )

    def past(self) -> dict[str, Any]:
        """The running statistics, for a run that goes on after a kill. No part of the state of a model."""
        return {"past": self._past, "batches": self._batches}

    def go_on(self, state: dict[str, Any]) -> None:
        """Continues a run with the state that `past` gave."""
        self._past, self._batches = state["past"], state["batches"]

    def _running(self, domain: str, features: Tensor, decay: float) -> Tensor:
        now = self.distance.statistic(features @ self.projection.to(features))
        known = now.detach()
        mean = known.lerp(self._past.get(domain, known).to(known), decay)
        self._past[domain] = mean
        return mean + (now - known)


def _orthonormal(features: int, width: int, seed: int) -> Tensor:
    if features <= width:
        return torch.eye(features)
    random = torch.randn(features, width, generator=torch.Generator().manual_seed(seed))
    projection: Tensor = torch.linalg.qr(random).Q
    return projection
