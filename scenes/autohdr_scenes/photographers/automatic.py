"""Does what automatic settings tend to: range pressed into an SDR print, then stretched to both of its ends.

Highlights go down and Whites up where an HDR edit does the opposite: Adobe's own automatic edit of one photo has
Highlights -35 and Whites +38.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, bend, sigmoid, within

STEPS = 6
"""How many steps of Newton's method lead to the exposure that gives the wanted mean. More of them move nothing."""


@dataclass(frozen=True, slots=True)
class Automatic(School):
    """Tones are on a display's scale, 0 to 1; gains in slider units."""

    about = "Like automatic settings for SDR: a mean display tone, Highlights pressed, Shadows filled, ends stretched."
    noise = np.array([0.12, 2.0, 4.0, 5.0, 6.0, 2.2, 1.0, 0.5])

    mean: float = varies(0.42, 0.04)  # wanted mean tone
    press: float = varies(280.0, 50.0)  # Highlights for bright tones
    fill: float = varies(230.0, 40.0)  # Shadows for dark tones
    stretch: float = varies(55.0, 12.0)  # Whites for a picture that ends below white

    def edit(self, seen: Seen) -> Values:
        levels = seen.levels(*np.linspace(1.0, 99.0, 50))
        exposure = -2.8 - float(levels.mean())
        for _ in range(STEPS):
            tones = _display(levels + exposure)
            exposure += float((self.mean - tones.mean()) / _slope(tones).mean())
        tones = _display(levels + exposure)
        low, top = _display(seen.levels(0.7, 99.3) + exposure)
        colour = float((seen.chroma * _display(seen.stops + exposure)).mean())
        return by_name(
            exposure=within(exposure),
            contrast=3.0 - 17.0 * bend(float(tones.std()), 0.18, 0.055),
            highlights=10.0 - self.press * float(sigmoid((tones - 0.72) / 0.05).mean()),
            shadows=-10.0 + self.fill * float(sigmoid((0.22 - tones) / 0.04).mean()),
            whites=10.0 + self.stretch * bend(-float(top), -0.84, 0.14),
            blacks=-10.0 - 20.0 * bend(float(low), 0.147, 0.045),
            vibrance=14.0 - 9.0 * bend(colour, 0.19, 0.07),
            saturation=1.0 - 4.5 * bend(seen.colourfulness, 0.44, 0.18),
        )


def _display(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tones of a display with a gamma of 2.2 and a soft end: x / (1 + x^4)^(1/4) of light^(1/2.2)."""
    light = np.exp2(levels / 2.2)
    return light / (1.0 + light**4) ** 0.25


def _slope(tones: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much a tone gains for a stop."""
    return tones * (1.0 - tones**4) * np.log(2.0) / 2.2
