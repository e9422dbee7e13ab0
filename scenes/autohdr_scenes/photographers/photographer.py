"""One simulated photographer: a way of thinking, and how faithfully, finely and completely it is written down."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS
from autohdr_scenes.photographers.seen import Seen, see

NAMES = tuple(slider.name for slider in SLIDERS)

Values = NDArray[np.float64]
"""A number for each slider, (8,), in the order of `SLIDERS`."""


def varies(value: float, spread: float) -> float:
    """A parameter of a school: what the photographer of the table has, and how far drawn ones stand from it."""
    return field(default=value, metadata={"spread": spread})


def by_name(**values: float) -> Values:
    """Values (8,) in the order of `SLIDERS`, given by lower-case slider names; 0 where not given."""
    order = [name.lower() for name in NAMES]
    out = np.zeros(8)
    for name, value in values.items():
        out[order.index(name)] = value
    return out


@dataclass(frozen=True, slots=True)
class School(ABC):
    """How a photographer thinks, with the parameters that tell two of the same school apart.

    Stops are of light, gains in slider units. The class says how the photographer of the table writes labels down, in
    the words of `Photographer`.
    """

    about: ClassVar[str]
    noise: ClassVar[Values]
    steps: ClassVar[Values] = np.array([slider.step for slider in SLIDERS])
    missing: ClassVar[Values] = np.zeros(8)
    compensates: ClassVar[float] = 1.0

    @classmethod
    def photographer(cls) -> "Photographer":
        """The photographer of the table who thinks like this."""
        return Photographer(cls.__name__.lower(), cls.about, cls(), cls.noise, cls.steps, cls.missing, cls.compensates)

    @abstractmethod
    def edit(self, seen: Seen) -> Values:
        """The sliders (8,) for a picture, in Lightroom's units, not limited."""

    def varied(self, rng: np.random.Generator) -> Self:
        """A photographer who thinks alike, with parameters drawn evenly within their spread."""
        drawn = {item.name: _drawn(getattr(self, item.name), item.metadata, rng) for item in fields(self)}
        return replace(self, **drawn)


def _drawn(value: float, metadata: Mapping[str, float], rng: np.random.Generator) -> float:
    return value + metadata["spread"] * rng.uniform(-1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Photographer:
    """Labels photos as a person would: a little off, in steps, and not always everything."""

    name: str
    about: str
    """One sentence."""
    school: School
    noise: Values
    """(8,), standard deviation of the inconsistency, Lightroom's units; 0 for a slider that is never moved."""
    steps: Values
    """(8,), the slider steps that labels come in, Lightroom's units."""
    missing: Values
    """(8,), share of the labels that are left out, 0 to 1; at random."""
    compensates: float = 1.0
    """Stops that Exposure gives back for a stop that the photo was taken brighter."""

    @property
    def uses(self) -> NDArray[np.bool_]:
        """(8,), the sliders that are moved at all. The others are 0, or left out."""
        return self.noise > 0.0

    def edit(self, picture: NDArray[np.floating]) -> Values:
        """The sliders (8,) without inconsistency, in Lightroom's units, within their limits, not rounded.

        Args:
            picture: developed (H, W, 3), upright, linear sRGB, 1 = sensor saturation, noise-free (`camera.developed`).
        """
        return np.clip(np.where(self.uses, self.school.edit(see(picture)), 0.0), -LIMITS, LIMITS)

    def inconsistent(self, values: Values, rng: np.random.Generator) -> Values:
        """An edit (8,) as it stands in the sidecar: with inconsistency, in steps, NaN where left out."""
        meant = values + self.noise * rng.standard_normal(8)
        stepped = np.clip(np.round(meant / self.steps) * self.steps, -LIMITS, LIMITS)
        return np.where(rng.random(8) < self.missing, np.nan, stepped)

    def varied(self, seed: int) -> "Photographer":
        """Draws another photographer of the same school, with parameters and an inconsistency of its own."""
        rng = np.random.default_rng(seed)
        school = self.school.varied(rng)
        return replace(self, school=school, noise=self.noise * rng.uniform(0.8, 1.2))
