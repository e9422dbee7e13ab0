"""Adds noise to codes: white, coloured, of few photons, and single pixels gone wrong. Levels grow with the noise."""

import numpy as np

from autohdr.quality.display import Domain
from autohdr_train.quality.made.curves import LUMA, Array, codes_of, light_of, white

_BLUE, _RED = 1.8556, 1.5748
"""Scales of the colour differences B - Y and R - Y (ITU-R BT.709)."""


def white_noise(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Adds `level * N(0, 1)` to every code."""
    return codes + level * rng.standard_normal(codes.shape)


def colour_noise(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Adds `level * N(0, 1)` to both colour differences, and leaves luma alone."""
    luma = codes @ LUMA
    noise = level * rng.standard_normal((2, *luma.shape))
    red = codes[..., 0] + _RED * noise[0]
    blue = codes[..., 2] + _BLUE * noise[1]
    green = (luma - LUMA[0] * red - LUMA[2] * blue) / LUMA[1]
    return np.stack([red, green, blue], axis=-1)


def shot_noise(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Replaces light by `Poisson(n * light / white) * white / n`, where diffuse white counts `n = level` photons."""
    one = white(domain) / level
    return codes_of(rng.poisson(light_of(codes, domain) / one).astype(np.float64) * one, domain)


def impulses(codes: Array, level: float, domain: Domain, rng: np.random.Generator) -> Array:
    """Sets a share `level` of all pixels to black or to twice diffuse white (SDR: white), each as often."""
    struck = rng.random(codes.shape[:2])
    bright = float(codes_of(np.array(2 * white(domain)), domain))
    out = np.where((struck < level / 2)[..., None], 0.0, codes)
    return np.where((struck > 1 - level / 2)[..., None], bright, out)
