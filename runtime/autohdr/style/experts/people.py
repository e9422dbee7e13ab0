"""What photographers have in common, learnt over real people: how sliders follow what a photo is described by.

For each slider a Gaussian process over people (`autohdr_train.people` learns it): `shared(x) + own(x) + level + day +
noise`. What all people do alike is linear in the standardised description x of a photo; what a person does in a way of
their own is linear in it and curved, with sizes for each group of numbers; besides, a person has a level, and a day
differs from others. Only statistics over people are kept: slopes, sizes, and how much each mix of experts has been
worth to people (`autohdr.style.experts.mixing`).

All is in `UNITS`.
"""

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.model.sealed_arrays import dump, parse
from autohdr.sliders import LIMITS, SLIDERS
from autohdr.style.description import COUNT, GROUPS, Places
from autohdr.style.experts.mixing import MIXES

Array = NDArray[np.float64]

UNITS: Array = np.array([1.0, 9.0, 26.0, 30.0, 27.0, 20.0, 8.0, 5.0]) / LIMITS
"""About how far people move each slider, scaled to [-1, 1] as labels are; labels are divided by it."""
REACH = 1.5
"""Square of the distance for each number of a group, in standard deviations, over which photos are alike."""
FARTHEST = 4.0
"""Standard deviations from the mean at which a number of a description ends."""
_PLACE = "people.safetensors"


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The process over people, for each of eight sliders, over D numbers in G groups."""

    mean: Array
    """(D,), of descriptions."""
    deviation: Array
    """(D,), of descriptions; 0 for a number that is the same for all."""
    center: Array
    """(8,), what a person's level is expected to be."""
    slope: Array
    """(8, D), what all people do alike."""
    unsure: Array
    """(8, D, D), covariance of what is not known of it."""
    linear: Array
    """(8, G), variance of a person's own linear part, by group."""
    curved: Array
    """(8, G), variance of a person's own curved part."""
    level: Array
    """(8,), variance of a person's level."""
    day: Array
    """(8,), variance of what a day differs by."""
    noise: Array
    """(8,), variance of a person's inconsistency."""
    worth: Array
    """(8, M), error of people with each of `mixing.MIXES`, as a share of their usual value's: geometric mean."""
    error: Array
    """(8,), mean error of people's usual value, those who never move the slider among them."""
    widening: Array
    """(1,), by which stated errors are multiplied, so that 68 and 95 % of labels are within one and two of them."""

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The process that `to_bytes` wrote.

        Raises:
            ValueError, KeyError: the bytes are something else.
        """
        arrays, _ = parse(data)
        return cls(**{field.name: arrays[field.name].astype(np.float64) for field in fields(cls)}).checked()

    def to_bytes(self, metadata: dict[str, str]) -> bytes:
        """The file: the same bytes for the same process."""
        return dump({field.name: getattr(self, field.name).astype(np.float32) for field in fields(self)}, metadata)

    def checked(self) -> Self:
        """The process itself.

        Raises:
            ValueError: its arrays do not fit one another, or are not finite.
        """
        sliders, groups = len(SLIDERS), len(GROUPS)
        shapes = {
            "mean": (COUNT,),
            "deviation": (COUNT,),
            "slope": (sliders, COUNT),
            "unsure": (sliders, COUNT, COUNT),
            "linear": (sliders, groups),
            "curved": (sliders, groups),
            "worth": (sliders, len(MIXES)),
            "widening": (1,),
        }
        for field in fields(self):
            values = getattr(self, field.name)
            if values.shape != shapes.get(field.name, (sliders,)) or not np.isfinite(values).all():
                raise ValueError(f"{field.name} of people is {values.shape}, or not finite")
        return self

    def straight(self, slider: int, places: Places = GROUPS) -> Array:
        """Covariance (D, D) of one slider's slopes for a new person: what is not known of the shared ones, and own."""
        return self.unsure[slider] + np.diag(by_number(self.linear[slider], places))


def standardised(descriptions: Array, mean: Array, deviation: Array) -> Array:
    """Descriptions (N, D) less a mean (D,), by a deviation (D,), held within `FARTHEST`; 0 where not known, or where
    the deviation is 0."""
    scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 0)
    apart = (descriptions - mean) * scale
    return np.clip(np.where(np.isfinite(apart), apart, 0.0), -FARTHEST, FARTHEST)


def width_of(places: Places) -> int:
    """How many numbers D such groups hold."""
    return max(place.stop for place in places.values())


def by_number(of_groups: Array, places: Places = GROUPS) -> Array:
    """Values (D,) of numbers, of one value (G,) for each group: a group counts as much, however many numbers it has."""
    values = np.empty(width_of(places))
    for value, place in zip(of_groups, places.values(), strict=True):
        values[place] = value / (place.stop - place.start)
    return values


def likeness(one: Array, other: Array, places: Places = GROUPS) -> Array:
    """How alike photos are in each group (G, N, M), 0 to 1, of standardised descriptions (N, D) and (M, D)."""
    found = []
    for place in places.values():
        left, right = one[:, place], other[:, place]
        count = left.shape[1]
        squares = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1) - 2.0 * left @ right.T
        found.append(np.exp(-0.5 * np.maximum(squares, 0.0) / (count * REACH)))
    return np.stack(found)


@cache
def load() -> People:
    """The process that comes with autohdr."""
    return People.from_bytes(files("autohdr.style.experts").joinpath(_PLACE).read_bytes())


def days_of(captured: Array) -> Array:
    """Days (N,) since 1970 of capture times in seconds; NaN where not known."""
    return np.floor(np.asarray(captured, dtype=np.float64) / 86400.0)


def same_day(one: Array, other: Array) -> NDArray[np.bool_]:
    """(N, M), whether days (N,) and (M,) are known and the same."""
    return np.asarray(one[:, None] == other)
