"""The sensible edit: small, and nothing where a photo may be meant as it is."""

import numpy as np
import pytest

from autohdr_train.default.sensible import Tones, edit, measure

DAY = Tones(black=-7.0, shadow=-5.5, middle=-3.0, bright=-0.8, peak=0.1, saturated=0.0, chroma=0.3)


def named(seen: Tones) -> dict[str, float]:
    names = ("contrast", "highlights", "shadows", "whites", "blacks", "vibrance", "saturation")
    return dict(zip(names, edit(seen), strict=True))


def test_deep_shadows_rise_and_a_silhouette_is_left_darker() -> None:
    flat, deep, silhouette = (named(DAY._replace(shadow=level))["shadows"] for level in (-3.8, -6.5, -9.5))
    assert flat < 15 < deep
    assert silhouette < 0.7 * deep


def test_night_stays_night() -> None:
    found = named(DAY._replace(middle=-7.0, shadow=-10.0, black=-12.0))
    assert found["shadows"] < 3
    assert abs(found["blacks"]) < 1


def test_a_white_ground_stays_white() -> None:
    found = named(DAY._replace(saturated=0.6, peak=0.5))
    assert found["highlights"] > -1
    white = named(Tones(0.2, 0.2, 0.2, 0.3, 0.3, 1.0, 0.0))
    assert max(abs(value) for name, value in white.items() if name != "vibrance") < 1


def test_highlights_fall_only_where_the_sensor_ends() -> None:
    assert named(DAY)["highlights"] > -1
    assert named(DAY._replace(saturated=0.03))["highlights"] < -15


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_large(seed: int) -> None:
    random = np.random.default_rng(seed)
    found = edit(Tones._make([*random.uniform(-14, 2, 5), random.random(), random.random()]))
    assert (np.abs(found) <= [10, 25, 40, 8, 9, 11, 0]).all()


def test_tones_are_those_of_the_picture() -> None:
    light = np.full((20, 20, 3), 0.25)
    light[:2] = 1.0
    seen = measure(light, 1.0)
    assert seen.middle == pytest.approx(-2.0, abs=0.01)
    assert seen.saturated == pytest.approx(0.1)
    assert seen.chroma == pytest.approx(0.0, abs=1e-3)
