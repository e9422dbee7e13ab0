"""A page of algebra for real people: a process over people (`process`), mixed with the person's own median.

Most sliders of most people are a constant, and a median is the best constant for absolute errors. So the process has
to earn its part: of five shares, that one is taken which leaves the smallest absolute error, each edit left out in
turn, where other people's experience with the same share counts as further edits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS
from autohdr_bench.labels.people.photos import Answer, Learner, Photos, Problem
from autohdr_bench.labels.people.process import Known, People, Sizes, learn, standardised

Array = NDArray[np.float64]

UNITS: Array = np.array([1.0, 9.0, 26.0, 30.0, 27.0, 20.0, 8.0, 5.0])
"""About how far each slider moves, in Lightroom's units."""
SHARES: Array = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
"""Shares that the process may have in an answer; the rest of it is the median."""
EXPERIENCE = 10.0
"""Edits that other people's experience counts for."""
MOST = 60
"""Photos of one person from which a process over people is learnt: more would drown the others."""
FEWEST = 5
"""Photos of one person, or labels of a slider, below which nothing is learnt from them."""
_TRIED = (5, 20)
"""Edits that each of the other people is tried with."""


def groups(photos: Photos) -> list[Array]:
    """What is known of photos (N, D) each: tones, Auto's sliders that differ, the exposure triangle."""
    from autohdr_bench.labels.people.methods import tones, triangle

    return [tones(photos), photos.features["auto"][:, [0, 2, 3, 4, 5, 7]], triangle(photos)]


@dataclass(frozen=True, slots=True, eq=False)
class Slider:
    """What is known over people of one slider."""

    people: People | None
    """None where nobody moves it."""
    experience: Array
    """(shares,), mean absolute error of other people with each share, by that of their median."""


def method(people: Sequence[Photos]) -> Learner:
    """Learns over people, and gives a learner for another person."""
    told = [photos for photos in people if len(photos) >= FEWEST]
    usual = [np.concatenate(parts) for parts in zip(*(groups(photos) for photos in told), strict=True)]
    known = [_known(photos, usual) for photos in told]
    sliders = [_slider(told, known, number) for number in range(len(SLIDERS))]

    def learner(problem: Problem) -> Answer:
        by = usual or groups(problem.edits)
        edits, others = _known(problem.edits, by), _known(problem.others, by)
        found = [
            _answer(slider, edits, labels, others)
            for slider, labels in zip(sliders, (problem.edits.labels / UNITS).T, strict=True)
        ]
        return Answer(*(np.stack(columns, axis=1) * UNITS for columns in zip(*found, strict=True)))

    return learner


def _known(photos: Photos, usual: Sequence[Array]) -> Known:
    return Known(
        standardised(groups(photos), usual), np.array([photos.person] * len(photos)), np.array(photos.days, dtype=str)
    )


def _slider(told: Sequence[Photos], known: Sequence[Known], number: int) -> Slider:
    if not told:
        return Slider(None, np.ones(len(SHARES)))
    labels = [photos.labels[:, number] / UNITS[number] for photos in told]
    rows = [_chosen(values, photos.person) for values, photos in zip(labels, told, strict=True)]
    everybody, values = _joined(known, rows), np.concatenate([own[row] for own, row in zip(labels, rows, strict=True)])
    if len(values) < FEWEST or (values == values[0]).all():
        return Slider(None, np.ones(len(SHARES)))
    center = float(np.median(values))
    sizes = learn(everybody, np.clip(values - center, -3, 3))
    people = People.of(sizes, everybody, np.clip(values, center - 3, center + 3), center)
    return Slider(people, _experience(sizes, known, labels, rows, center))


def _chosen(labels: Array, person: str) -> NDArray[np.int64]:
    """Rows with a label, drawn where there are too many."""
    rows = np.flatnonzero(np.isfinite(labels))
    random = np.random.default_rng([len(labels), *person.encode()])
    return rows if len(rows) <= MOST else np.sort(random.permutation(rows)[:MOST])


def _joined(known: Sequence[Known], rows: Sequence[NDArray[np.int64]]) -> Known:
    parts = [one.of(row) for one, row in zip(known, rows, strict=True)]
    joined = tuple(np.concatenate(columns) for columns in zip(*(one.groups for one in parts), strict=True))
    return Known(joined, *(np.concatenate([getattr(one, name) for one in parts]) for name in ("people", "days")))


def _experience(
    sizes: Sizes, known: Sequence[Known], labels: Sequence[Array], rows: Sequence[NDArray[np.int64]], center: float
) -> Array:
    """Mean error of people with each share, by that of their median; each learnt from a few edits and from the rest."""
    ratios = []
    for own in range(len(known)):
        rest = [row if person != own else row[:0] for person, row in enumerate(rows)]
        values = np.concatenate([one[row] for one, row in zip(labels, rest, strict=True)])
        if len(values) < FEWEST:
            continue
        people = People.of(sizes, _joined(known, rest), np.clip(values, center - 3, center + 3), center)
        for count in _TRIED:
            order = np.random.default_rng([own, count]).permutation(rows[own])
            edits, others = order[:count], order[count:]
            told = labels[own][edits]
            if len(others) < FEWEST or (told == told[0]).all():
                continue
            middle = np.median(told)
            expected, _, _ = people.person(known[own].of(edits), told, known[own].of(others))
            errors = np.abs(labels[own][others] - _mixed(middle, expected)).mean(axis=1)
            if errors[0] > 0.02:
                ratios.append(errors / errors[0])
    return np.mean(ratios, axis=0) if ratios else np.ones(len(SHARES))


def _mixed(middle: Array | float, expected: Array) -> Array:
    """Answers (shares, M) for each share."""
    return np.asarray((1 - SHARES)[:, None] * middle + SHARES[:, None] * expected)


def _answer(slider: Slider, edits: Known, labels: Array, others: Known) -> tuple[Array, Array]:
    """Answers and expected errors (M,) of one slider, in its unit."""
    told = np.isfinite(labels)
    values, count = labels[told], len(others.people)
    middle = float(np.median(values)) if told.any() else 0.0
    spread = float(np.abs(values - middle).mean()) if told.any() else 0.0
    if slider.people is None or len(values) < 3 or (values == values[0]).all():
        return np.full(count, middle), np.full(count, spread)
    expected, deviation, alone = slider.people.person(edits.of(told), values, others)
    medians = np.array([np.median(np.delete(values, row)) for row in range(len(values))])
    errors = np.abs(values - _mixed(medians, alone)).mean(axis=1)
    scores = len(values) * errors / max(errors[0], 1e-6) + EXPERIENCE * slider.experience
    share = int(scores.argmin())
    return _mixed(middle, expected)[share], errors[share] * deviation / deviation.mean()
