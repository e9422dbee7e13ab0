"""Makes the inputs over which networks and engines are compared: some like photos, some that no camera would give."""

import numpy as np
from numpy.typing import NDArray

from autohdr.encoding import encode
from autohdr.pu21 import LUMINANCE_MAX
from autohdr.spec import InputSpec

LEVELS = (0.001, 0.02, 0.18, 0.9)
"""Brightness of the inputs that are like photos, where 1 is sensor saturation: from a night to a snowfield."""
SCENES = 4
"""Photos of each brightness."""
KINDS = 10
"""How many kinds of adversarial light there are."""


def photos(spec: InputSpec) -> NDArray[np.float32]:
    """Inputs (16, 3, size, size) like those of real photos: smooth light of all levels, the same each time."""
    random = np.random.default_rng(0)
    scenes = [_scene(random, spec.size) for _ in range(SCENES)]
    return np.stack([encode(level * scene, spec) for level in LEVELS for scene in scenes])


def _scene(random: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Relative light (size, size, 3) around 1: coarse and fine, more of it grey than coloured."""
    stops = np.zeros((size, size, 3))
    for cells, depth in ((2, 2.0), (7, 1.0), (23, 0.5)):
        stops += depth * (_smooth(random.normal(size=(cells + 1, cells + 1, 1)), size))
        stops += 0.2 * depth * _smooth(random.normal(size=(cells + 1, cells + 1, 3)), size)
    return np.exp2(stops)


def _smooth(coarse: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """A grid (n, n, c), interpolated to (size, size, c)."""
    at = np.linspace(0, len(coarse) - 1, size)
    low = np.minimum(at.astype(int), len(coarse) - 2)
    part = (at - low)[:, None, None]
    rows = coarse[low] * (1 - part) + coarse[low + 1] * part
    return rows[:, low] * (1 - part[:, 0]) + rows[:, low + 1] * part[:, 0]


def adversarial(spec: InputSpec, count: int, seed: int = 0) -> NDArray[np.float32]:
    """Prepared inputs (count, 3, size, size) of light that breaks networks, the same for the same seed.

    By turns: a smooth picture of any exposure; black; the brightest that the encoding knows; a sensor's dark noise;
    flat grey; one flat, fully saturated colour; a step from black to the brightest; grey and coloured noise; the
    brightest with a black spot.
    """
    random = np.random.default_rng(seed)
    top = 1.0 if spec.encoding == "srgb" else LUMINANCE_MAX / spec.saturation_luminance
    return np.stack([encode(_light(index % KINDS, spec.size, top, random), spec) for index in range(count)])


def _light(kind: int, size: int, top: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Linear light (size, size, 3), 1 = sensor saturation, of one of `KINDS`."""
    light = np.zeros((size, size, 3))
    row = np.linspace(0.0, 1.0, size)
    level = top * 2.0 ** random.uniform(-12, 0)
    if kind == 0:
        waves = random.uniform(-1, 1, (3, 4)) @ np.cos(np.outer(random.uniform(0, 12, 4), row))
        light += level * 2.0 ** (waves.T[:, None] * waves.T[None, ::-1] + 0.1 * random.standard_normal(light.shape))
    elif kind in (2, 9):
        light += top
    elif kind == 3:
        light += 2.0**-12 * np.abs(random.standard_normal(light.shape))
    elif kind == 4:
        light += level
    elif kind == 5:
        light[:, :, random.permutation(3)[: random.integers(1, 3)]] = top
    elif kind == 6:
        light[:, row > random.uniform()] = top
    elif kind in (7, 8):
        light += top * random.uniform(size=(size, size, 1 if kind == 7 else 3))
    if kind == 9:
        across, down = random.uniform(0, 1, 2)
        light[(row[:, None] - down) ** 2 + (row[None, :] - across) ** 2 < 0.01] = 0.0
    return np.clip(light, 0.0, top)
