"""The Lightroom sliders that autohdr learns and writes: one place knows their names, ranges and spelling.

Eight of them every network and every style sets (`SLIDERS`). Further ones a style learns where its edits move them
(`FURTHER`): another is one line there.

Names and spelling are those of the Camera Raw namespace (`crs`), process version 2012 (6.7) and later. A network sees
every slider scaled to [-1, 1]; users and sidecars see Lightroom's unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Slider:
    """One slider, in Lightroom's unit, from `-limit` to `+limit`."""

    name: str
    """The slider's name, as Lightroom shows it."""
    key: str
    """The slider's name in the `crs` namespace."""
    limit: float
    """Largest value, in EV for Exposure, else without a unit."""
    decimals: int
    """Digits after the point in a sidecar; the step is `10 ** -decimals`."""
    unit: str = ""
    default: float = 0.0
    """Where it stands in a photo whose settings do not name it."""
    develops: str | None = None
    """The field of `autohdr.develop.Settings` that it is; None where developing leaves it out, and names it."""
    hdr: bool = False
    """Whether it means nothing but in an HDR edit."""

    @property
    def step(self) -> float:
        """Smallest difference that a sidecar can hold, in Lightroom's unit."""
        return float(10.0**-self.decimals)

    def round(self, value: float) -> float:
        """The nearest value that a sidecar can hold, clipped to the range; never minus zero.

        Raises:
            ValueError: `value` is NaN or infinite.
        """
        if not isfinite(value):
            raise ValueError(f"{self.name} is {value}, which no sidecar can hold; expected a finite number")
        return round(min(max(float(value), -self.limit), self.limit), self.decimals) + 0.0

    def spell(self, value: float) -> str:
        """The value as Camera Raw writes it: `+0.50`, `0.00`, `-1.35` for Exposure, `+12`, `0`, `-7` for the rest."""
        rounded = self.round(value)
        return f"{rounded:+.{self.decimals}f}" if rounded > 0 else f"{rounded:.{self.decimals}f}"


SLIDERS: tuple[Slider, ...] = (
    Slider("Exposure", "Exposure2012", 5.0, 2, "EV"),
    Slider("Contrast", "Contrast2012", 100.0, 0),
    Slider("Highlights", "Highlights2012", 100.0, 0),
    Slider("Shadows", "Shadows2012", 100.0, 0),
    Slider("Whites", "Whites2012", 100.0, 0),
    Slider("Blacks", "Blacks2012", 100.0, 0),
    Slider("Vibrance", "Vibrance", 100.0, 0),
    Slider("Saturation", "Saturation", 100.0, 0),
)
"""The order of a network's outputs."""

FURTHER: tuple[Slider, ...] = (
    Slider("Texture", "Texture", 100.0, 0),
    Slider("Clarity", "Clarity2012", 100.0, 0),
    Slider("Dehaze", "Dehaze", 100.0, 0),
    Slider("Curve Shadows", "ParametricShadows", 100.0, 0, develops="parametric.shadows"),
    Slider("Curve Darks", "ParametricDarks", 100.0, 0, develops="parametric.darks"),
    Slider("Curve Lights", "ParametricLights", 100.0, 0, develops="parametric.lights"),
    Slider("Curve Highlights", "ParametricHighlights", 100.0, 0, develops="parametric.highlights"),
    Slider("SDR Brightness", "SDRBrightness", 100.0, 0, develops="sdr.brightness", hdr=True),
    Slider("SDR Contrast", "SDRContrast", 100.0, 0, develops="sdr.contrast", hdr=True),
    Slider("SDR Clarity", "SDRClarity", 100.0, 0, develops="sdr.clarity", hdr=True),
    Slider("SDR Highlights", "SDRHighlights", 100.0, 0, develops="sdr.highlights", hdr=True),
    Slider("SDR Shadows", "SDRShadows", 100.0, 0, develops="sdr.shadows", hdr=True),
    Slider("SDR Whites", "SDRWhites", 100.0, 0, develops="sdr.whites", hdr=True),
    Slider("SDR Blend", "SDRBlend", 100.0, 0, develops="sdr.blend", hdr=True),
)
"""Sliders that a style learns where its edits move them, and that no network knows; in Camera Raw's order."""

BALANCE: tuple[Slider, ...] = (
    Slider("Temperature", "Temperature", 500.0, 1, "mired"),
    Slider("Tint", "Tint", 300.0, 1),
)
"""White balance, as a style learns it: by how much its edits differ from the light as shot (`autohdr.style.further`).
Above 0 is a slider further to the right: a warmer picture, and one with more magenta."""

_BALANCE = frozenset(slider.key for slider in BALANCE)
_BY_KEY = {slider.key: slider for slider in (*SLIDERS, *FURTHER, *BALANCE)}


def limits_of(sliders: Sequence[Slider]) -> NDArray[np.float64]:
    """The largest values (S,) of sliders."""
    return np.array([slider.limit for slider in sliders])


def spell(key: str, value: float) -> str:
    """A value as Camera Raw writes it under a `crs` name: `+12` of most, `5263` of Temperature, in kelvin.

    Raises:
        KeyError: no slider has this name.
    """
    if key not in _BALANCE:
        return slider_of(key).spell(value)
    return f"{round(value):+d}" if key == "Tint" and round(value) > 0 else str(round(value))


def slider_of(key: str) -> Slider:
    """The slider that the `crs` namespace spells so.

    Raises:
        KeyError: there is none.
    """
    return _BY_KEY[key]


LIMITS: NDArray[np.float64] = limits_of(SLIDERS)


def to_scaled(values: ArrayLike) -> NDArray[np.float64]:
    """Lightroom's units (..., 8) to [-1, 1], clipped. NaN, a missing label, stays NaN."""
    return np.clip(np.asarray(values, dtype=np.float64) / LIMITS, -1.0, 1.0)


def to_values(scaled: ArrayLike) -> NDArray[np.float64]:
    """A network's output (..., 8) in [-1, 1] to Lightroom's units, clipped to each range, not rounded."""
    return np.clip(np.asarray(scaled, dtype=np.float64), -1.0, 1.0) * LIMITS


def settings(scaled: ArrayLike) -> dict[str, float]:
    """One photo's network output (8,) as `{crs key: value}`, rounded to what a sidecar can hold.

    Raises:
        ValueError: a value is NaN or infinite.
    """
    values = to_values(scaled)
    return {slider.key: slider.round(float(value)) for slider, value in zip(SLIDERS, values, strict=True)}


def by_key(values: ArrayLike) -> dict[str, float]:
    """Numbers for the eight sliders (8,), in Lightroom's units, as `{crs key: value}` with one digit more than a
    sidecar holds."""
    rounded = zip(SLIDERS, np.asarray(values, dtype=np.float64), strict=True)
    return {slider.key: round(float(value), slider.decimals + 1) for slider, value in rounded}
