"""Which photos are held out for scoring: whole groups, so that no burst is both learnt and scored.

Where labels are given, several draws are made and the one is taken whose held-out part is most like all photos.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import LearningError

GAP = 3600.0
"""Seconds without a photo after which the next one starts a new group, by default."""
BURST = 10.0
"""Seconds between two photos up to which they show one moment, whatever folders they lie in."""
DRAWS = 20
"""Choices of groups that are compared where labels are given. More would leave a seed little to decide."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Indices of the photos, each photo on one side."""

    train: NDArray[np.int64]
    held_out: NDArray[np.int64]
    note: str | None = None
    """What a reader of the scores should know about this split, one sentence."""


def shoot_groups(folders: Sequence[str], captured: NDArray[np.float64], gap: float = GAP) -> list[str]:
    """A group name for each photo: its folder, and inside it a new one after more than `gap` seconds without a photo.

    Groups that share a burst become one: a camera begins a new folder within one, and a copy has its original's time.
    `captured` (N,) is in seconds, NaN where unknown; a folder's photos of unknown time are one group, since neither
    their order nor their file numbers tell a burst from a morning.
    """
    groups = list(folders)
    for folder in dict.fromkeys(folders):
        members = [index for index, name in enumerate(folders) if name == folder and np.isfinite(captured[index])]
        members.sort(key=lambda index: captured[index])
        pause = 0
        for before, index in zip([None, *members], members, strict=False):
            pause += before is not None and captured[index] - captured[before] > gap
            groups[index] = f"{folder}#{pause}"
    return _joined(groups, captured)


def moments(captured: NDArray[np.float64]) -> NDArray[np.int64]:
    """A number (N,) for each photo, the same for those of one moment: each within `BURST` seconds of the next. A photo
    of unknown time is a moment of its own.

    Args:
        captured: (N,), seconds; NaN where unknown.
    """
    order = np.argsort(captured, kind="stable")  # NaN comes last
    with np.errstate(invalid="ignore"):
        begins = ~(np.diff(captured[order]) <= BURST)
    found = np.empty(len(captured), dtype=np.int64)
    found[order] = np.concatenate([[0], np.cumsum(begins)]) if len(order) else 0
    return found


def split(
    groups: Sequence[str],
    captured: NDArray[np.float64],
    *,
    share: float = 0.2,
    seed: int = 0,
    labels: NDArray[np.floating] | None = None,
) -> Split:
    """Hold out whole groups, drawn by `seed`, that together are as near to `share` of the photos as groups allow.

    A single group is cut in time instead, between two bursts (in the order given where times are unknown): the held-out
    part is one run of neighbours, and the note says so.

    Args:
        groups: a name for each photo.
        captured: (N,), seconds; NaN where unknown.
        share: of the photos, 0 to 1.
        seed: of the draw.
        labels: (N, 8), NaN where missing; given, the held-out part is chosen to be like the whole in mean and spread.

    Raises:
        LearningError: there are fewer than two photos.
    """
    count = len(groups)
    _refuse_few(count)
    sizes = Counter(groups)
    target = min(max(1, round(share * count)), count - 1)
    random = np.random.default_rng(seed)
    if len(sizes) == 1:
        return _cut(captured, target, random)

    def draw() -> NDArray[np.bool_]:
        names = [list(sizes)[index] for index in random.permutation(len(sizes))]
        taken = _nearest([sizes[name] for name in names], target, count - 1)
        return np.isin(np.asarray(groups), [names[index] for index in taken])

    if labels is None:
        held_out = draw()
    else:
        held_out = min((draw() for _ in range(DRAWS)), key=lambda part: unlikeness(labels, part))
    note = None
    if abs(int(held_out.sum()) - target) > target // 2:
        kept = f"{held_out.sum()} of {count} photos"
        note = f"{kept} are kept to score on, not {share:.0%}: photos that were taken together stay together"
    return _sides(held_out, note)


def folds(
    groups: Sequence[str],
    captured: NDArray[np.float64],
    count: int = 5,
    *,
    seed: int = 0,
    labels: NDArray[np.floating] | None = None,
) -> list[Split]:
    """`count` splits, or as many as there are groups, in which each photo is held out once: whole groups, drawn by
    `seed`, and much the same number of photos in each.

    A single group is cut in time, between bursts, into as many runs of neighbours. Arguments as of `split`.

    Raises:
        LearningError: there are fewer than two photos.
    """
    _refuse_few(len(groups))
    sizes = Counter(groups)
    count = max(2, count)
    if len(sizes) == 1:
        return _runs(captured, count)
    names = list(sizes)
    random = np.random.default_rng(seed)

    def draw() -> list[NDArray[np.bool_]]:
        parts: list[list[str]] = [[] for _ in range(min(count, len(sizes)))]
        held = [0] * len(parts)
        for index in sorted(random.permutation(len(names)), key=lambda index: -sizes[names[index]]):
            smallest = held.index(min(held))
            parts[smallest].append(names[index])
            held[smallest] += sizes[names[index]]
        return [np.isin(np.asarray(groups), part) for part in parts]

    if labels is None:
        chosen = draw()
    else:
        chosen = min((draw() for _ in range(DRAWS)), key=lambda parts: sum(unlikeness(labels, part) for part in parts))
    return [_sides(part) for part in chosen]


def unlikeness(labels: NDArray[np.floating], part: NDArray[np.bool_]) -> float:
    """How far the labels (N, 8) of a part (N,) are from those of all: squared differences of mean and of standard
    deviation, in each slider's own, summed. NaN is no label; a slider without any in the part counts 1 for each."""
    total = 0.0
    for column in np.asarray(labels, dtype=np.float64).T:
        known = np.isfinite(column)
        whole, own = column[known], column[known & part]
        spread = whole.std() if len(whole) else 0.0
        if spread < 1e-6:  # of sliders, which are -1 to 1; rounding makes equal labels differ by less
            continue
        if len(own) == 0:
            total += 2.0
            continue
        total += ((own.mean() - whole.mean()) / spread) ** 2 + ((own.std() - spread) / spread) ** 2
    return float(total)


def _joined(groups: Sequence[str], captured: NDArray[np.float64]) -> list[str]:
    """The groups, those that share a burst as one, which has the first of their names."""
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while name in leader:
            name = leader[name]
        return name

    for before, after in pairwise(np.argsort(captured, kind="stable")[: int(np.isfinite(captured).sum())]):
        first, second = sorted((lead(groups[before]), lead(groups[after])))
        if first != second and captured[after] - captured[before] <= BURST:
            leader[second] = first
    return [lead(name) for name in groups]


def _refuse_few(count: int) -> None:
    if count < 2:
        raise LearningError(f"{count} usable photo is too few: one to learn from and one to score are needed")


def _sides(held_out: NDArray[np.bool_], note: str | None = None) -> Split:
    return Split(np.flatnonzero(~held_out), np.flatnonzero(held_out), note)


def _cut(captured: NDArray[np.float64], target: int, random: np.random.Generator) -> Split:
    """The first or the last photos held out, as near to `target` of them as bursts allow."""
    order, places, note = _places(captured)
    parts = [part for place in places for part in (order[:place], order[place:])]
    nearest = min(abs(len(part) - target) for part in parts)
    fitting = [part for part in parts if abs(len(part) - target) == nearest]
    return _sides(np.isin(np.arange(len(order)), fitting[random.integers(len(fitting))]), note)


def _runs(captured: NDArray[np.float64], count: int) -> list[Split]:
    """Returns at most `count` runs of neighbours in time, as long as one another as far as bursts allow, each held out
    once."""
    order, places, note = _places(captured)
    ideal = np.arange(1, count) * len(order) / count
    cuts = sorted({min(places, key=lambda place: abs(place - wanted)) for wanted in ideal})
    return [_sides(np.isin(np.arange(len(order)), run), note) for run in np.split(order, cuts)]


def _places(captured: NDArray[np.float64]) -> tuple[NDArray[np.int64], list[int], str]:
    """The photos of one group in capture order, the numbers of them after which they may be cut, and a note."""
    count = len(captured)
    order = np.lexsort((np.arange(count), captured))
    within = np.diff(captured[order]) <= BURST  # false where a time is unknown
    if within.all():
        note = f"all {count} photos are one burst, and part of it is scored: expect larger errors on other photos"
        return order, list(range(1, count)), note
    note = f"all {count} photos were taken together (one folder, no long pause): the scored ones are neighbours in time"
    return order, [int(place) + 1 for place in np.flatnonzero(~within)], note


def _nearest(sizes: Sequence[int], target: int, most: int) -> list[int]:
    """Indices into `sizes` whose sum, 1 to `most`, is nearest to `target`; the earliest such choice found."""
    # Subset sums: each total that can be reached, with the total before it and the group that was added.
    reached: dict[int, tuple[int, int]] = {0: (0, -1)}
    for index, size in enumerate(sizes):
        for total in list(reached):
            if total + size <= most:
                reached.setdefault(total + size, (total, index))
        if target in reached:
            break
    total = min((total for total in reached if total), key=lambda total: (abs(total - target), total))
    taken = []
    while total:
        total, index = reached[total]
        taken.append(index)
    return taken
