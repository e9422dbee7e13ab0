"""Which photos are held out for scoring: whole groups, so that no burst is both learnt and scored."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr_train.errors import TrainingError

GAP = 3600.0
"""Seconds without a photo after which the next one starts a new group, by default."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Indices of the photos, each photo on one side."""

    train: NDArray[np.int64]
    held_out: NDArray[np.int64]
    note: str | None = None
    """What a reader of the scores should know about this split, one sentence."""


def shoot_groups(folders: Sequence[str], captured: NDArray[np.float64], gap: float = GAP) -> list[str]:
    """A group name for each photo: its folder, and inside it a new one after more than `gap` seconds without a photo.

    `captured` (N,) is in seconds, NaN where unknown; a folder's photos of unknown time are one group.
    """
    groups = list(folders)
    for folder in dict.fromkeys(folders):
        members = [index for index, name in enumerate(folders) if name == folder and np.isfinite(captured[index])]
        members.sort(key=lambda index: captured[index])
        burst = 0
        for before, index in zip([None, *members], members, strict=False):
            burst += before is not None and captured[index] - captured[before] > gap
            groups[index] = f"{folder}#{burst}"
    return groups


def split(groups: Sequence[str], captured: NDArray[np.float64], *, share: float = 0.2, seed: int = 0) -> Split:
    """Hold out whole groups, drawn by `seed`, that together are as near to `share` of the photos as groups allow.

    A single group is cut in time instead (in the order given where times are unknown): the held-out part is one run of
    neighbours, and the note says so. `captured` (N,) is in seconds, NaN where unknown.

    Raises:
        TrainingError: there are fewer than two photos.
    """
    count = len(groups)
    if count < 2:
        raise TrainingError(f"{count} usable photo is too few: one to learn from and one to score are needed")
    sizes = Counter(groups)
    target = min(max(1, round(share * count)), count - 1)
    note: str | None = None
    random = np.random.default_rng(seed)
    if len(sizes) == 1:
        note = f"all {count} photos are one group (one folder, no long gap), so neighbours in time were held out"
        start = int(random.choice([0, count - target]))
        chosen = np.lexsort((np.arange(count), captured))[start : start + target]
        held_out = np.isin(np.arange(count), chosen)
    else:
        names = [list(sizes)[index] for index in random.permutation(len(sizes))]
        taken = _nearest([sizes[name] for name in names], target, count - 1)
        held_out = np.isin(np.asarray(groups), [names[index] for index in taken])
        if abs(int(held_out.sum()) - target) > target // 2:
            note = f"{held_out.sum()} of {count} photos are held out: whole groups allow no nearer {share:.0%}"
    return Split(np.flatnonzero(~held_out), np.flatnonzero(held_out), note)


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
