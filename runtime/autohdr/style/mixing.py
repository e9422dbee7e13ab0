"""Mixes what several experts say of a slider, as far as edits that were left out speak for each.

Most sliders of most people are a constant, and their median is the best constant for absolute errors, so that every
other expert has to earn its share. A mix counts by the likelihood of the left-out edits, whose errors are taken to have
Laplace's distribution, as wide as the errors of the median; other people's experience with the same mix counts as
some further edits. The mean over all mixes is a mix again.
"""

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EXPERTS = ("usual value", "people", "auto", "network")
"""Who speaks: the median of the edits; the process over people; Auto and the median difference from it; the network's
features, by what made-up photographers do with them."""
_HALVES = 2
MIXES: Array = (
    np.array([row for row in itertools.product(range(_HALVES + 1), repeat=len(EXPERTS)) if sum(row) == _HALVES][::-1])
    / _HALVES
)
"""(10, 4), shares of the experts: each alone, the first alone first, and every two of them half and half."""
EXPERIENCE = 15.0
"""Edits that other people's experience counts for."""
SPEAKS_AGAINST = 0.5
"""Standard errors by which left-out edits have to be worse with a mix, for the slider to be held at its usual value."""

HARDLY = 0.02
"""Share of all experts but the first below which a slider is held, too."""


class Mixed(NamedTuple):
    """A mix for one slider."""

    shares: Array
    """(4,), of the experts."""
    left_out: Array
    """(K,), what it says of each edit, whose own error did not count for the shares."""


def mix(left_out: Array, labels: Array, worth: Array) -> Mixed:
    """Finds the mean mix of one slider.

    Args:
        left_out: what each expert says of each edit (4, K) without having seen it, in any unit.
        labels: (K,), in the same unit.
        worth: (10,), usual error of people with each of `MIXES`, as a share of their usual value's.
    """
    usual = np.abs(labels - left_out[0]).mean()
    errors = np.abs(labels - MIXES @ left_out) / max(float(usual), 1e-9)  # (10, K)
    scores = errors.sum(axis=1) + EXPERIENCE * worth
    without = _weights(scores[:, None] - errors)  # (10, K)
    shares = _weights(scores[:, None])[:, 0] @ MIXES
    said = ((without.T @ MIXES).T * left_out).sum(axis=0)
    gain = np.abs(labels - left_out[0]) - np.abs(labels - said)
    error = gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.inf
    if gain.mean() < -SPEAKS_AGAINST * error or shares[0] > 1.0 - HARDLY:
        return Mixed(MIXES[0], left_out[0])
    return Mixed(shares, said)


def _weights(scores: Array) -> Array:
    """How probable each row is (M, K), of negative logarithms of likelihoods."""
    odds = np.exp(scores.min(axis=0) - scores)
    return np.asarray(odds / odds.sum(axis=0))
