"""The closed-form solution: a photographer's sliders as functions of the features, given a few edits.

What is expected of photographers is `Style`'s. How strongly to regularise, and how far to trust the expectation, is not
chosen but averaged: every combination on a small grid counts by its leave-one-out likelihood. An average of such
solutions is one of their kind.

Besides the edits something is known without any: a scene in twice the light is the same scene, so that a photographer
who goes by the developed picture answers with one stop less of Exposure, and with the other sliders as they were.
Copies of edited photos in other light say so: the slider of a copy less that of its photo is known. Not quite, because
a copy is no photo (its clipped areas are grey, or brighter than a sensor records), and not of everyone, so that this is
weighed by the same likelihood.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from autohdr.sliders import LIMITS, SLIDERS
from autohdr_train.style import UNITS, Style, plain_gram

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
EXACT = 0.25
"""Standard deviation of what a copy's light says of its slider, a stop away, in `UNITS`. Of 0.1 to 1.6, tried with 20
edits, smaller ones cost R2 of Exposure (0.02 at 0.1, 0.003 here), larger ones leave more styles off by more than 0.15
EV where photos are unlike the edited ones."""


class Rule(NamedTuple):
    """What light may mean to a photographer."""

    change: float
    """Of a slider with each stop of light, in `UNITS`."""
    deviation: float
    """Standard deviation of that, for a stop; infinite where nothing is said."""
    log: float
    """Log of how probable it is before any edit is seen, and a constant."""


STOP = 1.0 / float(LIMITS[0] * UNITS[0])
"""Of Exposure, in `UNITS`."""
IN_FULL, BY_HALF, NOT_AT_ALL = (
    Rule(-share * STOP, EXACT, -0.5 * ((1.0 - share) / 0.2) ** 2) for share in (1.0, 0.5, 0.0)
)
EXPOSURE = (IN_FULL, BY_HALF, NOT_AT_ALL, Rule(0.0, math.inf, -15.0))
"""Light is made up for so far; or in a way of its own, on which the edits have to insist. The likelihood alone of the
last is above that of the first by up to 10 with 20 edits, and with 350 by up to 16, so that one is left to it, of
fifteen simulated photographers who do make up for light in full."""
NOTHING = Rule(0.0, math.inf, 0.0)
"""Where there is no copy in other light."""
RARE = 1e-9
"""Probability of what is ruled out."""
OWN = 0.05
"""Probability that another slider answers to light in a way of its own, although light is made up for in full."""


def others(in_full: float) -> tuple[Rule, Rule]:
    """What light may mean to the other sliders: nothing; or something of their own, which it always may where Exposure
    does not make up for it in full, since the developed picture is another one then.

    Args:
        in_full: the probability that it does.
    """
    free = 1.0 - in_full * (1.0 - OWN)
    return Rule(0.0, EXACT, math.log(max(1.0 - free, RARE))), Rule(0.0, math.inf, math.log(free))


class Points(NamedTuple):
    """Photos, followed by copies of some of them in other light."""

    features: Tensor
    """(P, F), those of K photos first."""
    original: Tensor
    """(P - K,), the photo that each copy is of."""
    stops: Tensor
    """(P - K,), by which its light differs."""
    doubt: Tensor
    """(K,), variance of each photo's noise, as a share of the usual one."""

    def observe(self, values: Tensor, known: Tensor) -> Tensor:
        """Of values (P, ...) those of the photos that are `known` (K,), and the differences of copies from photos."""
        photos, copies = values[: len(known)], values[len(known) :]
        return torch.cat([photos[known], copies - photos[self.original]])

    def spread(self, weights: Tensor, known: Tensor) -> Tensor:
        """Weights of what `observe` gives, as weights of the points (P,): its transpose."""
        count = int(known.sum())
        told, differences = weights[:count], weights[count:]
        photos = weights.new_zeros(len(known))
        photos[known] = told
        return torch.cat([photos.index_add(0, self.original, differences, alpha=-1.0), differences])


class Solution(NamedTuple):
    """One slider's function of the features, in `UNITS`."""

    slope: Tensor
    """(F,)."""
    level: Tensor
    """A scalar."""
    weights: Tensor
    """(P,), of the learnt curved kernel with each point."""
    plain_weights: Tensor
    """(P,), of the plain curved kernel with each point."""


class _Expected(NamedTuple):
    """Of one slider at points, or of what is observed of it, before any edit is seen, in `UNITS`."""

    usual: Tensor
    """Covariances (P, P) of the usual deviations."""
    plain: Tensor
    """Of those that follow the plain features."""
    constant: Tensor
    """Of the slider's level."""
    average: Tensor
    """What photographers do on average (P,)."""

    def observed(self, points: Points, known: Tensor) -> "_Expected":
        """Of the labels of the photos that are `known` (K,) and the differences of copies."""
        usual, plain, constant = (points.observe(points.observe(covariance, known).T, known) for covariance in self[:3])
        return _Expected(usual, plain, constant, points.observe(self.average, known))


class _Candidate(NamedTuple):
    """What one combination makes of the observations."""

    log: Tensor
    """Log of its likelihood, and a constant."""
    trust: float
    size: float
    plain: float
    weights: Tensor
    """(M,), of the covariance with each observation."""
    rule: Rule


def solutions(style: Style, points: Points, labels: Tensor) -> list[Solution]:
    """The average solution for each slider.

    Args:
        style: what is expected, in float64.
        points: in float64.
        labels: of the photos (K, 8), in `UNITS`, NaN where missing.
    """
    learnt, plain = points.features[:, : style.learnt], points.features[:, style.learnt :]
    gram, other, average = style.gram(learnt, learnt), plain_gram(plain, plain), style.mean(learnt)
    found: list[Solution] = []
    rules: Sequence[Rule] = EXPOSURE
    for slider, (told, known) in enumerate(zip(labels.T, torch.isfinite(labels.T), strict=True)):
        constant = LEVEL * gram.constant[slider].expand_as(other)
        expected = _Expected(gram.linear[slider] + gram.curved[slider], other, constant, average[:, slider])
        candidates: list[_Candidate] = []
        if bool((told[known] != told[known][:1]).any()):
            noise = torch.exp(2.0 * style.log_noise[slider]) * points.doubt[known]
            observed = expected.observed(points, known)
            candidates = list(_candidates(observed, noise, told[known], points.stops, rules))
            found.append(_average(style, slider, points, known, candidates))
        else:
            found.append(_level(points, told[known]))
        if SLIDERS[slider].name == "Exposure":
            rules = others(_in_full(told[known], candidates))
    return found


def _level(points: Points, told: Tensor) -> Solution:
    """The one value (K,) that a slider has; 0 where nothing is known."""
    nothing = points.features.new_zeros(len(points.features))
    return Solution(nothing.new_zeros(points.features.shape[1]), told[:1].sum(), nothing, nothing)


def _in_full(told: Tensor, candidates: Sequence[_Candidate]) -> float:
    """The probability that Exposure, of labels (K,), makes up for light in full; without any labels nothing is against
    it, and if they are all the same it does not."""
    if not candidates:
        return 0.0 if len(told) else 1.0
    return float(_shares(candidates)[torch.tensor([one.rule is IN_FULL for one in candidates])].sum())


def _candidates(
    expected: _Expected, noise: Tensor, told: Tensor, stops: Tensor, rules: Sequence[Rule]
) -> Iterator[_Candidate]:
    """Every combination, from labels (K,), each with its `noise` (K,), and what the rules say of the differences
    (M - K,) that follow them."""
    count = len(told)
    if not len(stops):
        rules = (NOTHING,)
    for deviation, alike in itertools.groupby(rules, key=lambda rule: rule.deviation):
        used = count if math.isinf(deviation) else len(expected.average)
        usual, plain, constant = (covariance[:used, :used] for covariance in expected[:3])
        inexact = (deviation * stops).square()[: used - count]
        targets = [(torch.cat([told, rule.change * stops])[:used], rule) for rule in alike]
        for size, strange, loud in itertools.product(SIZES, PLAIN, NOISE):
            variances = torch.cat([loud * noise, inexact])
            root = torch.linalg.cholesky(size * usual + strange * plain + constant + variances.diag())
            inverse = torch.cholesky_inverse(root)
            for trust, (target, rule) in itertools.product(TRUST, targets):
                weights = inverse @ (target - trust * expected.average[:used])
                likelihood = _left_out(weights[:count], inverse.diagonal()[:count])
                whole = torch.cat([weights, weights.new_zeros(len(expected.average) - used)])
                log = likelihood + rule.log + _prior(size, strange, loud, trust)
                yield _Candidate(log, trust, size, strange, whole, rule)


def _shares(candidates: Sequence[_Candidate]) -> Tensor:
    """How probable each is, given the edits."""
    return torch.softmax(torch.stack([one.log for one in candidates]), dim=0)


def _average(style: Style, slider: int, points: Points, known: Tensor, candidates: Sequence[_Candidate]) -> Solution:
    """The mean of the candidates' solutions, in points (P,): each is linear in what stands here."""
    shares = _shares(candidates)
    trust, size, plain = (
        shares * shares.new_tensor(factors)
        for factors in zip(*((one.trust, one.size, one.plain) for one in candidates), strict=True)
    )
    weights = torch.stack([one.weights for one in candidates])
    usually, strangely, level = (points.spread(mean @ weights, known) for mean in (size, plain, shares))
    straight = style.log_slope[slider].exp().square() * (usually @ points.features[:, : style.learnt])
    other = points.features[:, style.learnt :]
    return Solution(
        torch.cat([straight + trust.sum() * style.mean.weight[slider], 0.5 * (strangely @ other) / other.shape[1]]),
        trust.sum() * style.mean.bias[slider] + LEVEL * style.log_constant[slider].exp() * level.sum(),
        style.log_curved[slider].exp() * usually,
        strangely,
    )


def _left_out(weights: Tensor, inverse: Tensor) -> Tensor:
    """Log likelihood of each label by all else, of the solution's weights (K,) and the diagonal (K,) of the inverse
    covariance (Rasmussen and Williams 2006, equations 5.10 to 5.12), summed."""
    errors = weights / inverse
    return (-0.5 * errors.square() * inverse + 0.5 * inverse.log()).sum()


def _prior(size: float, plain: float, loud: float, trust: float) -> float:
    """Log of how probable a combination is before any edit is seen: near what `Style` expects."""
    sizes = math.log(size) ** 2 + 0.5 * math.log(loud) ** 2
    return -0.5 * sizes - 0.5 * ((trust - 1.0) / 0.7) ** 2 - (1.0 if plain else 0.0)
