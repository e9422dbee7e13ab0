"""Thinks in keys: how high the middle of a picture stands between its ends decides how bright it is meant to be.

Erik Reinhard, Parameter Estimation for Photographic Tone Reproduction, Journal of Graphics Tools 7(1), 2002: a picture
whose log-average lies near its darkest light is a low key, and is left dark.
"""

from dataclasses import dataclass

from autohdr_scenes.photographers.photographer import School, Values, by_name, varies
from autohdr_scenes.photographers.seen import Seen, bend, within


@dataclass(frozen=True, slots=True)
class Keynote(School):
    about = "A key by the place of the log-average between the ends, and every other slider by a distance from it."
    noise = by_name(exposure=0.14, contrast=2.0, highlights=5.0, shadows=7.0, whites=6.0, blacks=2.4, vibrance=0.9)

    key: float = varies(-2.9, 0.3)  # level of a middle key's log-average
    reach: float = varies(2.0, 0.5)  # stops from a middle key to the highest or lowest
    open_shadows: float = varies(65.0, 14.0)
    hold_lights: float = varies(50.0, 12.0)
    punch: float = varies(17.0, 4.0)

    def edit(self, seen: Seen) -> Values:
        low, deep, high, top = seen.levels(1.0, 12.0, 90.0, 99.0)
        mean = float(seen.stops.mean())
        span = top - low + 0.5
        position = (2.0 * mean - low - top) / span
        exposure = within(self.key + self.reach * position - mean)
        return by_name(
            exposure=exposure,
            contrast=4.0 + self.punch * bend(-span, -7.0, 2.0),
            highlights=-8.0 - self.hold_lights * bend(high - mean, 2.1, 1.0),
            shadows=18.0 + self.open_shadows * bend(mean - deep, 1.8, 0.8),
            whites=8.0 - 55.0 * bend(top + exposure, 0.5, 1.2),
            blacks=-8.0 - 20.0 * bend(low + exposure, -6.0, 0.9),
            vibrance=8.0 - 8.0 * bend(seen.colourfulness, 0.44, 0.18),
        )
