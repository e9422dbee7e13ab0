"""Converts between the codes of a picture, 0 to 1, and its light in cd/m2, in either domain.

SDR codes are a power of 2.2 of a white of 100 cd/m2, HDR codes are PQ (SMPTE ST 2084) up to 10,000 cd/m2. A distortion
says which of the two it works on: noise and coding on codes, optics and exposure on light.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.pictures.pixel_codes import DIFFUSE_WHITE, PQ_PEAK, luminance_from_pq, pq_from_luminance
from autohdr.quality.display import GAMMA, SDR, Domain

Array = NDArray[np.float64]

LUMA = np.array([0.2126, 0.7152, 0.0722])
"""What R, G and B add to luminance (ITU-R BT.709), of light or, as luma, of codes."""


def white(domain: Domain) -> float:
    """Returns the luminance of diffuse white, cd/m2."""
    return SDR.peak if domain == "sdr" else DIFFUSE_WHITE


def brightest(domain: Domain) -> float:
    """Returns the luminance of the highest code, cd/m2."""
    return SDR.peak if domain == "sdr" else PQ_PEAK


def light_of(codes: Array, domain: Domain) -> Array:
    """Returns the light (any shape, cd/m2) of codes; those outside 0 to 1 are clipped."""
    value = np.clip(codes, 0.0, 1.0)
    light: Array = SDR.peak * value**GAMMA if domain == "sdr" else luminance_from_pq(value)
    return light


def codes_of(light: Array, domain: Domain) -> Array:
    """Returns the codes (any shape, 0 to 1) of light in cd/m2; light outside the range of codes is clipped."""
    if domain == "hdr":
        return pq_from_luminance(np.maximum(light, 0.0))
    codes: Array = np.clip(light / SDR.peak, 0.0, 1.0) ** (1 / GAMMA)
    return codes


def luminance(light: Array) -> Array:
    """Returns the luminance (H, W, 1) of light (H, W, 3)."""
    return (light @ LUMA)[..., None]
