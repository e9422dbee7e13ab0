"""Solves the process over people (`people`) for one photographer, given some edits.

It is written down for the eight sliders and the groups of a photo's description; `autohdr.style.further` solves it for
other sliders, over a description that has more groups.

The solution is known in closed form (C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning,
MIT Press 2006, equations 2.25, 2.26 and 5.10 to 5.12).
"""

from dataclasses import dataclass, fields
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS
from autohdr.style.description import GROUPS, Places
from autohdr.style.experts.people import People, likeness, same_day, standardised, width_of
from autohdr.style.experts.spike import median_with, spike_of

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

DIRECTIONS = 32
"""Directions of the edits in which uncertainty is kept; with so many edits or fewer, nothing is lost."""


class Edits(NamedTuple):
    """K edits as the process sees them."""

    descriptions: Array
    """(K, D), NaN where not known."""
    days: Array
    """(K,), as `people.days_of`; NaN where not known."""
    labels: Array
    """(K, 8), in `people.UNITS`, NaN where missing."""
    doubt: Array
    """(K,), variance of each edit's noise, as a share of the usual one's."""
    moments: Rows
    """(K,), a number for each moment: edits of one are left out together."""


class Said(NamedTuple):
    """What the process says of photos."""

    expected: Array
    """(N, 8), in `people.UNITS`: medians, with the spike of the photographer's labels."""
    deviation: Array
    """(N, 8), standard deviation about what is expected, in `people.UNITS`, inconsistency included."""


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """Eight functions of a photo's description and day, for one photographer. P points, T days."""

    mean: Array
    """(D,), as of `People`, like the next."""
    deviation: Array
    """(D,)."""
    slope: Array
    """(8, D), of standardised descriptions."""
    level: Array
    """(8,)."""
    points: Array
    """(P, D), standardised descriptions of the edits."""
    weights: Array
    """(8, G, P), of the likeness with each point."""
    days: Array
    """(T,), days of the edits."""
    offsets: Array
    """(8, T), what each of these days differs by."""
    straight: Array
    """(8, D, D), covariance of the slopes before the edits."""
    curved: Array
    """(8, G), variances of the curved parts before the edits."""
    other: Array
    """(8, 3), variances of the level, of a day, and of the noise."""
    directions: Array
    """(8, P, R): explained variance is the sum of squares of covariances with the points times this."""
    point_days: Array
    """(P,), days of the points; -1 where not known."""
    spike: Array
    """(8, 2), the most frequent value and its share."""

    def checked(self, sliders: int = len(SLIDERS), places: Places = GROUPS) -> Self:
        """The process itself, of so many sliders over these groups.

        Raises:
            ValueError: its arrays do not fit one another, or are not finite.
        """
        points = len(self.points)
        days, groups, width = len(self.days), len(places), width_of(places)
        shapes = {
            "mean": (width,),
            "deviation": (width,),
            "slope": (sliders, width),
            "level": (sliders,),
            "points": (points, width),
            "weights": (sliders, groups, points),
            "days": (days,),
            "offsets": (sliders, days),
            "straight": (sliders, width, width),
            "curved": (sliders, groups),
            "other": (sliders, 3),
            "directions": (sliders, points, DIRECTIONS),
            "point_days": (points,),
            "spike": (sliders, 2),
        }
        for field in fields(self):
            values = getattr(self, field.name)
            if values.shape != shapes[field.name] or not np.isfinite(values).all():
                raise ValueError(f"{field.name} is {values.shape}, or not finite")
        return self

    def says(self, descriptions: Array, days: Array, places: Places = GROUPS) -> Said:
        """What is expected of photos with descriptions (N, D), of days (N,)."""
        seen = standardised(descriptions, self.mean, self.deviation)
        alike = likeness(seen, self.points, places)  # (G, N, P)
        same = same_day(days, self.point_days)
        expected = seen @ self.slope.T + self.level
        expected += np.einsum("gnp,sgp->ns", alike, self.weights, optimize=True)
        expected += same_day(days, self.days).astype(np.float64) @ self.offsets.T
        variance = np.stack([self._variance(slider, seen, alike, same) for slider in range(len(self.level))], axis=1)
        deviation = np.sqrt(np.maximum(variance, 1e-6))
        return Said(median_with(expected, deviation, self.spike[:, 0], self.spike[:, 1]), deviation)

    def _variance(self, slider: int, seen: Array, alike: Array, same: NDArray[np.bool_]) -> Array:
        level, day, noise = self.other[slider]
        straight = seen @ self.straight[slider]
        across = straight @ self.points.T + np.tensordot(self.curved[slider], alike, axes=1) + level + day * same
        before = (straight * seen).sum(axis=1) + self.curved[slider].sum() + level + day
        return before - ((across @ self.directions[slider]) ** 2).sum(axis=1) + noise


class Solved(NamedTuple):
    """The process for one photographer, and what it says of each edit without having seen it or its moment."""

    process: Process
    left_out: Said


def solve(people: People, edits: Edits, places: Places = GROUPS) -> Solved:
    """Solves for each slider; one without labels keeps what people do on average."""
    seen = standardised(edits.descriptions, people.mean, people.deviation)
    alike, same = likeness(seen, seen, places), same_day(edits.days, edits.days)
    covariances = [people.straight(slider, places) for slider in range(len(people.center))]
    parts = [
        _Slider.of(people, slider, straight, edits, seen, alike, same) for slider, straight in enumerate(covariances)
    ]
    days = np.unique(edits.days[np.isfinite(edits.days)])
    on = same_day(days, edits.days).astype(np.float64)  # (T, K)
    weights = np.stack([part.weights for part in parts])
    process = Process(
        people.mean,
        people.deviation,
        people.slope + np.stack([part.straight @ (seen.T @ part.weights) for part in parts]),
        people.center + people.level * weights.sum(axis=1),
        seen,
        people.curved[:, :, None] * weights[:, None],
        days,
        people.day[:, None] * (weights @ on.T),
        np.stack([part.straight for part in parts]),
        people.curved,
        np.stack([people.level, people.day, people.noise], axis=1),
        np.stack([part.directions for part in parts]),
        np.where(np.isfinite(edits.days), edits.days, -1.0),
        np.stack([part.spike for part in parts]),
    )
    left_out = Said(*(np.stack([getattr(part, name) for part in parts], axis=1) for name in Said._fields))
    return Solved(process, left_out)


@dataclass(frozen=True, slots=True, eq=False)
class _Slider:
    """One slider's solution."""

    straight: Array
    weights: Array
    """(K,), of the covariance with each edit; 0 for one without a label."""
    directions: Array
    """(K, R)."""
    spike: Array
    """(2,)."""
    expected: Array
    """(K,), left out; NaN for an edit without a label."""
    deviation: Array

    @classmethod
    def of(
        cls,
        people: People,
        slider: int,
        straight: Array,
        edits: Edits,
        seen: Array,
        alike: Array,
        same: NDArray[np.bool_],
    ) -> Self:
        signal = seen @ straight @ seen.T + np.tensordot(people.curved[slider], alike, axes=1)
        signal = signal + people.level[slider] + people.day[slider] * same
        labels, count = edits.labels[:, slider], len(seen)
        told = np.flatnonzero(np.isfinite(labels))
        weights, directions = np.zeros(count), np.zeros((count, DIRECTIONS))
        expected, deviation = np.full((2, count), np.nan)
        if not len(told):
            return cls(straight, weights, directions, np.zeros(2), expected, deviation)
        noise = people.noise[slider] * edits.doubt[told]
        observed = signal[np.ix_(told, told)] + np.diag(noise)
        inverse = np.linalg.inv(observed)
        away = labels[told] - people.center[slider] - seen[told] @ people.slope[slider]
        weights[told] = inverse @ away
        directions[told] = _directions(observed, signal[told])
        alone = _left_out(inverse, weights[told], labels[told], edits.moments[told])
        expected[told], deviation[told] = alone
        return cls(straight, weights, directions, np.array(spike_of(labels[told])), expected, deviation)


def _left_out(inverse: Array, weights: Array, labels: Array, moments: Rows) -> tuple[Array, Array]:
    """What is expected of each label (K,) without its moment, spike included, and the deviation (K,)."""
    found, deviation = np.empty(len(labels)), np.empty(len(labels))
    for moment in np.unique(moments):
        own = np.flatnonzero(moments == moment)
        covariance = np.linalg.inv(inverse[np.ix_(own, own)])
        deviation[own] = np.sqrt(np.maximum(np.diag(covariance), 1e-6))
        expected = labels[own] - covariance @ weights[own]
        others = np.delete(labels, own)
        spike = spike_of(others) if len(others) else (0.0, 0.0)
        found[own] = median_with(expected, deviation[own], *spike)
    return found, deviation


def _directions(observed: Array, across: Array) -> Array:
    """Directions (K, R) in which the edits explain most of themselves: the first left singular vectors of their
    covariance with all points, whitened."""
    root = np.linalg.cholesky(observed)
    left = np.linalg.svd(np.linalg.solve(root, across), full_matrices=False)[0][:, :DIRECTIONS]
    found = np.zeros((len(root), DIRECTIONS))
    found[:, : left.shape[1]] = np.linalg.solve(root.T, left)
    return found
