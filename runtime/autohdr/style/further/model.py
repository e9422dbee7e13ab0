"""The function that a style is of the further sliders: its usual values, and a process over people, in shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS, Slider, limits_of, slider_of
from autohdr.style.experts.people import days_of
from autohdr.style.experts.process import Process
from autohdr.style.further.inputs import PLACES
from autohdr.style.further.labels import SLIDERS as KNOWN

Array = NDArray[np.float64]

_OWN = ("units", "shares", "usual", "error", "ordinary")
_COARSE = ("people.straight", "people.directions")
_KEYS = frozenset(slider.key for slider in KNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class Further:
    """S further sliders of a photo, and how far they may be off."""

    keys: tuple[str, ...]
    """The names of the S sliders, out of `labels.SLIDERS` and in their order."""
    people: Process
    """Goes by a photo's description and day, in `units`."""
    units: Array
    """(S,), how far the photographer moves each slider, so that the process's sizes fit."""
    shares: Array
    """(S, 2), of the usual value and of `people`, 1 in all."""
    usual: Array
    """(S,), median of the edits, in Lightroom's units, like what follows."""
    error: Array
    """(S,), mean absolute error that is to be expected of an ordinary photo."""
    ordinary: Array
    """(S,), deviation that `people` states of an ordinary photo."""

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """The sliders that it sets."""
        return tuple(slider_of(key) for key in self.keys)

    def answer(self, descriptions: Array, captured: Array) -> tuple[Array, Array]:
        """Values and expected errors for photos (N, S), in Lightroom's units, within their ranges.

        Args:
            descriptions: (N, D), over `inputs.PLACES`.
            captured: (N,), seconds; NaN where not known.
        """
        said = self.people.says(descriptions, days_of(captured), PLACES)
        values = self.shares[:, 0] * self.usual + self.shares[:, 1] * said.expected * self.units
        limits = limits_of(self.sliders)
        return np.clip(values, -limits, limits), self.error * said.deviation / self.ordinary

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All of it but `keys`, by name, as a style's file keeps it."""
        named = {name: getattr(self, name) for name in _OWN}
        named |= {f"people.{field.name}": getattr(self.people, field.name) for field in fields(self.people)}
        return {name: values.astype(np.float16 if name in _COARSE else np.float32) for name, values in named.items()}

    @classmethod
    def from_arrays(cls, keys: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """What `to_arrays` took apart.

        Raises:
            KeyError: an array is missing.
            ValueError: they do not fit one another, are not finite, or are of sliders that nobody knows.
        """
        if unknown := set(keys) - _KEYS:
            raise ValueError(f"it sets {', '.join(sorted(unknown))}")
        named = {name: np.asarray(values, dtype=np.float64) for name, values in arrays.items()}
        process = Process(**{field.name: named[f"people.{field.name}"] for field in fields(Process)})
        own = {name: named[name] for name in _OWN}
        for name, values in own.items():
            if values.shape != ((len(keys), 2) if name == "shares" else (len(keys),)) or not np.isfinite(values).all():
                raise ValueError(f"{name} of further sliders is {values.shape}, or not finite")
        return cls(tuple(keys), process.checked(len(keys), PLACES), **own)


def sets(further: Further | None) -> list[str]:
    """The `crs` names of all sliders that a style with these further ones sets."""
    return [slider.key for slider in (*SLIDERS, *(() if further is None else further.sliders))]
