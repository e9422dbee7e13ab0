"""Learns the sizes of the parts of a process over people: how far each moves one slider.

Labels, less the median of everybody's, are `shared(x) + own_p(x) + level_p + day_p + noise`, where p is the person and
x the standardised description of a photo, in groups. The shared part is linear, the own part linear and curved. The
sizes maximise the likelihood of the labels by resilient propagation (M. Riedmiller and H. Braun, 1993): its steps need
signs of gradients alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.style.description import GROUPS
from autohdr.style.experts.people import by_number, likeness, same_day

Array = NDArray[np.float64]

_KERNEL, _LEVEL, _DAY, _NOISE = -1.8, -0.3, -1.2, -0.5
"""Logarithms of the standard deviations that the search begins with, in units of the slider."""
_BOUNDS = (-5.0, 1.5)
_PULL = 0.02
"""Keeps sizes that the labels say nothing of near the middle of their range."""
_STEPS, _FIRST_STEP, _LARGEST_STEP = 40, 0.2, 0.5
_GROUPS = len(GROUPS)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """N photos of some people."""

    seen: Array
    """(N, D), standardised descriptions."""
    people: NDArray[np.str_]
    """(N,)."""
    days: Array
    """(N,), NaN where not known."""
    labels: Array
    """(N, 8), in units of the sliders, NaN where missing."""

    def of(self, rows: NDArray[np.int64]) -> Self:
        """Some of the photos."""
        return replace(
            self, seen=self.seen[rows], people=self.people[rows], days=self.days[rows], labels=self.labels[rows]
        )

    @classmethod
    def joined(cls, parts: Sequence["Known"]) -> Self:
        """The photos of all parts."""
        names = ("seen", "people", "days", "labels")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Variances of the parts of one slider."""

    values: Array
    """Logarithms of standard deviations: own linear (G,), own curved (G,), shared linear (G,), level, day, noise."""

    @property
    def linear(self) -> Array:
        """(G,), of the own linear parts."""
        return np.exp(2.0 * self.values[:_GROUPS])

    @property
    def curved(self) -> Array:
        """(G,), of the own curved parts."""
        return np.exp(2.0 * self.values[_GROUPS : 2 * _GROUPS])

    @property
    def shared(self) -> Array:
        """(G,), of the shared linear parts."""
        return np.exp(2.0 * self.values[2 * _GROUPS : 3 * _GROUPS])

    @property
    def level(self) -> float:
        """The variance of a person's level."""
        return float(np.exp(2.0 * self.values[-3]))

    @property
    def day(self) -> float:
        """The variance of what a day differs by."""
        return float(np.exp(2.0 * self.values[-2]))

    @property
    def noise(self) -> float:
        """The variance of a person's inconsistency."""
        return float(np.exp(2.0 * self.values[-1]))


def learn_sizes(known: Known, labels: Array) -> Sizes:
    """Finds the sizes that maximise the likelihood of labels (N,), centred, in the slider's unit."""
    parts = _parts(known)
    values = np.r_[np.full(3 * _GROUPS, _KERNEL), _LEVEL, _DAY, _NOISE]
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


def shared_slopes(sizes: Sizes, known: Known, labels: Array) -> tuple[Array, Array]:
    """Computes what labels (N,), centred, tell of what all people do alike.

    Returns:
        The slopes (D,) that are to be expected, and the covariance (D, D) of what is not known of them.
    """
    weights = np.exp(2.0 * sizes.values)
    weights[2 * _GROUPS : 3 * _GROUPS] = 0.0
    before = np.diag(by_number(sizes.shared))
    inverse = np.linalg.inv(np.tensordot(weights, _parts(known), axes=1))
    information = known.seen.T @ inverse @ known.seen
    # A group's numbers that are the same for all have no slope, and their variance stays what it was.
    unsure = np.linalg.solve(np.eye(len(before)) + before @ information, before)
    return unsure @ (known.seen.T @ (inverse @ labels)), (unsure + unsure.T) / 2.0


def _parts(known: Known) -> Array:
    """What each size multiplies (S, N, N), in the order of `Sizes`."""
    linear = np.stack(
        [known.seen[:, place] @ known.seen[:, place].T / (place.stop - place.start) for place in GROUPS.values()]
    )
    same = (known.people[:, None] == known.people).astype(np.float64)
    day = same * same_day(known.days, known.days)
    own = np.concatenate([linear, likeness(known.seen, known.seen)]) * same
    return np.concatenate([own, linear, [same, day, np.eye(len(known.seen))]])


def _likelihood(values: Array, parts: Array, labels: Array) -> tuple[float, Array]:
    """Negative log likelihood and its gradient."""
    weights = np.exp(2.0 * values)
    total = np.tensordot(weights, parts, axes=1)
    inverse = np.linalg.inv(total)
    answer = inverse @ labels
    loss = 0.5 * labels @ answer + 0.5 * np.linalg.slogdet(total)[1]
    slope = weights * np.tensordot(parts, inverse - np.outer(answer, answer), axes=2)
    away = values - _KERNEL
    return float(loss + _PULL * (away**2).sum()), slope + 2.0 * _PULL * away
