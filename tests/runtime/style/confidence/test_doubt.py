"""How different a photo may look: foretold from the sliders' errors, and seen where photos are developed wrongly."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.develop import Settings, develop
from autohdr.develop.auto import auto
from autohdr.develop.spaces import to_xyz
from autohdr.raw.prepare import prepare_photo
from autohdr.raw.scene import read_scene
from autohdr.review.pictures import lightness
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec
from autohdr.style.confidence.doubt import NOTICEABLE, SHOWN, STOP, difference, difference_of, to_check

SAMPLES = sorted((Path(__file__).parents[4] / "samples" / "shoot").glob("*.dng"))


def test_one_wrong_slider_counts_by_how_much_it_shows() -> None:
    errors = np.eye(8) * 2.0
    np.testing.assert_allclose(difference(errors), 2.0 * SHOWN)
    assert difference(np.zeros((3, 8))).tolist() == [0.0] * 3


def test_independent_errors_add_up_as_squares() -> None:
    one, other = np.array([0.3, *[0.0] * 7]), np.array([*[0.0] * 5, 40.0, 0.0, 0.0])
    assert difference(one + other) ** 2 == pytest.approx(difference(one) ** 2 + difference(other) ** 2)


def test_a_third_of_a_stop_is_noticeable() -> None:
    assert difference_of({"Exposure2012": 0.34, "Vibrance": 1.0}) > NOTICEABLE  # type: ignore[operator]
    assert difference_of({"Exposure2012": 0.32}) < NOTICEABLE  # type: ignore[operator]
    assert difference_of({}) is None
    assert difference_of(None) is None


def test_a_photo_is_worth_a_look_if_it_is_unlike_all_edits_and_may_look_noticeably_different() -> None:
    assert to_check(5.7, "None of your edits is of a photo this dark.")
    assert not to_check(5.6, "None of your edits is of a photo this dark.")
    assert not to_check(9.9, None)
    assert not to_check(None, "None of your edits is of a photo this dark.")


def test_a_stop_shows_less_in_the_dark() -> None:
    errors = np.eye(8)[[0, 0, 0, 1, 1]]
    levels = np.array([-9.0, -3.0, np.nan, -9.0, -3.0])
    np.testing.assert_allclose(difference(errors, levels), [STOP[0], 20.0, SHOWN[0], SHOWN[1], SHOWN[1]])
    assert difference_of({"Exposure2012": 0.5}, -5.0, 2.0) == 10.0
    assert difference_of({"Exposure2012": 0.5}) == pytest.approx(0.5 * SHOWN[0])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_brightness_is_that_of_the_scene_which_is_developed(path: Path) -> None:
    """Within a fifth of a stop, without developing it."""
    luminance = read_scene(path, 224).light @ to_xyz("prophoto")[1]
    found = prepare_photo(path, InputSpec()).brightness
    assert found == pytest.approx(np.log2(np.median(luminance)), abs=0.2)


def test_it_foretells_what_wrong_sliders_do_to_the_sample_shoot() -> None:
    """Mean over six photos, within a quarter: Exposure half a stop off, or all eight as real people's usual values."""
    usual = np.array([0.33, 11.0, 23.0, 23.0, 17.0, 15.0, 6.0, 3.0])
    random = np.random.default_rng(0)
    seen: dict[str, list[float]] = {"half a stop": [], "all": []}
    told: dict[str, list[float]] = {"half a stop": [], "all": []}
    for path in SAMPLES:
        scene = read_scene(path, 128)
        right = np.array([getattr(auto(scene), slider.name.lower()) for slider in SLIDERS])
        moves = {
            "half a stop": [np.eye(8)[0] * step for step in (0.5, -0.5)],
            "all": random.normal(size=(20, 8)) * usual * np.sqrt(np.pi / 2),
        }
        brightness = prepare_photo(path, InputSpec()).brightness
        assert brightness is not None
        for name, errors in {"half a stop": np.eye(8)[0] * 0.5, "all": usual}.items():
            told[name].append(float(difference(errors, np.array(brightness + right[0]))))
        for name, changes in moves.items():
            for change in changes:
                shown = [lightness(develop(scene, Settings(*values.tolist()))) for values in (right, right + change)]
                seen[name].append(float(np.median(np.abs(shown[1] - shown[0]))))
    for name, differences in seen.items():
        assert np.mean(differences) == pytest.approx(np.mean(told[name]), rel=0.25)
