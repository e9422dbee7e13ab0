"""Looks for texture: chooses the exposure at which most of the local contrast can be seen, and frees what is hidden."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, average, bend, sigmoid, within

TRIALS: NDArray[np.float64] = np.linspace(-3.0, 3.0, 25)
"""Exposures that are tried, stops from the one that brings the picture's middle to the eye's level."""


@dataclass(frozen=True, slots=True)
class Texturist(School):
    about = "Tries exposures for the one that shows most local contrast, and frees the texture that it buries or burns."
    noise = by_name(exposure=0.16, contrast=2.0, highlights=4.0, shadows=6.0, whites=6.0, blacks=2.4)

    eye: float = varies(-2.8, 0.3)  # level at which texture is seen best
    width: float = varies(2.0, 0.3)  # stops above and below at which it is seen by 1/e
    keen: float = varies(6.0, 1.5)  # how decided the choice among the trials is
    free: float = varies(260.0, 50.0)  # Shadows for the share of the texture that is buried

    def edit(self, seen: Seen) -> Values:
        down, across = np.gradient(seen.stops)
        texture = np.minimum(np.hypot(down, across), 1.5) + 0.02
        # Texture by level, so that a trial looks at 40 bins and not at every pixel.
        levels = np.percentile(seen.ranked, np.linspace(1.25, 98.75, 40))
        bins = np.clip(np.searchsorted(levels, seen.stops.ravel()), 0, 39)
        mass = np.bincount(bins, weights=texture.ravel(), minlength=40)
        middle = float(seen.levels(25.0, 50.0, 75.0, 95.0) @ np.array([0.2, 0.3, 0.2, 0.3])) - 0.6
        seen_at = levels[None] + (self.eye - middle + TRIALS)[:, None] - self.eye
        visible = np.log(np.exp(-((seen_at / self.width) ** 2)) @ mass) - 0.1 * TRIALS**2
        choice = np.exp(self.keen * (visible - visible.max()))
        exposure = self.eye - middle + float((choice * TRIALS).sum() / choice.sum())
        placed = seen.stops + exposure - self.eye
        buried = average(sigmoid((-placed - 1.9) / 0.4), texture)
        blinding = average(sigmoid((placed - 1.9) / 0.4), texture)
        rough = average(texture, np.ones((1, 1)))
        lost = average(sigmoid((-placed - 3.4) / 0.5), np.ones((1, 1)))
        return by_name(
            exposure=within(exposure),
            contrast=4.0 - 17.0 * bend(rough + 0.05 * (levels[-2] - levels[1]), 0.62, 0.22),
            highlights=28.0 - 250.0 * blinding,
            shadows=-20.0 + self.free * buried,
            whites=22.0 - 52.0 * bend(float(seen.levels(99.5)[0] + exposure - self.eye), 3.6, 1.5),
            blacks=-26.0 + 110.0 * np.sqrt(lost),
        )
