"""Simulated series state the exposure that they were taken with."""

import numpy as np
import pytest

from autohdr.raw.prepare import prepare_decoded
from autohdr.spec import InputSpec
from autohdr_scenes.camera import Camera
from autohdr_scenes.procedural import random_scene
from autohdr_scenes.series import Kind, Ways, take_series
from autohdr_scenes.shot import SimulatedPhoto

SIZE = (96, 144)


def taken(kind: Kind, count: int, ways: Ways | None = None) -> list[SimulatedPhoto]:
    scene = random_scene(np.random.default_rng(1), (192, 288))
    return take_series(kind, scene, Camera(), np.random.default_rng(2), count, 1e9, size=SIZE, ways=ways)


@pytest.mark.parametrize("kind", ["burst", "bracket", "panorama"])
def test_a_seed_always_gives_the_same_photos_seconds_apart(kind: Kind) -> None:
    one, other = taken(kind, 4), taken(kind, 4)
    for first, second in zip(one, other, strict=True):
        assert np.array_equal(first.frame.data, second.frame.data)
        assert first.frame.shot == second.frame.shot
    times = [photo.frame.shot.captured for photo in one]
    assert times == sorted(times)  # type: ignore[type-var]
    assert (times[-1] or 0.0) - 1e9 <= 18.0


def test_pictures_are_as_bright_as_their_exposure_says() -> None:
    photos = taken("burst", 5, Ways(turn=0.0, light=0.0, meter=0.5))
    brightness = [prepare_decoded(photo.frame, InputSpec(size=32)).brightness or 0.0 for photo in photos]
    times = np.log2([photo.frame.shot.exposure_time or 0.0 for photo in photos])
    assert np.ptp(times) > 0.5
    assert np.allclose(np.diff(brightness), np.diff(times), atol=0.1)


def test_a_bracket_steps_by_two_stops_and_says_so() -> None:
    shots = [photo.frame.shot for photo in taken("bracket", 3)]
    assert [shot.compensation for shot in shots] == [0.0, -2.0, 2.0]
    assert np.allclose(np.diff(np.log2([shot.exposure_time or 0.0 for shot in shots])), [-2.0, 4.0])
