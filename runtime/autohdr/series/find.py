"""Finds series in what cameras wrote down of photos, before any is decoded.

A *block* is photos that follow one another by name in one folder, each taken within half a minute of another one: what
has to be known together. Where one begins can be told from a few hundred photos before it, so that several who share a
shoot find the same. A *run* is the photos of a block by one camera in the order of time, without a pause and without a
change of flash or a jump of the zoom. A *bracket* is a stretch of a run whose exposures step evenly.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from autohdr.shot.shot import Shot

Array = NDArray[np.float64]

GAP = 30.0
"""Seconds from the end of one exposure to the next photo up to which they may be of one series. Of real people's edits,
those within half a minute have the same value of a slider in 20 (Whites) to 80 % (Saturation) of the pairs; those of
other days in 3 to 27 %."""
MOST = 100
"""Photos of a block: so many are held before their labels can be written. A longer one is cut, at a long pause."""
ENDLESS = 200
"""Photos without a pause, after which blocks also begin where the names of photos say so."""
ZOOM = 2.0
"""Ratio of focal lengths above which another thing is shown."""
TOGETHER = 2.0
"""Seconds from the end of one exposure of a bracket to the next, which cameras round to whole ones."""
STEP, LARGEST_STEP, EVEN = 0.6, 4.0, 0.2
"""Stops between exposures of a bracket: at least (2/3, as cameras round it), at most, and by how much they differ."""
SETS = range(9, 2, -1)
"""Frames of a bracket; the longest is looked for first."""


class Taken(Protocol):
    """A photo, as far as this module looks at it."""

    @property
    def path(self) -> Path:
        """The photo's file."""

    @property
    def shot(self) -> Shot:
        """What the camera wrote down of it."""

    @property
    def begins(self) -> bool:
        """Whether its name is one before which photos without a pause are divided."""


T = TypeVar("T", bound=Taken)


def blocks(photos: Iterable[T], known: Iterable[T] = (), endless: bool = False) -> Iterator[list[T]]:
    """Divides photos, in the order given, into blocks of at most `MOST`. A photo of unknown time is one of its own.

    Whatever a block holds, the next begins with a photo that is near none of the `MOST` before it in its folder, which
    is a *strong* boundary; and with one whose name says so, where the last `ENDLESS` photos have no strong boundary.

    Args:
        photos: to divide; the first begins a block.
        known: those before them in its folder, the last `MOST`, where these are not the first.
        endless: whether the first of them is no strong boundary.
    """
    held: list[T] = []
    before = deque(known, MOST)
    since = ENDLESS if endless else -1
    for photo in photos:
        if before and before[-1].path.parent != photo.path.parent:
            before.clear()
        back = steps_back(photo, reversed(before))
        since = since + 1 if back else 0
        if held and (not 0 < back <= len(held) or (photo.begins and since >= ENDLESS)):
            yield held
            held = []
        before.append(photo)
        held.append(photo)
        if len(held) == MOST:
            place = _longest_pause(held)
            yield held[:place]
            held = held[place:]
    if held:
        yield held


def steps_back(photo: Taken, before: Iterable[Taken]) -> int:
    """Counts how many photos before it the latest is that it is near to, from 1; 0 where it is near to none.

    Args:
        photo: to tell of.
        before: those before it in its folder, the latest first.
    """
    taken, exposed = photo.shot.captured, photo.shot.exposure_time or 0.0
    if taken is None:
        return 0
    for steps, other in enumerate(before, 1):
        if (then := other.shot.captured) is None:
            continue
        # Numbers first: of photos that are far apart, a hundred are asked for each.
        pause = taken - then - (other.shot.exposure_time or 0.0) if then < taken else then - taken - exposed
        if pause <= GAP and photo.path.parent == other.path.parent:
            return steps
    return 0


def runs(shots: Sequence[Shot]) -> list[list[int]]:
    """Divides the photos of a block, by number, into runs, each in the order of time; runs in that of their first."""
    cameras: dict[tuple[str | None, str | None], list[int]] = {}
    for number, shot in enumerate(shots):
        cameras.setdefault((shot.make, shot.model), []).append(number)
    found: list[list[int]] = []
    for numbers in cameras.values():
        numbers.sort(key=lambda number: (shots[number].captured or 0.0, number))
        found.append(numbers[:1])
        for before, number in pairwise(numbers):
            if continues(shots[before], shots[number]):
                found[-1].append(number)
            else:
                found.append([number])
    return sorted(found, key=min)


def continues(before: Shot, after: Shot) -> bool:
    """Tells whether a camera's next photo may be of the same series."""
    pause = _pause(before, after)
    if pause is None or pause > GAP or (before.flash or False) != (after.flash or False):
        return False
    zoom = [shot.focal_length for shot in (before, after) if shot.focal_length is not None]
    return max(zoom, default=1.0) <= ZOOM * min(zoom, default=1.0)


def stops(shots: Sequence[Shot]) -> Array:
    """Computes log2 of the light (N,) that each exposure is right for, but for a constant; NaN where it is not known.
    A lens that tells none of the photos its aperture has the same in all."""
    values = np.array(
        [[np.nan if value is None else value for value in (s.aperture, s.exposure_time, s.iso)] for s in shots]
    ).reshape(-1, 3)
    if np.isnan(values[:, 0]).all():
        values[:, 0] = 1.0
    aperture, time, iso = np.log2(values).T
    return np.asarray(2.0 * aperture - time - iso)


def brackets(shots: Sequence[Shot]) -> list[tuple[int, int]]:
    """Finds brackets among the photos of a run, in order: the first photo of each, and how many there are."""
    light = stops(shots)
    found, place = [], 0
    while place < len(shots):
        count = next((count for count in SETS if _is_bracket(shots[place : place + count], light, place, count)), 1)
        if count > 1:
            found.append((place, count))
        place += count
    return found


def _is_bracket(shots: Sequence[Shot], light: Array, place: int, count: int) -> bool:
    if len(shots) < count or any((_pause(one, other) or 0.0) > TOGETHER for one, other in pairwise(shots)):
        return False
    if len({(shot.aperture, shot.focal_length) for shot in shots}) > 1:
        return False
    own = light[place : place + count]
    steps = np.diff(np.sort(own))
    if not np.isfinite(own).all() or steps.min() < STEP or steps.max() > LARGEST_STEP or np.ptp(steps) > EVEN:
        return False
    asked = np.array([np.nan if shot.compensation is None else shot.compensation for shot in shots])
    # A camera in manual mode says the same of all; one that meters says how far each is from its choice.
    return bool(np.isnan(asked).any() or np.ptp(asked) == 0 or np.ptp(asked + own) <= 2 * EVEN)


def _pause(before: Shot, after: Shot) -> float | None:
    """Seconds from the end of one exposure to the other, of photos in the order of time."""
    if before.captured is None or after.captured is None:
        return None
    return after.captured - before.captured - (before.exposure_time or 0.0)


def _longest_pause(photos: Sequence[Taken]) -> int:
    """The place in the later half of a block before which it pauses longest; the first of several."""
    half = len(photos) // 2
    pauses = [
        abs((after.shot.captured or 0.0) - (before.shot.captured or 0.0)) for before, after in pairwise(photos[half:])
    ]
    return half + 1 + int(np.argmax(pauses))
