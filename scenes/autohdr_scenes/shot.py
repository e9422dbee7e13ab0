"""Simulated photos with their labels, one after the other, as tensors in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.frame import RawFrame
from autohdr_scenes.camera import Camera, developed, expose, random_camera
from autohdr_scenes.metering import meter
from autohdr_scenes.panorama import crop, random_view
from autohdr_scenes.photographers import Photographer
from autohdr_scenes.procedural import random_scene
from autohdr_scenes.rule import inconsistent, label
from autohdr_scenes.scene import Scene

SIZE = (448, 672)
"""Height and width of a photo made for training, pixels: twice what a network sees, or more."""


class Source(Protocol):
    """Gives pictures of places to photograph."""

    def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> Scene:
        """One upright picture, of `size` (height, width) in landscape, or swapped."""


@dataclass(frozen=True, slots=True)
class Views:
    """Views of radiance images, each image as likely as the next."""

    scenes: Sequence[Scene]

    def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> Scene:
        return random_view(self.scenes[int(rng.integers(len(self.scenes)))], rng, size)


@dataclass(frozen=True, slots=True)
class Procedural:
    """Scenes out of a random generator alone. Every one is a place of its own.

    They are drawn at half of the size and enlarged, which takes a quarter of the time, and leaves as much detail as a
    view of a radiance image has.
    """

    def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> Scene:
        small = random_scene(rng, (size[0] // 2, size[1] // 2))
        upright = small.linear.shape[0] > small.linear.shape[1]
        return replace(small, linear=crop(small.linear, 1.0, 0.5, 0.5, (size[1], size[0]) if upright else size))


@dataclass(frozen=True, slots=True)
class Mixture:
    """Two sources, mixed at random."""

    first: Source
    second: Source
    share: float
    """The share of the second light, 0 to 1."""

    def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> Scene:
        return (self.second if rng.random() < self.share else self.first).draw(rng, size)


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPhoto:
    """One simulated photo and its edit."""

    frame: RawFrame
    values: NDArray[np.float64]
    """(8,), sliders in Lightroom's units, with the photographer's inconsistency. By the rule they are not rounded; by a
    `Photographer` they come in steps, and are NaN where left out."""
    clean: NDArray[np.float64]
    """(8,), the same without inconsistency: not rounded, nothing left out."""
    camera: Camera
    group: str
    """The place."""
    name: str
    """What the picture shows."""


def take(
    scene: Scene,
    camera: Camera,
    exposure: float,
    rng: np.random.Generator,
    captured: float | None = None,
    photographer: Photographer | None = None,
) -> SimulatedPhoto:
    """One photo of a picture, labelled. An upright one is taken with the camera turned to either side.

    Args:
        scene: the picture.
        camera: which camera, how set.
        exposure: as in `expose`.
        rng: decides how the camera is held, its noise, and the photographer's inconsistency, in this order.
        captured: capture time, seconds since 1970.
        photographer: who edits it; None for the rule of `rule.py`.
    """
    flip = 0
    if scene.linear.shape[0] > scene.linear.shape[1]:
        flip = int(rng.choice([5, 6]))
    edit, differ = (label, inconsistent) if photographer is None else (photographer.edit, photographer.inconsistent)
    clean = edit(developed(scene.linear, camera, exposure))
    return SimulatedPhoto(
        frame=expose(scene, camera, exposure, rng, flip, captured),
        values=differ(clean, rng),
        clean=clean,
        camera=camera,
        group=scene.group,
        name=scene.name,
    )


def shot(
    source: Source,
    seed: int,
    index: int,
    size: tuple[int, int] = SIZE,
    photographer: Photographer | None = None,
) -> SimulatedPhoto:
    """The photo of this seed and index, whatever was or will be asked for besides.

    Args:
        source: where its picture comes from.
        seed: zero or more; of the whole series.
        index: zero or more; within it.
        size: height and width of a landscape photo, even, pixels.
        photographer: who edits it; None for the rule of `rule.py`.
    """
    rng = np.random.default_rng((seed, index))
    scene = source.draw(rng, size)
    return take(scene, random_camera(rng), meter(scene.linear, rng), rng, photographer=photographer)


def shots(
    source: Source,
    count: int,
    seed: int,
    *,
    start: int = 0,
    size: tuple[int, int] = SIZE,
    photographer: Photographer | None = None,
) -> Iterator[SimulatedPhoto]:
    """Photos `start` to `start + count` of a seed's series."""
    for index in range(start, start + count):
        yield shot(source, seed, index, size, photographer)
