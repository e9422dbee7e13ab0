"""Feels the shape of the whole: mean, spread, skewness and tails of the levels, and products of them; no percentile."""

from dataclasses import dataclass

import numpy as np

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, within


@dataclass(frozen=True, slots=True)
class Moments(School):
    about = "Mean, spread, skewness and kurtosis of the levels, and their products."
    noise = np.array([0.17, 2.2, 5.0, 5.0, 5.0, 2.2, 0.9, 0.6])

    key: float = varies(-3.0, 0.3)  # level of the mean of an even picture
    lean: float = varies(0.55, 0.2)  # stops of Exposure less for a picture that is skewed to its lights
    mood: float = varies(42.0, 9.0)  # Shadows for spread
    tails: float = varies(48.0, 10.0)  # Whites for heavy tails

    def edit(self, seen: Seen) -> Values:
        mean, spread = float(seen.stops.mean()), float(seen.stops.std()) + 0.15
        away = (seen.stops - mean) / spread
        skew = float(np.tanh((away**3).mean() / 1.2))
        tails = float(np.tanh(((away**4).mean() - 3.0) / 2.5))
        wide = float(np.tanh((spread - 1.6) / 0.8))
        return by_name(
            exposure=within(self.key - mean - self.lean * skew + 0.35 * wide),
            contrast=4.0 - 14.0 * wide + 6.0 * skew * wide,
            highlights=-10.0 - 45.0 * skew - 20.0 * tails,
            shadows=18.0 + self.mood * wide - 34.0 * skew,
            whites=6.0 + self.tails * tails - 50.0 * wide * skew,
            blacks=-8.0 + 13.0 * wide + 8.0 * skew,
            vibrance=8.0 - 7.0 * float(np.tanh((seen.colourfulness - 0.42) / 0.2)) - 2.0 * wide,
            saturation=0.5 + 3.6 * wide,
        )
