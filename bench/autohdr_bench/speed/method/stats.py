"""What a handful of timings says: medians, their intervals and their spread. Pure functions of numbers."""

import math
import statistics
from collections.abc import Sequence

QUIET = 0.025
"""Coefficient of variation up to which timings count as quiet."""
LEVEL = 0.95
"""Confidence of an interval."""


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Confidence interval of the median, from order statistics; no shape of the noise is assumed.

    The interval between the k-th smallest and the k-th largest of n holds the median with probability
    1 - 2 P(B < k), B binomial (n, 1/2). Fewer than six values cannot reach `LEVEL`: theirs ends at both extremes.
    David and Nagaraja, Order Statistics, 3rd edition 2003, section 7.1.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values; expected one or more")
    ordered = sorted(values)
    count = len(ordered)
    kept, below = 0, 0.0
    for place in range(count // 2):
        below += math.comb(count, place) / 2**count
        if 1 - 2 * below < LEVEL:
            break
        kept = place
    return ordered[kept], ordered[count - 1 - kept]


def variation(values: Sequence[float]) -> float:
    """Coefficient of variation; 0 of a single value."""
    return statistics.stdev(values) / statistics.fmean(values) if len(values) > 1 else 0.0


def times(slow: Sequence[float], fast: Sequence[float]) -> float:
    """How many times as fast `fast` is: the median over rounds, pair by pair.

    Where the two are not of the same rounds, the ratio of their medians.
    """
    if len(slow) == len(fast):
        return statistics.median(one / other for one, other in zip(slow, fast, strict=True))
    return statistics.median(slow) / statistics.median(fast)
