"""The white point and Whites."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.develop.measures import Measures
from autohdr.develop.stages import white_point
from autohdr.develop.stages.csv_columns import columns
from autohdr.develop.stages.white_point import curve, whites_top

REACHING = Measures(sensor_white=2, brightest=2, darkest=-12, dark=-12, bright=1.7)
LEVELS = 2.0 ** np.arange(-14, 8, 0.05)


def _log2_white(sensor: float, brightest: float, exposure: float) -> float:
    measures = Measures(sensor_white=np.log2(sensor), brightest=np.log2(brightest))
    return white_point.white_point(measures, exposure)


def test_the_white_point_follows_sensor_photo_and_exposure() -> None:
    assert _log2_white(4, 4, 0) == 2  # a photo that reaches its sensor's white
    assert _log2_white(4, 1, 0) == 1  # at most twice the brightest channel
    assert _log2_white(4, 0.25, 0) == 0  # at least 1
    assert _log2_white(1, 1, -0.5) == -0.5  # unless the sensor's white is lower
    assert _log2_white(1, 1, -3) == -1  # at least a half
    assert _log2_white(2, 2, 1) == 2  # Exposure moves both


@pytest.mark.parametrize(
    ("stops", "level", "output"),
    [(0, 0.01, 0.009), (0, 0.18, 0.177), (0, 0.5, 0.499), (2, 0.18, 0.177), (2, 1.0, 0.693), (4, 1.0, 0.692)],
)
def test_the_default_curve_is_camera_raws(stops: int, level: float, output: float) -> None:
    photo = Measures(sensor_white=stops, brightest=stops)
    assert curve(photo)(np.array([level]))[0] == pytest.approx(output, abs=0.002)


@pytest.mark.parametrize("sensor", [-1.5, -0.5, 0, 0.4, 1.5, 3.3, 5.0])
@pytest.mark.parametrize("whites", [0, -30, -100])
def test_the_white_point_becomes_white(sensor: float, whites: float) -> None:
    photo = Measures(sensor_white=sensor, brightest=sensor)
    white = 2.0 ** white_point.white_point(photo)
    just_below, at = curve(photo, 0, whites)(np.array([white * 0.9, white]))
    assert just_below < 1
    assert at == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("whites", [-100, -63, -20, 0, 20, 50, 77, 100])
@pytest.mark.parametrize("bright", [-6, -2, 0.3, 1.7])
@pytest.mark.parametrize(("sensor", "exposure"), [(0, 0), (2, 0), (2, -3), (0.4, 1.7), (2, 5)])
def test_every_curve_rises_from_black_to_white(whites: float, bright: float, sensor: float, exposure: float) -> None:
    photo = Measures(sensor, min(bright + 1.5, sensor), -12, -12, min(bright, sensor))
    out = curve(photo, exposure, whites)(LEVELS)
    assert (np.diff(out) >= -2e-3).all()  # what falls is held when a curve is sampled
    assert 0 < out[0] < 1e-3
    assert out[-1] == pytest.approx(1, abs=1e-6)


def test_whites_brightens_and_darkens_in_the_order_of_the_slider() -> None:
    out = [curve(REACHING, 0, whites)(np.array([0.5]))[0] for whites in (-100, -50, -25, 0, 25, 50, 100, 140)]
    assert out[:-1] == sorted(out[:-1])
    assert len(set(out[:-1])) == 7
    assert out[-1] == out[-2]  # beyond 100 it is held


def test_positive_whites_stretches_toward_twice_the_99th_percentile_at_most_the_sensors_white() -> None:
    assert whites_top(REACHING) == 2
    assert whites_top(replace(REACHING, bright=-3)) == -2
    assert whites_top(replace(REACHING, bright=-3), -1) == -3
    assert whites_top(replace(REACHING, bright=-9)) == -3  # and at least 5 stops below it


def test_a_dim_photo_gets_its_stops_back_and_keeps_its_shadows() -> None:
    dim = Measures(sensor_white=2, brightest=-2, darkest=-12, dark=-12, bright=-3)
    assert curve(dim, 0, 100)(np.array([0.0625]))[0] == pytest.approx(1, abs=0.02)
    shadow = np.array([2.0**-11])
    assert curve(dim, 0, 100)(shadow)[0] < 1.6 * curve(dim)(shadow)[0]


def test_a_specular_highlight_does_not_hold_whites_back() -> None:
    specular, bright = replace(REACHING, bright=-2.0), REACHING
    assert curve(specular, 0, 100)(np.array([0.2]))[0] > curve(bright, 0, 100)(np.array([0.2]))[0] + 0.3


def test_whites_start_where_the_default_is() -> None:
    for photo in (REACHING, replace(REACHING, bright=-2.0)):
        little, none = (curve(photo, 0, whites)(LEVELS) for whites in (0.01, 0))
        assert little == pytest.approx(none, abs=1e-3)


def test_tables_have_their_documented_rows() -> None:
    table = columns("white_point.csv")
    assert table["default"].shape == (6, 48)
    assert table["-100"].shape == table["+100"].shape == (3, 48)
    assert table["-50"].shape == table["+50"].shape == table["output"].shape == (48,)
