"""A network's input of a scene."""

import numpy as np

from autohdr import InputSpec
from autohdr.develop import Scene
from autohdr.encoding import decode
from autohdr_train.people.inputs import linear, pixels, squashed


def test_sensor_white_is_the_input_s_one() -> None:
    grey = Scene(np.full((4, 4, 3), 2.0**0.3, np.float32), 2.0**0.3)
    assert np.allclose(linear(grey), 1.0, atol=1e-5)
    assert np.allclose(
        decode(pixels(grey, InputSpec(size=16, encoding="pu21-pmax"), -1.0), InputSpec(size=16, encoding="pu21-pmax")),
        0.5,
        rtol=1e-3,
    )


def test_areas_are_averaged_whatever_the_sizes() -> None:
    light = np.random.default_rng(0).uniform(size=(7, 5, 3)).astype(np.float32)
    for size in (1, 3, 7, 11):
        assert np.allclose(squashed(light, size).mean(axis=(0, 1)), light.mean(axis=(0, 1)))
    assert np.allclose(squashed(light, 35)[::5, ::7], light, atol=1e-6)
