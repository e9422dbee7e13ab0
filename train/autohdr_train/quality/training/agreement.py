"""How far a measure agrees with scores: SROCC, KROCC, PLCC and RMSE, with intervals over contents and folds.

Pairs of one content are no independent looks, and neither are contents of one fold, whose network is the same. So folds
are drawn with replacement, and then contents inside each: what is left is how much luck the figure holds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Figures(NamedTuple):
    """Agreement of predictions with scores."""

    srocc: float
    """Spearman's correlation of ranks, -1 to 1; ties have their mean rank."""
    krocc: float
    """Kendall's tau-b: pairs in the right order less those in the wrong one, -1 to 1."""
    plcc: float
    """Pearson's linear correlation."""
    rmse: float
    """Root of the mean squared error, in the unit of the scores."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Predictions on contents that the measure has not learnt from."""

    predicted: Array
    """(M,), in the unit of the scores."""
    scores: Array
    """(M,)."""
    contents: Sequence[str]
    """The content that each pair shows."""


def figures(predicted: Array, scores: Array) -> Figures:
    """The four figures of predictions (M,) beside scores (M,); correlations are NaN where either does not vary."""
    return Figures(
        srocc(predicted, scores),
        krocc(predicted, scores),
        _correlation(predicted, scores),
        float(np.sqrt(np.mean((predicted - scores) ** 2))),
    )


def srocc(predicted: Array, scores: Array) -> float:
    """Spearman's correlation of ranks."""
    return _correlation(_ranks(predicted), _ranks(scores))


def krocc(predicted: Array, scores: Array) -> float:
    """Kendall's tau-b."""
    one, other = (np.sign(values[:, None] - values[None, :]) for values in (predicted, scores))
    varied = np.sqrt(float(np.abs(one).sum()) * float(np.abs(other).sum()))
    return float((one * other).sum() / varied) if varied else float("nan")


def over_folds(folds: Sequence[Fold]) -> Figures:
    """The mean of each figure over folds."""
    return Figures(*np.mean([figures(fold.predicted, fold.scores) for fold in folds], axis=0).tolist())


class Interval(NamedTuple):
    """A figure with the interval that holds 95 % of what redrawn folds and contents give."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval does not hold 0: for differences."""
        return self.low > 0 or self.high < 0


def interval(
    folds: Sequence[Fold],
    than: Sequence[Fold] | None = None,
    *,
    figure: Callable[[Array, Array], float] = srocc,
    draws: int = 300,
    seed: int = 0,
) -> Interval:
    """The mean of a figure over folds, or by how much it is larger than another measure's, with its interval.

    Args:
        folds: of one measure.
        than: the same folds of another, whose draws are the same; None compares with nothing.
        figure: of predictions and scores.
        draws: of folds and contents.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    rows = [_by_content(fold) for fold in folds]

    def mean(chosen: Sequence[tuple[int, NDArray[np.int64]]], measure: Sequence[Fold]) -> float:
        return float(np.mean([figure(measure[f].predicted[at], measure[f].scores[at]) for f, at in chosen]))

    def compared(chosen: Sequence[tuple[int, NDArray[np.int64]]]) -> float:
        return mean(chosen, folds) - (0.0 if than is None else mean(chosen, than))

    drawn = []
    for _ in range(draws):
        chosen = []
        for number in rng.integers(len(folds), size=len(folds)):
            own = rows[number]
            chosen.append((int(number), np.concatenate([own[k] for k in rng.integers(len(own), size=len(own))])))
        drawn.append(compared(chosen))
    low, high = np.percentile(drawn, [2.5, 97.5])
    everything = [(number, np.arange(len(fold.scores))) for number, fold in enumerate(folds)]
    return Interval(compared(everything), float(low), float(high))


def _by_content(fold: Fold) -> list[NDArray[np.int64]]:
    contents = np.asarray(fold.contents)
    return [np.flatnonzero(contents == content) for content in np.unique(contents)]


def _ranks(values: Array) -> Array:
    """Ranks from 0; equal values have the mean of theirs."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Array = (last - (counts + 1) / 2.0)[which]
    return ranks


def _correlation(one: Array, other: Array) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / size) if size > 0 else float("nan")
