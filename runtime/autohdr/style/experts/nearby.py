"""Moves what the experts say of a photo by what edits of the same moment differ by from what the experts say of them.

Whatever makes a photographer edit a scene otherwise than usual holds for the next photo of it, too. The differences are
taken for a Gaussian process in time: a share of their variance is common to photos of one moment and fades with the
time between them, the rest is each photo's own.

Over 17 real people, with styles of all their other photos, the error on photos of which another was edited within a
minute is 0.90 times what it is otherwise (33 photos by 9 people; within ten seconds 0.63, of two photos), between one
and three minutes 0.98, and beyond there is nothing in either way. The likelihood is as great for reaches up to ten
minutes, with smaller shares, but with these the photos three to ten minutes away are off by 1.03 to 1.08 times as much:

    python scripts/measure_moments.py EDITS --cache FOLDER
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REACH = 60.0
"""Seconds in which what photos have in common falls to 37 %."""
SHARE = 0.9
"""The share of the differences' variance that photos of one moment have in common."""


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """What edits say of photos that were taken near in time. P edits whose time is known."""

    captured: Array
    """(P,), seconds."""
    weights: Array
    """(8, P), scaled, of nearness with each edit."""

    @classmethod
    def of(cls, captured: Array, differences: Array, doubt: Array) -> Self:
        """Solves for the weights.

        Args:
            captured: (N,), seconds; NaN where not known.
            differences: (N, 8), of labels from what is said of each photo without it; NaN where there is none.
            doubt: (N,), variance of each label's noise, as a share of the usual one's.
        """
        timed = np.isfinite(captured)
        captured, differences, doubt = captured[timed], differences[timed], doubt[timed]
        common = SHARE * nearness(captured, captured)
        observed = common + np.diag((1.0 - SHARE) * doubt)
        weights = np.zeros((differences.shape[1], len(captured)))
        for row, column in zip(weights, differences.T, strict=True):
            known = np.flatnonzero(np.isfinite(column))
            row[known] = SHARE * np.linalg.solve(observed[np.ix_(known, known)], column[known])
        return cls(captured, weights)

    def answer(self, captured: Array) -> Array:
        """What to add (N, 8), scaled, of photos taken at these times (N,); 0 where they are not known."""
        return nearness(captured, self.captured) @ self.weights.T

    def checked(self, sliders: int) -> Self:
        """Returns this as it is, if its arrays fit one another and are finite.

        Raises:
            ValueError: its arrays do not fit one another, or are not finite.
        """
        fits = self.captured.ndim == 1 and self.weights.shape == (sliders, len(self.captured))
        if not fits or not (np.isfinite(self.captured).all() and np.isfinite(self.weights).all()):
            raise ValueError(f"times are {self.captured.shape} and weights {self.weights.shape}, or not finite")
        return self


def nearness(one: Array, other: Array) -> Array:
    """How near in time photos are (N, M), 0 to 1, of times (N,) and (M,); 0 where one is not known."""
    apart = np.abs(one[:, None] - other)
    return np.exp(-np.where(np.isfinite(apart), apart, np.inf) / REACH)
