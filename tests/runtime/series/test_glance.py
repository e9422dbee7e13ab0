"""Photos are compared by a coarse picture of their light."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.encoding import encode
from autohdr.series.glance import CELLS, Glance, compare, glance, unlike
from autohdr.spec import InputSpec
from tests.runtime.series.places import SPEC, looked


def ground() -> np.ndarray:
    """A smooth random picture (300, 300, 3), linear light."""
    random = np.random.default_rng(3)
    coarse = np.exp(random.normal(-2.5, 0.8, (30, 30, 3)))
    return np.kron(coarse, np.ones((10, 10, 1)))


def of(light: np.ndarray, spec: InputSpec = SPEC) -> Glance:
    return glance(encode(light, spec), spec)


def test_cells_are_the_mean_light_in_stops() -> None:
    seen = of(np.full((224, 224, 3), 0.25))
    assert seen.levels.shape == (CELLS, CELLS)
    assert np.allclose(seen.levels, -2.0, atol=0.01)


def test_clipped_and_dark_cells_are_not_compared() -> None:
    light = np.full((224, 224, 3), 0.2)
    light[:112], light[112:, :112] = 1.0, 1e-5
    known = np.isfinite(of(light).levels)
    assert known.sum() == CELLS**2 // 4
    assert known[CELLS // 2 :, CELLS // 2 :].all()


@pytest.mark.parametrize("size", [16, 32, 50, 224, 336])
def test_inputs_of_any_size_can_be_looked_at(size: int) -> None:
    spec = replace(SPEC, size=size)
    seen = of(ground()[:size, :size] if size <= 300 else np.pad(ground(), ((0, 36), (0, 36), (0, 0)), "edge"), spec)
    assert compare(seen, seen)[:3] == pytest.approx((0, 0, 1.0), abs=1e-4)
    assert unlike(seen, seen) == 0.0


@pytest.mark.parametrize("stops", [-1.5, -0.3, 0.0, 0.5])
@pytest.mark.parametrize(("down", "across"), [(0, 0), (0, 48), (-16, 8), (8, -72)])
def test_brightness_and_framing_are_told_apart(stops: float, down: int, across: int) -> None:
    """Eight pixels are a cell."""
    picture = np.minimum(ground(), 0.5)
    picture = np.kron(picture, np.ones((2, 2, 1)))  # 600 pixels
    first = picture[150:374, 150:374]
    second = picture[150 + down : 374 + down, 150 + across : 374 + across] * 2.0**stops
    moved = compare(of(first), of(second))
    assert (moved.down, moved.across) == (-down // 8, -across // 8)
    assert moved.stops == pytest.approx(stops, abs=0.05)
    assert moved.spread < 0.1


def test_pictures_without_common_light_cannot_be_compared() -> None:
    black, seen = of(np.zeros((224, 224, 3))), of(ground()[:224, :224])
    for one, other in ((black, seen), (seen, black), (black, black)):
        moved = compare(one, other)
        assert moved.correlation == 0.0
        assert np.isnan(moved.stops)


def test_photos_of_a_burst_are_alike_and_other_places_are_not() -> None:
    burst = looked("burst", 4, seed=1).glances
    others = [looked("burst", 1, seed=seed).glances[0] for seed in range(2, 6)]
    assert burst[0] is not None
    within = [unlike(burst[0], one) for one in burst[1:] if one is not None]
    between = [unlike(burst[0], one) for one in others if one is not None]
    assert max(within) < 1.0
    assert np.median(between) > 2.0


def test_how_unlike_photos_are_does_not_depend_on_their_brightness() -> None:
    light = np.minimum(ground()[:224, :224], 0.5)
    assert unlike(of(light), of(light / 2.0)) < 0.1
