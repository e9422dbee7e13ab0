"""Scenes that need no file."""

import numpy as np
import pytest

from autohdr_scenes.procedural import KINDS, random_scene, scene, texture
from autohdr_scenes.scene import luminance


def stops(kind: str, seed: int) -> float:
    light = luminance(scene(kind, np.random.default_rng(seed), (96, 144)).linear)
    low, high = np.percentile(np.log2(light + 1e-9), [1.0, 99.9])
    return float(high - low)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_finite_light_of_the_size_asked_for(kind: str) -> None:
    for seed in range(4):
        linear = scene(kind, np.random.default_rng(seed), (60, 90)).linear
        assert linear.shape == (60, 90, 3)
        assert linear.dtype == np.float32
        assert np.isfinite(linear).all()
        assert linear.min() >= 0.0
        assert linear.max() > 0.0


def test_ranges_run_from_fog_to_night() -> None:
    fog, rooms = [stops("fog", seed) for seed in range(6)], [stops("room", seed) for seed in range(6)]
    suns = [stops("silhouette", seed) for seed in range(12)]
    assert max(fog) < 5.0
    assert min(rooms) > 7.0
    assert max(suns) > 12.0


def test_a_seed_always_draws_the_same_scene() -> None:
    one, two = (random_scene(np.random.default_rng(5), (40, 60)) for _ in range(2))
    np.testing.assert_array_equal(one.linear, two.linear)
    assert one.group == two.group


def test_every_scene_is_a_place_of_its_own() -> None:
    rng = np.random.default_rng(0)
    assert len({random_scene(rng, (16, 24)).group for _ in range(20)}) == 20


def test_texture_falls_with_frequency_as_asked() -> None:
    surface = texture(np.random.default_rng(0), (256, 256), 1.0)
    amplitude, frequency = np.abs(np.fft.fft2(surface)), np.fft.fftfreq(256) * 256
    radius = np.hypot(frequency[:, None], frequency[None])
    low, high = (amplitude[(radius > near) & (radius < 2 * near)].mean() for near in (5, 50))
    assert surface.std() == pytest.approx(1.0, rel=1e-4)
    assert low / high == pytest.approx(10.0, rel=0.15)
