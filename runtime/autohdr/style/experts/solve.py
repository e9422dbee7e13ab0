"""The closed-form solution: a photographer's sliders as functions of a network's features, given a few edits.

What is expected of photographers is `prior.Prior`'s. How strongly to regularise, and how far to trust the expectation,
is not chosen but averaged: every combination on a small grid counts by its leave-one-out likelihood. An average of such
solutions is one of their kind. What copies of edited photos in other light say (`light`) is weighed by the same
likelihood.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS
from autohdr.style.experts.light import EXPOSURE, IN_FULL, NOTHING, Rule, others
from autohdr.style.experts.prior import Array, Prior, plain_covariance
from autohdr.style.points import Points

TRUST = (0.0, 0.5, 1.0)
"""Factors of the average photographer."""
SIZES = (0.25, 1.0, 4.0)
"""Factors of the expected variance of deviations."""
NOISE = (0.25, 1.0, 4.0, 16.0)
"""Factors of the expected variance of a photographer's inconsistency."""
PLAIN = (0.0, 0.3, 1.5)
"""Variances of deviations that follow the plain features, in `UNITS` squared."""
LEVEL = 4.0
"""Factor of the expected variance of a slider's level."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """One slider's function of the features, in `UNITS`."""

    slope: Array
    """(F,)."""
    level: float
    weights: Array
    """(P,), of the learnt curved kernel with each point."""
    plain_weights: Array
    """(P,), of the plain curved kernel with each point."""


@dataclass(frozen=True, slots=True, eq=False)
class _Expected:
    """What is expected of one slider at points, or of what is observed of it, before any edit is seen, in `UNITS`."""

    usual: Array
    """Covariances (P, P) of the usual deviations."""
    plain: Array
    """Covariances of deviations that follow the plain features."""
    level: Array
    """Covariances of the slider's level."""
    average: Array
    """What photographers do on average (P,)."""

    def first(self, count: int) -> "_Expected":
        """Returns what is expected at the first points alone."""
        square = slice(count), slice(count)
        return _Expected(self.usual[square], self.plain[square], self.level[square], self.average[:count])

    def observed(self, points: Points, known: NDArray[np.bool_]) -> "_Expected":
        """What is expected of the labels of the photos that are `known` (K,) and of the differences of copies."""
        usual, plain, level = (
            points.observe(points.observe(covariance, known).T, known)
            for covariance in (self.usual, self.plain, self.level)
        )
        return _Expected(usual, plain, level, points.observe(self.average, known))


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """What one combination makes of the observations."""

    log: float
    """Log of its likelihood, and a constant."""
    trust: float
    size: float
    plain: float
    loud: float
    weights: Array
    """(M,), of the covariance with each observation."""
    rule: Rule


def solve(prior: Prior, points: Points, labels: Array) -> list[Solution]:
    """The average solution for each slider.

    Args:
        prior: what is expected of photographers.
        points: what the network sees of the photos.
        labels: of the photos (K, 8), in `UNITS`, NaN where missing.
    """
    learnt, plain = points.features[:, : prior.learnt], points.features[:, prior.learnt :]
    other, average = plain_covariance(plain, plain), prior.mean(learnt)
    found: list[Solution] = []
    rules: Sequence[Rule] = EXPOSURE
    for slider, (values, known) in enumerate(zip(labels.T, np.isfinite(labels.T), strict=True)):
        told = values[known]
        candidates: list[_Candidate] = []
        if len(told) and (told != told[0]).any():
            level = np.full_like(other, LEVEL * prior.constant[slider])
            expected = _Expected(prior.usual(slider, learnt, learnt), other, level, average[:, slider])
            observed = expected.observed(points, known)
            noise = prior.noise[slider] * points.doubt[known]
            candidates = list(_candidates(observed, noise, told, points.stops, rules))
            found.append(_average(prior, slider, points, known, candidates))
        else:
            found.append(_one_value(points, told))
        if SLIDERS[slider].name == "Exposure":
            rules = others(_in_full(told, candidates))
    return found


def _one_value(points: Points, told: Array) -> Solution:
    """The one value (K,) that a slider has; 0 where nothing is known."""
    nothing = np.zeros(len(points.features))
    return Solution(np.zeros(points.features.shape[1]), float(told[:1].sum()), nothing, nothing)


def _in_full(told: Array, candidates: Sequence[_Candidate]) -> float:
    """The probability that Exposure, of labels (K,), makes up for light in full; without any labels nothing is against
    it, and if they are all the same it does not."""
    if not candidates:
        return 0.0 if len(told) else 1.0
    return float(_shares(candidates)[[one.rule is IN_FULL for one in candidates]].sum())


def _candidates(
    expected: _Expected, noise: Array, told: Array, stops: Array, rules: Sequence[Rule]
) -> Iterator[_Candidate]:
    """Every combination, from labels (K,), each with its `noise` (K,), and what the rules say of the differences
    (M - K,) that follow them."""
    if not len(stops):
        rules = (NOTHING,)
    for deviation, alike in itertools.groupby(rules, key=lambda rule: rule.deviation):
        part = expected.first(len(told)) if math.isinf(deviation) else expected
        inexact = _inexact(deviation, stops)
        targets = [(rule, np.concatenate([told, rule.change * stops])[: len(part.average)]) for rule in alike]
        for size, strange in itertools.product(SIZES, PLAIN):
            system = _System.of(size * part.usual + strange * part.plain + part.level, noise, inexact)
            for loud, trust, (rule, target) in itertools.product(NOISE, TRUST, targets):
                weights, inverse = system.solve(target - trust * part.average, loud)
                log = _left_out(weights[: len(told)], inverse) + rule.log + _prior(size, strange, loud, trust)
                whole = np.concatenate([weights, np.zeros(len(expected.average) - len(weights))])
                yield _Candidate(log, trust, size, strange, loud, whole, rule)


def _inexact(deviation: float, stops: Array) -> Array:
    """Variances of the differences of copies (M - K,); none of them is used where they may differ in any way."""
    return np.zeros(0) if math.isinf(deviation) else (deviation * stops) ** 2


@dataclass(frozen=True, slots=True, eq=False)
class _System:
    """Linear systems that differ in how loud the labels' noise is: one decomposition serves them all.

    The differences of copies, whose variance is the same in all, are eliminated first (Schur's complement); what is
    left for the labels, measured in their noise, is decomposed into its eigenvectors.
    """

    deviation: Array
    """(K,), standard deviations of the labels' noise."""
    across: Array
    """(M - K, K): the inverse of the differences' own covariance, times theirs with the labels."""
    own: Array
    """(M - K, M - K), that inverse."""
    values: Array
    """(K,), eigenvalues."""
    vectors: Array
    """(K, K), eigenvectors, in columns."""

    @classmethod
    def of(cls, covariance: Array, noise: Array, inexact: Array) -> "_System":
        """The systems of a covariance (M, M) without noise, K variances of the labels' noise, and those of the
        differences (M - K,)."""
        count, deviation = len(noise), np.sqrt(noise)
        own = np.asarray(np.linalg.inv(covariance[count:, count:] + np.diag(inexact)), dtype=np.float64)
        across = own @ covariance[count:, :count]
        left = covariance[:count, :count] - covariance[:count, count:] @ across
        values, vectors = np.linalg.eigh((left + left.T) / (2.0 * deviation[:, None] * deviation))
        return cls(deviation, across, own, values, vectors)

    def solve(self, target: Array, loud: float) -> tuple[Array, Array]:
        """The solution (M,) for a target (M,), and the diagonal (K,) of the inverse at the labels."""
        count = len(self.deviation)
        labels = (target[:count] - self.across.T @ target[count:]) / self.deviation
        inverse = 1.0 / (self.values + loud)
        weights = self.vectors @ (inverse * (self.vectors.T @ labels)) / self.deviation
        differences = self.own @ target[count:] - self.across @ weights
        return np.concatenate([weights, differences]), (self.vectors**2 @ inverse) / self.deviation**2


def _shares(candidates: Sequence[_Candidate]) -> Array:
    """How probable each is, given the edits."""
    logs = np.array([one.log for one in candidates])
    shares: Array = np.exp(logs - logs.max())
    return shares / shares.sum()


def _average(
    prior: Prior,
    slider: int,
    points: Points,
    known: NDArray[np.bool_],
    candidates: Sequence[_Candidate],
) -> Solution:
    """The mean of the candidates' solutions, in points (P,): each is linear in what stands here."""
    shares = _shares(candidates)
    trust, size, plain = (
        shares * np.array(factors)
        for factors in zip(*((one.trust, one.size, one.plain) for one in candidates), strict=True)
    )
    weights = np.stack([one.weights for one in candidates])
    usually, strangely, level = (points.spread(mean @ weights, known) for mean in (size, plain, shares))
    learnt, other = points.features[:, : prior.learnt], points.features[:, prior.learnt :]
    straight = prior.slope[slider] ** 2 * (usually @ learnt) + trust.sum() * prior.mean_weight[slider]
    return Solution(
        np.concatenate([straight, 0.5 * (strangely @ other) / other.shape[1]]),
        float(trust.sum() * prior.mean_bias[slider] + LEVEL * prior.constant[slider] * level.sum()),
        prior.curved[slider] * usually,
        strangely,
    )


def _left_out(weights: Array, inverse: Array) -> float:
    """Log likelihood of each label by all else, of the solution's weights (K,) and the diagonal (K,) of the inverse
    covariance (Rasmussen and Williams, equations 5.10 to 5.12), summed."""
    errors = weights / inverse
    return float((-0.5 * errors**2 * inverse + 0.5 * np.log(inverse)).sum())


def _prior(size: float, plain: float, loud: float, trust: float) -> float:
    """Log of how probable a combination is before any edit is seen: near what `Prior` expects."""
    sizes = math.log(size) ** 2 + 0.5 * math.log(loud) ** 2
    return -0.5 * sizes - 0.5 * ((trust - 1.0) / 0.7) ** 2 - (1.0 if plain else 0.0)
