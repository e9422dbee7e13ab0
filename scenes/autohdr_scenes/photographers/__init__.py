"""Photographers for testing: sixteen made-up people who edit a photo by what it shows, each in a way of their own.

They are kept for tests and comparisons. No model that is measured on them may be trained on them, and the rule that the
default model was trained on (`rule.py`) is none of them.

Each is a function of the developed picture (`camera.developed`), smooth and deterministic, to which
`Photographer.label` adds inconsistency of known size, slider steps, and labels that are left out. `draw(name, seed)`
gives another of the same school, with parameters of its own. How bright a photo was taken is an accident to all but the
believer: a stop more of light gives a stop less of Exposure, and moves nothing else, as long as neither end of the
sensor is reached.

| name | thinks in | E | C | H | S | W | B | V | Sa |
|---|---|---|---|---|---|---|---|---|---|
| keynote | the place of the log-average between the ends: high or low key | x | x | x | x | x | x | x | |
| protector | the 99th percentile, softly against the median; Shadows pay the debt | x | x | x | x | x | x | x | |
| equaliser | percentiles on one tone curve, by least squares over the sliders | x | x | x | x | x | x | | |
| dodger | places: sky and ground, centre and surround | x | x | x | x | x | x | x | |
| sorter | kinds (night, against the light, flat, colourful, plain), a preset each | x | x | x | x | x | x | x | x |
| zones | a line that puts shadows on zone III and lights on VII, and what misses it | x | x | x | x | x | x | | x |
| colourist | warmth, sky, foliage, colour contrast | x | x | x | x | | x | x | x |
| minimalist | three percentiles; the other sliders are in no sidecar | x | | x | x | | | | |
| texturist | the exposure that shows most local contrast, by trial | x | x | x | x | x | x | | |
| film | global contrast, and shares of the picture in toe and shoulder | x | x | x | x | x | x | x | x |
| areas | the largest cluster of the histogram, and what stands above and below | x | x | x | x | x | x | x | |
| simulator | the least of a cost over an imagined tone curve | x | x | x | x | x | x | | |
| automatic | a mean tone on an SDR display, pressed and stretched to both ends | x | x | x | x | x | x | x | x |
| believer | how full the sensor was; capture exposure is half meant | x | x | x | x | x | x | | |
| portraitist | a subject by the colour of skin and the centre, and its background | x | x | x | x | x | | x | x |
| moments | mean, spread, skewness, kurtosis and their products | x | x | x | x | x | x | x | x |
"""

from autohdr.errors import SettingsError
from autohdr_scenes.photographers import (
    areas,
    automatic,
    believer,
    colourist,
    dodger,
    equaliser,
    film,
    keynote,
    minimalist,
    moments,
    portraitist,
    protector,
    simulator,
    sorter,
    texturist,
    zones,
)
from autohdr_scenes.photographers.photographer import Photographer

_SCHOOLS = (
    keynote,
    protector,
    equaliser,
    dodger,
    sorter,
    zones,
    colourist,
    minimalist,
    texturist,
    film,
    areas,
    simulator,
    automatic,
    believer,
    portraitist,
    moments,
)

PHOTOGRAPHERS: dict[str, Photographer] = {school.PHOTOGRAPHER.name: school.PHOTOGRAPHER for school in _SCHOOLS}
"""By name."""


def find(name: str) -> Photographer:
    """The photographer of this name.

    Raises:
        SettingsError: there is none.
    """
    if name not in PHOTOGRAPHERS:
        raise SettingsError(f"there is no photographer {name!r}; choose one of {', '.join(PHOTOGRAPHERS)}")
    return PHOTOGRAPHERS[name]


def draw(name: str, seed: int) -> Photographer:
    """Another photographer of the same school, always the same for a seed (zero or more).

    Raises:
        SettingsError: there is no such school.
    """
    return find(name).varied(seed)


__all__ = ["PHOTOGRAPHERS", "Photographer", "draw", "find"]
