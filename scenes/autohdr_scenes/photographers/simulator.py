"""Imagines the result: moves the sliders in mind until a crude rendering of the photo displeases least.

What it does is nowhere written as a formula of the photo: it is the minimum of a cost over what the sliders do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, sigmoid, within

PERCENTS: NDArray[np.float64] = np.linspace(1.5, 98.5, 24)

EVEN = 0.26
"""Stops between neighbouring percentiles of a picture that is evenly spread."""

_MIDDLE = slice(6, 18)

STEPS = 8
"""How many steps of the Gauss-Newton method are taken. More of them move no slider by a twentieth of its unit."""

COST: NDArray[np.float64] = np.array([0.05, 1.6, 0.9, 0.6, 0.9, 0.9])
"""The cost of moving Exposure (a stop), Contrast, Highlights, Shadows, Whites and Blacks (their whole range)."""


@dataclass(frozen=True, slots=True)
class Simulator(School):
    about = "Minimises a cost over six sliders of an imagined tone curve: middle, glare, depths, texture, effort."
    noise = by_name(exposure=0.16, contrast=1.6, highlights=5.0, shadows=6.0, whites=5.0, blacks=2.2)

    key: float = varies(-2.9, 0.3)  # level of the middle that pleases
    white: float = varies(0.5, 0.3)  # level above which lights blind
    black: float = varies(-5.6, 0.4)  # level below which depths drown
    texture: float = varies(0.5, 0.15)  # weight of keeping apart what the photo has apart
    ease: float = varies(1.0, 0.25)  # weight of leaving sliders alone

    def edit(self, seen: Seen) -> Values:
        levels = seen.levels(*PERCENTS)
        start = self.key - float(levels[_MIDDLE].mean())
        at = levels + start - self.key
        effects = np.stack(
            [
                np.ones(24),
                1.5 * np.tanh(at / 2.0),
                1.6 * sigmoid((at - 1.2) / 0.5),
                1.8 * sigmoid((-at - 1.2) / 0.6),
                1.4 * sigmoid((at - 2.6) / 0.5),
                1.4 * sigmoid((-at - 3.4) / 0.7),
            ],
            axis=1,
        )  # (percentiles, sliders)
        wish = np.zeros(6)
        for _ in range(STEPS):
            wrong, slopes = self._displeasure(levels + start + effects @ wish, effects, wish)
            wish = wish - np.linalg.solve(slopes.T @ slopes, slopes.T @ wrong)
        exposure, contrast, highlights, shadows, whites, blacks = wish
        return by_name(
            exposure=within(start + exposure),
            contrast=75.0 * np.tanh(contrast),
            highlights=100.0 * np.tanh(highlights),
            shadows=100.0 * np.tanh(shadows),
            whites=100.0 * np.tanh(whites),
            blacks=70.0 * np.tanh(blacks),
        )

    def _displeasure(
        self, shown: NDArray[np.float64], effects: NDArray[np.float64], wish: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What is wrong (M,) with levels as rendered (24,), and its derivatives (M, 6) by the sliders.

        The cost is its sum of squares, each of something linear or of a soft excess of it, so it has one minimum.
        """
        glare, drowned = (shown - self.white) / 0.6, (self.black - shown) / 0.8
        parts = (
            (1.2 * (shown[_MIDDLE].mean() - self.key), 1.2 * effects[_MIDDLE].mean(axis=0)),
            (0.5 * np.logaddexp(0.0, glare), 0.5 / 0.6 * sigmoid(glare)[:, None] * effects),
            (0.4 * np.logaddexp(0.0, drowned), -0.4 / 0.8 * sigmoid(drowned)[:, None] * effects),
            (self.texture * (np.diff(shown) - EVEN), self.texture * np.diff(effects, axis=0)),
            (self.ease * COST * wish, self.ease * np.diag(COST)),
        )
        return np.hstack([wrong for wrong, _ in parts]), np.vstack([slopes for _, slopes in parts])
