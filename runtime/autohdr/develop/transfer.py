"""Encodes linear light by transfer functions for tone curves, and decodes it again.

Camera Raw's Contrast and point curves work on ProPhoto primaries with the transfer function of sRGB (IEC 61966-2-1);
its parametric curve is smooth in a plain power of 2.2. Light above 1 keeps its formula, so HDR values are encoded too.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

GAMMA = 2.2


def encode(linear: ArrayLike) -> NDArray[np.float64]:
    """Encodes linear light (any shape) by the sRGB function; light below 0 counts as 0."""
    light = np.maximum(np.asarray(linear, np.float64), 0.0)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-12) ** (1 / 2.4) - 0.055)


def decode(encoded: ArrayLike) -> NDArray[np.float64]:
    """Decodes sRGB-encoded values (any shape) to linear light; values below 0 count as 0."""
    value = np.maximum(np.asarray(encoded, np.float64), 0.0)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def to_gamma(encoded: ArrayLike) -> NDArray[np.float64]:
    """Converts values under the sRGB function to values under a power of 2.2."""
    return decode(encoded) ** (1 / GAMMA)


def from_gamma(value: ArrayLike) -> NDArray[np.float64]:
    """Converts values under a power of 2.2 to values under the sRGB function."""
    return encode(np.maximum(np.asarray(value, np.float64), 0.0) ** GAMMA)
