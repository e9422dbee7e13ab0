"""Learns what photographers have in common from people's edits, by empirical Bayes: `autohdr.style.experts.people`.

Sizes maximise the likelihood of everybody's labels; given them, what all people do alike is known in closed form
(C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press 2006, equations 5.8, 5.9 and
2.11). What each mix of experts is worth is tried on each person with a few of their edits, by what is known over the
others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS
from autohdr.style.description import COUNT, GROUPS
from autohdr.style.experts.blend import from_auto
from autohdr.style.experts.combine import Network, combine
from autohdr.style.experts.mixing import MIXES
from autohdr.style.experts.people import UNITS, People, days_of, standardised
from autohdr.style.experts.prior import Prior
from autohdr.style.fit import fit_network
from autohdr.style.points import Seen
from autohdr.style.split import shoot_groups
from autohdr.system.progress import Progress
from autohdr_train.people.sizes import Known, Sizes, learn_sizes, shared_slopes

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

FEWEST = 5
"""Photos of a person below which nothing is learnt from them."""
MOST = 60
"""Photos of one person from which sizes are learnt: more would drown the others."""
TRIED = (5, 20)
"""Edits that each person is tried with, where as many as `FEWEST` photos are left."""
FARTHEST = 3.0
"""`UNITS` from the median of all labels at which a label ends for sizes and slopes."""
WITHIN = (0.68, 0.95)
"""Shares of labels that are to be within one stated error, and within two."""
WIDENINGS = np.arange(0.8, 2.01, 0.05)
_EXACT = 0.02
"""Error of the usual value, in `UNITS`, below which a mix can be worth nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """N photos by one person."""

    name: str
    labels: Array
    """(N, 8), scaled to [-1, 1], NaN where missing."""
    seen: Seen
    """What a network sees of the photos, and their descriptions."""
    captured: Array
    """(N,), seconds; NaN where not known."""

    def __len__(self) -> int:
        return len(self.labels)

    def of(self, rows: Rows) -> Self:
        """Some of the photos."""
        return replace(self, labels=self.labels[rows], seen=self.seen.of(rows), captured=self.captured[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A person with a few of their edits, and the network's expert that these make."""

    edits: Person
    others: Person
    network: Network


def trials(people: Sequence[Person], prior: Prior) -> dict[str, list[Trial]]:
    """What each person is tried with, by name; always the same, whoever else there is."""
    found = {}
    for person in Progress(people, desc="trying", unit="person", disable=None):
        found[person.name] = list(_trials(person, prior))
    return found


def _trials(person: Person, prior: Prior) -> Iterator[Trial]:
    for count in TRIED:
        order = np.random.default_rng([*person.name.encode(), count]).permutation(len(person))
        if len(order) - count >= FEWEST:
            edits, others = person.of(order[:count]), person.of(order[count : count + MOST])
            groups = shoot_groups([person.name] * count, edits.captured)
            network = fit_network(prior, edits.seen, edits.labels, groups, edits.captured)
            yield Trial(edits, others, network)


def learn_people(people: Sequence[Person], tried: dict[str, list[Trial]]) -> People:
    """Learns the process over people.

    Args:
        people: everybody; those with fewer than `FEWEST` photos do not count.
        tried: what `trials` made of them, and perhaps of others, who do not count.

    Raises:
        ValueError: fewer than two people are left.
    """
    told = [person for person in people if len(person) >= FEWEST]
    if len(told) < 2:
        raise ValueError(f"{len(told)} people with {FEWEST} photos or more are too few; two are needed")
    table = np.concatenate([person.seen.described for person in told])
    mean, deviation = _moments(table)
    known = [_known(person, mean, deviation) for person in told]
    sizes = [_sizes(known, slider) for slider in range(len(SLIDERS))]
    every = _people(mean, deviation, known, sizes)
    ratios, worth = [], []
    for own, person in enumerate(told):
        rest = _people(mean, deviation, [one for number, one in enumerate(known) if number != own], sizes)
        for trial in tried.get(person.name, []):
            worth.append(_worth(rest, trial))
    every = replace(every, worth=_mean_worth(worth))
    for own, person in enumerate(told):
        rest = _people(mean, deviation, [one for number, one in enumerate(known) if number != own], sizes)
        rest = replace(rest, worth=every.worth, error=every.error)
        ratios.append([_ratios(rest, trial) for trial in tried.get(person.name, [])])
    return replace(every, widening=_widening([np.concatenate(one) for one in ratios if one]))


def _moments(table: Array) -> tuple[Array, Array]:
    """Mean and deviation (D,) of what is known of descriptions (N, D); 0 of what is the same for all, or not known."""
    known = np.isfinite(table)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, table, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (table - mean) ** 2, 0.0).sum(axis=0) / count)
    return mean, np.where(spread > 1e-6, spread, 0.0)


def _known(person: Person, mean: Array, deviation: Array) -> Known:
    seen = standardised(person.seen.described, mean, deviation)
    return Known(seen, np.array([person.name] * len(person)), days_of(person.captured), person.labels / UNITS)


def _sizes(known: Sequence[Known], slider: int) -> tuple[Sizes, float] | None:
    """Sizes of one slider, and the median of its labels; None where nobody moves it."""
    joined = Known.joined([_some(one, slider) for one in known])
    labels = joined.labels[:, slider]
    if len(labels) < FEWEST or (labels == labels[0]).all():
        return None
    center = float(np.median(labels))
    return learn_sizes(joined, np.clip(labels - center, -FARTHEST, FARTHEST)), center


def _some(known: Known, slider: int) -> Known:
    """Draws at most `MOST` photos with a label, by the person's name."""
    rows = np.flatnonzero(np.isfinite(known.labels[:, slider]))
    if len(rows) > MOST:
        random = np.random.default_rng([*str(known.people[0]).encode()])
        rows = np.sort(random.permutation(rows)[:MOST])
    return known.of(rows)


def _people(
    mean: Array, deviation: Array, known: Sequence[Known], sizes: Sequence[tuple[Sizes, float] | None]
) -> People:
    """The process with what these people tell of shared slopes; mixes are worth the same, errors are as stated."""
    count, groups = len(SLIDERS), len(GROUPS)
    center, level, day, noise = np.zeros((4, count))
    noise += 1e-4
    linear, curved = np.zeros((2, count, groups))
    slope, unsure = np.zeros((count, COUNT)), np.zeros((count, COUNT, COUNT))
    for slider, found in enumerate(sizes):
        if found is not None:
            size, center[slider] = found
            joined = Known.joined([_some(one, slider) for one in known])
            away = np.clip(joined.labels[:, slider] - center[slider], -FARTHEST, FARTHEST)
            slope[slider], unsure[slider] = shared_slopes(size, joined, away)
            linear[slider], curved[slider] = size.linear, size.curved
            level[slider], day[slider], noise[slider] = size.level, size.day, size.noise
    worth = np.ones((count, len(MIXES)))
    return People(
        mean, deviation, center, slope, unsure, linear, curved, level, day, noise, worth, _usual(known), np.ones(1)
    )


def _usual(known: Sequence[Known]) -> Array:
    """Mean over people of the mean absolute deviation (8,) from their median."""
    found = []
    for one in known:
        away = np.abs(one.labels - np.nanmedian(one.labels, axis=0))
        found.append(np.nanmean(away, axis=0))
    return np.asarray(np.nanmean(found, axis=0))


def _experts(people: People, trial: Trial) -> Array:
    """What each expert says of the photos that are left (4, M, 8), scaled."""
    blend = combine(people, trial.network, trial.edits.seen, trial.edits.labels, trial.edits.captured).blend
    described, captured = trial.others.seen.described, trial.others.captured
    auto = np.nan_to_num(from_auto(described)) + blend.offset
    return np.stack(
        [
            np.broadcast_to(blend.usual, auto.shape),
            blend.people.says(described, days_of(captured)).expected * UNITS,
            auto,
            blend.network.answer(trial.others.seen.features),
        ]
    )


def _worth(people: People, trial: Trial) -> Array:
    """Mean errors (8, M) of all mixes, as shares of the usual value's; NaN where edits or that value tell nothing."""
    experts, truth = _experts(people, trial), trial.others.labels
    errors = np.abs(np.einsum("me,ens->mns", MIXES, experts) - truth) / UNITS
    mean = np.nanmean(np.where(np.isfinite(truth), errors, np.nan), axis=1).T  # (8, M)
    told = trial.edits.labels
    constant = np.nanmin(told, axis=0) == np.nanmax(told, axis=0)
    usable = ~constant & (mean[:, 0] > _EXACT)
    return np.where(usable[:, None], mean / np.maximum(mean[:, :1], _EXACT), np.nan)


def _mean_worth(found: Sequence[Array]) -> Array:
    """The geometric mean (8, M) of what is known; 1 where nothing is."""
    table = np.log(np.maximum(np.stack(found) if found else np.ones((1, len(SLIDERS), len(MIXES))), 1e-3))
    known = np.isfinite(table)
    return np.asarray(np.exp(np.where(known, table, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)))


def _ratios(people: People, trial: Trial) -> Array:
    """Errors on the photos that are left, each by what was stated of it."""
    blend = combine(people, trial.network, trial.edits.seen, trial.edits.labels, trial.edits.captured).blend
    described, captured = trial.others.seen.described, trial.others.captured
    scaled, stated = blend.answer(trial.others.seen.features, described, captured)
    shown = np.stack(
        [
            [slider.round(float(value)) for value in column]
            for slider, column in zip(SLIDERS, (np.clip(scaled, -1, 1) * LIMITS).T, strict=True)
        ],
        axis=1,
    )
    errors = np.abs(shown - trial.others.labels * LIMITS)
    return np.asarray((errors / np.maximum(stated, 1e-6))[np.isfinite(errors)])


def _widening(ratios: Sequence[Array]) -> Array:
    """The factor (1,) of `WIDENINGS` with which the shares of labels within one and two stated errors, averaged over
    people, are nearest to `WITHIN`."""
    if not ratios:
        return np.ones(1)
    missed = [
        max(
            abs(np.mean([(one <= times * factor).mean() for one in ratios]) - wanted)
            for times, wanted in zip((1, 2), WITHIN, strict=True)
        )
        for factor in WIDENINGS
    ]
    return WIDENINGS[[int(np.argmin(missed))]]
