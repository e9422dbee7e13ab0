"""Models a display: absolute luminance that reaches the eye, in cd/m2, of the codes or the light that a picture holds.

The model is gain, offset and gamma (R. K. Mantiuk, K. Myszkowski, H.-P. Seidel, "High Dynamic Range Imaging", 2015,
section 2.4): `L = (peak - black) * V + black + reflectivity * ambient / pi`, where V is the light that is asked for, 0
to 1 of the peak. It holds for each channel, with the primaries of BT.709; black is the peak over the contrast.
"""

import math
from dataclasses import dataclass, fields
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autohdr.errors import SettingsError
from autohdr.pictures.pixel_codes import luminance_from_pq

Domain = Literal["sdr", "hdr"]
Curve = Literal["gamma", "pq"]

GAMMA = 2.2
"""Exponent of displays whose curve is `gamma`."""


@dataclass(frozen=True, slots=True)
class Display:
    """Describes one display and the light around it."""

    peak: float
    """cd/m2 of the brightest white."""
    contrast: float
    """Peak over black, both without ambient light; above 1."""
    reflectivity: float
    """Share of the ambient light that the screen throws back, 0 to 1."""
    ambient: float
    """Illuminance on the screen, lux."""
    curve: Curve = "gamma"
    """What codes stand for: `gamma` is a power of 2.2 of the peak, `pq` absolute luminance (SMPTE ST 2084)."""

    def __post_init__(self) -> None:
        bad = [f.name for f in fields(self) if f.name != "curve" and not math.isfinite(getattr(self, f.name))]
        if bad or self.peak <= 0 or self.contrast <= 1 or not 0 <= self.reflectivity <= 1 or self.ambient < 0:
            raise SettingsError(
                f"{self} is no display; expected a peak above 0, a contrast above 1, a reflectivity from 0 to 1 and "
                "ambient light of at least 0"
            )
        if self.curve not in get_args(Curve):
            raise SettingsError(f"the curve of a display is {self.curve!r}; expected one of gamma and pq")

    @property
    def black(self) -> float:
        """Luminance of its black in the dark, cd/m2."""
        return self.peak / self.contrast

    @property
    def reflected(self) -> float:
        """Luminance that the screen throws back of the ambient light, cd/m2."""
        return self.reflectivity * self.ambient / math.pi

    def luminance(self, codes: ArrayLike) -> NDArray[np.float32]:
        """Returns the luminance (any shape, cd/m2) of codes, 0 to 1 by the display's curve; others are clipped.

        NaN stays NaN.
        """
        value = np.clip(np.asarray(codes, np.float64), 0.0, 1.0)
        return self.shown(luminance_from_pq(value) if self.curve == "pq" else self.peak * value**GAMMA)

    def shown(self, light: ArrayLike) -> NDArray[np.float32]:
        """Returns the luminance (any shape, cd/m2) of linear light in cd/m2 as a picture asks for it.

        Light above the display's peak is shown at the peak, negative light as black. NaN stays NaN.
        """
        asked = np.clip(np.asarray(light, np.float64) / self.peak, 0.0, 1.0)
        return ((self.peak - self.black) * asked + self.black + self.reflected).astype(np.float32)


SDR = Display(peak=100.0, contrast=1000.0, reflectivity=0.005, ambient=100.0)
"""A plain display in an office: white at 100 cd/m2."""
HDR = Display(peak=1000.0, contrast=1_000_000.0, reflectivity=0.005, ambient=10.0, curve="pq")
"""An HDR display in a dim room."""

_RANGES: dict[Domain, tuple[tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "sdr": ((80.0, 200.0), (500.0, 2000.0), (20.0, 500.0)),
    "hdr": ((600.0, 2000.0), (100_000.0, 1_000_000.0), (2.0, 50.0)),
}
"""The ranges of peak, contrast and ambient light from which `randomised` draws."""


def standard(domain: Domain) -> Display:
    """Returns the display that pictures of a domain are taken to be seen on where nothing else is said."""
    return SDR if domain == "sdr" else HDR


def randomised(rng: np.random.Generator, domain: Domain) -> Display:
    """Draws a display for one step of training, so that a model does not learn one display by heart.

    Peak (SDR 80 to 200 cd/m2, HDR 600 to 2000), contrast (500 to 2000, 100,000 to 1,000,000) and ambient light (20 to
    500 lux, 2 to 50) are drawn evenly on a log scale, reflectivity evenly from 0.003 to 0.01.
    """
    peak, contrast, ambient = (math.exp(rng.uniform(math.log(low), math.log(high))) for low, high in _RANGES[domain])
    return Display(peak, contrast, float(rng.uniform(0.003, 0.01)), ambient, standard(domain).curve)
