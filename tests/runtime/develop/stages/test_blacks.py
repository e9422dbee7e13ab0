"""The default black and Blacks."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.develop.measures import Measures
from autohdr.develop.stages import white_point
from autohdr.develop.stages.blacks import curve

DEEP = Measures(sensor_white=2, brightest=2, darkest=-12, dark=-12, bright=1.7)
HAZY = replace(DEEP, darkest=-4, dark=-4)
LEVELS = np.linspace(0, 1, 999)


def _at(scene: float, measures: Measures, blacks: float, exposure: float = 0) -> float:
    level = white_point.curve(measures, exposure)(np.array([scene]))
    return float(curve(measures, exposure, blacks)(level)[0])


@pytest.mark.parametrize(
    ("darkest", "scene", "blacks", "output"),
    [
        (-8, 2.0**-8, 0, 0.00108),
        (-8, 0.0221, 0, 0.01874),
        (-4, 0.0653, 0, 0.06069),
        (-4, 0.1202, 0, 0.1158),
        (-8, 0.0110, -50, 0.0),
        (-8, 0.0625, -100, 0.02053),
        (-4, 0.1768, -100, 0.01153),
        (-4, 0.25, -50, 0.20921),
        (-8, 0.0625, 50, 0.07041),
        (-4, 0.0884, 100, 0.11558),
    ],
)
def test_levels_are_camera_raws(darkest: float, scene: float, blacks: float, output: float) -> None:
    photo = replace(DEEP, darkest=darkest, dark=darkest)
    assert _at(scene, photo, blacks) == pytest.approx(output, abs=4e-4)


@pytest.mark.parametrize("measures", [DEEP, HAZY, replace(HAZY, dark=-1, darkest=-1.5), replace(DEEP, dark=-18)])
@pytest.mark.parametrize("blacks", [-100, -60, -10, 0, 10, 75, 100])
@pytest.mark.parametrize("exposure", [-4, 0, 3])
def test_every_curve_rises_from_black_to_white(measures: Measures, blacks: float, exposure: float) -> None:
    out = curve(measures, exposure, blacks)(LEVELS)
    assert (np.diff(out) >= -1e-6).all()
    assert out[0] == 0
    assert out[-1] == pytest.approx(1, abs=1e-6)


def test_the_slider_brightens_in_its_order_and_is_held_beyond_its_ends() -> None:
    out = [curve(DEEP, 0, blacks)(np.array([0.05]))[0] for blacks in (-100, -50, -25, 0, 25, 50, 100)]
    assert out == sorted(out)
    assert len(set(out)) == 7
    assert curve(DEEP, 0, 150)(LEVELS).tolist() == curve(DEEP, 0, 100)(LEVELS).tolist()


def test_a_photo_with_deep_blacks_has_hardly_any_default_black() -> None:
    assert curve(replace(DEEP, dark=-18), 0)(LEVELS) == pytest.approx(LEVELS, abs=1e-5)


def test_positive_blacks_do_not_follow_the_photo_and_negative_ones_do() -> None:
    assert curve(DEEP, 0, 100)(LEVELS).tolist() == curve(HAZY, 0, 100)(LEVELS).tolist()
    assert curve(HAZY, 0, -100)(np.array([0.1]))[0] == 0 < curve(DEEP, 0, -100)(np.array([0.1]))[0]


def test_the_darkest_level_that_counts_moves_with_exposure() -> None:
    raised = curve(replace(DEEP, darkest=-6), 1, -100)(LEVELS)
    assert raised == pytest.approx(curve(replace(DEEP, darkest=-5), 0, -100)(LEVELS), abs=1e-6)
