"""Uses three sliders, in coarse steps, and leaves the others out of the sidecar."""

from dataclasses import dataclass

import numpy as np

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, bend, within


@dataclass(frozen=True, slots=True)
class Minimalist(School):
    about = "Exposure, Highlights and Shadows in coarse steps; five sliders that no sidecar of theirs holds."
    noise = by_name(exposure=0.15, highlights=5.0, shadows=6.0)
    steps = np.array([0.05, 1.0, 5.0, 5.0, 1.0, 1.0, 1.0, 1.0])
    missing = by_name(contrast=1.0, whites=1.0, blacks=1.0, vibrance=1.0, saturation=1.0)

    key: float = varies(-3.0, 0.4)  # level between the picture's middle and its lights
    lean: float = varies(0.35, 0.15)  # share of the lights in that
    hold: float = varies(58.0, 12.0)  # Highlights for lights that stand far above the middle
    lift: float = varies(68.0, 15.0)  # Shadows for depths that lie far below it

    def edit(self, seen: Seen) -> Values:
        deep, middle, bright = seen.levels(10.0, 50.0, 94.0)
        return by_name(
            exposure=within(self.key + 1.0 - (1.0 - self.lean) * middle - self.lean * bright),
            highlights=-12.0 - self.hold * bend(bright - middle, 2.6, 1.4),
            shadows=20.0 + self.lift * bend(middle - deep, 1.85, 1.0),
        )
