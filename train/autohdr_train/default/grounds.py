"""Makes photographs of kinds that are rare among finished ones: before a dark ground, before a white one, at night.

A photograph's middle is kept, and the rest falls into the dark (a stage, an animal before black) or turns white (a
product, snow); or all of it is dark, with lamps in it. They are meant as they are: an exposure that is right for the
photograph stays right. A model that has seen none takes what is meant dark or bright for an error.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from autohdr_train.default.taken_back import TakenBack


def dark_ground(scene: TakenBack, rng: np.random.Generator) -> TakenBack:
    """Returns a scene whose surroundings are two to seven stops darker."""
    stops = -rng.uniform(2.0, 7.0) * (1.0 - _middle(scene.white.shape, rng))
    return TakenBack(scene.light * np.exp2(stops)[..., None].astype(np.float32), scene.white & (stops > -1.0))


def white_ground(scene: TakenBack, rng: np.random.Generator) -> TakenBack:
    """Returns a scene whose surroundings are white: half a stop below the sensor's end, to a stop beyond it."""
    kept = _middle(scene.white.shape, rng)[..., None].astype(np.float32)
    light = kept * scene.light + (1 - kept) * np.float32(2.0 ** rng.uniform(-0.5, 1.0))
    return TakenBack(light, scene.white | (kept[..., 0] < 0.02))


def night(scene: TakenBack, rng: np.random.Generator) -> TakenBack:
    """Returns a scene that is one and a half to four stops darker, with up to forty lamps in it."""
    light = scene.light * np.float32(2.0 ** -rng.uniform(1.5, 4.0))
    height, width = scene.white.shape
    down, across = np.ogrid[:height, :width]
    lamps = np.zeros((height, width), bool)
    for _ in range(int(rng.integers(0, 40))):
        y, x, radius = rng.uniform(0, height), rng.uniform(0, width), max(height, width) * rng.uniform(0.002, 0.012)
        spot = (down - y) ** 2 + (across - x) ** 2 < radius**2
        light[spot] = 2.0 ** rng.uniform(-1.0, 2.5) * rng.uniform(0.5, 1.0, 3).astype(np.float32)
        lamps |= spot
    return TakenBack(light, lamps)


KINDS: tuple[Callable[[TakenBack, np.random.Generator], TakenBack], ...] = (dark_ground, white_ground, night)


def _middle(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """A soft ellipse (H, W) somewhere about the middle: 1 inside, 0 far outside."""
    down, across = (np.linspace(-1.0, 1.0, count) for count in shape)
    y, x = rng.uniform(-0.4, 0.4, 2)
    tall, wide = rng.uniform(0.25, 0.8, 2)
    distance = np.sqrt(((down[:, None] - y) / tall) ** 2 + ((across[None] - x) / wide) ** 2)
    inside: NDArray[np.float64] = 1.0 / (1.0 + np.exp((distance - 1.0) / rng.uniform(0.03, 0.2)))
    return inside
