"""The cache: keyed by content and spec, whole or absent, and never the reason why a run stops."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autohdr.edits import prepared as cache_module
from autohdr.edits.photos import EditedPhotos
from autohdr.edits.prepared import CachedPixels, TensorCache, default_folder, prepare_all
from autohdr.errors import FileError, RawError, SettingsError
from autohdr.files import whole as files
from autohdr.files.folders import cache_folder
from autohdr.raw.decode import decode
from autohdr.raw.prepare import Prepared, prepare, prepare_photo
from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec
from tests.previews import embed, jpeg


@pytest.fixture
def photo(shoot: Path) -> Path:
    return shoot / "IMG_0001.dng"


def test_a_file_holds_what_prepare_gives_and_when_it_was_taken(photo: Path, spec: InputSpec, tmp_path: Path) -> None:
    entry = np.load(TensorCache(tmp_path, spec).prepare(photo), mmap_mode="r")
    np.testing.assert_array_equal(entry["pixels"][0], prepare(photo, spec))
    kept = Shot.from_dict(json.loads(entry["shot"][0]))
    assert kept == prepare_photo(photo, spec).shot
    assert dataclasses.replace(kept, kelvin=None, tint=None) == decode(photo).shot


def test_previews_are_kept_apart_from_sensor_data(photo: Path, spec: InputSpec, tmp_path: Path) -> None:
    copy = tmp_path / "copy.dng"
    shutil.copy(photo, copy)
    embed(copy, jpeg(np.full((64, 96, 3), 128, np.uint8)))
    previews = dataclasses.replace(spec, source="preview")
    raw, seen = (np.load(TensorCache(tmp_path, one).prepare(copy)) for one in (spec, previews))
    np.testing.assert_array_equal(raw["pixels"][0], prepare(photo, spec))
    np.testing.assert_array_equal(seen["pixels"][0], prepare(copy, previews))
    of_raw, of_preview = (Shot.from_dict(json.loads(entry["shot"][0])) for entry in (raw, seen))
    assert of_preview == dataclasses.replace(of_raw, kelvin=None, tint=None)  # no light as shot without sensor data


def test_a_photo_is_decoded_once_wherever_it_lies(
    photo: Path, spec: InputSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = TensorCache(tmp_path, spec).prepare(photo)
    copy = tmp_path / "copy.dng"
    shutil.copy(photo, copy)
    monkeypatch.setattr("autohdr.edits.prepared.prepare_photo", lambda *_: pytest.fail("decoded twice"))
    assert TensorCache(tmp_path, spec).prepare(copy) == first


def test_other_content_and_another_spec_have_other_files(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    other = dataclasses.replace(spec, encoding="pu21-pmax")
    names = {TensorCache(tmp_path, s).prepare(shoot / f"IMG_000{n}.dng") for s in (spec, other) for n in (1, 2)}
    assert len(names) == 4


def half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def one_bit(whole: bytes) -> bytes:
    return whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]


def zeros(whole: bytes) -> bytes:
    return whole[:500] + bytes(len(whole) - 500)


@pytest.mark.parametrize(
    "damage", [half, one_bit, zeros, lambda _: b"", lambda _: b"\x93NUMPY", lambda _: b"not numpy"]
)
def test_a_damaged_file_is_made_again(
    photo: Path, spec: InputSpec, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = TensorCache(tmp_path, spec).prepare(photo)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert TensorCache(tmp_path, spec).prepare(photo) == path
    assert path.read_bytes() == whole


def test_bad_photos_are_left_out_with_a_sentence(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    shutil.copytree(shoot, folder)
    (folder / "IMG_0003.dng").write_bytes(b"no photo")
    photos = list(EditedPhotos.find([folder]).photos)
    used, pixels, left_out = prepare_all(photos, TensorCache(tmp_path / "cache", spec), threads=3)
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

    monkeypatch.setattr("autohdr.edits.prepared.prepare_photo", odd)
    used, _, left_out = prepare_all(list(EditedPhotos.find([shoot]).photos), TensorCache(tmp_path, spec))
    assert len(used) == 15
    (item,) = left_out
    assert "IMG_0003.dng" in item.reason
    assert ("please report" in item.reason) == (not isinstance(error, RawError))


def test_a_full_disk_stops_the_run(
    shoot: Path, spec: InputSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise FileError(f"{path} cannot be written (No space left on device)")

    monkeypatch.setattr("autohdr.edits.prepared.write_atomically", full)
    with pytest.raises(FileError, match="No space left"):
        prepare_all(list(EditedPhotos.find([shoot]).photos), TensorCache(tmp_path, spec))


def test_only_whole_files_are_left(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    prepare_all(list(EditedPhotos.find([shoot]).photos), TensorCache(tmp_path, spec))
    assert {path.suffix for path in tmp_path.iterdir()} == {".npy"}


def test_a_folder_that_cannot_be_made_is_refused(spec: InputSpec, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match="--cache"):
        prepare_all([], TensorCache(tmp_path / "file" / "cache", spec))


PREPARE = """
import sys
from pathlib import Path
from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec
from autohdr.edits.prepared import TensorCache, prepare_all
from autohdr.edits.photos import EditedPhotos
photos = list(EditedPhotos.find([sys.argv[1]]).photos)
sys.stdin.read()  # until the other one is as far
_, pixels, left_out = prepare_all(photos, TensorCache(Path(sys.argv[2]), InputSpec(size=32)), threads=2)
assert not left_out, left_out
print(*(path.name for path in pixels.paths))
"""


def test_two_processes_prepare_one_folder_at_once(shoot: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PREPARE, str(shoot), str(tmp_path)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None  # or `communicate` would flush it
    first, second = (process.communicate()[0].split() for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert first == second
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(first)
    cache = TensorCache(tmp_path, InputSpec(size=32))
    assert len(first) == 16
    assert all(cache._is_whole(tmp_path / name) for name in first)


def test_a_file_that_another_process_was_quicker_to_write_is_taken(
    photo: Path, spec: InputSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(path: Path, data: bytes) -> None:
        files.write_atomically(path, data)
        raise FileError(f"{path} cannot be written (Access is denied)")  # Windows: the other has mapped it

    monkeypatch.setattr("autohdr.edits.prepared.write_atomically", too_late)
    cache = TensorCache(tmp_path, spec)
    assert cache._is_whole(cache.prepare(photo))


def prepared(shoot: Path, cache: TensorCache) -> CachedPixels:
    return prepare_all(list(EditedPhotos.find([shoot]).photos), cache)[1]


def test_what_was_used_longest_ago_is_removed_when_the_limit_is_passed(
    shoot: Path, spec: InputSpec, tmp_path: Path
) -> None:
    paths = prepared(shoot, TensorCache(tmp_path, spec)).paths
    for age, path in enumerate(paths[:10]):
        os.utime(path, (age, age))
    (tmp_path / "holiday.npy").write_bytes(bytes(10**6))  # not ours
    size = paths[0].stat().st_size
    cache = TensorCache(tmp_path, spec, limit=12 * size)
    assert cache.prepare(shoot / "IMG_0001.dng") == paths[0]  # used again
    cache.tidy(used=[paths[2]])
    assert [path.exists() for path in paths] == [True, False, True, False, False, False] + [True] * 10
    assert (tmp_path / "holiday.npy").exists()


def test_what_was_made_by_another_way_of_reading_files_is_made_again(
    shoot: Path, spec: InputSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = prepared(shoot, TensorCache(tmp_path, spec)).paths
    monkeypatch.setattr(cache_module, "READING", 0)
    assert not set(before) & set(prepared(shoot, TensorCache(tmp_path, spec)).paths)


def test_what_was_used_today_is_not_removed(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    paths = prepared(shoot, TensorCache(tmp_path, spec, limit=0)).paths
    TensorCache(tmp_path, spec, limit=0).tidy()
    assert all(path.exists() for path in paths)


def test_preparing_keeps_the_limit(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    old = tmp_path / f"{'0' * 32}-{'1' * 16}.npy"
    old.write_bytes(b"")
    os.utime(old, (1, 1))
    prepared(shoot, TensorCache(tmp_path, spec))
    assert old.exists()
    old.write_bytes(b"more")
    os.utime(old, (1, 1))
    prepared(shoot, TensorCache(tmp_path, spec, limit=100))
    assert not old.exists()


def test_a_file_that_has_gone_is_made_again(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    pixels = prepared(shoot, TensorCache(tmp_path / "cache", spec))
    before = np.array(pixels[3])
    shutil.rmtree(tmp_path / "cache")
    np.testing.assert_array_equal(pixels[3], before)


def test_the_default_folder_is_in_the_users_caches() -> None:
    assert default_folder() == cache_folder() / "prepared"
