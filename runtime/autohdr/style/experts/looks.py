"""Two looks in one set of edits, where they are clear: photos below one number are set one way, those above it another.

A median of two looks is neither, and a process over people draws a slope where there is a step. So the best single
split of the edits over one of ten numbers of the description is looked for, with the median of each slider on each
side, over all sliders at once: a look is a choice for a photo, not for a slider, so that eight sliders which change
together are no eight witnesses. The split counts if it says so much more of left-out edits than the mix of experts does
that chance hardly explains it; and edits have to be many, as a few that differ can be told apart by some number by
chance alone: 4 of 10 are one of 210 choices, and ten numbers tell 20 of these apart; 4 of 16 are one of 1,820.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS
from autohdr.style.confidence.scores import median_label

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

WORDS: dict[int, tuple[str, str]] = {
    3: ("darker photos", "brighter photos"),
    12: ("photos with less contrast", "photos with more contrast"),
    14: ("photos with less in the dark", "photos with more in the dark"),
    15: ("photos with less red", "photos with more red"),
    16: ("photos with less blue", "photos with more blue"),
    17: ("less colourful photos", "more colourful photos"),
    26: ("photos taken in less light", "photos taken in more light"),
    27: ("photos of lower ISO", "photos of higher ISO"),
    28: ("shorter exposures", "longer exposures"),
    29: ("photos with a lower f-number", "photos with a higher f-number"),
}
"""Numbers of a description that tell looks apart, and what photos below and above a value are."""
FEWEST, EACH = 16, 4
"""Edits from which two looks are looked for, and how many each must have."""
CLEAR = 0.6
"""Share of the error of the usual value that looks have to save, beyond what the mix of experts saves, in edits left
out: on average over the `OF` sliders of which they save most, or all that move. Of 100 sets of 16 or 20 edits with two
looks that no number tells apart, 1 to 6 seem to have clear ones; with 0.5, 2 to 15."""
OF = 3
GOES = 0.3
"""The share of a slider from which on it goes by the look."""
KNOWN = 0.8
"""Share of the edits of which a number must be known."""
PLACES = 24
"""Places between edits where they are cut at most."""
PARTS = 20
"""Parts in which edits are left out, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """A split of photos, and the sliders that go by it."""

    number: Array
    """(1,), which of a description's numbers, one of `WORDS`; 0 where there are no two looks."""
    at: Array
    """(1,), the value that tells the looks apart."""
    values: Array
    """(2, 8), sliders of photos at or below it, and above it, scaled to [-1, 1]."""
    by: Array
    """(8,), 1 for a slider that goes by it, else 0."""

    def answer(self, descriptions: Array, others: Array) -> Array:
        """Sliders (N, 8) of photos with descriptions (N, D): `others` (N, 8), but for what goes by the look."""
        if not self:
            return others
        told = self._told(descriptions)
        ours = np.isfinite(told)[:, None] & (self.by > 0)
        return np.where(ours, self.values[(told > self.at[0]).astype(np.int64)], others)

    def __bool__(self) -> bool:
        """Whether there are two looks."""
        return bool(self.number[0])

    def _told(self, descriptions: Array) -> Array:
        return np.asarray(descriptions[:, int(self.number[0])])

    def sentence(self, descriptions: Array) -> str:
        """What is told of the looks of edits with descriptions (N, D)."""
        told = self._told(descriptions)
        counts = int((told <= self.at[0]).sum()), int((told > self.at[0]).sum())
        sides = (
            f"{words} ({count} edits) get {_spelled(values, self.by)}"
            for words, count, values in zip(WORDS[int(self.number[0])], counts, self.values, strict=True)
        )
        return f"your edits have two looks, and so have labels: {', and '.join(sides)}"

    def checked(self) -> Self:
        """The looks themselves.

        Raises:
            ValueError: the arrays have other shapes, or are not finite.
        """
        count = len(SLIDERS)
        shapes = {"number": (1,), "at": (1,), "values": (2, count), "by": (count,)}
        for field in fields(self):
            found = getattr(self, field.name)
            if found.shape != shapes[field.name] or not np.isfinite(found).all():
                raise ValueError(f"{field.name} of looks is {found.shape}, or not finite")
        if self.number[0] not in (0, *WORDS):
            raise ValueError(f"looks go by number {self.number[0]}")
        return self


NONE = Looks(np.zeros(1), np.zeros(1), np.zeros((2, len(SLIDERS))), np.zeros(len(SLIDERS)))
"""No two looks."""


def see(descriptions: Array, labels: Array, together: Rows, mixed: Array) -> tuple[Looks, Array]:
    """Looks for two looks in edits.

    Args:
        descriptions: (N, D), NaN where not known.
        labels: (N, 8), scaled to [-1, 1], NaN where missing.
        together: (N,), a number for each moment: edits of one are left out together.
        mixed: (N, 8), what the mix of experts says of each edit without its moment.

    Returns:
        The looks, `NONE` unless they are clear; and what is then said of each edit without it (N, 8), `mixed` for
        sliders that do not go by them.
    """
    edits = _Edits.of(descriptions, labels)
    if len(labels) < FEWEST or edits is None or (whole := _best(edits)) is None:
        return NONE, mixed
    found = Looks(np.array([float(whole.number)]), np.array([whole.at]), whole.values, np.ones(len(SLIDERS)))
    at_best = edits.saved(found.answer(descriptions, edits.labels), edits.unit)
    if _mean_of_most(at_best[edits.moves]) < CLEAR:
        return NONE, mixed  # edits that are left out save hardly more than these
    alone = _left_out(edits, together)
    # A median that is left out errs on the other side where both looks have as many edits.
    saved = edits.saved(alone, np.minimum(np.nanmean(np.abs(mixed - edits.labels), axis=0), edits.unit))
    if _mean_of_most(saved[edits.moves]) < CLEAR:
        return NONE, mixed
    by = edits.moves & (saved >= GOES)
    return replace(found, by=by.astype(np.float64)), np.where(by, alone, mixed)


def _mean_of_most(saved: Array) -> float:
    return float(np.sort(saved)[-OF:].mean())


class _Split(NamedTuple):
    """A number, where it is cut, and the medians (2, 8) below and above."""

    number: int
    at: float
    values: Array


@dataclass(frozen=True, slots=True)
class _Edits:
    """Edits of which the best split is looked for."""

    descriptions: Array
    labels: Array
    """(N, 8); a missing one is the usual value."""
    usual: Array
    """(8,), medians."""
    unit: Array
    """(8,), mean absolute deviations from these."""
    moves: NDArray[np.bool_]
    """(8,), the sliders that are not the same in all edits."""

    @classmethod
    def of(cls, descriptions: Array, labels: Array) -> Self | None:
        """The edits; None where no slider moves."""
        usual = np.nan_to_num(median_label(labels) / LIMITS)
        filled = np.where(np.isfinite(labels), labels, usual)
        unit = np.abs(filled - usual).mean(axis=0)
        moves = unit > 1e-9
        return cls(descriptions, filled, usual, unit, moves) if moves.any() else None

    def saved(self, said: Array, error: Array) -> Array:
        """The share of the usual value's error (8,) by which what is `said` (N, 8) errs less than an `error` (8,)."""
        ours = np.abs(said - self.labels).mean(axis=0)
        return np.divide(error - ours, self.unit, out=np.zeros_like(self.unit), where=self.moves)

    def but(self, rows: NDArray[np.bool_]) -> "_Edits | None":
        """Returns these edits without some of them."""
        return _Edits.of(self.descriptions[~rows], self.labels[~rows])


def _best(edits: _Edits) -> _Split | None:
    """The split with the least absolute error over all sliders that move, each in its unit; of those as good, the one
    with the widest gap; None where there is none."""
    scaled = (edits.labels - edits.usual)[:, edits.moves] / edits.unit[edits.moves]
    found: tuple[float, float, int, float] | None = None
    for number in WORDS:
        told = edits.descriptions[:, number]
        known = np.flatnonzero(np.isfinite(told))
        if len(known) < max(2 * EACH, KNOWN * len(told)):
            continue
        order = known[np.argsort(told[known], kind="stable")]
        values, spread = told[order], max(float(told[known].std()), 1e-9)
        rest = float(np.abs(scaled).sum() - np.abs(scaled[known]).sum())
        for place in _places(values):
            error = rest + _away(scaled[order[:place]]) + _away(scaled[order[place:]])
            middle = float(values[place - 1] + values[place]) / 2.0
            one = (round(error, 6), -float(values[place] - values[place - 1]) / spread, number, middle)
            found = one if found is None else min(found, one)
    if found is None:
        return None
    _, _, number, at = found
    told = edits.descriptions[:, number]
    sides = [np.median(edits.labels[side], axis=0) for side in (told <= at, told > at)]
    return _Split(number, at, np.stack(sides))


def _places(values: Array) -> Iterator[int]:
    """How many of sorted values (K,) may lie below a cut."""
    able = [place for place in range(EACH, len(values) - EACH + 1) if values[place - 1] < values[place]]
    if len(able) > PLACES:
        able = [able[at] for at in np.linspace(0, len(able) - 1, PLACES).round().astype(int)]
    yield from able


def _away(labels: Array) -> float:
    """The sum of absolute deviations of labels (K, M) from their medians."""
    return float(np.abs(labels - np.median(labels, axis=0)).sum())


def _left_out(edits: _Edits, together: Rows) -> Array:
    """What the best split of the others says of each edit (N, 8), scaled; the usual value where there is none."""
    moments, place = np.unique(together, return_inverse=True)
    part = place % min(len(moments), PARTS)
    said = np.tile(edits.usual, (len(part), 1))
    for one in np.unique(part):
        own = part == one
        others = edits.but(own)
        split = None if others is None else _best(others)
        if others is not None:
            said[own] = others.usual
        if split is not None:
            told = edits.descriptions[own, split.number]
            values = split.values[(told > split.at).astype(np.int64)]
            said[own] = np.where(np.isfinite(told)[:, None], values, said[own])
    return said


def _spelled(values: Array, by: Array) -> str:
    """The sliders that go by a look, as Lightroom shows them."""
    shown = values * LIMITS
    return ", ".join(
        f"{slider.name} {slider.spell(float(value))}"
        for slider, value, goes in zip(SLIDERS, shown, by, strict=True)
        if goes
    )
