"""Thinks in zones: lays a straight line through the photo's levels that puts shadows on III and lights on VII.

Ansel Adams, The Negative, 1981: a zone is a stop, and middle grey is zone V; expose for shadows, develop for lights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, bend, within

PERCENTS = (8.0, 20.0, 35.0, 50.0, 65.0, 80.0, 94.0)
WANTED: NDArray[np.float64] = np.linspace(-2.0, 2.0, 7)
"""Zones, from V, that `PERCENTS` belong on: III to VII."""


@dataclass(frozen=True, slots=True)
class Zones(School):
    about = "Puts shadows on zone III and lights on VII by a regression line: its place, its slope, and what misses it."
    noise = by_name(exposure=0.16, contrast=2.0, highlights=6.0, shadows=6.0, whites=6.0, blacks=2.4, saturation=0.5)
    steps = np.array([0.1, 1.0, 5.0, 5.0, 5.0, 1.0, 1.0, 1.0])

    grey: float = varies(-2.9, 0.3)  # level of zone V
    ends: float = varies(2.5, 0.8)  # weight of zones III and VII in the line, where those between have 1
    develop: float = varies(20.0, 5.0)  # Contrast for a line twice as steep as usual, or half
    mend: float = varies(55.0, 12.0)  # Highlights and Shadows for an end that misses the line

    def edit(self, seen: Seen) -> Values:
        levels = seen.levels(*PERCENTS)
        weight = np.ones(7)
        weight[[0, -1]] = self.ends
        centre = float(np.average(levels, weights=weight))
        away = levels - centre
        slope = float((weight * away * WANTED).sum() / ((weight * away**2).sum() + 0.5))
        developed = 1.0 + 0.2 * (slope - 1.0)  # a slider does a fifth of what the line asks for
        zones = developed * away
        first, dark, light, last = developed * (seen.levels(0.7, 4.0, 97.0, 99.6) - centre)
        return by_name(
            exposure=within(self.grey - centre - 0.35 * float(zones[3])),
            contrast=2.0 + self.develop * np.tanh(np.log2((slope + 0.05) / 0.9)),
            highlights=-6.0 + self.mend * bend(-light, -2.7, 1.0) + 15.0 * bend(levels[6] - levels[5], 1.2, 1.0),
            shadows=14.0 + self.mend * bend(-dark, 2.6, 0.8),
            whites=-58.0 * bend(last, 3.3, 1.2),
            blacks=-9.0 - 20.0 * bend(first, -3.3, 1.0),
            saturation=-1.0 - 4.5 * bend(seen.colourfulness + 0.1 * slope, 0.53, 0.18),
        )
