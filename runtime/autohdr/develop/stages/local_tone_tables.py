"""Holds the tables of Highlights and Shadows: how many stops a base level is lifted or lowered.

The numbers are least-squares fits (natural cubic splines) to Camera Raw 18.7's gains as pch/rawmakase (MIT) measured
them, at 48 levels each: Shadows and positive Highlights of its second revision, fitted on 22 photos; negative
Highlights of its first, fitted on synthetic scenes. Error of the fits against those levels, EV: mean 0.001 to 0.013,
largest 0.044; positive Highlights, which wobbles there by 0.4 EV from level to level, is smoothed on purpose: mean
0.015 to 0.064, largest 0.33.

Levels at which the originals are straight-line extrapolations are left out: beyond its first and last level a table
holds its value, and Shadows -100 holds its lowest one. Above level 5.5 the original of negative Highlights falls by up
to 3 stops in one, which would make the brightest places of a dark photo darker than what surrounds them; here it falls
by one at most. None of the scenes in `local_tone` reaches that far.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autohdr.develop.kernels.spline import natural

_FINENESS = 128
"""Levels to a stop that a spline is sampled at."""


@dataclass(frozen=True, slots=True)
class Family:
    """Holds the gains of one slider in one direction."""

    levels: tuple[float, float, float]
    """First and last level, and the step between two, in stops."""
    amounts: tuple[float, ...]
    """Slider positions, in rising order of their size; at 0 nothing happens."""
    gains: tuple[tuple[float, ...], ...]
    """EV, a row for each position, a column for each level."""
    last: float = np.inf
    """The level from which on the gain is held, where that is before the last one."""

    def ev(self, amount: float, level: ArrayLike) -> NDArray[np.float64]:
        """Returns the gain in EV (any shape) at base levels in stops, linear in the slider between positions; 0
        where the slider goes in the other direction."""
        levels, rows = _sampled(self)
        reach = min(max(amount * np.sign(self.amounts[0]), 0.0), abs(self.amounts[-1]))
        positions = np.abs((0.0, *self.amounts))
        i = min(int(np.searchsorted(positions, reach, side="right")) - 1, len(rows) - 2)
        part = (reach - positions[i]) / (positions[i + 1] - positions[i])
        row = rows[i] + (rows[i + 1] - rows[i]) * part
        return np.asarray(np.interp(np.minimum(level, self.last), levels, row), np.float64)


@cache
def _sampled(family: Family) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The levels (N,) that a family's splines are read at, and its gains (positions + 1, N) there, the first 0: between
    them straight, which is within 0.0001 EV."""
    first, last, step = family.levels
    count = round((last - first) / step)
    levels = np.linspace(first, last, round((last - first) * _FINENESS) + 1)
    knots = np.arange(count + 1) * step + first
    return levels, np.stack([np.zeros_like(levels), *(natural(knots, row, levels) for row in family.gains)])


SHADOWS_DOWN = Family(
    (-5.0, 4.0, 0.5),
    (-25.0, -50.0, -100.0),
    (
        (
            *(-0.74, -0.59, -0.51, -0.44, -0.34, -0.31, -0.22, -0.13, -0.08, -0.05),
            *(-0.03, -0.02, -0.01, -0.01, -0.01, -0.01, -0.01, -0.01, 0.0),
        ),
        (
            *(-1.39, -1.24, -0.91, -0.85, -0.68, -0.61, -0.43, -0.24, -0.16, -0.09),
            *(-0.05, -0.04, -0.02, -0.03, -0.03, -0.02, -0.02, -0.01, -0.01),
        ),
        (
            *(-2.55, -2.55, -2.06, -1.62, -1.36, -1.20, -0.83, -0.47, -0.31, -0.18),
            *(-0.10, -0.07, -0.03, -0.05, -0.05, -0.03, -0.03, -0.02, -0.01),
        ),
    ),
)
"""Negative Shadows, by the base level above the photo's mean luminance."""

SHADOWS_DETAIL = Family(
    (-4.0, 4.0, 0.5),
    (25.0, 50.0, 100.0),
    (
        (
            *(0.33, 0.29, 0.27, 0.23, 0.19, 0.18, 0.11, 0.05, 0.03),
            *(0.01, 0.0, -0.01, -0.01, -0.01, -0.02, -0.03, -0.03),
        ),
        (
            *(0.60, 0.54, 0.51, 0.46, 0.38, 0.38, 0.23, 0.12, 0.06),
            *(0.02, 0.0, -0.02, -0.01, -0.02, -0.04, -0.06, -0.06),
        ),
        (
            *(1.18, 1.06, 1.01, 0.93, 0.80, 0.77, 0.48, 0.25, 0.13),
            *(0.05, 0.01, -0.04, -0.03, -0.04, -0.09, -0.12, -0.12),
        ),
    ),
)
"""Positive Shadows, first part: by the base level above the regional level."""

SHADOWS_REGION = Family(
    (-5.0, 0.5, 0.5),
    (25.0, 50.0, 100.0),
    (
        (0.62, 0.64, 0.60, 0.52, 0.46, 0.31, 0.24, 0.15, 0.05, 0.02, 0.0, 0.0),
        (1.24, 1.28, 1.22, 1.09, 0.94, 0.64, 0.49, 0.30, 0.11, 0.03, 0.0, 0.01),
        (2.51, 2.59, 2.47, 2.28, 1.91, 1.28, 0.98, 0.60, 0.23, 0.06, 0.0, 0.02),
    ),
)
"""Positive Shadows, second part, added to the first: by the regional level above the photo's mean luminance."""

HIGHLIGHTS_DOWN = Family(
    (-3.5, 7.0, 0.5),
    (-25.0, -50.0, -100.0),
    (
        (
            *(-0.06, -0.04, -0.02, -0.02, -0.03, -0.02, -0.02, -0.02, -0.03, -0.05, -0.06),
            *(-0.10, -0.13, -0.16, -0.24, -0.26, -0.29, -0.41, -0.43, -0.56, -0.79, -1.21),
        ),
        (
            *(-0.11, -0.08, -0.04, -0.05, -0.05, -0.05, -0.04, -0.04, -0.06, -0.11, -0.12),
            *(-0.19, -0.26, -0.31, -0.47, -0.53, -0.60, -0.86, -0.90, -1.16, -1.60, -2.10),
        ),
        (
            *(-0.22, -0.16, -0.07, -0.09, -0.10, -0.09, -0.07, -0.09, -0.11, -0.21, -0.25),
            *(-0.38, -0.52, -0.62, -0.94, -1.06, -1.20, -1.69, -1.77, -2.27, -2.77, -3.27),
        ),
    ),
    last=6.86,
)
"""Negative Highlights, by the base level above the middle of the photo's range."""

HIGHLIGHTS_UP = Family(
    (-3.5, 7.0, 1.5),
    (25.0, 50.0, 100.0),
    (
        (0.01, 0.01, 0.01, 0.04, 0.12, 0.33, 0.30, 0.68),
        (0.01, 0.03, 0.02, 0.08, 0.25, 0.60, 0.47, 0.96),
        (0.03, 0.06, 0.06, 0.16, 0.46, 1.01, 0.64, 1.11),
    ),
    last=6.86,
)
"""Positive Highlights, by the base level above the middle of the photo's range."""
