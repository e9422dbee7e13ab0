"""Makes photographs that were exposed otherwise than they were meant, with the edit that mends each: what the default
model's own sliders are learnt from, and scored on.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.baseline import UNKNOWN, known_stops
from autohdr.sliders import to_scaled
from autohdr.spec import InputSpec
from autohdr.system.progress import Progress
from autohdr_train.data.photographs import Photograph
from autohdr_train.default.grounds import KINDS
from autohdr_train.default.sensible import edit, measure
from autohdr_train.default.taken_back import TakenBack, exposed, pixels, take_back
from autohdr_train.people.inputs import squashed

SIDE = 74
"""Pixels a side of the copy that the other sliders are judged on."""
COPIES, ON_GROUNDS = 4, 2
"""Exposures of each photograph to learn from, as it is and before another ground."""
SCORED = 4
"""Exposures of each photograph to score."""
SPREAD = 0.5
"""Standard deviation of usual errors of exposure, EV."""
BLANK = 300
"""Frames without a picture: black, white, or something even between."""


class Exposure(NamedTuple):
    """Says how a photograph is exposed otherwise, all in stops."""

    stops: float
    """The error."""
    baseline: float
    """The camera's baseline exposure."""
    beyond: float
    """What white areas have in addition."""


class Examples(NamedTuple):
    """Holds N examples, in order of their photographs."""

    seen: NDArray[np.float32]
    """(N, F), what the network sees."""
    labels: NDArray[np.float32]
    """(N, 8), scaled to [-1, 1]."""
    photos: NDArray[np.int64]
    """(N,), which photograph each shows."""


Draw = Callable[[np.random.Generator], Exposure]
Change = Callable[[TakenBack, np.random.Generator], TakenBack]
See = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""What the network sees (B, F) in inputs (B, 3, S, S)."""


def as_asked(random: np.random.Generator) -> Exposure:
    """Draws a usual error of exposure alone, for a camera of which nothing is known."""
    return Exposure(float(random.normal(0.0, SPREAD)), UNKNOWN, 0.0)


def as_met(random: np.random.Generator) -> Exposure:
    """Draws an error of exposure as RAW files have them: a quarter of twice the spread, half of them by any camera that
    is known, and light beyond white."""
    stops = float(random.normal(0.0, SPREAD if random.random() < 0.75 else 2.0 * SPREAD))
    beyond = 0.0 if random.random() < 0.3 else min(float(random.exponential(1.0)), 3.0)
    baseline = UNKNOWN if random.random() < 0.5 else float(random.choice(known_stops()))
    return Exposure(stops, baseline, beyond)


def as_it_is(scene: TakenBack, _random: np.random.Generator) -> TakenBack:
    """Returns a scene as it is."""
    return scene


def before_a_ground(scene: TakenBack, random: np.random.Generator) -> TakenBack:
    """Returns a scene before one of `KINDS` of grounds."""
    return KINDS[int(random.integers(len(KINDS)))](scene, random)


def examples(
    photographs: Sequence[Photograph],
    see: See,
    spec: InputSpec,
    cache: Path,
    *,
    copies: int,
    draw: Draw,
    change: Change = as_it_is,
    seed: int,
) -> Examples:
    """Makes so many examples of each photograph, the same for the same seed.

    Args:
        photographs: finished.
        see: the network.
        spec: of its input.
        cache: folder for scenes.
        copies: examples of each.
        draw: says how each is exposed.
        change: what is done to the scene before.
        seed: of all that is drawn.

    Raises:
        OSError, FileError: a picture cannot be read, or the cache not be written.
    """
    found, labels = [], []
    for index, photo in enumerate(Progress(photographs, desc="photographs", unit="photo", disable=None)):
        scene, random = take_back(photo.path, cache), np.random.default_rng((seed, index))
        inputs = []
        for _ in range(copies):
            drawn, shown = draw(random), change(scene, random)
            light = exposed(shown, drawn.stops, baseline=drawn.baseline, beyond=drawn.beyond)
            inputs.append(pixels(light, spec))
            labels.append(label(light, drawn))
        found.append(see(np.stack(inputs).astype(np.float32)))
    rows = np.repeat(np.arange(len(photographs)), copies)
    return Examples(np.concatenate(found), np.array(labels, np.float32), rows)


def label(light: NDArray[np.float32], drawn: Exposure) -> NDArray[np.float64]:
    """Returns the edit (8,), scaled, that mends recorded light (H, W, 3): Exposure undoes the error, and the others are
    those of `sensible`, of the photo as it is meant."""
    meant = 2.0 ** (drawn.baseline - drawn.stops)
    seen = measure(squashed(light, SIDE) * meant, meant)
    return to_scaled(np.array([-drawn.stops, *edit(seen)]))


def blank(see: See, spec: InputSpec, *, seed: int) -> Examples:
    """Makes frames without a picture, which are left alone: there is nothing to know of them."""
    random, found = np.random.default_rng(seed), []
    for index in range(BLANK):
        level = (0.0, 2.0 ** random.uniform(-14.0, -7.0), 1.0, 2.0 ** random.uniform(-7.0, 0.0))[index % 4]
        tint = 1.0 + 0.1 * random.standard_normal(3) * (level < 1.0)
        noise = 2.0**-12 * random.random() * random.standard_normal((spec.size, spec.size, 3))
        light = np.clip(level * tint * (1.0 + 0.05 * random.random() * noise) + noise, 0.0, 1.0)
        found.append(see(pixels(light.astype(np.float32), spec)[None].astype(np.float32)))
    return Examples(np.concatenate(found), np.zeros((BLANK, 8), np.float32), np.arange(BLANK))
