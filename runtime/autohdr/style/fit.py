"""A style fitted to edits and scored on edits that it was not fitted to: everything but files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS, to_values
from autohdr.style.head import StyleHead
from autohdr.style.points import Seen, remember
from autohdr.style.prior import UNITS, Array, Prior
from autohdr.style.scores import SliderScore, beaten, best_shares, mean_label, median_label, score
from autohdr.style.solve import solve
from autohdr.style.split import Split, folds, split
from autohdr.system.one_thread import one_thread

SPARE = 200
"""Edits from which a fifth can be spared for scoring."""
FOLDS = 4
"""Parts that fewer edits are scored in."""
STATED = 10.0
"""Photos that the stated errors count for against those that were seen on photos left out."""
SCALES = (0.5, 2.0)
"""Least and largest factor of the stated errors."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A head, and how good it is."""

    head: StyleHead
    scores: tuple[SliderScore, ...]
    notes: tuple[str, ...]
    """What a reader of the scores should know, a sentence each."""
    train: int
    """Photos that the head was fitted to."""
    held_out: int
    """Photos that were kept for scoring alone; with 0 all were scored in folds, and then fitted to."""


def fit(prior: Prior, seen: Seen, labels: Array, *, seed: int = 0) -> StyleHead:
    """The head that these edits make, as it is before any slider is held.

    Args:
        prior: what is expected of photographers.
        seen: what the network sees of the photos.
        labels: (N, 8), scaled to [-1, 1], NaN where missing. A slider without any is 0.
        seed: chooses photos where there are more than can be remembered, or looked at in other light.
    """
    kept, values = remember(seen, labels.astype(np.float64), seed)
    points = kept.points()
    with one_thread():
        return StyleHead.of(prior, points, solve(prior, points, values / UNITS))


def fit_and_score(
    prior: Prior,
    seen: Seen,
    labels: Array,
    groups: Sequence[str],
    captured: Array,
    *,
    seed: int = 0,
) -> Fitted:
    """A head, with scores on photos that it, or one fitted to the other groups, has not been fitted to.

    Of many photos some are held out, whole groups of them. Few are too many to spare: each is scored by a head that was
    fitted to other groups, and then the head is fitted to all. A slider that does not beat the median of the edits by
    more than chance is held at that median.

    Args:
        prior: what is expected of photographers.
        seen: what the network sees of the photos.
        labels: (N, 8), scaled to [-1, 1], NaN where missing.
        groups: a name for each photo; no group is on both sides of a split.
        captured: (N,), seconds, NaN where unknown.
        seed: of all that is drawn.

    Raises:
        LearningError: there are fewer than two photos.
    """
    count, spare = len(labels), len(labels) >= SPARE
    if spare:
        parts = [split(groups, captured, seed=seed, labels=labels)]
    else:
        parts = folds(groups, captured, FOLDS, seed=seed, labels=labels)
    notes = [part.note for part in parts[:1] if part.note is not None]
    if not spare:
        notes.append(
            f"each of the {count} photos is scored by a style that did not learn from it ({len(parts)} parts in turn), "
            "and then the style is learnt from all"
        )
    tried = _Tried.empty(count)
    for part in parts:
        head = tried.add(prior, seen, labels, part, seed)
    rows = parts[0].train if spare else np.arange(count)
    if not spare:
        head = fit(prior, seen, labels, seed=seed)
    asked = parts[0].held_out if spare else np.arange(count)
    predicted, labelled, median = tried.predicted[asked], labels[asked], tried.median[asked]
    shares = best_shares(predicted, labelled, median)
    predicted = median + shares * (predicted - median)
    better = beaten(predicted, labelled, median)
    scores = score(predicted, labelled, tried.mean[asked], median, better)
    head = replace(head, error_scale=_error_scale(predicted, labelled, tried.error[asked]))
    head = _mixed(head, median_label(labels[rows]), shares)
    head = _held(head, median_label(labels[rows]), better, scores)
    return Fitted(head, tuple(scores), tuple(notes), len(rows), count - len(rows))


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """What heads that were not fitted to a photo say of it, each (N, 8) in Lightroom's units, NaN where none was."""

    predicted: Array
    error: Array
    mean: Array
    """The mean of the labels that the photo's head was fitted to."""
    median: Array

    @classmethod
    def empty(cls, count: int) -> "_Tried":
        return cls(*np.full((4, count, len(SLIDERS)), np.nan))

    def add(self, prior: Prior, seen: Seen, labels: Array, part: Split, seed: int) -> StyleHead:
        """Fits to one side, asks about the other; returns what was fitted."""
        head = fit(prior, seen.of(part.train), labels[part.train], seed=seed)
        scaled, error = head.answer(seen.features[part.held_out])
        self.predicted[part.held_out], self.error[part.held_out] = to_values(scaled), error
        self.mean[part.held_out] = mean_label(labels[part.train])
        self.median[part.held_out] = median_label(labels[part.train])
        return head


def _error_scale(predicted: Array, labels: Array, stated: Array) -> Array:
    """By what (8,) the stated errors are to be multiplied, to agree with the errors on photos left out.

    Few photos say little, so that the stated errors count like `STATED` photos more.
    """
    errors = np.abs(predicted - labels * LIMITS)
    known = np.isfinite(errors)
    usual = np.where(known, stated, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    seen = np.where(known, errors, 0.0).sum(axis=0) + STATED * usual
    expected = np.where(known, stated, 0.0).sum(axis=0) + STATED * usual
    return np.clip(np.divide(seen, expected, out=np.ones_like(seen), where=expected > 0), *SCALES)


def _mixed(head: StyleHead, constants: Array, shares: Array) -> StyleHead:
    """The head with each slider's share of what the edits tell, and the constant for the rest."""
    for slider, (constant, share) in enumerate(zip(constants, shares, strict=True)):
        if share < 1.0 and np.isfinite(constant):
            head = head.mix(slider, float(constant), float(share))
    return head


def _held(head: StyleHead, constants: Array, learnt: NDArray[np.bool_], scores: Sequence[SliderScore]) -> StyleHead:
    """The head with a constant for each slider that was not learnt; one without labels stays as it is."""
    for slider, constant in enumerate(constants):
        if not learnt[slider] and np.isfinite(constant):
            error = scores[slider].median_mae
            head = head.hold(slider, float(constant), error if np.isfinite(error) else 0.0)
    return head
