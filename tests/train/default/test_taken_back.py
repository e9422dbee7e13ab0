"""Photographs taken back to RAW: the light of the scene, exposed as a sensor would."""

from pathlib import Path

import numpy as np

from autohdr.develop.spaces import between
from autohdr.raw.baseline import UNKNOWN
from autohdr.spec import InputSpec
from autohdr_train.data.photographs import read_photographs
from autohdr_train.default.taken_back import TakenBack, exposed, pixels, take_back
from autohdr_train.people.inputs import squashed
from tests.photographs import scene


def test_the_light_is_that_of_the_scene(photographs: Path, tmp_path: Path) -> None:
    found = take_back(read_photographs(photographs)[0].path, tmp_path)
    true = scene(0).light @ between("prophoto", "srgb").T.astype(np.float32)
    middle = ~found.white & (true.min(axis=2) > 0.01) & (true.max(axis=2) < 0.6)
    assert middle.mean() > 0.4
    assert np.abs(np.log2(found.light[middle] / true[middle])).mean() < 0.05


def test_it_is_kept(photographs: Path, tmp_path: Path) -> None:
    path = read_photographs(photographs)[1].path
    first = take_back(path, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    np.testing.assert_array_equal(take_back(path, tmp_path).light, first.light)


def flat(level: float, white: bool = False) -> TakenBack:
    return TakenBack(np.full((4, 6, 3), level, np.float32), np.full((4, 6), white))


def test_a_stop_more_is_twice_the_light_until_the_sensor_ends() -> None:
    np.testing.assert_allclose(exposed(flat(0.2), 1.0), 2 * exposed(flat(0.2), 0.0))
    assert exposed(flat(0.2), 5.0).max() == 1.0


def test_a_camera_of_more_baseline_exposure_records_less() -> None:
    usual, bright = exposed(flat(0.2), 0.0), exposed(flat(0.2), 0.0, baseline=UNKNOWN + 1.0)
    np.testing.assert_allclose(bright, usual / 2)


def test_white_areas_may_have_had_more_light() -> None:
    np.testing.assert_allclose(exposed(flat(0.2, white=True), 0.0, beyond=1.0), 2 * exposed(flat(0.2), 0.0))
    np.testing.assert_array_equal(exposed(flat(0.2), 0.0, beyond=1.0), exposed(flat(0.2), 0.0))


def test_an_input_is_an_average_of_areas_whatever_the_shape() -> None:
    light = np.random.default_rng(0).random((30, 50, 3)).astype(np.float32)
    small = squashed(light, 8)
    np.testing.assert_allclose(small.mean(axis=(0, 1)), light.mean(axis=(0, 1)), rtol=1e-6)
    assert pixels(light, InputSpec(size=32)).shape == (3, 32, 32)
