"""The cache: keyed by content and spec, whole or absent, and never the reason why a run stops."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import FileError, RawError, SettingsError
from autohdr.raw.decode import decode
from autohdr.raw.prepare import Prepared, prepare, prepare_photo
from autohdr.spec import InputSpec
from autohdr_train.data.cache import TensorCache, default_folder, prepare_all
from autohdr_train.data.raw import RawDataset
from tests.previews import embed, jpeg


@pytest.fixture
def photo(shoot: Path) -> Path:
    return shoot / "IMG_0001.dng"


def test_a_file_holds_what_prepare_gives_and_when_it_was_taken(photo: Path, spec: InputSpec, tmp_path: Path) -> None:
    entry = np.load(TensorCache(tmp_path, spec).prepare(photo), mmap_mode="r")
    np.testing.assert_array_equal(entry["pixels"][0], prepare(photo, spec))
    assert entry["captured"][0] == decode(photo).captured


def test_previews_are_kept_apart_from_sensor_data(photo: Path, spec: InputSpec, tmp_path: Path) -> None:
    copy = tmp_path / "copy.dng"
    shutil.copy(photo, copy)
    embed(copy, jpeg(np.full((64, 96, 3), 128, np.uint8)))
    previews = dataclasses.replace(spec, source="preview")
    raw, seen = (np.load(TensorCache(tmp_path, one).prepare(copy)) for one in (spec, previews))
    np.testing.assert_array_equal(raw["pixels"][0], prepare(photo, spec))
    np.testing.assert_array_equal(seen["pixels"][0], prepare(copy, previews))
    assert raw["captured"] == seen["captured"]


def test_a_photo_is_decoded_once_wherever_it_lies(
    photo: Path, spec: InputSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = TensorCache(tmp_path, spec).prepare(photo)
    copy = tmp_path / "copy.dng"
    shutil.copy(photo, copy)
    monkeypatch.setattr("autohdr_train.data.cache.prepare_photo", lambda *_: pytest.fail("decoded twice"))
    assert TensorCache(tmp_path, spec).prepare(copy) == first


def test_other_content_and_another_spec_have_other_files(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    other = dataclasses.replace(spec, encoding="pu21-pmax")
    names = {TensorCache(tmp_path, s).prepare(shoot / f"IMG_000{n}.dng") for s in (spec, other) for n in (1, 2)}
    assert len(names) == 4


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"not numpy at all"])
def test_a_damaged_file_is_made_again(photo: Path, spec: InputSpec, tmp_path: Path, damage: bytes) -> None:
    path = TensorCache(tmp_path, spec).prepare(photo)
    whole = path.read_bytes()
    path.write_bytes(damage or whole[: len(whole) // 2])
    assert TensorCache(tmp_path, spec).prepare(photo) == path
    assert path.read_bytes() == whole


def test_bad_photos_are_left_out_with_a_sentence(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    shutil.copytree(shoot, folder)
    (folder / "IMG_0003.dng").write_bytes(b"no photo")
    photos = list(RawDataset.find([folder]).photos)
    used, pixels, left_out = prepare_all(photos, TensorCache(tmp_path / "cache", spec), workers=3)
    assert len(used) == len(pixels) == 15
    (item,) = left_out
    assert (item.path.name, item.kind) == ("IMG_0003.dng", "unreadable RAW")
    assert "IMG_0003.dng" in item.reason
    np.testing.assert_array_equal(pixels[2], prepare(used[2].path, spec))


@pytest.mark.parametrize("error", [IndexError("list index"), MemoryError(), RawError("IMG_0003.dng: odd")])
def test_one_odd_photo_stops_nothing_whatever_happens(
    shoot: Path, spec: InputSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def odd(path: Path, spec: InputSpec) -> Prepared:
        if path.name == "IMG_0003.dng":
            raise error
        return prepare_photo(path, spec)

    monkeypatch.setattr("autohdr_train.data.cache.prepare_photo", odd)
    used, _, left_out = prepare_all(list(RawDataset.find([shoot]).photos), TensorCache(tmp_path, spec))
    assert len(used) == 15
    (item,) = left_out
    assert "IMG_0003.dng" in item.reason
    assert ("please report" in item.reason) == (not isinstance(error, RawError))


def test_a_full_disk_stops_the_run(
    shoot: Path, spec: InputSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise FileError(f"{path} cannot be written (No space left on device)")

    monkeypatch.setattr("autohdr_train.data.cache.write_atomically", full)
    with pytest.raises(FileError, match="No space left"):
        prepare_all(list(RawDataset.find([shoot]).photos), TensorCache(tmp_path, spec))


def test_only_whole_files_are_left(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    prepare_all(list(RawDataset.find([shoot]).photos), TensorCache(tmp_path, spec))
    assert {path.suffix for path in tmp_path.iterdir()} == {".npy"}


def test_a_folder_that_cannot_be_made_is_refused(spec: InputSpec, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match="--cache"):
        prepare_all([], TensorCache(tmp_path / "file" / "cache", spec))


def test_the_default_folder_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "autohdr" / "prepared"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder().parts[-3:] == (".cache", "autohdr", "prepared")
