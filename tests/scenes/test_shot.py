"""Simulated photos in memory."""

import numpy as np

from autohdr.sliders import LIMITS
from autohdr_scenes.photographers import PHOTOGRAPHERS
from autohdr_scenes.scene import Scene
from autohdr_scenes.shot import Mixture, Procedural, SimulatedPhoto, Views, shot, shots

SIZE = (48, 72)


def same(one: SimulatedPhoto, two: SimulatedPhoto) -> bool:
    return bool(np.array_equal(one.frame.data, two.frame.data) and np.array_equal(one.values, two.values))


def test_a_photo_depends_on_its_seed_and_index_alone() -> None:
    series = list(shots(Procedural(), 4, 7, size=SIZE))
    assert same(series[3], shot(Procedural(), 7, 3, SIZE))
    assert same(series[3], next(iter(shots(Procedural(), 1, 7, start=3, size=SIZE))))
    assert not same(series[3], shot(Procedural(), 8, 3, SIZE))
    assert not same(series[2], series[3])


def test_upright_pictures_are_taken_with_the_camera_turned() -> None:
    for photo in shots(Procedural(), 20, 0, size=SIZE):
        assert photo.frame.data.shape == SIZE
        assert photo.frame.flip in (0, 5, 6)
    assert {photo.frame.flip for photo in shots(Procedural(), 20, 0, size=SIZE)} == {0, 5, 6}


def test_labels_are_within_the_limits_and_near_the_rule() -> None:
    for photo in shots(Procedural(), 10, 1, size=SIZE):
        assert photo.values.shape == photo.clean.shape == (8,)
        assert (np.abs(photo.values) <= LIMITS).all()
        assert 0.0 < np.abs(photo.values - photo.clean).max() < 40.0


def test_a_photographer_changes_the_labels_and_nothing_else() -> None:
    who = PHOTOGRAPHERS["minimalist"]
    theirs, ours = shot(Procedural(), 2, 1, SIZE, who), shot(Procedural(), 2, 1, SIZE)
    assert np.array_equal(theirs.frame.data, ours.frame.data)
    assert np.isnan(theirs.values).tolist() == [False, True, False, False, True, True, True, True]
    assert theirs.values[2] % 5.0 == 0.0
    assert np.isfinite(theirs.clean).all()
    assert not np.array_equal(theirs.clean, ours.clean)
    assert same(theirs, theirs) is False  # NaN is equal to nothing
    assert np.array_equal(
        theirs.clean, next(iter(shots(Procedural(), 1, 2, start=1, size=SIZE, photographer=who))).clean
    )


def test_views_share_the_place_of_their_image_and_a_mixture_holds_both() -> None:
    light = np.random.default_rng(0).random((64, 128, 3), dtype=np.float32)
    scenes = [Scene(light, name, "place", panorama=True) for name in ("one", "two")]
    source = Mixture(Views(scenes), Procedural(), 0.5)
    groups = {photo.group for photo in shots(source, 24, 0, size=SIZE)}
    assert "place" in groups
    assert len(groups) > 5
    assert same(shot(source, 0, 5, SIZE), shot(source, 0, 5, SIZE))
