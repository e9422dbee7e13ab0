"""What photographers measure on a picture."""

import numpy as np
import pytest

from autohdr_scenes.photographers.seen import average, bend, see, sigmoid, within


def test_levels_are_percentiles_of_stops() -> None:
    stops = np.random.default_rng(0).normal(-4.0, 1.0, (40, 60))
    seen = see(np.repeat(np.exp2(stops)[..., None], 3, axis=2))
    np.testing.assert_allclose(seen.levels(5.0, 50.0, 99.5), np.percentile(stops, [5.0, 50.0, 99.5]), atol=0.01)


def test_a_large_picture_is_seen_small_and_in_any_type() -> None:
    large = np.full((480, 640, 3), 0.25, dtype=np.float16)
    assert see(large).stops.shape == (68, 91)
    np.testing.assert_allclose(see(large).stops, -2.0, atol=1e-3)


def test_light_places_and_colours_are_told_apart() -> None:
    picture = np.full((60, 90, 3), 0.1, dtype=np.float32)
    picture[:20] = (0.3, 0.4, 0.9)
    picture[20:40, 30:60] = (0.5, 0.3, 0.1)
    picture[40:] = (0.05, 0.2, 0.04)
    picture[-1] = 1.0
    seen = see(picture)
    assert seen.local(sigmoid(seen.height / 0.02)) > seen.local(sigmoid(-seen.height / 0.02)) + 0.5
    assert seen.warmth[30, 45] > 2.0 > 0.0 > seen.warmth[5, 5]
    assert seen.greenness[50, 5] > 1.5 > 0.0 > seen.greenness[30, 45]
    assert seen.clipped == pytest.approx(1 / 60, rel=0.05)
    assert seen.centre[30, 45] > 0.99 > 0.03 > seen.centre[0, 0]
    assert 0.3 < seen.colourfulness < 0.9


def test_weights_broadcast() -> None:
    values = np.arange(6.0).reshape(2, 3)
    assert average(values, np.array([[0.0], [2.0]])) == 4.0
    assert average(values, np.ones((1, 1))) == 2.5


def test_soft_steps_bend_and_end_where_they_say() -> None:
    assert [bend(x, 2.0, 0.5) for x in (-9.0, 2.0, 9.0)] == pytest.approx([-1.0, 0.0, 1.0])
    assert bend(2.5, 2.0, 0.5) == pytest.approx(0.5, abs=0.01)
    assert sigmoid(np.array([-50.0, 0.0, 50.0])) == pytest.approx([0.0, 0.5, 1.0])
    assert within(2.0) == pytest.approx(2.0, rel=3e-3)
    assert within(40.0) == pytest.approx(4.5, rel=1e-3)
    assert within(-40.0) == pytest.approx(-4.5, rel=1e-3)
