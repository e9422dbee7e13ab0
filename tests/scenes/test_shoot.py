"""Whole shoots in folders."""

import hashlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import rawpy

from autohdr.errors import SettingsError
from autohdr.sidecar.settings.labels import read_labels
from autohdr_scenes.camera import BODIES
from autohdr_scenes.procedural import scene
from autohdr_scenes.scene import Scene
from autohdr_scenes.shoot import _plan, bracket, write_shoot

SIZE = (48, 64)


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_a_seed_always_writes_the_same_bytes_and_another_writes_others(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_shoot(tmp_path / name, 5, seed=seed, size=SIZE)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
    assert not set(hashes(tmp_path / "a").values()) & set(hashes(tmp_path / "c").values())


def test_a_longer_shoot_begins_like_a_shorter_one(tmp_path: Path) -> None:
    write_shoot(tmp_path / "short", 3, size=SIZE)
    write_shoot(tmp_path / "long", 6, size=SIZE)
    assert hashes(tmp_path / "short").items() <= hashes(tmp_path / "long").items()


def test_a_shoot_is_files_in_order_with_sidecars(tmp_path: Path) -> None:
    paths = write_shoot(tmp_path / "new" / "shoot", 4, size=SIZE, compression="none")
    assert [path.name for path in paths] == [f"IMG_000{number}.dng" for number in range(1, 5)]
    assert all(path.with_suffix(".xmp").is_file() for path in paths)
    for path in paths:
        with rawpy.imread(str(path)) as raw:
            assert raw.raw_image.shape == SIZE


def test_sidecars_can_be_left_out_or_be_missing_for_some(tmp_path: Path) -> None:
    write_shoot(tmp_path / "none", 3, size=SIZE, xmp=False)
    write_shoot(tmp_path / "some", 16, size=SIZE, unlabelled=0.5)
    assert not list((tmp_path / "none").glob("*.xmp"))
    assert 2 < len(list((tmp_path / "some").glob("*.xmp"))) < 14


def test_a_shoot_can_be_edited_by_a_photographer_for_testing(tmp_path: Path) -> None:
    """The same photos; sidecars that hold only the sliders that are used, as the trainer reads them."""
    write_shoot(tmp_path / "rule", 3, size=SIZE)
    paths = write_shoot(tmp_path / "theirs", 3, size=SIZE, photographer="minimalist")
    for path in paths:
        assert path.read_bytes() == (tmp_path / "rule" / path.name).read_bytes()
        labels = read_labels(path.with_suffix(".xmp"))
        assert labels.usable
        assert labels.values.keys() == {"Exposure2012", "Highlights2012", "Shadows2012"}


def test_places_are_more_than_an_hour_apart_and_photos_of_one_seconds() -> None:
    plan = _plan(0, None, SIZE)
    stops = [next(plan) for _ in range(40)]
    for before, after in pairwise(stops):
        gap = after.captured - before.captured
        assert (gap > 3600) == (before.place.group != after.place.group)
        assert gap > 3600 or 0 < gap < 60
    assert len({stop.camera.name for stop in stops}) == 1


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(SettingsError, match="not an empty folder"):
        write_shoot(tmp_path, 1, size=SIZE)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["file", "file/below", "long" * 100])
def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("keep")
    with pytest.raises(SettingsError, match=f"{name} (is not|cannot be)"):
        write_shoot(tmp_path / name, 1, size=SIZE)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"count": 0}, "count is 0"),
        ({"count": 1, "size": (33, 64)}, "33 x 64"),
        ({"count": 1, "unlabelled": 2.0}, "unlabelled is 2"),
        ({"count": 1, "photographer": "nobody"}, "no photographer 'nobody'"),
    ],
)
def test_impossible_settings_are_refused_before_anything_is_written(
    tmp_path: Path, settings: dict[str, float], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        write_shoot(tmp_path / "out", **settings)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_a_bracket_is_the_same_picture_two_stops_apart() -> None:
    rng = np.random.default_rng(0)
    picture = scene("fog", rng, SIZE)
    under, right, over = bracket(picture, BODIES[0], 0.2, rng, captured=100.0)
    signal = [float(photo.frame.data.mean()) - BODIES[0].black for photo in (under, right, over)]
    assert signal[1] / signal[0] == pytest.approx(4.0, rel=0.02)
    assert signal[2] / signal[1] == pytest.approx(4.0, rel=0.02)
    assert under.values[0] > right.values[0] > over.values[0]
    assert [photo.frame.shot.captured for photo in (under, right, over)] == [100.0, 101.0, 102.0]


def test_a_shoot_of_radiance_images_visits_each_place_once_before_any_twice() -> None:
    light = np.ones((8, 16, 3), dtype=np.float32)
    scenes = [Scene(light, name, name[0], panorama=True) for name in ("a1", "a2", "b", "c", "d")]
    plan = _plan(1, scenes, SIZE)
    groups = [next(plan).place.group for _ in range(60)]
    visits = [groups[0]] + [b for a, b in pairwise(groups) if a != b]
    assert len(set(visits[:4])) == 4
