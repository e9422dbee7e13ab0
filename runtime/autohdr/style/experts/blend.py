"""The function that a style is: what four experts say of a photo, in the shares that edits speak for."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr.style.description import AUTO, GROUPS
from autohdr.style.experts.head import StyleHead
from autohdr.style.experts.looks import NONE, Looks
from autohdr.style.experts.mixing import EXPERTS
from autohdr.style.experts.nearby import Nearby
from autohdr.style.experts.people import UNITS, days_of
from autohdr.style.experts.process import Process
from autohdr.style.experts.steps import stepped

Array = NDArray[np.float64]

_OWN = ("shares", "usual", "offset", "error", "ordinary", "steps")
_COARSE, _FINE = ("people.straight", "people.directions"), ("nearby.captured",)


@dataclass(frozen=True, slots=True, eq=False)
class Blend:
    """Sliders of a photo, and how far they may be off."""

    network: StyleHead
    """The expert that goes by the network's features."""
    people: Process
    """The one that goes by a photo's description, as people do."""
    shares: Array
    """(8, 4), of `mixing.EXPERTS`, 1 in all for each slider."""
    usual: Array
    """(8,), the median of the edits, scaled to [-1, 1], as all here unless it is said."""
    offset: Array
    """(8,), the median difference of the edits from Auto."""
    error: Array
    """(8,), mean absolute error that is to be expected of an ordinary photo, in Lightroom's units."""
    ordinary: Array
    """(8,), deviation that `people` states of an ordinary photo: a stranger one's error is the larger for it."""
    steps: Array
    """(8,), that sliders are set in; 0 for none."""
    nearby: Nearby
    """What edits of the same moment say beside the experts."""
    looks: Looks = NONE
    """Two looks that the edits have; what goes by them comes before all experts."""

    def answer(self, features: NDArray[np.floating], descriptions: Array, captured: Array) -> tuple[Array, Array]:
        """Sliders and their expected errors for photos.

        Args:
            features: (N, F), what the network sees.
            descriptions: (N, D), as `description.describe` gives them.
            captured: (N,), seconds; NaN where not known.

        Returns:
            Sliders (N, 8), scaled to about [-1, 1], not clipped, not finite where the features are not; and the mean
            absolute error that is to be expected of each (N, 8), in Lightroom's units.
        """
        said = self.people.says(descriptions, days_of(captured))
        experts = np.stack(
            [
                np.broadcast_to(self.usual, (len(features), len(LIMITS))),
                said.expected * UNITS,
                np.nan_to_num(from_auto(descriptions)) + self.offset,
                self.network.answer(features),
            ]
        )
        mixed = np.einsum("es,ens->ns", self.shares.T, experts)
        scaled = self.looks.answer(descriptions, mixed) + self.nearby.answer(captured)
        return stepped(scaled, self.steps), self.error * said.deviation / self.ordinary

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All of it by name, as a style's file keeps it: half of the digits will do for what errors are stated by."""
        named = {name: getattr(self, name) for name in _OWN}
        parts = (("network", self.network), ("people", self.people), ("nearby", self.nearby), ("looks", self.looks))
        for expert, part in parts:
            named |= {f"{expert}.{field.name}": getattr(part, field.name) for field in fields(part)}
        kinds = dict.fromkeys(_COARSE, np.float16) | dict.fromkeys(_FINE, np.float64)
        return {name: values.astype(kinds.get(name, np.float32)) for name, values in named.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The blend that `to_arrays` took apart.

        Raises:
            KeyError: an array is missing.
            ValueError: they do not fit one another, or are not finite.
        """
        named = {name: np.asarray(values, dtype=np.float64) for name, values in arrays.items()}
        network = StyleHead(**{field.name: named[f"network.{field.name}"] for field in fields(StyleHead)}).checked()
        people = Process(**{field.name: named[f"people.{field.name}"] for field in fields(Process)}).checked()
        nearby = Nearby(named["nearby.captured"], named["nearby.weights"]).checked(len(LIMITS))
        looks = Looks(**{field.name: named[f"looks.{field.name}"] for field in fields(Looks)}).checked()
        own = {name: named[name] for name in _OWN}
        for name, values in own.items():
            shape = (len(LIMITS), len(EXPERTS)) if name == "shares" else (len(LIMITS),)
            if values.shape != shape or not np.isfinite(values).all():
                raise ValueError(f"{name} is {values.shape}, or not finite")
        return cls(network, people, **own, nearby=nearby, looks=looks)

    @property
    def follows(self) -> NDArray[np.bool_]:
        """(8,), the sliders that are not the same for every photo."""
        return (self.shares[:, 0] < 1.0) | (self.looks.by > 0)


def from_auto(descriptions: Array) -> Array:
    """Auto's sliders (N, 8), scaled, of photos with these descriptions; NaN where not known."""
    return descriptions[:, GROUPS[AUTO]] / LIMITS
