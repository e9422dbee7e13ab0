"""Says how measures of an edit agree on real people, and which of them sees Exposure that is off by half a stop.

Each photo is given sliders that somebody might give it: the median of the person's other photos, an approximation of
Lightroom's Auto, and the network's own; and its true ones with Exposure half a stop darker and brighter. For each, the
error of the sliders is measured, and how far the rendering is from the true one.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr.sliders import LIMITS
from autohdr.system.progress import Progress
from autohdr_bench.labels.people.photos import Photos, Problem
from autohdr_bench.labels.people.product import default
from autohdr_bench.labels.people.rendered import Renderings
from autohdr_bench.labels.people.report import Table
from autohdr_bench.labels.people.score import rounded
from autohdr_bench.labels.people.study import ALL, Tables
from autohdr_train.quality.training.agreement import Fold, Interval, interval, srocc

Array = NDArray[np.float64]

HALF = 0.5
"""Stops by which Exposure is off."""
DARKER, BRIGHTER = "half a stop darker", "half a stop brighter"
MEDIAN, AUTO, NETWORK = "median of the others", "Auto", "the network"
GUESSES = (MEDIAN, AUTO, NETWORK)
SLIDERS, EXPOSURE, LIGHT, COLOUR, SSIM, JOD = "sliders", "Exposure", "L*", "Delta E 2000", "SSIM", "JOD"
MEASURES = (SLIDERS, EXPOSURE, LIGHT, COLOUR, SSIM, JOD)
"""`sliders`: mean absolute error, in hundredths of the way from 0 to a slider's end; `Exposure`: its error, stops; the
others are `rendered.Difference`. In all of them more is worse: SSIM is 1 less it, JOD what is lost."""
EDGE = 256
"""Pixels of the longer side: what quality models are shown in training."""
LEAST = 5
"""Photos that a person needs, so that there is a median and ranks."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One photo with one guess at its sliders."""

    person: str
    photo: str
    guess: str
    values: Array
    """(6,), in the order of `MEASURES`; NaN where one was not measured."""


def judge(tables: Tables, renderings: Renderings, most: int) -> list[Judged]:
    """Judges guesses at real people's edits.

    Args:
        tables: everybody's photos.
        renderings: of `EDGE`, with the scorer of a quality model or none.
        most: photos of a person, drawn at random.

    Raises:
        SettingsError: nobody has enough photos.
    """
    chosen = {name: photos for name, photos in tables.people(ALL).items() if len(photos) >= LEAST}
    if not chosen:
        raise SettingsError(f"nobody has {LEAST} photos; name a folder with more edits")
    network = default(tables.measured.model)([])
    found: list[Judged] = []
    with Progress(total=sum(min(most, len(photos)) for photos in chosen.values()), desc="judging", unit="photo") as bar:
        for name, photos in chosen.items():
            random = np.random.default_rng(zlib.crc32(name.encode()))
            rows = np.sort(random.permutation(len(photos))[:most])
            own = network(Problem(photos, photos, 0)).values
            for row in rows:
                guesses = _guesses(photos, int(row), own)
                found += [_judged(photos, int(row), guess, values, renderings) for guess, values in guesses]
                bar.update(1)
    return found


def _guesses(photos: Photos, row: int, network: Array) -> Iterator[tuple[str, Array]]:
    labels = photos.labels
    others = np.delete(labels, row, axis=0)
    known = np.isfinite(others).any(axis=0)
    median = np.zeros(labels.shape[1])
    median[known] = np.nanmedian(others[:, known], axis=0)
    yield MEDIAN, median
    yield AUTO, photos.features["auto"][row]
    yield NETWORK, network[row]
    for name, stops in ((DARKER, -HALF), (BRIGHTER, HALF)):
        moved = np.nan_to_num(labels[row])
        moved[0] += stops
        yield name, moved


def _judged(photos: Photos, row: int, guess: str, values: Array, renderings: Renderings) -> Judged:
    values, labels = rounded(values), photos.labels[row]
    off = np.abs(values - labels)
    difference = renderings.difference(photos, row, values)
    measured = (
        float(np.nanmean(off / LIMITS)) * 100,
        float(off[0]),
        *(difference.light, difference.colour, 1 - difference.ssim, difference.jod),
    )
    return Judged(photos.person, str(photos.scenes[row]), guess, np.array(measured))


def tables(found: Sequence[Judged]) -> list[Table]:
    """Rank correlations of the measures over guesses, and what each measure says of half a stop."""
    shown = [at for at in range(len(MEASURES)) if np.isfinite([judged.values[at] for judged in found]).any()]
    return [_correlations(found, shown), _half(found, shown)]


def _correlations(found: Sequence[Judged], shown: Sequence[int]) -> Table:
    cells: list[tuple[str, ...]] = []
    for one, other in combinations(shown, 2):
        own = folds([judged for judged in found if judged.guess in GUESSES], one, other)
        cells.append((MEASURES[one], MEASURES[other], _spelt(interval(own, figure=_rank)) if own else ""))
    return Table("Rank correlation (Spearman) of two measures of an edit", ("measure", "and", "correlation"), cells)


def folds(found: Sequence[Judged], one: int, other: int) -> list[Fold]:
    """Two measures of each person's guesses: people, and then their photos, are drawn again for an interval."""
    made = []
    for person in dict.fromkeys(judged.person for judged in found):
        own = [judged for judged in found if judged.person == person]
        values = np.array([judged.values for judged in own])
        kept = np.isfinite(values[:, [one, other]]).all(axis=1)
        photos = [judged.photo for judged, known in zip(own, kept, strict=True) if known]
        if len(photos) > 2 and np.ptp(values[kept][:, [one, other]], axis=0).min() > 0:
            made.append(Fold(values[kept, one], values[kept, other], photos))
    return made


def _rank(one: Array, other: Array) -> float:
    """Spearman's correlation; 0 where a draw leaves one that does not vary."""
    return float(np.nan_to_num(srocc(one, other)))


def _half(found: Sequence[Judged], shown: Sequence[int]) -> Table:
    """How much half a stop counts in each measure: its median, beside the median of the guesses."""
    headings = ("measure", "guesses, median", f"{DARKER}, median", f"{BRIGHTER}, median", "half a stop ranks above")
    cells: list[tuple[str, ...]] = []
    for at in shown:
        guesses, darker, brighter = (
            np.array([judged.values[at] for judged in found if judged.guess in names])
            for names in (GUESSES, (DARKER,), (BRIGHTER,))
        )
        own = _above(found, at)
        above = f"{_spelt(interval(own, figure=_share), 100, 0)} % of guesses" if own else ""
        medians = (f"{np.nanmedian(values):.3g}" for values in (guesses, darker, brighter))
        cells.append((MEASURES[at], *medians, above))
    return Table("What half a stop of Exposure is in each measure", headings, cells)


def _above(found: Sequence[Judged], at: int) -> list[Fold]:
    """Each person's half stops, as predictions, beside the guesses at the same photos, as scores."""
    made = []
    for person in dict.fromkeys(judged.person for judged in found):
        own = [judged for judged in found if judged.person == person and np.isfinite(judged.values[at])]
        guesses = {(judged.photo, judged.guess): judged.values[at] for judged in own}
        rows = [
            (half, guesses[photo, guess], photo)
            for (photo, name), half in guesses.items()
            if name in (DARKER, BRIGHTER)
            for guess in GUESSES
            if (photo, guess) in guesses
        ]
        if rows:
            half, guess, photos = zip(*rows, strict=True)
            made.append(Fold(np.array(half), np.array(guess), list(photos)))
    return made


def _share(half: Array, guess: Array) -> float:
    """Share of guesses that half a stop is worse than; as bad counts half."""
    return float(np.mean((half > guess) + 0.5 * (half == guess)))


def _spelt(told: Interval, times: float = 1.0, digits: int = 2) -> str:
    value, low, high = (f"{times * part:.{digits}f}" for part in told)
    return f"{value} ({low} to {high})"
