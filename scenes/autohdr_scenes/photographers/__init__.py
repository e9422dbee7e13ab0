"""Photographers for testing: sixteen made-up people who edit a photo by what it shows, each in a way of their own.

They are kept for tests and comparisons. No model that is measured on them may be trained on them, and the rule that the
default model was trained on (`rule.py`) is none of them.

Each is a function of the developed picture (`camera.developed`), smooth and deterministic, to which
`Photographer.inconsistent` adds inconsistency of known size, slider steps, and labels that are left out. `draw(name,
seed)` gives another of the same school, with parameters of its own. How bright a photo was taken is an accident to
all but the believer: a stop more of light gives a stop less of Exposure, and moves nothing else, as long as neither
end of the sensor is reached.

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
from autohdr_scenes.photographers.areas import Areas
from autohdr_scenes.photographers.automatic import Automatic
from autohdr_scenes.photographers.believer import Believer
from autohdr_scenes.photographers.colourist import Colourist
from autohdr_scenes.photographers.dodger import Dodger
from autohdr_scenes.photographers.equaliser import Equaliser
from autohdr_scenes.photographers.film import Film
from autohdr_scenes.photographers.keynote import Keynote
from autohdr_scenes.photographers.minimalist import Minimalist
from autohdr_scenes.photographers.moments import Moments
from autohdr_scenes.photographers.photographer import Photographer, School
from autohdr_scenes.photographers.portraitist import Portraitist
from autohdr_scenes.photographers.protector import Protector
from autohdr_scenes.photographers.simulator import Simulator
from autohdr_scenes.photographers.sorter import Sorter
from autohdr_scenes.photographers.texturist import Texturist
from autohdr_scenes.photographers.zones import Zones

_SCHOOLS: tuple[type[School], ...] = (
    *(Keynote, Protector, Equaliser, Dodger),
    *(Sorter, Zones, Colourist, Minimalist),
    *(Texturist, Film, Areas, Simulator),
    *(Automatic, Believer, Portraitist, Moments),
)

PHOTOGRAPHERS: dict[str, Photographer] = {school.__name__.lower(): school.photographer() for school in _SCHOOLS}
"""All simulated photographers, by name."""


def find(name: str) -> Photographer:
    """The photographer of this name.

    Raises:
        SettingsError: there is none.
    """
    if name not in PHOTOGRAPHERS:
        raise SettingsError(f"there is no photographer {name!r}; choose one of {', '.join(PHOTOGRAPHERS)}")
    return PHOTOGRAPHERS[name]


def draw(name: str, seed: int) -> Photographer:
    """Draws a photographer of a school, always the same for a seed (zero or more).

    Raises:
        SettingsError: there is no such school.
    """
    return find(name).varied(seed)


__all__ = ["PHOTOGRAPHERS", "Photographer", "draw", "find"]
