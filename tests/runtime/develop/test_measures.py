"""What is measured of a photo."""

import numpy as np
import pytest

from autohdr.develop import measures
from autohdr.develop.kernels.rgb_tone import SIZE
from autohdr.develop.measures import measure
from autohdr.develop.scene import Scene
from autohdr.develop.spaces import LUMINANCE
from autohdr.errors import PhotoError


def _photo(height: int = 341, width: int = 512) -> Scene:
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    light = 2.0 ** (-8 + 7 * x + np.sin(9 * y))
    return Scene((light[..., None] * [1.2, 1.0, 0.7]).astype(np.float32), 2.0)


def test_levels_are_those_of_the_luminance_in_log2() -> None:
    scene = _photo()
    levels = np.log2(scene.light @ LUMINANCE)
    measured = measure(scene)
    assert measured.sensor_white == 1.0
    assert measured.darkest == pytest.approx(levels.min(), abs=1e-4)
    assert measured.dark == pytest.approx(np.percentile(levels, 0.1), abs=0.02)
    assert measured.bright == pytest.approx(np.percentile(levels, 99), abs=0.02)
    assert measured.brightest == pytest.approx(np.log2(scene.light.max()), abs=0.08)


def test_a_preview_and_a_thumbnail_of_one_photo_agree() -> None:
    small, large = measure(_photo()), measure(_photo(1365, 2048))
    for name in ("brightest", "darkest", "dark", "bright"):
        assert getattr(small, name) == pytest.approx(getattr(large, name), abs=0.02)


def test_a_bright_spot_counts_and_a_speck_does_not() -> None:
    def brightest(size: int) -> float:
        light = np.full((614, 920, 3), 0.1, np.float32)
        light[300 : 300 + size, 400 : 400 + size, 0] = 1.0  # red alone counts like white
        return measure(Scene(light)).brightest

    assert brightest(16) == pytest.approx(0.0, abs=0.05)
    assert brightest(2) < -2


def test_a_few_dark_pixels_move_the_darkest_level_alone() -> None:
    light = np.full((100, 150, 3), 0.25, np.float32)
    light[3, 4:9] = 2.0**-9
    measured = measure(Scene(light))
    assert measured.darkest == pytest.approx(-9, abs=1e-3)
    assert measured.dark == pytest.approx(-2, abs=1 / 128)


def test_black_and_what_lies_outside_of_the_primaries_have_the_lowest_level() -> None:
    light = np.zeros((4, 4, 3), np.float32)
    light[0] = -0.2
    assert measure(Scene(light)).darkest == measure(Scene(light)).brightest == -18


def test_the_kernel_agrees_without_compiling() -> None:
    light = _photo(8, 9).light.reshape(-1, 3)
    one, other = np.zeros((2, SIZE), np.int64)
    weights = LUMINANCE.astype(np.float32)
    smallest = measures._count.py_func(light, weights, one), measures._count(light, weights, other)
    assert smallest[0] == pytest.approx(smallest[1])
    assert np.abs(np.cumsum(one - other)).max() <= 1  # a rounding may cross a node


@pytest.mark.parametrize(
    "light",
    [np.zeros((0, 4, 3)), np.zeros((4, 4)), np.full((4, 4, 3), np.nan), np.full((4, 4, 3), np.inf)],
)
def test_light_that_cannot_be_measured_is_refused(light: np.ndarray) -> None:
    with pytest.raises(PhotoError, match="light"):
        measure(Scene(light.astype(np.float32)))


def test_a_sensor_white_of_nothing_is_refused() -> None:
    with pytest.raises(PhotoError, match="sensor white is 0"):
        measure(Scene(np.ones((2, 2, 3), np.float32), 0.0))
