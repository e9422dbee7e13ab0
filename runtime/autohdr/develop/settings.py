"""Holds the settings that developing knows, as numbers, and the names of those in use that it does not know."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any

from autohdr.errors import SettingsError
from autohdr.mode import SDR, Mode
from autohdr.sliders import SLIDERS

if TYPE_CHECKING:
    from autohdr.sidecar.xmp.document import Document

CurvePoints = tuple[tuple[float, float], ...]
"""Points (input, output) of a tone curve, each 0 to 255, inputs rising."""

MOST_POINTS = 256
"""The most points that a tone curve may have."""
LINEAR: CurvePoints = ((0.0, 0.0), (255.0, 255.0))


class _Numbers:
    """Refuses settings that are no numbers: one that is not finite would make a picture of nothing but NaN."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]  # each of them is a dataclass
            value = getattr(self, field.name)
            if isinstance(value, Real) and not math.isfinite(value):
                raise SettingsError(f"{field.name} is {value}; expected a number that is finite")
            if field.name.endswith("_curve"):
                _check_curve(field.name, value)


def _check_curve(name: str, points: CurvePoints) -> None:
    """Refuses points that a tone curve cannot go through."""
    if not 2 <= len(points) <= MOST_POINTS:
        raise SettingsError(f"{name} has {len(points)} points; expected 2 to {MOST_POINTS}")
    for point in points:
        if not (len(point) == 2 and 0 <= point[0] <= 255 and 0 <= point[1] <= 255):
            raise SettingsError(f"{name} has the point {point}; expected two numbers from 0 to 255")
    if any(before[0] >= after[0] for before, after in pairwise(points)):
        raise SettingsError(
            f"{name} has points that do not go from left to right; let each input be above the one before"
        )


@dataclass(frozen=True, slots=True)
class Parametric(_Numbers):
    """Holds the parametric curve: four regions, -100 to 100, and where they meet, percent."""

    shadows: float = 0.0
    darks: float = 0.0
    lights: float = 0.0
    highlights: float = 0.0
    shadow_split: float = 25.0
    midtone_split: float = 50.0
    highlight_split: float = 75.0


@dataclass(frozen=True, slots=True)
class SdrSettings(_Numbers):
    """Holds the seven sliders for the SDR rendition of an HDR edit, -100 to 100."""

    brightness: float = 0.0
    contrast: float = 0.0
    clarity: float = 0.0
    highlights: float = 0.0
    shadows: float = 0.0
    whites: float = 0.0
    blend: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings(_Numbers):
    """Holds one photo's develop settings; the default is a photo that nobody has edited, in SDR."""

    exposure: float = 0.0
    """EV, -5 to 5. The other sliders go from -100 to 100."""
    contrast: float = 0.0
    highlights: float = 0.0
    shadows: float = 0.0
    whites: float = 0.0
    blacks: float = 0.0
    vibrance: float = 0.0
    saturation: float = 0.0
    temperature: float | None = None
    """Kelvin; None, with `tint`, for As Shot."""
    tint: float | None = None
    point_curve: CurvePoints = LINEAR
    red_curve: CurvePoints = LINEAR
    green_curve: CurvePoints = LINEAR
    blue_curve: CurvePoints = LINEAR
    parametric: Parametric = Parametric()
    mode: Mode = SDR
    sdr: SdrSettings = SdrSettings()
    ignored: tuple[str, ...] = ()
    """Names, as Lightroom shows them, of settings that are in use and that developing leaves out."""
    undeveloped: tuple[tuple[str, float], ...] = ()
    """Sliders among `ignored` that a style may set (`sliders.FURTHER`): `crs` name and value."""

    @property
    def drawn(self) -> "Settings":
        """The settings without what is left out, which changes no picture."""
        return replace(self, ignored=(), undeveloped=())

    @classmethod
    def of_sliders(cls, values: Mapping[str, float], mode: Mode = SDR) -> "Settings":
        """Makes settings from values by `crs` key, in Lightroom's unit; what is missing is 0."""
        fields: dict[str, Any] = {slider.name.lower(): float(values.get(slider.key, 0.0)) for slider in SLIDERS}
        return cls(**fields, mode=mode)

    @classmethod
    def read(cls, document: "Document", name: str = "the sidecar") -> "Settings":
        """Reads the settings in an XMP document: what is missing is at Lightroom's default, a slider beyond its range
        at the end of it, and what developing does not know is named in `ignored`.

        Args:
            document: of a photo, in any form that Lightroom reads.
            name: what to call it in a message.

        Raises:
            SidecarError: it is of a process version before 2012, or a value in it is nonsense: no number, or more than
                twice what its slider goes to.
        """
        from autohdr.develop.xmp_settings import read

        return read(document, name)
