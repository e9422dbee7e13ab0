"""Thinks in colours: the light's warmth, the dominant hue, and how much sky and foliage there is."""

from dataclasses import dataclass

import numpy as np

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, average, bend, sigmoid, within


@dataclass(frozen=True, slots=True)
class Colourist(School):
    about = "Exposes for what has colour; warmth, blue sky, foliage and colour contrast move the rest."
    noise = by_name(exposure=0.16, contrast=2.0, highlights=5.0, shadows=5.0, blacks=2.2, vibrance=0.9, saturation=0.5)
    steps = np.array([0.01, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])

    key: float = varies(-2.9, 0.3)  # level of what has colour
    glow: float = varies(40.0, 10.0)  # Highlights for a warm light
    rich: float = varies(9.0, 2.0)  # Vibrance for blue skies and green leaves
    fade: float = varies(19.0, 4.0)  # Blacks for warmth

    def edit(self, seen: Seen) -> Values:
        light, chroma, warmth = np.exp2(0.5 * seen.stops), seen.chroma, seen.warmth
        warm = average(warmth, light)
        sky = average(sigmoid((-warmth - 0.35) / 0.12), light * sigmoid(seen.height / 0.1))
        leaves = average(sigmoid((seen.greenness - 0.08) / 0.04), np.ones((1, 1)))
        contrast = float(np.sqrt(average((warmth - warm) ** 2, light)))
        coloured = seen.local(0.1 + chroma)
        lamps = average(warmth, np.exp2(seen.stops)) - warm
        exposure = within(self.key - coloured - 0.35 * np.tanh(warm))
        return by_name(
            exposure=exposure,
            contrast=3.0 - 17.0 * bend(contrast + 2.0 * seen.colourfulness, 1.8, 0.9),
            highlights=-4.0 + self.glow * bend(warm, 0.45, 0.9) - 20.0 * bend(lamps, -0.15, 0.25),
            shadows=15.0 + 65.0 * bend(coloured - seen.levels(10.0)[0], 1.8, 0.8),
            blacks=-6.0 + self.fade * bend(warm, 0.45, 0.9),
            vibrance=5.0 + self.rich * np.tanh(2.0 * sky + 2.0 * leaves) - 4.0 * bend(warm, 0.45, 0.9),
            saturation=1.0 - 4.5 * bend(seen.colourfulness, 0.45, 0.18),
        )
