"""Combines the experts on one photographer's sliders, by what each says of edits that it has not seen."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS
from autohdr.style.confidence.scores import mean_label, median_label
from autohdr.style.experts.blend import Blend, from_auto
from autohdr.style.experts.head import StyleHead
from autohdr.style.experts.looks import see
from autohdr.style.experts.mixing import MIXES, Slider, mix
from autohdr.style.experts.nearby import Nearby
from autohdr.style.experts.people import UNITS, People, days_of
from autohdr.style.experts.process import Edits, Said, solve
from autohdr.style.experts.steps import steps_of
from autohdr.style.points import CORRECTED, MOST, Seen, some
from autohdr.style.split import moments
from autohdr.system.one_thread import one_thread

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

FEWEST = 3
"""Labels of a slider below which it is held at its usual value."""
TYPICAL = 6.0
"""Edits that the error of people's usual value counts for, where errors to come are stated."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The expert that goes by the network's features."""

    head: StyleHead
    """Fitted to all edits."""
    left_out: Array
    """(N, 8), what heads that were not fitted to a photo's group say of it, scaled; NaN where none was asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """All experts together, and what is said of each photo without it and those of its moment, (N, 8), scaled."""

    blend: Blend
    left_out: Array
    """What the experts say together; NaN for a photo that no expert was asked about."""
    usual: Array
    """The median of the labels."""
    mean: Array
    remembered: Rows
    """(P,), the photos that the process remembers, in its order."""


def combine(people: People, network: Network, seen: Seen, labels: Array, captured: Array) -> Combined:
    """Combines the experts.

    Args:
        people: what is expected of people.
        network: fitted to the same edits.
        seen: descriptions of the photos.
        labels: (N, 8), scaled to [-1, 1], NaN where missing.
        captured: (N,), seconds, NaN where unknown.
    """
    together, auto = moments(captured), np.nan_to_num(from_auto(seen.described))
    usual, mean = (without(label, labels, together) for label in (median_label, mean_label))
    offset = without(median_label, labels - auto, together)
    kept = some(len(labels), MOST, 0, seen.corrected)
    doubt = np.where(seen.corrected, CORRECTED, 1.0)
    edits = Edits(seen.described[kept], days_of(captured[kept]), labels[kept] / UNITS, doubt[kept], together[kept])
    with one_thread():
        process, alone = solve(people, edits)
    from_people = np.full(labels.shape, np.nan)
    from_people[kept] = alone.expected * UNITS
    experts = np.stack([usual, from_people, auto + offset, network.left_out])
    shares, left_out = _mixed(np.where(np.isfinite(experts), experts, usual), labels, people.worth)
    looks, left_out[kept] = see(seen.described[kept], labels[kept], together[kept], left_out[kept])
    others = np.setdiff1d(np.arange(len(labels)), kept)
    left_out[others] = looks.answer(seen.described[others], left_out[others])
    # Of a look, medians of four labels or more, one label changes nothing that counts; without it, it may change sides.
    settled = looks.answer(seen.described[kept], left_out[kept])
    blend = Blend(
        network.head,
        process,
        shares,
        np.nan_to_num(median_label(labels) / LIMITS),
        np.nan_to_num(median_label(labels - auto) / LIMITS),
        _errors(left_out, labels, people),
        ordinary(alone),
        steps_of(labels),
        Nearby.of(captured[kept], labels[kept] - settled, doubt[kept]),
        looks,
    )
    return Combined(blend, left_out, usual, mean, kept)


def without(label: Callable[[Array, Array], Array], labels: Array, together: Rows, limits: Array = LIMITS) -> Array:
    """Computes the mean or median label, scaled, of all photos but those of the same moment (N, 8); of all, where no
    other photo has a label."""
    found, every = np.empty(labels.shape), label(labels, limits)
    for moment in np.unique(together):
        own = together == moment
        found[own] = label(labels[~own], limits)
    return np.asarray(np.where(np.isnan(found), every, found) / limits)


def _mixed(experts: Array, labels: Array, worth: Array) -> tuple[Array, Array]:
    """Shares (8, 4) of the experts (4, N, 8), and what the mix says of each edit left out (N, 8)."""
    shares, left_out = np.tile(MIXES[0], (len(SLIDERS), 1)), experts[0].copy()
    sliders = [slider for slider, values in enumerate(labels.T) if moved(values[np.isfinite(values)])]
    known = [np.isfinite(labels[:, slider]) for slider in sliders]
    told = [
        Slider(experts[:, rows, slider], labels[rows, slider], worth[slider])
        for slider, rows in zip(sliders, known, strict=True)
    ]
    for slider, rows, found in zip(sliders, known, mix(told), strict=True):
        shares[slider], left_out[rows, slider] = found
    return shares, left_out


def moved(told: Array) -> bool:
    """Tells whether labels (K,) are enough, and differ."""
    return len(told) >= FEWEST and bool((told != told[0]).any())


def _errors(left_out: Array, labels: Array, people: People) -> Array:
    """Mean absolute errors (8,) to be expected, in Lightroom's units: those of edits left out, and, as if it were some
    edits more, that of people's usual value."""
    errors = np.abs(left_out - labels)
    count = np.isfinite(errors).sum(axis=0)
    mean = (np.nansum(errors, axis=0) + TYPICAL * people.error * UNITS) / (count + TYPICAL)
    return np.asarray(people.widening[0] * mean * LIMITS)


def ordinary(said: Said) -> Array:
    """Averages the deviations (8,) that are stated of edits left out; 1 where there are none."""
    known = np.isfinite(said.deviation)
    total = np.where(known, said.deviation, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), 1.0)
