"""Mixes what several experts say of sliders, as far as edits that were left out speak for each.

Most sliders of most people are a constant, and their median is the best constant for absolute errors, so that every
other expert has to earn its share. A mix counts by the likelihood of the left-out edits, whose errors are taken to have
Laplace's distribution, as wide as the errors of the median; other people's experience with the same mix counts as
some further edits. The mean over all mixes is a mix again.

Photographers like those that the network learnt over are rare, but if somebody is one, the network is right about all
sliders, and other people's experience with it tells nothing. So that is weighed once, over all sliders together.
"""

import itertools
from collections.abc import Sequence
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
SUITED = 0.02
"""Probability, before any edit is seen, that a photographer is like those that the network learnt over."""
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


class Slider(NamedTuple):
    """What is known of one slider."""

    left_out: Array
    """(4, K), what each expert says of each edit without having seen it, in any unit."""
    labels: Array
    """(K,), in the same unit."""
    worth: Array
    """(10,), usual error of people with each of `MIXES`, as a share of their usual value's; infinite where a mix is
    ruled out."""


def mix(sliders: Sequence[Slider]) -> list[Mixed]:
    """Finds the mean mix of each slider of one photographer.

    Args:
        sliders: those whose labels differ.
    """
    scored = [_scored(slider) for slider in sliders]
    odds = np.log(SUITED) - np.log1p(-SUITED) + sum(one.suits for one in scored)
    return [_mixed(slider, one, float(odds)) for slider, one in zip(sliders, scored, strict=True)]


class _Scored(NamedTuple):
    logs: Array
    """(10,), log of how probable each mix is of an ordinary photographer, with a constant."""
    without: Array
    """(10, K), the same without the error of an edit."""
    suits: float
    """Log of how much more probable the edits are of a photographer whom the network suits."""
    suits_without: Array
    """(K,), the same without an edit."""


def _scored(slider: Slider) -> _Scored:
    usual = np.abs(slider.labels - slider.left_out[0]).mean()
    errors = np.abs(slider.labels - MIXES @ slider.left_out) / max(float(usual), 1e-9)  # (10, K)
    before = -EXPERIENCE * slider.worth
    logs = before - _log_sum(before) - errors.sum(axis=1)
    without = logs[:, None] + errors
    alone = errors[-1].sum() if np.isfinite(slider.worth[-1]) else np.inf
    return _Scored(logs, without, float(-alone - _log_sum(logs)), errors[-1] - alone - _log_sum(without))


def _mixed(slider: Slider, scored: _Scored, odds: float) -> Mixed:
    left_out, labels = slider.left_out, slider.labels
    shares = _shares(scored.logs, odds)
    without = _shares(scored.without, odds - scored.suits + scored.suits_without if np.isfinite(odds) else odds)
    said = (without.T * left_out).sum(axis=0)
    gain = np.abs(labels - left_out[0]) - np.abs(labels - said)
    error = gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.inf
    if gain.mean() < -SPEAKS_AGAINST * error or shares[0] > 1.0 - HARDLY:
        return Mixed(MIXES[0], left_out[0])
    return Mixed(shares, said)


def _shares(logs: Array, odds: Array | float) -> Array:
    """Shares of the experts (..., 4), given logs of the mixes' probabilities (10, ...) and the logarithm of the odds
    that the network suits (...)."""
    suited = 1.0 / (1.0 + np.exp(-np.clip(odds, -50.0, 50.0)))
    ordinary = np.exp(logs - _log_sum(logs)).T @ MIXES
    return np.asarray(ordinary + np.expand_dims(suited, -1) * (MIXES[-1] - ordinary))


def _log_sum(logs: Array) -> Array:
    """The logarithm of the sum over the first axis of exp(logs)."""
    most = logs.max(axis=0)
    return np.asarray(most + np.log(np.exp(logs - most).sum(axis=0)))
