"""Scenes that are kept."""

from pathlib import Path

import numpy as np

from autohdr.develop.kernels.fused import luminance
from autohdr_train.people.folder import read
from autohdr_train.people.scenes import MIDDLE, equal, places
from tests.people import light_of, scene


def test_a_scene_is_what_its_picture_was_made_of(edits_folder: Path, people_cache: Path) -> None:
    edit = read(edits_folder)[1]
    (place,) = places([edit], people_cache)
    off = np.log2(luminance(place.scene().light) / luminance(scene(1, light_of(1)).light))
    assert place.known().mean() > 0.9
    assert np.abs(off[place.known()]).max() < 0.1


def test_a_scene_is_taken_back_once_and_again_for_other_sliders(edits_folder: Path, tmp_path: Path) -> None:
    edit = read(edits_folder)[0]
    (place,) = places([edit], tmp_path)
    before = place.path.stat().st_mtime_ns
    assert places([edit], tmp_path)[0].path.stat().st_mtime_ns == before
    edit.values[0] += 1.0
    (other,) = places([edit], tmp_path)
    assert other.path != place.path


def test_equal_brightness_forgets_the_light() -> None:
    dark, bright = (equal(scene(3, stops)) for stops in (-1.0, 1.0))
    assert np.allclose(dark.light, bright.light, rtol=1e-4)
    assert np.isclose(np.median(luminance(dark.light)), MIDDLE, rtol=1e-3)
