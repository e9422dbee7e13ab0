"""Looks for a person: what has the colour of skin, near the centre, is the subject; all else is background.

Light of that colour that is no skin, wood or a lamp, is taken for the subject too, as a camera's face finder may.
"""

from dataclasses import dataclass

import numpy as np

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, average, bend, sigmoid, within


@dataclass(frozen=True, slots=True)
class Portraitist(School):
    about = "Weighs the centre and the colour of skin as the subject, and calms a background that outshines it."
    noise = by_name(exposure=0.16, contrast=2.0, highlights=5.0, shadows=6.0, whites=6.0, vibrance=0.8, saturation=0.5)
    missing = by_name(saturation=0.25)

    face: float = varies(-2.6, 0.3)  # level of the subject
    faith: float = varies(2.0, 0.6)  # weight of the colour of skin against the place in the frame
    calm: float = varies(55.0, 12.0)  # Highlights for a background that outshines the subject
    kind: float = varies(55.0, 12.0)  # Shadows for a subject of hard light

    def edit(self, seen: Seen) -> Values:
        # Skin of any tone reflects red two thirds of a stop above green, and green half above blue.
        redness = np.log2((seen.rgb[..., 0] + 1e-4) / (seen.rgb[..., 1] + 1e-4))
        skin = np.exp(-(((redness - 0.6) / 0.45) ** 2) - ((seen.warmth - 1.2) / 0.8) ** 2)
        subject = seen.centre * (1.0 + self.faith * skin)
        background = 1.02 - seen.centre / seen.centre.max()
        level, behind = seen.local(subject), seen.local(background)
        hardness = float(np.sqrt(average((seen.stops - level) ** 2, subject)))
        bright = average(sigmoid((seen.stops - level - 1.6) / 0.5), background)
        lights = float(seen.levels(96.0)[0])
        people = average(skin, seen.centre)
        exposure = within(self.face - level)
        return by_name(
            exposure=exposure,
            contrast=2.0 - 17.0 * bend(hardness, 1.45, 0.55),
            highlights=8.0 - self.calm * (0.5 * bend(behind - level, 0.1, 0.5) + 0.6 * bend(lights - level, 2.8, 1.0)),
            shadows=16.0 + self.kind * bend(hardness, 1.45, 0.55) + 10.0 * bend(behind - level, 0.1, 0.5),
            whites=50.0 - 250.0 * bright,
            vibrance=8.0 - 11.0 * np.tanh(people / 0.3),
            saturation=1.5 - 4.5 * bend(average(seen.chroma, subject), 0.46, 0.17),
        )
