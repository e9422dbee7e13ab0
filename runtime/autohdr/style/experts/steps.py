"""Rounds sliders as a photographer does who sets them in steps, with keys: Exposure by 0.05, the others by 5."""

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS

Array = NDArray[np.float64]

STEPS: Array = np.array([0.05, *[5.0] * (len(LIMITS) - 1)]) / LIMITS
"""Scaled to [-1, 1], as all here."""
FEWEST = 5
"""Edits of other values than 0 and the most frequent one, all in steps, from which a slider is: one value in five is in
steps by chance, so that five are once in 3,000."""


def steps_of(labels: Array) -> Array:
    """The steps (8,) that labels (N, 8), NaN where missing, were set in; 0 for a slider that shows none."""
    return np.array([step if _in(step, column) else 0.0 for step, column in zip(STEPS, labels.T, strict=True)])


def stepped(values: Array, steps: Array) -> Array:
    """Values (N, 8) in these steps (8,)."""
    return np.where(steps > 0, np.round(values / np.where(steps > 0, steps, 1.0)) * steps, values)


def _in(step: float, column: Array) -> bool:
    known = column[np.isfinite(column)]
    if not len(known):
        return False
    values, counts = np.unique(known, return_counts=True)
    told = known[(known != 0) & (known != values[counts.argmax()])] / step
    return len(told) >= FEWEST and bool((np.abs(told - np.round(told)) < 1e-3).all())
