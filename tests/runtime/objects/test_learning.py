"""Edits of photos in object storage teach as those beside files do."""

from pathlib import Path

import pytest

import autohdr
from autohdr_scenes import write_shoot
from tests.s3.store import S3


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen small photos, of which a photographer has edited the first eight."""
    folder = tmp_path_factory.mktemp("edited") / "raws"
    write_shoot(folder, 16, seed=3, size=(64, 96))
    for sidecar in sorted(folder.glob("*.xmp"))[8:]:
        sidecar.unlink()
    return folder


def test_a_style_from_objects_is_that_from_files(s3: S3, edited: Path, tmp_path: Path) -> None:
    s3.upload(edited, "a shoot/")
    local = autohdr.learn(edited, tmp_path / "local.style")
    away = autohdr.learn(s3.url("a shoot"), tmp_path / "away.style")
    assert away.used == local.used
    assert [str(item.path).rpartition("/")[2] for item in away.left_out] == [item.path.name for item in local.left_out]
    assert (tmp_path / "away.style").read_bytes() == (tmp_path / "local.style").read_bytes()


def test_what_was_prepared_is_not_fetched_again(s3: S3, edited: Path, tmp_path: Path) -> None:
    s3.upload(edited, "shoot/")
    autohdr.learn(s3.url("shoot"), tmp_path / "one.style", cache=tmp_path / "cache")
    before = len(s3.log())
    autohdr.learn(s3.url("shoot"), tmp_path / "two.style", cache=tmp_path / "cache")
    again = s3.log()[before:]
    assert again
    assert not [
        one for one in again if one.method == "GET" and one.key.endswith(".dng") and "Range" not in one.conditions
    ]
    assert (tmp_path / "one.style").read_bytes() == (tmp_path / "two.style").read_bytes()


def test_the_photos_to_edit_first_are_those_of_files(s3: S3, edited: Path, tmp_path: Path) -> None:
    s3.upload(edited, "shoot/")
    local = autohdr.pick(edited, 3, cache=tmp_path / "cache")
    away = autohdr.pick(s3.url("shoot"), 3, cache=tmp_path / "cache")
    assert [str(photo) for photo in away.photos] == [s3.url(f"shoot/{photo.name}") for photo in local.photos]
    assert (away.found, away.edited) == (local.found, local.edited)
