"""Placebos: pictures re-made with other photos' sliders."""

from pathlib import Path

import numpy as np

from autohdr.develop import Picture
from autohdr.develop.kernels.fused import luminance
from autohdr_bench.labels.people.placebo import placebos, stored
from autohdr_train.people.folder import read
from autohdr_train.people.scenes import Place, places
from tests.people import COUNT


def mine(folder: Path, cache: Path) -> list[Place]:
    return places([edit for edit in read(folder) if edit.person == "mender"], cache)


def test_sliders_change_places_and_scenes_stay(edits_folder: Path, people_cache: Path) -> None:
    true = mine(edits_folder, people_cache)
    made = placebos(true, off=False)
    before, after = (np.stack([place.edit.values for place in all_of]) for all_of in (true, made))
    assert (np.sort(before[:, 0]) == np.sort(after[:, 0])).all()
    assert (before[:, 0] != after[:, 0]).sum() > COUNT // 2
    assert [place.edit.day for place in made] == [place.edit.day for place in true]
    for place, other in zip(true[:4], made[:4], strict=True):
        off = np.log2(luminance(other.scene().light) / luminance(place.scene().light))
        assert np.abs(np.median(off[other.known()])) < 0.02


def test_placebos_that_are_off_follow_their_sliders(edits_folder: Path, people_cache: Path) -> None:
    true = mine(edits_folder, people_cache)
    made = placebos(true, off=True)
    off = [
        float(np.median(np.log2(luminance(other.scene().light) / luminance(place.scene().light))))
        for place, other in zip(true, made, strict=True)
    ]
    exposure = [place.edit.values[0] for place in made]
    slope = np.polyfit(exposure, off, 1)[0]
    assert 0.02 < slope < 0.08  # 5 % of what was set


def test_hdr_light_comes_back_from_ten_bits() -> None:
    light = np.geomspace(0.001, 12.0, 300, dtype=np.float32).reshape(10, 10, 3)
    back = stored(Picture(light, "bt2020", 4.0))
    assert np.abs(back.light / light - 1).max() < 0.03
    assert (back.light != light).any()
