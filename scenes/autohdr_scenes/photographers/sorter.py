"""Sorts first: every photo is more or less a night, against the light, flat, colourful or plain, with a preset each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.photographers.photographer import School, Values, varies
from autohdr_scenes.photographers.seen import Seen, within

PRESETS: NDArray[np.float64] = np.array(
    [
        [-4.4, 12.0, -55.0, 0.0, 60.0, -4.0, 2.0, -3.5],
        [-2.6, -14.0, -35.0, 95.0, -45.0, 12.0, 9.0, 1.0],
        [-2.7, 22.0, 35.0, -25.0, 50.0, -26.0, 14.0, 4.0],
        [-3.1, 4.0, -10.0, 30.0, -25.0, -14.0, 0.0, -3.0],
        [-3.0, 6.0, 15.0, 20.0, 5.0, -8.0, 7.0, 1.0],
    ]
)
"""A preset each for nights, photos against the light, flat, colourful and plain ones. The first column is the
mid-tones' level after Exposure; the others are sliders."""


@dataclass(frozen=True, slots=True)
class Sorter(School):
    about = "Decides by soft gates whether it is night, against the light, flat, colourful or plain; a preset for each."
    noise = np.array([0.15, 2.0, 5.0, 5.0, 5.0, 2.2, 1.0, 0.5])

    lift: float = varies(0.0, 0.4)  # of all levels
    doubt: float = varies(1.5, 0.3)  # how far the kinds run into one another
    strength: float = varies(1.4, 0.2)  # of the presets' sliders, around the plain one's
    night: float = varies(4.0, 0.4)  # gap from mid-tones to lights, stops, of what may be a night

    def edit(self, seen: Seen) -> Values:
        shadow, quarter, three, bright, light = seen.levels(8.0, 30.0, 70.0, 92.0, 98.5)
        middle = 0.5 * (quarter + three)
        against = seen.local(1.0 - seen.centre) - seen.local(seen.centre)
        likeness = np.array(
            [
                (light - middle - self.night) / 0.8,
                (three - quarter - 2.2) / 0.8 + against / 0.8,
                (3.9 - (bright - shadow)) / 0.6,
                (seen.colourfulness - 0.55) / 0.1,
                0.3,
            ]
        )
        share = np.exp((likeness - likeness.max()) / self.doubt)
        mixed = (share / share.sum()) @ PRESETS
        values = PRESETS[-1] + self.strength * (mixed - PRESETS[-1])
        values[0] = within(mixed[0] + self.lift - middle)
        return np.asarray(values)
