"""Rank tests, exact with ties: is one build slower than the other, whatever shape the noise has? Pure functions.

Both count, of all ways in which chance could have dealt the ranks, those that are as extreme. Tied values share the
middle of their ranks (Lehmann, Nonparametrics, 1975, sections 1.4 and 3.2).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LARGE = 60
"""Values above which the rank sum test takes the normal distribution."""


def signed_rank(differences: Sequence[float]) -> float:
    """Probability that pairs without a difference would lie this far above zero: Wilcoxon's signed rank test.

    Args:
        differences: of pairs; those of exactly 0 are left out.

    Returns:
        One-sided p: small where the differences are mostly above zero, 1 where there are none.
    """
    known = np.array([difference for difference in differences if difference != 0])
    if not len(known):
        return 1.0
    ranks = _doubled_ranks(np.abs(known))
    # ways[s]: of the 2^n choices of signs, those whose positive ranks sum to s.
    ways = np.zeros(int(ranks.sum()) + 1)
    ways[0] = 1.0
    for rank in ranks:
        shifted = np.zeros_like(ways)
        shifted[rank:] = ways[: len(ways) - rank]
        ways = (ways + shifted) / 2
    return float(ways[int(ranks[known > 0].sum()) :].sum())


def rank_sum(lower: Sequence[float], upper: Sequence[float]) -> float:
    """Probability that two samples of one distribution would differ like this: the Mann-Whitney test.

    Returns:
        One-sided p: small where `upper` lies mostly above `lower`.

    Raises:
        ValueError: one of them is empty.
    """
    if not lower or not upper:
        raise ValueError(f"samples of {len(lower)} and {len(upper)} values; expected one or more in each")
    ranks = _doubled_ranks(np.array([*lower, *upper]))
    reached = int(ranks[len(lower) :].sum())
    if len(ranks) > LARGE:
        return _normal(ranks, len(upper), reached)
    # ways[m, s]: choices of m values whose ranks sum to s.
    ways = np.zeros((len(upper) + 1, int(ranks.sum()) + 1))
    ways[0, 0] = 1.0
    for rank in ranks:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    return float(ways[-1, reached:].sum() / ways[-1].sum())


def holm(probabilities: Sequence[float]) -> list[float]:
    """Probabilities corrected for there being several: below a level none is so by chance more often than that (Holm).

    Holm, Scandinavian Journal of Statistics 6, 1979.
    """
    order = np.argsort(np.asarray(probabilities, dtype=float), kind="stable")
    corrected, highest = [0.0] * len(order), 0.0
    for place, index in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - place) * probabilities[index]))
        corrected[index] = highest
    return corrected


def _doubled_ranks(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Twice each value's rank from 1, an integer also where ties share one."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (2 * last - counts + 1)[which]


def _normal(ranks: NDArray[np.int64], count: int, reached: int) -> float:
    """The rank sum test for many values, with the correction for ties and for continuity."""
    total = len(ranks)
    mean = count * ranks.sum() / total
    variance = count * (total - count) / (total * (total - 1)) * ((ranks - ranks.mean()) ** 2).sum()
    if variance == 0:
        return 1.0
    return 0.5 * math.erfc((reached - 1 - mean) / math.sqrt(2 * variance))
