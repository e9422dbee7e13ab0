"""Thinks in areas: the largest of one brightness is the picture, and what stands above or below is beside it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, average, bend, sigmoid, within

GRID: NDArray[np.float64] = np.arange(-14.0, 2.0, 0.25)
"""Levels at which the histogram is known."""


@dataclass(frozen=True, slots=True)
class Areas(School):
    about = "Places the largest cluster of luminance, and treats what is brighter or darker by its share and distance."
    noise = by_name(exposure=0.15, contrast=2.2, highlights=5.0, shadows=5.0, whites=6.0, blacks=2.4, vibrance=1.0)

    place: float = varies(-2.9, 0.3)  # level of the largest area
    sharp: float = varies(2.0, 0.4)  # power of the histogram: how far the largest outweighs the others
    bright: float = varies(160.0, 30.0)  # Highlights for the share of brighter areas
    dark: float = varies(190.0, 40.0)  # Shadows for the share of darker areas

    def edit(self, seen: Seen) -> Values:
        sample = seen.levels(*np.linspace(0.5, 99.5, 100))
        density = np.exp(-0.5 * ((GRID[:, None] - sample[None]) / 0.7) ** 2).mean(axis=1)
        weight = density**self.sharp
        area = float((weight * GRID).sum() / weight.sum())
        purity = float(density.max() / 0.57)
        away = seen.stops - area
        above, below = sigmoid((away - 1.3) / 0.4), sigmoid((-away - 1.5) / 0.4)
        brighter, darker = float(above.mean()), float(below.mean())
        height = average(away, above + 1e-3)
        depth = average(-away, below + 1e-3)
        exposure = within(self.place + 0.8 - 0.75 * area - 0.25 * seen.levels(96.0)[0])
        return by_name(
            exposure=exposure,
            contrast=4.0 + 16.0 * bend(purity, 0.9, 0.22),
            highlights=26.0 - self.bright * brighter - 20.0 * bend(height, 2.0, 1.0),
            shadows=-10.0 + self.dark * darker + 20.0 * bend(depth, 1.8, 0.7),
            whites=8.0 - 55.0 * bend(height, 2.0, 1.0),
            blacks=-9.0 + 20.0 * bend(depth, 1.8, 0.7),
            vibrance=7.0 - 8.0 * bend(average(seen.chroma, np.exp(-(away**2))), 0.47, 0.2),
        )
