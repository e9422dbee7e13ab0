"""The parametric curve: against Camera Raw's grey ramps, and what must hold for any setting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr.develop.settings import Parametric
from autohdr.develop.stages import parametric
from autohdr.develop.transfer import from_gamma

# Greys of a ramp, 16-bit sRGB, by Camera Raw 18.7: pch/rawmakase (MIT), tests/corpus/camera-raw/synthetic-d65.json,
# cases `default`, `parametric-shadows-100` and so on.
DEFAULT = [2552, 6520, 11818, 19954, 25198, 31442, 38489, 45315, 51425, 56391, 60233, 62969, 65437]
FITTED = {
    ("shadows", -100): [0, 126, 3122, 14898, 23072, 31378, 38489, 45315, 51425, 56391, 60233, 62969, 65437],
    ("shadows", 100): [6132, 12292, 19390, 25002, 27238, 31512, 38489, 45315, 51425, 56391, 60233, 62969, 65437],
    ("darks", -100): [0, 0, 126, 3772, 9580, 17940, 28378, 38843, 47967, 54887, 59707, 62847, 65437],
    ("darks", 50): [4394, 9496, 16164, 25752, 31254, 37025, 42763, 48027, 52855, 57025, 60455, 63021, 65437],
    ("lights", -50): [2522, 6388, 11298, 18076, 22024, 26634, 32214, 38433, 44951, 51125, 56601, 60975, 65351],
    ("lights", 100): [2616, 6822, 13036, 24590, 33475, 44901, 56339, 62873, 65017, 65461, 65529, 65535, 65535],
    ("highlights", -100): [2552, 6520, 11818, 19954, 25198, 31442, 36943, 39599, 42559, 47225, 53039, 58709, 65241],
    ("highlights", 50): [2552, 6520, 11818, 19954, 25198, 31442, 39209, 47973, 55647, 60873, 63777, 65043, 65529],
}
OTHERS = {
    Parametric(darks=-50, lights=100): [
        *(218, 1288, 5756, 16130, 24748, 36725, 50701, 60605, 64495, 65381, 65521, 65535, 65535)
    ],
    Parametric(darks=-50, midtone_split=65): [
        *(166, 706, 3064, 9732, 15110, 22360, 31302, 40403, 48587, 55037, 59733, 62843, 65437)
    ],
    Parametric(lights=50, midtone_split=35): [
        *(2616, 6840, 12988, 23734, 31392, 40787, 50569, 57883, 62069, 64071, 64961, 65333, 65531)
    ],
    Parametric(shadows=50, shadow_split=10): [
        *(4230, 8458, 13164, 20428, 25360, 31446, 38489, 45315, 51425, 56391, 60233, 62969, 65437)
    ],
    Parametric(highlights=-50, highlight_split=90): [
        *(2552, 6520, 11818, 19954, 25198, 31442, 38305, 44461, 49661, 53935, 57749, 61245, 65351)
    ],
}


@pytest.mark.parametrize(("region", "amount"), FITTED)
def test_single_regions_are_camera_raws(region: str, amount: int) -> None:
    made = parametric.curve(Parametric(**{region: amount}))(np.array(DEFAULT) / 65535)
    error = np.abs(made - np.array(FITTED[region, amount]) / 65535)
    assert error.mean() < 0.001
    assert error.max() < 0.0035


@pytest.mark.parametrize("setting", OTHERS, ids=str)
def test_settings_together_and_moved_splits_are_near(setting: Parametric) -> None:
    default, after = np.array(DEFAULT) / 65535, np.array(OTHERS[setting]) / 65535
    error = np.abs(parametric.curve(setting)(default) - after)
    assert error.mean() < 0.012
    assert error.max() < 0.04
    assert error.mean() < 0.25 * np.abs(default - after).mean()


def test_shadows_and_highlights_stay_on_their_side_of_the_midtone_split() -> None:
    split = float(from_gamma(0.4))
    dark = parametric.curve(Parametric(shadows=80, midtone_split=40))
    bright = parametric.curve(Parametric(highlights=-80, midtone_split=40))
    assert dark([split, 0.9]) == pytest.approx([split, 0.9], abs=1e-4)
    assert float(dark(split / 2)) > split / 2 + 0.01
    assert bright([split / 2, split]) == pytest.approx([split / 2, split], abs=1e-4)
    assert float(bright(0.8)) < 0.79


def test_at_rest_nothing_changes_wherever_the_splits_are() -> None:
    resting = parametric.curve(Parametric(shadow_split=10, midtone_split=20, highlight_split=90))
    assert resting(0.321) == pytest.approx(0.321, abs=1e-6)


slider = st.floats(-130, 130)


@given(slider, slider, slider, slider, st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_any_setting_gives_a_curve_that_rises_between_black_and_white(
    shadows: float, darks: float, lights: float, highlights: float, low: float, middle: float, high: float
) -> None:
    made = parametric.curve(Parametric(shadows, darks, lights, highlights, low, middle, high))
    assert made.rises
    assert made.outputs.min() >= 0
    assert made.outputs.max() <= 1
    assert np.isfinite(made.outputs).all()
