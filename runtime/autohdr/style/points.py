"""The points that a style is solved over: what a network sees of edited photos, and of copies in other light."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autohdr.style.description import COUNT
from autohdr.style.experts.light import STOPS
from autohdr.style.experts.prior import Array

MOST = 1000
"""Photos that a style remembers; of more, all corrections and a random choice of the others."""
COPIED = 100
"""Photos that are looked at in other light as well; of more, likewise."""
CORRECTED = 0.5
"""Variance of a correction's noise, as a share of the usual label's: who moved a slider that autohdr had set has looked
at this photo twice. A correction counts about as much as two edits; the factor is a choice, not a measurement."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Photos, followed by copies of some of them in other light, in float64."""

    features: Array
    """(P, F), those of K photos first."""
    original: NDArray[np.int64]
    """(P - K,), the photo that each copy is of."""
    stops: Array
    """(P - K,), by which its light differs."""
    doubt: Array
    """(K,), variance of each photo's noise, as a share of the usual one."""

    def observe(self, values: Array, known: NDArray[np.bool_]) -> Array:
        """The observations in values (P, ...) of all points: the values of the photos that are `known` (K,), and the
        differences of copies from their photos.
        """
        photos, copies = values[: len(known)], values[len(known) :]
        return np.concatenate([photos[known], copies - photos[self.original]])

    def spread(self, weights: Array, known: NDArray[np.bool_]) -> Array:
        """Weights (M, ...) of what `observe` gives as weights of the points (P, ...): the transpose of `observe`."""
        count = int(known.sum())
        photos = np.zeros((len(known), *weights.shape[1:]))
        photos[known] = weights[:count]
        np.subtract.at(photos, self.original, weights[count:])
        return np.concatenate([photos, weights[count:]])


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a network sees of photos."""

    features: NDArray[np.floating]
    """(N, F)."""
    copies: NDArray[np.floating]
    """(N, 2, F), of the same photos with light 2^`STOPS` of theirs; NaN where nobody looked."""
    corrected: NDArray[np.bool_]
    """(N,), photos whose labels are corrections of autohdr's: they are never left out, and count more."""
    descriptions: Array | None = None
    """(N, D), as `description.describe` gives them; None where nobody asked."""

    def of(self, rows: NDArray[np.int64]) -> "Seen":
        """Returns these points for some of the photos alone."""
        descriptions = None if self.descriptions is None else self.descriptions[rows]
        return Seen(self.features[rows], self.copies[rows], self.corrected[rows], descriptions)

    @property
    def described(self) -> Array:
        """Descriptions (N, D); all NaN where nobody asked."""
        return np.full((len(self.features), COUNT), np.nan) if self.descriptions is None else self.descriptions

    @property
    def copied(self) -> NDArray[np.int64]:
        """Numbers of the photos that were looked at in other light."""
        return np.flatnonzero(np.isfinite(self.copies[:, 0, 0]))

    def points(self) -> Points:
        """The photos, and their copies after them."""
        copied = self.copied
        features = np.concatenate([self.features, self.copies[copied].reshape(-1, self.features.shape[1])])
        doubt = np.where(self.corrected, CORRECTED, 1.0)
        return Points(features.astype(np.float64), copied.repeat(len(STOPS)), np.tile(STOPS, len(copied)), doubt)


def remember(seen: Seen, labels: Array, seed: int) -> tuple[Seen, Array]:
    """Chooses at most `MOST` of the photos and copies of at most `COPIED` of them, corrections first and the others
    drawn by `seed`, in the order given.

    Returns:
        The photos, and their labels (K, 8).
    """
    chosen = some(len(labels), MOST, seed, seen.corrected)
    kept, copies = seen.of(chosen), np.full_like(seen.copies[chosen], np.nan)
    copied = kept.copied[some(len(kept.copied), COPIED, seed, kept.corrected[kept.copied])]
    copies[copied] = kept.copies[copied]
    return replace(kept, copies=copies), labels[chosen]


def to_copy(corrected: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """Numbers of the photos, of those with these corrections (N,), that are worth a look in other light: those that
    `remember` will keep copies of if all photos are learnt."""
    kept = some(len(corrected), MOST, seed, corrected)
    return kept[some(len(kept), COPIED, seed, corrected[kept])]


def some(count: int, most: int, seed: int, first: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Returns at most `most` numbers below `count`, ascending: those that come `first` (count,), others drawn by
    `seed`."""
    if count <= most:
        return np.arange(count)
    random = np.random.default_rng(seed)
    kept = np.flatnonzero(first)
    if not len(kept):
        return np.sort(random.choice(count, most, replace=False))
    if len(kept) >= most:
        return np.sort(random.choice(kept, most, replace=False))
    return np.sort(np.concatenate([kept, random.choice(np.flatnonzero(~first), most - len(kept), replace=False)]))
