"""What is measured in scenes."""

import numpy as np

from autohdr import InputSpec
from autohdr.develop import Scene
from autohdr.encoding import decode
from autohdr_bench.labels.people.features import linear, pixels, squashed
from autohdr_bench.labels.people.study import Tables
from tests.people import light_of, scene


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


def test_features_tell_the_light_and_at_equal_brightness_do_not(tables: Tables) -> None:
    stops = np.array([light_of(number) for number in range(18)])
    for view, least, most in (("", 0.95, 1.0), ("equal", 0.0, 0.5)):
        photos = tables.people("all", view)["habit"]
        median = photos.features["tones"][:, 3]
        assert least <= abs(np.corrcoef(median, stops)[0, 1]) <= most
        assert photos.features["auto"].shape == (18, 8)
        assert photos.features["network"].shape == (18, 3, 8)


def test_auto_answers_to_light(tables: Tables) -> None:
    exposure = tables.people("all")["habit"].features["auto"][:, 0]
    stops = np.array([light_of(number) for number in range(18)])
    assert np.corrcoef(exposure, stops)[0, 1] < -0.9
    assert scene(0, 0.0).light.shape == (32, 48, 3)
