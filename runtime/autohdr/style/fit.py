"""A style fitted to edits and scored on edits that it was not fitted to: everything but files."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, to_values
from autohdr.style.confidence.scores import SliderScore, score
from autohdr.style.experts.blend import Blend
from autohdr.style.experts.combine import Network, combine
from autohdr.style.experts.head import StyleHead
from autohdr.style.experts.people import People, load
from autohdr.style.experts.prior import UNITS, Array, Prior
from autohdr.style.experts.solve import solve
from autohdr.style.points import Seen, remember, some
from autohdr.style.split import folds
from autohdr.system.one_thread import one_thread

FOLDS = 4
"""Parts in which the network's expert is asked about edits that it was not fitted to."""
IN_FOLDS = 250
"""Edits that it is fitted to then, at most: with more, it says what it would say of fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A style's function, and how good it is."""

    head: Blend
    scores: tuple[SliderScore, ...]
    notes: tuple[str, ...]
    """What a reader of the scores should know, a sentence each."""
    remembered: NDArray[np.int64]
    """(P,), the photos that the style remembers, in the order of `head.people.points`."""


def fit(prior: Prior, seen: Seen, labels: Array, *, seed: int = 0) -> StyleHead:
    """The network's expert that these edits make.

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


def fit_network(
    prior: Prior, seen: Seen, labels: Array, groups: Sequence[str], captured: Array, *, seed: int = 0
) -> Network:
    """The network's expert of all edits, and what such experts say of photos of groups that they were not fitted to.

    Arguments as of `fit_and_score`.

    Raises:
        LearningError: there are fewer than two photos.
    """
    found = np.full(labels.shape, np.nan)
    for part in folds(groups, captured, FOLDS, seed=seed, labels=labels):
        rows = part.train[some(len(part.train), IN_FOLDS, seed, seen.corrected[part.train])]
        head = fit(prior, seen.of(rows), labels[rows], seed=seed)
        found[part.held_out] = head.answer(seen.features[part.held_out])
    return Network(fit(prior, seen, labels, seed=seed), found)


def fit_and_score(
    prior: Prior,
    seen: Seen,
    labels: Array,
    groups: Sequence[str],
    captured: Array,
    *,
    people: People | None = None,
    seed: int = 0,
) -> Fitted:
    """A style's function, with scores on photos that the experts had not seen.

    The network's expert is fitted to other groups of photos, in folds; the others leave out one moment at a time. Then
    all are fitted to all edits. A slider that left-out edits speak against is held at its usual value.

    Args:
        prior: what is expected of photographers over the network's features.
        seen: what the network sees of the photos, and their descriptions.
        labels: (N, 8), scaled to [-1, 1], NaN where missing.
        groups: a name for each photo; no group is on both sides of a fold.
        captured: (N,), seconds, NaN where unknown.
        people: what is expected of people over descriptions; None for what comes with autohdr.
        seed: of all that is drawn.

    Raises:
        LearningError: there are fewer than two photos.
    """
    labels = labels.astype(np.float64)
    network = fit_network(prior, seen, labels, groups, captured, seed=seed)
    made = combine(load() if people is None else people, network, seen, labels, captured)
    scores = score(to_values(made.left_out), labels, made.mean * LIMITS, made.usual * LIMITS, made.blend.follows)
    note = (
        f"each of the {len(labels)} photos is scored by a style that did not learn from it, "
        "and then the style is learnt from all"
    )
    looks = made.blend.looks
    notes = (looks.sentence(seen.described), note) if looks else (note,)
    return Fitted(made.blend, tuple(scores), notes, made.remembered)
