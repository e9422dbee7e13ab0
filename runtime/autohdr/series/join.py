"""Joins the photos of a block to series: by what the camera wrote down, and by what the photos show.

It is a function of the block alone: who labels it, in which batches and on what engine, and whether a run was stopped
on the way, makes no difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autohdr.series.find import EVEN, brackets, runs, stops
from autohdr.series.glance import Glance, compare, unlike
from autohdr.shot.shot import Shot

Kind = Literal["series", "bracket", "panorama"]
"""What the photos were taken for: nothing that is known of, merging to one of more light, or to a wider one."""

UNLIKE = 2.0
"""How unlike neighbours may be, as of `glance.unlike`. A fifth of the pairs within a minute that real people edited are
more unlike than that, and those have edits as different as photos of other days."""
JUMP = 3.0
"""Stops between the exposures of neighbours above which the light is another one."""
OFF = 0.6
"""Stops by which the pictures of a bracket may differ otherwise than their exposures do."""
SAME, ALIKE = 0.4, 0.5
"""Correlation and spread, in stops, as of `glance.compare`, from which two pictures show the same."""
STEP, LIGHT = 0.15, 0.3
"""Share of the frame by which a panorama goes on from photo to photo, and stops by which it may be brighter there."""
FEWEST, SOON = 3, 10.0
"""Photos that have to go on so, for a panorama to be seen; neighbours with the same exposure within so many seconds of
one of its photos are taken for part of it, where there is too little to see in what both show."""


@dataclass(frozen=True, slots=True)
class Series:
    """Photos that are labelled as one look, two or more, by their numbers in a block."""

    kind: Kind
    members: tuple[int, ...]
    """The photos of the series, in the order of time."""
    middles: tuple[int, ...]
    """The photo of each bracket whose exposure is in the middle; all members of a series that is no bracket."""


def join(shots: Sequence[Shot], glances: Sequence[Glance | None]) -> list[Series]:
    """Finds the series of a block, in the order of their first photo. Photos alone are in none.

    Args:
        shots: what the files say of the photos.
        glances: what each shows; None for one that nobody has looked at, which is like any other.
    """
    found: list[Series] = []
    for numbers in runs(shots):
        found += _Run(numbers, [shots[one] for one in numbers], [glances[one] for one in numbers]).series()
    return sorted(found, key=lambda series: min(series.members))


@dataclass(frozen=True, slots=True)
class _Run:
    """The photos of a run, in the order of time; positions count from its first."""

    numbers: list[int]
    shots: list[Shot]
    glances: list[Glance | None]

    def series(self) -> Iterator[Series]:
        light = stops(self.shots)
        for group in self._groups(light):
            if len(group[0]) > 1:
                members = [position for unit in group for position in unit]
                yield self._made("bracket", members, [_middle(unit, light) for unit in group])
            else:
                yield from self._of_singles([position for (position,) in group])

    def _groups(self, light: NDArray[np.float64]) -> list[list[tuple[int, ...]]]:
        """Neighbouring photos, or brackets, that go on like one another."""
        groups: list[list[tuple[int, ...]]] = []
        for unit in self._units(light):
            if groups and self._goes_on(groups[-1][-1], unit, light):
                groups[-1].append(unit)
            else:
                groups.append([unit])
        return groups

    def _units(self, light: NDArray[np.float64]) -> Iterator[tuple[int, ...]]:
        """Brackets, and the photos between them each alone."""
        place = 0
        for first, count in brackets(self.shots):
            bracket = tuple(range(first, first + count))
            if self._is_one_light(bracket, light):
                yield from ((one,) for one in range(place, first))
                yield bracket
                place = first + count
        yield from ((one,) for one in range(place, len(self.shots)))

    def _is_one_light(self, bracket: tuple[int, ...], light: NDArray[np.float64]) -> bool:
        """Whether the pictures of a bracket differ as their exposures do: else the camera followed the light."""
        ordered = sorted(bracket, key=lambda position: light[position])
        off = []
        for one, other in pairwise(ordered):
            before, after = self.glances[one], self.glances[other]
            if before is not None and after is not None:
                moved = compare(before, after)
                if moved.correlation >= SAME and moved.spread <= ALIKE:
                    off.append(abs(moved.stops + light[other] - light[one]))
        return not off or float(np.median(off)) <= OFF

    def _goes_on(self, before: tuple[int, ...], unit: tuple[int, ...], light: NDArray[np.float64]) -> bool:
        if len(before) != len(unit):
            return False
        last, first = _middle(before, light), _middle(unit, light)
        seen, now = self.glances[last], self.glances[first]
        if seen is not None and now is not None and unlike(seen, now) > UNLIKE and self._step(last, first) is None:
            return False
        if len(unit) == 1:
            return not abs(light[first] - light[last]) > JUMP
        return bool(np.abs(np.sort(light[list(before)]) - np.sort(light[list(unit)])).max() <= EVEN)

    def _of_singles(self, group: list[int]) -> Iterator[Series]:
        """The panoramas of a group, and what is before, between and after them."""
        place = 0
        for first, count in self._panoramas(group):
            yield from self._some("series", group[place:first])
            yield from self._some("panorama", group[first : first + count])
            place = first + count
        yield from self._some("series", group[place:])

    def _panoramas(self, group: list[int]) -> list[tuple[int, int]]:
        """First place and number of photos of each panorama in a group."""
        steps = [self._step(one, other) for one, other in pairwise(group)]
        found, free = [], 0
        for first, last in _one_way(steps):
            while first > free and self._same_exposure(group[first - 1], group[first]):
                first -= 1
            while last < len(steps) and self._same_exposure(group[last], group[last + 1]):
                last += 1
            if first >= free:
                found.append((first, last + 1 - first))
                free = last + 1
        return found

    def _same_exposure(self, one: int, other: int) -> bool:
        before, after = self.shots[one], self.shots[other]
        soon = (after.captured or 0.0) - (before.captured or 0.0) <= SOON
        return soon and _exposure(before) == _exposure(after)

    def _step(self, one: int, other: int) -> tuple[int, int] | None:
        """Cells by which a panorama goes on between two neighbours; None where it does not."""
        before, after = self.glances[one], self.glances[other]
        if before is None or after is None or not self._same_exposure(one, other):
            return None
        moved = compare(before, after)
        far = max(abs(moved.down), abs(moved.across)) >= STEP * len(before.levels)
        same = moved.correlation >= SAME and abs(moved.stops) <= LIGHT and moved.spread <= ALIKE
        return (moved.down, moved.across) if far and same else None

    def _some(self, kind: Kind, group: list[int]) -> Iterator[Series]:
        if len(group) > 1:
            yield self._made(kind, group, group)

    def _made(self, kind: Kind, members: list[int], middles: list[int]) -> Series:
        members, middles = ([self.numbers[position] for position in positions] for positions in (members, middles))
        return Series(kind, tuple(members), tuple(middles))


def _middle(unit: tuple[int, ...], light: NDArray[np.float64]) -> int:
    """The photo whose exposure is in the middle; of an even number, the brighter one."""
    return sorted(unit, key=lambda position: light[position])[(len(unit) - 1) // 2]


def _exposure(shot: Shot) -> tuple[float | None, ...]:
    return shot.iso, shot.aperture, shot.exposure_time, shot.focal_length


def _one_way(steps: Sequence[tuple[int, int] | None]) -> Iterator[tuple[int, int]]:
    """Stretches of steps from photo to photo that all go one way: the places of the first and the last photo of each
    that has `FEWEST` or more."""
    first = 0
    for place, step in enumerate([*steps, None]):
        start = steps[first] if first < place else None
        if step is not None and (start is None or start[0] * step[0] + start[1] * step[1] > 0):
            continue
        if place - first + 1 >= FEWEST:
            yield first, place
        first = place if step is not None else place + 1
