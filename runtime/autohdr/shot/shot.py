"""`Shot`, the typed value: what the camera wrote down of one photo, `None` where it is missing or impossible."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from math import isfinite
from typing import Any

BOUNDS = {
    "iso": (1.0, 1e7),
    "aperture": (0.5, 256.0),
    "exposure_time": (1e-6, 86400.0),
    "compensation": (-10.0, 10.0),
    "focal_length": (0.5, 20000.0),
    "captured": (1.0, 4102444800.0),
    "kelvin": (1000.0, 1e6),
    "tint": (-1000.0, 1000.0),
}
"""Least and largest plausible number of each field. Cameras go to ISO 3,280,000, phones down to 1.5 mm, and a lens
without contacts is 0 everywhere. A camera offers 5 EV of compensation, and brackets around it. Time ends with 2099."""
LONGEST = 64
"""Characters of a maker's or a model's name; the rest is cut off."""

_TIME = re.compile(r"(\d{4})\D(\d\d)\D(\d\d)\D(\d\d)\D(\d\d)\D(\d\d)")


@dataclass(frozen=True, slots=True)
class Shot:
    """What a camera wrote down of one photo."""

    iso: float | None = None
    """Sensitivity, as ISO numbers it."""
    aperture: float | None = None
    """F-number."""
    exposure_time: float | None = None
    """Seconds."""
    compensation: float | None = None
    """EV that the photographer asked for beyond the meter's choice."""
    flash: bool | None = None
    """Whether a flash fired."""
    focal_length: float | None = None
    """Millimetres, of the lens itself."""
    captured: float | None = None
    """Seconds since 1970, as the camera's clock had it, which counts as UTC whatever zone it showed; whole seconds."""
    make: str | None = None
    """Who made the camera, as the file spells it."""
    model: str | None = None
    """The camera's model, as the file spells it."""
    kelvin: float | None = None
    """Temperature of the light that the camera balanced the photo for, as `develop.stages.white_balance` finds it;
    known once the sensor's data were read."""
    tint: float | None = None
    """The Tint of the light as shot, likewise."""

    @classmethod
    def from_dict(cls, said: Mapping[str, object]) -> "Shot":
        """The shot that a file, or `to_dict`, speaks of; what is missing, impossible or of another type is None."""
        return cls(**{name: _plausible(name, said.get(name)) for name in _NAMES})

    def to_dict(self) -> dict[str, float | bool | str | None]:
        """The fields of a shot by name, as JSON knows them."""
        return asdict(self)

    def or_else(self, other: "Shot") -> "Shot":
        """The shot with what `other` knows where this one knows nothing."""
        mine, others = asdict(self), asdict(other)
        return Shot(**{name: others[name] if value is None else value for name, value in mine.items()})


_NAMES = tuple(field.name for field in fields(Shot))
NOTHING = Shot()
"""The shot of a file that says nothing of it."""


def seconds(text: str) -> float | None:
    """The time that Exif spells `2026:05:02 08:00:00`, with whatever between the numbers, in seconds since 1970."""
    found = _TIME.match(text)
    if found is None:
        return None
    try:
        return datetime(*map(int, found.groups()), tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]
    except ValueError:  # month 0
        return None


def _plausible(name: str, value: object) -> Any:
    if name in ("make", "model"):
        return _name(value) if isinstance(value, str) else None
    if name == "flash":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    least, largest = BOUNDS[name]
    return float(value) if isfinite(value) and least <= value <= largest else None


def _name(text: str) -> str | None:
    """A name without what cannot be printed, each stretch of white space as one space."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())[:LONGEST].strip() or None
