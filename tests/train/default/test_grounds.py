"""Photographs before other grounds: what is kept, and what falls away."""

import numpy as np
import pytest

from autohdr_train.default.grounds import KINDS, dark_ground, night, white_ground
from autohdr_train.default.taken_back import TakenBack

GREY = TakenBack(np.full((60, 90, 3), 0.18, np.float32), np.zeros((60, 90), bool))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_light_stays_light_and_the_scene_is_not_touched(kind, seed) -> None:  # type: ignore[no-untyped-def]
    found = kind(GREY, np.random.default_rng(seed))
    assert found.light.shape == GREY.light.shape
    assert found.light.min() >= 0
    assert np.isfinite(found.light).all()
    assert (GREY.light == np.float32(0.18)).all()


@pytest.mark.parametrize("seed", range(5))
def test_before_a_dark_ground_some_is_kept_and_the_rest_falls_into_the_dark(seed: int) -> None:
    light = dark_ground(GREY, np.random.default_rng(seed)).light
    assert 0.1 < light.max() <= np.float32(0.18)
    assert (light < 0.18 / 3).mean() > 0.1


@pytest.mark.parametrize("seed", range(5))
def test_before_a_white_ground_some_is_kept_and_the_rest_is_white(seed: int) -> None:
    found = white_ground(GREY, np.random.default_rng(seed))
    assert 0.18 <= found.light.min() < 0.3
    assert found.light.max() > 0.6
    assert found.white.any()


def test_a_night_is_dark_but_for_its_lamps() -> None:
    light = night(GREY, np.random.default_rng(3)).light
    assert np.median(light) < 0.18 / 2
    assert light.max() > 0.18
