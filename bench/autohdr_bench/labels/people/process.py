"""A Gaussian process over people: what all of them do alike, and what each does in a way of their own.

The labels of one slider, less the median of everybody's, are `shared(x) + own_p(x) + level_p + day_p + noise`, where p
is the person and x what is known of the photo, in groups of numbers. Shared and own part each are a sum, over the
groups, of a linear kernel and of one of squared exponentials; a person has one level, a day one offset. The sizes of
all these maximise the likelihood of other people's labels (Rasmussen and Williams, Gaussian Processes for Machine
Learning, 2006, eq. 5.8 and 5.9), by resilient propagation (Riedmiller and Braun, 1993): its steps need signs of
gradients alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LENGTH = 1.5
"""Square of the distance for each number of a group, in standard deviations, over which photos are alike."""
START = {"kernel": -1.8, "level": -0.3, "day": -1.2, "noise": -0.5}
"""Logarithms of the standard deviations that the search begins with, in the slider's unit."""
_BOUNDS = (-5.0, 1.5)
_PULL = 0.02
"""Keeps sizes that the labels say nothing of near the middle of their range."""
_STEPS, _FIRST_STEP, _LARGEST_STEP = 40, 0.2, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """N photos as the process sees them."""

    groups: tuple[Array, ...]
    """Numbers (N, D) of each group, standardised, 0 where missing."""
    people: NDArray[np.str_]
    """(N,)."""
    days: NDArray[np.str_]
    """(N,), empty where it is not known."""

    def of(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Self:
        """Some of the photos."""
        return replace(
            self, groups=tuple(group[rows] for group in self.groups), people=self.people[rows], days=self.days[rows]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Logarithms of the standard deviations of the parts."""

    values: Array
    """Own kernels (2 a group), shared ones (2 a group), level, day, noise."""

    @property
    def noise(self) -> float:
        """Variance of a person's inconsistency."""
        return float(np.exp(2 * self.values[-1]))

    @classmethod
    def first(cls, groups: int) -> Self:
        """Where the search begins."""
        return cls(np.r_[np.full(4 * groups, START["kernel"]), START["level"], START["day"], START["noise"]])


def kernels(one: Known, other: Known) -> list[Array]:
    """The kernels (N, M) of each group: linear, then curved."""
    found = []
    for left, right in zip(one.groups, other.groups, strict=True):
        count = left.shape[1]
        linear = left @ right.T / count
        squares = (left**2).sum(axis=1)[:, None] / count + (right**2).sum(axis=1) / count - 2 * linear
        found += [linear, np.exp(-0.5 * np.maximum(squares, 0.0) / LENGTH)]
    return found


def _parts(one: Known, other: Known) -> list[Array]:
    """What each size but the noise's multiplies (N, M), in the order of `Sizes`."""
    alike = kernels(one, other)
    same = (one.people[:, None] == other.people).astype(np.float64)
    day = same * (one.days[:, None] == other.days) * (one.days != "")[:, None]
    return [*(same * kernel for kernel in alike), *alike, same, day]


def covariance(sizes: Sizes, one: Known, other: Known) -> Array:
    """Covariance (N, M) of labels without their noise."""
    weights = np.exp(2 * sizes.values[:-1])
    return np.tensordot(weights, np.stack(_parts(one, other)), axes=1)


def learn(known: Known, labels: Array, begin: Sizes | None = None) -> Sizes:
    """The sizes that maximise the likelihood of labels (N,), centred, in the slider's unit."""
    parts = np.stack([*_parts(known, known), np.eye(len(labels))])
    values = (Sizes.first(len(known.groups)) if begin is None else begin).values.copy()
    step, before = np.full(len(values), _FIRST_STEP), np.zeros(len(values))
    best, least = values.copy(), np.inf
    for _ in range(_STEPS):
        loss, gradient = _likelihood(values, parts, labels)
        if loss < least:
            best, least = values.copy(), loss
        turned = np.sign(gradient) * np.sign(before)
        step = np.clip(step * np.where(turned > 0, 1.2, np.where(turned < 0, 0.5, 1.0)), 1e-4, _LARGEST_STEP)
        before = np.where(turned < 0, 0.0, gradient)
        values = np.clip(values - np.sign(before) * step, *_BOUNDS)
    return Sizes(best)


def _likelihood(values: Array, parts: Array, labels: Array) -> tuple[float, Array]:
    """Negative log likelihood and its gradient."""
    weights = np.exp(2 * values)
    total = np.tensordot(weights, parts, axes=1)
    inverse = np.linalg.inv(total)
    answer = inverse @ labels
    loss = 0.5 * labels @ answer + 0.5 * np.linalg.slogdet(total)[1]
    slope = weights * np.tensordot(parts, inverse - np.outer(answer, answer), axes=2)
    away = values - START["kernel"]
    return float(loss + _PULL * (away**2).sum()), slope + 2 * _PULL * away


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """What is known over people, ready for a person who is new."""

    sizes: Sizes
    known: Known
    center: float
    factor: Array
    """(N, N), inverse of the covariance of everybody's labels."""
    answer: Array
    """(N,), the factor times the labels."""

    @classmethod
    def of(cls, sizes: Sizes, known: Known, labels: Array, center: float) -> Self:
        """From other people's labels (N,), in the slider's unit, and the value that they are centred on."""
        inverse = np.asarray(
            np.linalg.inv(covariance(sizes, known, known) + sizes.noise * np.eye(len(labels))), np.float64
        )
        return cls(sizes, known, center, inverse, inverse @ (labels - center))

    def person(self, edits: Known, labels: Array, others: Known) -> tuple[Array, Array, Array]:
        """What one person's edits tell: expected labels of others (M,) with their standard deviation (M,), noise
        included, and of each edit without itself (K,)."""
        across = covariance(self.sizes, self.known, edits), covariance(self.sizes, self.known, others)
        mean, further = (self.center + part.T @ self.answer for part in across)
        explained = self.factor @ across[0]
        inside = covariance(self.sizes, edits, edits) - across[0].T @ explained
        beside = covariance(self.sizes, others, edits) - across[1].T @ explained
        inverse = np.linalg.inv(inside + self.sizes.noise * np.eye(len(labels)))
        weights = inverse @ (labels - mean)
        alone = labels - weights / np.diag(inverse)
        own = np.diag(covariance(self.sizes, others, others)) - np.einsum(
            "nm,nk,km->m", across[1], self.factor, across[1], optimize=True
        )
        variance = own - np.einsum("mk,kl,ml->m", beside, inverse, beside, optimize=True) + self.sizes.noise
        return further + beside @ weights, np.sqrt(np.maximum(variance, 1e-6)), alone


def standardised(groups: Sequence[Array], by: Sequence[Array]) -> tuple[Array, ...]:
    """Each group (N, D) less the mean of another table (P, D), by its deviation, held within 4; 0 where missing."""
    found = []
    for values, usual in zip(groups, by, strict=True):
        known = np.isfinite(usual)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, usual, 0.0).sum(axis=0) / count
        spread = np.sqrt(np.where(known, (usual - mean) ** 2, 0.0).sum(axis=0) / count)
        scaled = (values - mean) / np.maximum(spread, 1e-6)
        found.append(np.clip(np.where(np.isfinite(scaled), scaled, 0.0), -4.0, 4.0))
    return tuple(found)
