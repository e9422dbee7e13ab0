"""Wants a print: a toe that never gets black, a shoulder that never gets white, by how contrasty the light was."""

from dataclasses import dataclass

import numpy as np

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, average, bend, sigmoid, within


@dataclass(frozen=True, slots=True)
class Film(School):
    about = "A film look: Blacks lifted and Whites pulled by global contrast, toe and shoulder by the shares they hold."
    noise = np.array([0.16, 2.2, 5.0, 6.0, 6.0, 2.2, 0.9, 0.5])
    steps = np.array([0.05, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    missing = by_name(vibrance=0.2, saturation=0.2)

    speed: float = varies(-3.1, 0.3)  # level that the meter of this film aims at
    # Stops of Exposure for a stop of contrast: contrasty light is exposed for its shadows.
    negative: float = varies(0.2, 0.08)
    toe: float = varies(19.0, 4.0)  # Blacks for a contrasty light
    shoulder: float = varies(55.0, 12.0)  # Whites for a contrasty light

    def edit(self, seen: Seen) -> Values:
        deep, bright = seen.levels(5.0, 95.0)
        contrast = bright - deep
        metered = float(np.log2(average(np.exp2(0.5 * seen.stops), np.ones((1, 1)))) * 2.0)
        exposure = within(self.speed + 0.3 - metered + self.negative * (contrast - 4.5))
        burnt = float(sigmoid((seen.stops + exposure + 0.8) / 0.5).mean())
        drowned = float(sigmoid((-6.0 - seen.stops - exposure) / 0.7).mean())
        return by_name(
            exposure=exposure,
            contrast=-2.0 - 17.0 * bend(contrast, 5.0, 1.8),
            highlights=55.0 - 200.0 * np.sqrt(burnt),
            shadows=-60.0 + 300.0 * np.sqrt(drowned),
            whites=-15.0 - self.shoulder * bend(contrast, 5.0, 1.8),
            blacks=10.0 + self.toe * bend(contrast, 5.0, 1.8),
            vibrance=4.0 - 8.0 * bend(seen.colourfulness, 0.44, 0.18),
            saturation=-5.0 + 4.0 * bend(seen.colourfulness - 0.04 * contrast, 0.23, 0.19),
        )
