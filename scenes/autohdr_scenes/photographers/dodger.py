"""Dodges and burns: compares places, sky with ground and centre with surround, rather than percentiles."""

from dataclasses import dataclass

import numpy as np

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, average, bend, sigmoid, within


@dataclass(frozen=True, slots=True)
class Dodger(School):
    about = "Exposes for ground and centre, burns a sky brighter than the ground, dodges a centre darker than the rest."
    noise = by_name(exposure=0.16, contrast=2.0, highlights=6.0, shadows=5.0, whites=6.0, blacks=2.4, vibrance=1.0)

    key: float = varies(-3.0, 0.3)  # level of the subject
    ground: float = varies(0.5, 0.2)  # share of the ground in the subject, against the centre
    burn: float = varies(52.0, 12.0)  # Highlights for a bright sky
    dodge: float = varies(60.0, 14.0)  # Shadows for a dark centre

    def edit(self, seen: Seen) -> Values:
        above = sigmoid((seen.height - 1.0 / 6.0) / 0.03)
        below = sigmoid((-seen.height - 1.0 / 6.0) / 0.03)
        sky, ground = seen.local(above), seen.local(below)
        centre, surround = seen.local(seen.centre), seen.local(1.0 - seen.centre)
        subject = self.ground * ground + (1.0 - self.ground) * centre
        exposure = within(self.key + 0.4 - 0.7 * subject - 0.3 * sky)
        lights = float(seen.levels(96.0)[0])
        uneven = float(np.sqrt(average((seen.stops - seen.stops.mean(axis=1, keepdims=True)) ** 2, np.ones((1, 1)))))
        glare = average(sigmoid((seen.stops + exposure + 0.6) / 0.5), 0.25 + above)
        hole = average(sigmoid((-5.2 - seen.stops - exposure) / 0.8), below)
        return by_name(
            exposure=exposure,
            contrast=3.0 - 17.0 * bend(uneven, 1.0, 0.5),
            highlights=2.0 - self.burn * (0.45 * bend(sky - ground, 1.7, 1.5) + 0.6 * bend(lights - subject, 3.2, 1.1)),
            shadows=22.0 + self.dodge * bend(surround - centre, 0.0, 0.45),
            whites=30.0 - 170.0 * glare,
            blacks=-22.0 + 80.0 * hole,
            vibrance=8.0 - 8.0 * bend(average(seen.chroma, below) - 0.3 * average(seen.chroma, above), 0.3, 0.16),
        )
