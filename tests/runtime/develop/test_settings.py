"""Settings that are given from Python are checked as those of a document are."""

import numpy as np
import pytest

from autohdr.develop import Parametric, SdrSettings, Settings
from autohdr.develop.kernels.spline import natural
from autohdr.develop.settings import LINEAR, MOST_POINTS, CurvePoints
from autohdr.errors import SettingsError


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (((0, 0), (float("nan"), 128), (255, 255)), r"has the point \(nan, 128\); expected two numbers from 0 to 255"),
        (((0, 0), (128, float("nan")), (255, 255)), "expected two numbers from 0 to 255"),
        (((0, 0), (128, 256), (255, 255)), "expected two numbers from 0 to 255"),
        (((0, 0), (128,), (255, 255)), "expected two numbers from 0 to 255"),
        (((0, 0),), f"has 1 points; expected 2 to {MOST_POINTS}"),
        (tuple((i / 2, i / 2) for i in range(MOST_POINTS + 1)), f"has 257 points; expected 2 to {MOST_POINTS}"),
        (((0, 0), (128, 10), (128, 20)), "do not go from left to right"),
    ],
)
@pytest.mark.parametrize("name", ["point_curve", "red_curve", "green_curve", "blue_curve"])
def test_a_curve_that_is_none_is_refused(name: str, points: CurvePoints, sentence: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} .*{sentence}"):
        Settings(**{name: points})  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [float("nan"), np.float32("nan"), np.float64("inf"), float("-inf")])
def test_numbers_that_are_none_are_refused_whatever_their_type(bad: float) -> None:
    for name in ("shadow_split", "midtone_split", "highlight_split", "darks"):
        with pytest.raises(SettingsError, match=f"^{name} is "):
            Parametric(**{name: bad})
    with pytest.raises(SettingsError, match=r"^exposure is "):
        Settings(exposure=bad)
    with pytest.raises(SettingsError, match=r"^temperature is "):
        Settings(temperature=bad, tint=0)
    with pytest.raises(SettingsError, match=r"^brightness is "):
        SdrSettings(brightness=bad)


def test_settings_that_are_possible_are_taken() -> None:
    points = tuple((i / 2, 255 - i / 2) for i in range(MOST_POINTS))
    assert Settings(point_curve=points).point_curve == points
    assert Settings(exposure=float(np.float32(1))).red_curve == LINEAR


def test_a_spline_through_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="as many finite ones"):
        natural([0, 1], [0, float("nan")], 0.5)
