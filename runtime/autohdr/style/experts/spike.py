"""Answers with a median where part of the labels is one value: what is best for absolute errors.

A slider of many photographers is one value in a part of their photos (a preset's, or 0), and follows the photo in the
others. So a label is expected to be that value with some probability, and normally distributed otherwise; the answer
is the median of the two together: the value itself, or what is expected, moved toward it.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DOUBTED = 3.0
"""Labels of other values that are supposed beside those seen, so that few labels make no spike."""
_FAR = 6.0
_STEPS = np.linspace(-_FAR, _FAR, 6001)
_BELOW = np.array([0.5 * (1.0 + math.erf(step / math.sqrt(2.0))) for step in _STEPS])
"""The normal distribution, tabulated: a label is rounded more coarsely than this errs."""


class Spike(NamedTuple):
    """The most frequent value of a slider."""

    value: float
    share: float
    """The probability that a label is that value; 0 where no value is there twice."""


def spike_of(labels: Array) -> Spike:
    """Finds the spike of labels (K,), K >= 1; of two as frequent the one that is their median, or else the lower."""
    values, counts = np.unique(labels, return_counts=True)
    middle = float(np.median(labels))
    most = int((counts + 0.5 * (values == middle)).argmax())
    if counts[most] < 2:
        return Spike(middle, 0.0)
    return Spike(float(values[most]), float(counts[most] / (len(labels) + DOUBTED)))


def median_with(expected: Array, deviation: Array, value: Array | float, share: Array | float) -> Array:
    """Computes the medians (N,) of labels that are `value` with the probability `share`, and normal otherwise.

    Args:
        expected: (N,), of those that are normal.
        deviation: (N,), of those, above 0.
        value: (N,) or one for all.
        share: likewise, 0 to below 1.
    """
    rest = 1.0 - np.asarray(share, dtype=np.float64)
    below = rest * np.interp((value - expected) / deviation, _STEPS, _BELOW)
    above_it = np.maximum(expected + deviation * _quantile((0.5 - share) / rest), value)
    below_it = np.minimum(expected + deviation * _quantile(0.5 / rest), value)
    middle = np.broadcast_to(value, expected.shape)
    return np.where(below + share < 0.5, above_it, np.where(below > 0.5, below_it, middle))


def _quantile(share: Array | float) -> Array:
    return np.asarray(np.interp(share, _BELOW, _STEPS))
