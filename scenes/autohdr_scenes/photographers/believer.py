"""Believes the camera: how bright a photo was taken was meant, at least by half.

The only one who does not make up for capture exposure in full: a frame taken one stop brighter gets half a stop less.
The other sliders look at how full the sensor was, not at what Exposure makes of it.
"""

from dataclasses import dataclass

import numpy as np

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, average, bend, sigmoid, within


@dataclass(frozen=True, slots=True)
class Believer(School):
    about = "Takes the capture exposure as half meant, and goes by how full the sensor was rather than by the result."
    noise = by_name(exposure=0.1, contrast=2.0, highlights=4.0, shadows=5.0, whites=6.0, blacks=2.4)
    compensates = 0.5

    grey: float = varies(-2.3, 0.3)  # centre-weighted average level that needs no Exposure
    lights: float = varies(240.0, 40.0)  # Highlights for the share within a stop of saturation
    depths: float = varies(130.0, 25.0)  # Shadows for the share below a 64th of saturation

    def edit(self, seen: Seen) -> Values:
        metered = float(np.log2(average(np.exp2(seen.stops), 0.25 + seen.centre)))
        full = float(sigmoid((seen.stops + 1.2) / 0.4).mean())
        deep = float(sigmoid((-6.0 - seen.stops) / 0.6).mean())
        (low, middle, top) = seen.levels(3.0, 50.0, 99.0)
        return by_name(
            exposure=within(0.5 * (self.grey - metered) + 0.45 * (metered - middle - 1.0)),
            contrast=4.0 - 17.0 * bend(top - low, 6.0, 1.9),
            highlights=62.0 - self.lights * np.sqrt(full + 0.01),
            shadows=-10.0 + self.depths * deep,
            whites=4.0 - 52.0 * bend(top, -0.9, 0.8),
            blacks=-9.0 - 19.0 * bend(low, -7.0, 1.7),
        )
