"""Matches a tone curve: wants the percentiles of every photo at the same levels, by least squares over the sliders."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, sigmoid, within

PERCENTS = (1.0, 4.0, 10.0, 25.0, 50.0, 75.0, 90.0, 96.0, 99.0)

TARGET: NDArray[np.float64] = np.array([-4.6, -3.8, -2.9, -1.4, 0.0, 1.2, 2.2, 2.8, 3.3])
"""Where `PERCENTS` belong, stops from the key."""


@dataclass(frozen=True, slots=True)
class Equaliser(School):
    """What a slider does is a bump or a slope over level, in stops for the whole of its range."""

    about = "Brings the percentiles to one tone curve, by least squares over what the sliders do at each level."
    noise = by_name(exposure=0.15, contrast=2.4, highlights=6.0, shadows=8.0, whites=4.0, blacks=2.4)
    steps = np.array([0.05, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])

    key: float = varies(-2.9, 0.3)  # level of the median
    stretch: float = varies(1.0, 0.15)  # of the target, around the key
    caution: float = varies(0.45, 0.12)  # weight of moving a slider against missing the target
    gain: float = varies(1.0, 0.15)  # of all sliders but Exposure

    def edit(self, seen: Seen) -> Values:
        levels, target = seen.levels(*PERCENTS), self.stretch * TARGET
        weight = np.array([0.3, 0.5, 0.8, 1.0, 1.2, 1.0, 0.8, 0.5, 0.3])
        exposure = self.key + float(np.average(target - levels, weights=weight))
        at = levels + exposure - self.key
        effects = np.stack(
            [
                1.6 * np.tanh(at / 2.0),
                1.6 * sigmoid((at - 1.0) / 0.5),
                1.8 * sigmoid((-at - 1.2) / 0.6),
                1.5 * sigmoid((at - 2.4) / 0.5),
                1.6 * sigmoid((-at - 3.6) / 0.7),
            ],
            axis=1,
        )  # (percentiles, sliders)
        normal = effects.T @ (weight[:, None] * effects) + self.caution * np.eye(5)
        wish = np.linalg.solve(normal, effects.T @ (weight * (target - at)))
        contrast, highlights, shadows, whites, blacks = 100.0 * np.tanh(self.gain * wish)
        return by_name(
            exposure=within(exposure),
            contrast=0.25 * contrast,
            highlights=highlights,
            shadows=shadows,
            whites=whites,
            blacks=0.35 * blacks,
        )
