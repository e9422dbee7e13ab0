"""Series of made-up places, as tests look at them."""

import functools
from typing import NamedTuple

import numpy as np

from autohdr.raw.prepare import prepare_frame
from autohdr.series.glance import Glance, glance
from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec
from autohdr_scenes.camera import Camera
from autohdr_scenes.procedural import random_scene
from autohdr_scenes.scene import Scene
from autohdr_scenes.series import Kind, Ways, take_series

SPEC = InputSpec()
SIZE = (160, 240)


class Looked(NamedTuple):
    shots: list[Shot]
    glances: list[Glance | None]


@functools.cache
def place(seed: int) -> Scene:
    return random_scene(np.random.default_rng(seed), (320, 480))


def looked(kind: Kind, count: int, seed: int = 0, start: float = 1e9, ways: Ways | None = None) -> Looked:
    """The photos of a series, and what each shows."""
    rng = np.random.default_rng(seed)
    photos = take_series(kind, place(seed), Camera(), rng, count, start, size=SIZE, ways=ways)
    return Looked(
        [photo.frame.shot for photo in photos], [glance(prepare_frame(photo.frame, SPEC), SPEC) for photo in photos]
    )
