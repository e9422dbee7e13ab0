"""Labels of a series agree, and Exposure follows the light of each photo."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.series.agree import agree, agree_beside
from autohdr.series.join import Series, join
from autohdr.sliders import LIMITS
from autohdr_scenes.series import Ways
from tests.runtime.series.places import looked


def answers(count: int, seed: int = 0, spread: float = 0.05) -> dict[int, np.ndarray]:
    random = np.random.default_rng(seed)
    return {number: random.normal(0.0, spread, 8) for number in range(count)}


@pytest.mark.parametrize("kind", ["series", "bracket", "panorama"])
def test_all_sliders_but_exposure_are_the_median_of_what_was_answered(kind: str) -> None:
    shots, glances = looked("burst", 5)
    told = answers(5)
    numbers = tuple(range(5))
    found = agree(Series(kind, numbers, numbers), told, shots, glances)  # type: ignore[arg-type]
    middle = np.median([told[number] for number in numbers], axis=0)
    for number in numbers:
        assert np.array_equal(found[number][1:], middle[1:])


def test_exposure_makes_up_for_what_the_meter_did() -> None:
    """Of a still picture in one light, whose exposures differ."""
    shots, glances = looked("burst", 6, ways=Ways(turn=0.0, light=0.0, meter=0.5))
    found = agree(Series("series", tuple(range(6)), tuple(range(6))), answers(6, spread=0.03), shots, glances)
    taken = np.log2([shot.exposure_time or 0.0 for shot in shots])
    shown = np.array([found[number][0] for number in range(6)]) * LIMITS[0] + taken
    assert np.ptp(taken) > 0.6
    assert np.ptp(shown) < 0.15


def test_exposure_makes_up_for_what_the_light_did() -> None:
    """Clouds: the camera exposes all photos alike."""
    shots, glances = looked("burst", 1)
    assert glances[0] is not None
    clouds = [0.0, -0.5, -0.25, 0.0, 0.5]
    cloudy = [replace(glances[0], levels=glances[0].levels + np.float32(stops)) for stops in clouds]
    found = agree(Series("series", tuple(range(5)), tuple(range(5))), answers(5, spread=0.0), shots * 5, cloudy)
    exposures = np.array([found[number][0] for number in range(5)]) * LIMITS[0]
    assert np.allclose(exposures - exposures[0], -0.97 * np.array(clouds), atol=0.06 * np.abs(clouds).max())


def test_photos_of_one_light_and_exposure_have_one_exposure() -> None:
    shots, glances = looked("burst", 6, ways=Ways(turn=0.005, light=0.0, meter=0.0))
    found = agree(Series("series", tuple(range(6)), tuple(range(6))), answers(6), shots, glances)
    assert len({tuple(found[number]) for number in range(6)}) == 1


def test_where_pictures_cannot_be_compared_half_of_the_difference_of_exposure_counts() -> None:
    shots = looked("burst", 3).shots
    stepped = [replace(shot, exposure_time=2.0**step / 125) for shot, step in zip(shots, (0, 0, 1), strict=True)]
    found = agree(Series("series", (0, 1, 2), (0, 1, 2)), dict.fromkeys(range(3), np.zeros(8)), stepped, [None] * 3)
    assert [round(float(found[number][0] * LIMITS[0]), 6) for number in range(3)] == [0.0, 0.0, -0.5]


def test_a_bracket_is_labelled_as_its_middle_photo() -> None:
    shots, glances = looked("bracket", 3)
    (series,) = join(shots, glances)
    told = answers(3)
    found = agree(series, told, shots, glances)
    for number in range(3):
        assert np.array_equal(found[number], told[0])


def test_a_bracket_whose_middle_photo_has_no_answer_is_labelled_as_the_nearest() -> None:
    shots, glances = looked("bracket", 5)
    (series,) = join(shots, glances)
    told = {number: answer for number, answer in answers(5).items() if number not in (0, 1)}
    found = agree(series, told, shots, glances)
    assert all(np.array_equal(answer, told[2]) for answer in found.values())
    assert sorted(found) == [2, 3, 4]


def test_one_strange_answer_of_many_moves_nobody() -> None:
    shots, glances = looked("burst", 5, ways=Ways(turn=0.0, light=0.0, meter=0.0))
    told = dict.fromkeys(range(5), np.zeros(8))
    told[3] = np.ones(8)
    found = agree(Series("series", tuple(range(5)), tuple(range(5))), told, shots, glances)
    assert all(np.abs(answer).max() < 1e-9 for answer in found.values())


def test_a_series_without_answers_has_no_labels() -> None:
    shots, glances = looked("burst", 2)
    assert agree(Series("series", (0, 1), (0, 1)), {}, shots, glances) == {}


def test_what_is_beside_the_eight_is_one_value_and_white_balance_is_one_photos() -> None:
    told = [
        {"WhiteBalance": "Custom", "Temperature": kelvin, "Tint": tint, "Texture": texture, "Look": "a"}
        for kelvin, tint, texture in (("5600", "+3", "+9"), ("4900", "-2", "0"), ("5200", "+8", "+40"))
    ]
    assert agree_beside(told) == {
        "WhiteBalance": "Custom",
        "Temperature": "5200",
        "Tint": "+8",
        "Texture": "+9",
        "Look": "a",
    }
    assert agree_beside(told[:1]) == told[0]
    assert agree_beside([{}, {}]) == {}
