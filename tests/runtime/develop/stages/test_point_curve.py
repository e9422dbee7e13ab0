"""The point curve: against Camera Raw's grey ramp, and at its borders."""

import numpy as np
import pytest

from autohdr.develop.settings import LINEAR
from autohdr.develop.stages import point_curve

# Greys of a ramp, 16-bit sRGB, without and with the S curve below, by Camera Raw 18.7: pch/rawmakase (MIT),
# tests/corpus/camera-raw/synthetic-d65.json, cases `default` and `curve-s`.
DEFAULT = [2552, 6520, 11818, 19954, 25198, 31442, 38489, 45315, 51425, 56391, 60233, 62969, 65437]
AFTER = [1606, 4202, 8148, 16104, 22522, 30900, 40515, 49099, 55433, 59491, 62173, 63933, 65475]
S_CURVE = ((0.0, 0.0), (64.0, 48.0), (128.0, 128.0), (192.0, 208.0), (255.0, 255.0))


def test_it_is_camera_raws_spline() -> None:
    error = np.abs(point_curve.curve(S_CURVE)(np.array(DEFAULT) / 65535) - np.array(AFTER) / 65535)
    assert error.max() < 0.0003


def test_a_straight_line_changes_nothing() -> None:
    assert point_curve.curve(LINEAR)([0.0, 0.4, 1.0]) == pytest.approx([0.0, 0.4, 1.0], abs=1e-6)


def test_before_the_first_and_after_the_last_point_their_outputs_are_held() -> None:
    faded = point_curve.curve(((20.0, 30.0), (230.0, 220.0)))
    assert faded([0.0, 0.05, 0.95, 1.0]) == pytest.approx([30 / 255, 30 / 255, 220 / 255, 220 / 255], abs=1e-4)


def test_it_may_fall_and_stays_between_black_and_white() -> None:
    curve = point_curve.curve(((0.0, 255.0), (100.0, 0.0), (128.0, 255.0), (255.0, 0.0)))
    assert not curve.rises
    assert curve.outputs.min() >= 0
    assert curve.outputs.max() <= 1


@pytest.mark.parametrize("points", [((0.0, 0.0),), ((0.0, 0.0), (0.0, 255.0)), ((9.0, 0.0), (3.0, 1.0))])
def test_points_that_do_not_rise_are_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="rising"):
        point_curve.curve(points)
