"""Protects highlights: exposes for the brightest hundredth, and pays for it in the shadows."""

from dataclasses import dataclass

import numpy as np

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, average, bend, sigmoid, within


@dataclass(frozen=True, slots=True)
class Protector(School):
    about = "Exposes for the 99th percentile unless the median asks for less, and lifts the shadows by what that cost."
    noise = by_name(exposure=0.12, contrast=2.2, highlights=5.0, shadows=4.5, whites=6.0, blacks=2.2, vibrance=0.9)
    missing = by_name(vibrance=0.15)

    # Level that the 99th percentile may reach after Exposure: an HDR screen has room above saturation.
    ceiling: float = varies(1.0, 0.4)
    key: float = varies(-2.6, 0.3)  # level of the median, as long as the ceiling holds
    give: float = varies(1.1, 0.3)  # stops over which one aim gives way to the other
    pay: float = varies(80.0, 18.0)  # Shadows for a debt of several stops

    def edit(self, seen: Seen) -> Values:
        low, quarter, median, three, top, peak = seen.levels(2.0, 25.0, 50.0, 75.0, 99.0, 99.7)
        wanted, allowed = self.key - median, self.ceiling - top
        exposure = -self.give * np.logaddexp(-wanted / self.give, -allowed / self.give)
        debt = wanted - exposure
        dark = sigmoid((median - seen.stops) / 0.7)
        return by_name(
            exposure=within(exposure),
            contrast=2.0 - 16.0 * bend(three - quarter, 2.2, 1.2),
            highlights=-28.0 - 50.0 * bend(top - three, 2.4, 1.3) - 12.0 * np.tanh(seen.clipped / 0.05),
            shadows=4.0 + self.pay * np.tanh(debt / 2.6),
            whites=-4.0 - 50.0 * bend(peak + exposure, 0.2, 0.9),
            blacks=-2.0 + 18.0 * bend(median - low + 0.4 * debt, 3.1, 1.4),
            vibrance=9.0 - 9.0 * bend(average(seen.chroma, dark), 0.47, 0.18),
        )
