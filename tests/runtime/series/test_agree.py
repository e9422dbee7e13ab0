"""Labels of a series agree, and Exposure follows the light of each photo."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.series.agree import agree, agree_beside
from autohdr.series.glance import compare
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
    assert np.allclose(exposures - exposures[0], -np.array(clouds), atol=0.01)


def test_photos_of_one_light_and_exposure_have_one_exposure() -> None:
    shots, glances = looked("burst", 6, ways=Ways(turn=0.005, light=0.0, meter=0.0))
    found = agree(Series("series", tuple(range(6)), tuple(range(6))), answers(6), shots, glances)
    assert len({tuple(found[number]) for number in range(6)}) == 1


def test_photos_that_cannot_be_compared_keep_their_own_exposure() -> None:
    shots, told = looked("burst", 3).shots, answers(3)
    found = agree(Series("series", (0, 1, 2), (0, 1, 2)), told, shots, [None] * 3)
    assert [found[number][0] for number in (0, 2)] == pytest.approx([told[number][0] for number in (0, 2)])
    assert all(np.array_equal(found[number][1:], found[0][1:]) for number in range(3))


def test_of_another_picture_half_of_what_the_camera_exposed_it_more_counts_if_it_is_brighter() -> None:
    one, other = looked("burst", 1, seed=1), looked("burst", 1, seed=2)
    assert one.glances[0] is not None
    assert other.glances[0] is not None
    moved = compare(one.glances[0], other.glances[0])
    brighter = replace(other.glances[0], levels=other.glances[0].levels + np.float32(1.0 - moved.stops))
    told = dict.fromkeys(range(2), np.zeros(8))
    series = Series("series", (0, 1), (0, 1))
    found = {}
    for stops in (-1.0, 0.0, 0.6, 3.0):
        shots = [replace(one.shots[0], exposure_time=2.0**stops / 125), replace(one.shots[0], exposure_time=1 / 125)]
        darker = agree(series, told, shots, [brighter, one.glances[0]])
        found[stops] = round(float(darker[0][0] - darker[1][0]) * LIMITS[0], 2)
    assert found == pytest.approx({-1.0: 0.0, 0.0: 0.0, 0.6: -0.3, 3.0: -0.5}, abs=0.12)


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
