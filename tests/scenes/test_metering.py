"""How photos come to their exposure."""

import numpy as np
import pytest

from autohdr_scenes.metering import GREY, centre_weighted, highlight_limit, meter
from autohdr_scenes.procedural import scene


def test_an_even_scene_is_metered_to_grey() -> None:
    assert centre_weighted(np.full((30, 40, 3), 5.0, dtype=np.float32)) == pytest.approx(GREY / 5.0)


def test_the_centre_counts_more_than_the_edge() -> None:
    centre, edge = np.full((40, 40, 3), 0.1, dtype=np.float32), np.full((40, 40, 3), 0.1, dtype=np.float32)
    centre[15:25, 15:25] = edge[:10, :10] = 1.0
    assert centre_weighted(centre) < centre_weighted(edge)


def test_protected_highlights_stay_below_saturation() -> None:
    light = np.random.default_rng(0).lognormal(0.0, 2.0, (50, 50, 3)).astype(np.float32)
    assert (light * highlight_limit(light)).max(axis=2)[..., None].mean() < 1.0
    assert float(((light * highlight_limit(light)).max(axis=2) > 1.0).mean()) < 0.006


def test_a_shoot_holds_under_and_overexposed_photos() -> None:
    light, rng = scene("street", np.random.default_rng(0), (64, 96)).linear, np.random.default_rng(1)
    stops = np.log2([meter(light, rng) / centre_weighted(light) for _ in range(400)])
    assert np.median(stops) == pytest.approx(0.0, abs=0.4)
    assert 0.3 < stops.std() < 0.8
    assert stops.min() < -1.0
    assert stops.max() > 0.9


def test_metering_follows_the_scale_of_the_scene() -> None:
    light = scene("day", np.random.default_rng(0), (64, 96)).linear
    one, two = (meter(light * np.float32(scale), np.random.default_rng(3)) for scale in (1.0, 8.0))
    assert one == pytest.approx(8.0 * two, rel=1e-4)
