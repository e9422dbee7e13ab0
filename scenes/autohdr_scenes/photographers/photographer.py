"""One simulated photographer: a style, and how faithfully, how finely and how completely it is written down."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import erf, exp, pi, sqrt
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autohdr.sliders import LIMITS, SLIDERS
from autohdr_scenes.photographers.seen import Seen, see

NAMES = tuple(slider.name for slider in SLIDERS)


def varies(value: float, spread: float) -> float:
    """A style parameter: what the photographer of the table has, and how far those who are drawn stand from it."""
    return field(default=value, metadata={"spread": spread})


def by_name(**values: float) -> NDArray[np.float64]:
    """Values (8,) in the order of `SLIDERS`, given by lower-case slider names; 0 where not given."""
    order = [name.lower() for name in NAMES]
    out = np.zeros(8)
    for name, value in values.items():
        out[order.index(name)] = value
    return out


@dataclass(frozen=True, slots=True)
class Style(ABC):
    """How a photographer thinks, with the parameters that tell two of the same school apart."""

    @abstractmethod
    def edit(self, seen: Seen) -> NDArray[np.float64]:
        """The sliders (8,) for a picture, in Lightroom's units, not limited."""

    def varied(self, rng: np.random.Generator) -> Self:
        """The same way of thinking with parameters of its own, each evenly within its spread."""
        drawn = {item.name: _drawn(getattr(self, item.name), item.metadata, rng) for item in fields(self)}
        return replace(self, **drawn)


def _drawn(value: float, metadata: Mapping[str, float], rng: np.random.Generator) -> float:
    return value + metadata["spread"] * rng.uniform(-1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Photographer:
    """Labels photos by a style, as a person would: a little off, in steps, and not always everything."""

    name: str
    about: str
    """One sentence."""
    style: Style
    noise: NDArray[np.float64]
    """(8,), standard deviation of the inconsistency, Lightroom's units; 0 for a slider that is never moved."""
    steps: NDArray[np.float64] = field(default_factory=lambda: np.array([slider.step for slider in SLIDERS]))
    """(8,), the slider steps that labels come in, Lightroom's units."""
    missing: NDArray[np.float64] = field(default_factory=lambda: np.zeros(8))
    """(8,), share of the labels that are left out, 0 to 1; at random."""
    compensates: float = 1.0
    """Stops that Exposure gives back for a stop that the photo was taken brighter."""

    @property
    def uses(self) -> NDArray[np.bool_]:
        """(8,), the sliders that are moved at all. The others are 0, or left out."""
        return self.noise > 0.0

    def edit(self, picture: NDArray[np.floating]) -> NDArray[np.float64]:
        """The sliders (8,) without inconsistency, in Lightroom's units, within their limits, not rounded.

        Args:
            picture: developed (H, W, 3), upright, linear sRGB, 1 = sensor saturation, noise-free (`camera.developed`).
        """
        return np.clip(np.where(self.uses, self.style.edit(see(picture)), 0.0), -LIMITS, LIMITS)

    def label(self, picture: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.float64]:
        """The sliders (8,) as they stand in the sidecar: with inconsistency, in steps, NaN where left out."""
        return self.inconsistent(self.edit(picture), rng)

    def inconsistent(self, values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
        """What `label` makes of an edit (8,)."""
        meant = values + self.noise * rng.standard_normal(8)
        stepped = np.clip(np.round(meant / self.steps) * self.steps, -LIMITS, LIMITS)
        return np.where(rng.random(8) < self.missing, np.nan, stepped)

    @property
    def noise_floor(self) -> NDArray[np.float64]:
        """(8,), expected absolute error of one who knows every edit, against labels: inconsistency and rounding."""
        return np.array([_floor(*pair) if pair[0] else 0.0 for pair in zip(self.noise, self.steps, strict=True)])

    def ceiling(self, labels: ArrayLike) -> NDArray[np.float64]:
        """(8,), the best R2 that can be expected on labels (N, 8) with NaN where missing; NaN for unused sliders."""
        given = np.asarray(labels, dtype=np.float64)
        best = np.full(8, np.nan)
        for column in np.flatnonzero(self.uses):
            known = given[:, column][~np.isnan(given[:, column])]
            lost = self.noise[column] ** 2 + self.steps[column] ** 2 / 12.0
            if known.size and known.var() > 0.0:
                best[column] = 1.0 - lost / known.var()
        return best

    def varied(self, seed: int) -> "Photographer":
        """Another of the same school, with parameters and an inconsistency of its own."""
        rng = np.random.default_rng(seed)
        style = self.style.varied(rng)
        return replace(self, style=style, noise=self.noise * rng.uniform(0.8, 1.2))


def _floor(sigma: float, step: float) -> float:
    """The mean of |x + u|, x normal with `sigma`, u even within half a step: averaged over u, 64 points."""
    offsets = (np.arange(64) + 0.5) / 128.0 * step
    return float(
        np.mean([sigma * sqrt(2 / pi) * exp(-((u / sigma) ** 2) / 2) + u * erf(u / sigma / sqrt(2)) for u in offsets])
    )
