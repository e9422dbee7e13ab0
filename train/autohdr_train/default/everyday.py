"""Photographers who edit as people do: exposures that are mostly meant, constants, zeros, Auto, and inconsistency.

How far they move sliders, how often one is exactly 0 or at its end, and how much of that lies between people and
between days are people's (`usual`). What in a photo moves them is drawn at random (`causes`), with Auto's sliders and
a little of how bright the photo was taken among it: a photo in twice the light gets a part of a stop less.
"""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS
from autohdr_train.default.causes import LEVELS, Causes, Edits, Photos, one
from autohdr_train.default.usual import BETWEEN, WITHIN_DAY, rounded, value_of

Array = NDArray[np.float64]

COUNT = len(SLIDERS)
BY_AUTO = 0.3
"""Share of the photographers who start from Auto, in a part of their photos."""
HDR = 0.1
"""Share who edit in HDR: Highlights are about as often raised as lowered then, and Shadows higher."""
_IN_HDR = np.array([0.1, 0.0, 0.8, 0.2, 0.1, 0.15, 0.0, 0.0])
LIVELY = 0.8
"""Deviation of the logarithm of how far a photographer moves a slider, beside how far others do."""
TAILS = 4.0
"""Degrees of freedom of inconsistency (Student's t): now and then somebody is far off."""
DAYS = 12
"""Days on which one photographer took all photos."""
SAME = 0.8
"""Share of labels of one value above which a slider counts as the same for all photos."""
_ALIKE = ((2, 3, -0.27), (4, 5, -0.18), (3, 6, 0.14))
"""Correlations of two sliders within a person's edits."""
_MOVED = np.linspace(-9.0, 9.0, 601)


class Everyday:
    """One such photographer of photos, whom `rng` draws."""

    def __init__(self, photos: Photos, rng: np.random.Generator) -> None:
        self.causes, self.rng = Causes(photos, rng), rng
        self.level = rng.normal(0.0, np.sqrt(BETWEEN)) + _IN_HDR * (rng.random() < HDR)
        self.scale = np.sqrt(1.0 - BETWEEN) * _scales(rng.standard_normal(COUNT))
        self.still = rng.uniform(0.0, 0.8, COUNT) * (rng.random(COUNT) < 0.5)

    def edits(self) -> Edits:
        """The edits of all photos."""
        rng, photos = self.rng, self.causes.photos
        meant = self.follows()
        told = np.sqrt(rng.uniform(0.05, 0.85, COUNT))
        missed = np.sqrt(1.0 - told**2) * self.inconsistency(self.causes.count)
        values, labels = self.shown(told * meant), self.shown(told * meant + missed)
        if rng.random() < BY_AUTO:
            values, labels = self.by_auto(photos.auto, values, labels)
        uses = np.array([_most_frequent(column) < SAME for column in labels.T]) & (values != values[0]).any(axis=0)
        return Edits(values, labels, uses)

    def follows(self) -> Array:
        """What each slider follows in the photos (N, 8), 0 and 1 apart."""
        rng, causes = self.rng, self.causes
        meant = np.zeros((causes.count, COUNT))
        meant[:, 0] = self.exposure()
        stops = self.level[0] + 0.6 * meant[:, :1]
        after = causes.photos.tones[:, LEVELS] + stops * (rng.random() < 0.5)
        for slider in range(1, COUNT):
            auto = rng.uniform(0.0, 1.5) * (rng.random() < 0.4) * one(causes.photos.auto[:, slider])
            meant[:, slider] = one(causes.total(slider, after) + auto)
        for first, second, alike in _ALIKE:
            meant[:, second] = math.sqrt(1.0 - alike**2) * meant[:, second] + alike * meant[:, first]
        return meant

    def exposure(self) -> Array:
        """What Exposure follows (N,), 0 and 1 apart: how dark a photo is, Auto, and what else it shows."""
        rng, causes = self.rng, self.causes
        dark, auto = -one(causes.anchor()), one(causes.photos.auto[:, 0])
        other = sum((rng.uniform(0.3, 1.0) * causes.respond(causes.steady()) for _ in range(2)), np.zeros(causes.count))
        weights = rng.dirichlet([1.0, 1.0, 1.0])
        return one(weights[0] * dark + weights[1] * auto + weights[2] * one(other))

    def inconsistency(self, count: int) -> Array:
        """Draws how far labels differ from what is meant (N, 8), 0 and 1 apart: alike within a day in part, and at
        times far."""
        rng = self.rng
        day = rng.standard_normal((DAYS, COUNT))[rng.integers(DAYS, size=count)]
        tails = rng.standard_t(TAILS, (count, COUNT)) / math.sqrt(TAILS / (TAILS - 2.0))
        return np.asarray(np.sqrt(1.0 - WITHIN_DAY) * day + np.sqrt(WITHIN_DAY) * tails)

    def shown(self, moved: Array) -> Array:
        """Sliders (N, 8) of how far each is moved (N, 8), which is about 1; hardly moved, it stays a constant."""
        moved = np.where(np.abs(moved) < self.still, 0.0, moved)
        places = self.level + self.scale * moved
        columns = [value_of(slider, np.interp(places[:, slider], _MOVED, _shares()[slider])) for slider in range(COUNT)]
        return np.clip(rounded(np.stack(columns, axis=1)), -LIMITS, LIMITS)

    def by_auto(self, auto: Array, values: Array, labels: Array) -> tuple[Array, Array]:
        """Edits that start from Auto (N, 8) in a part of the photos, and are touched up there."""
        rng = self.rng
        starts = rng.random(len(auto)) < rng.uniform(0.3, 1.0)
        touched = rng.random(auto.shape) < rng.uniform(0.1, 0.5, COUNT)
        usual, changed = np.median(values, axis=0), rng.uniform(0.3, 1.0)

        def started(own: Array) -> Array:
            touch = np.where(touched, changed * (own - usual), 0.0)
            return np.where(starts[:, None], np.clip(rounded(auto + touch), -LIMITS, LIMITS), own)

        return started(values), started(labels)


@cache
def _shares() -> Array:
    """The shares (8, 601) of all such photographers' edits that are moved by less than `_MOVED`."""
    evenly = (np.arange(24) + 0.5) / 24
    scales = _scales(np.interp(evenly, [_below(at) for at in _MOVED], _MOVED))
    spread = np.sqrt(BETWEEN[:, None] + (1.0 - BETWEEN[:, None]) * scales**2)  # (8, 24)
    return np.array([[np.mean([_below(at / width) for width in widths]) for at in _MOVED] for widths in spread])


def _scales(drawn: Array) -> Array:
    """How far somebody moves a slider, of a number (N,) that is drawn normally; the mean square is 1."""
    return np.asarray(np.exp(LIVELY * drawn - LIVELY**2))


def _below(at: float) -> float:
    """The share of the normal distribution below a value."""
    return 0.5 * math.erfc(-at / math.sqrt(2.0))


def _most_frequent(labels: Array) -> float:
    """The share of labels (N,) that have the most frequent value."""
    return float(np.unique(labels, return_counts=True)[1].max() / len(labels))
