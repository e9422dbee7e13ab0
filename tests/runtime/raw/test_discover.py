"""Which files are photos, and that none is missed without a word."""

import os
from pathlib import Path

import pytest

from autohdr import RawError, SettingsError
from autohdr.raw.decode import decode
from autohdr.raw.discover import find_photos, other_files


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def test_raw_files_are_found_in_depth_in_order_and_hidden_ones_are_not(tmp_path: Path) -> None:
    make(tmp_path, "b.NEF", "a.cr2", "deep/er/c.Dng", "note.txt", ".d.dng", ".hidden/e.dng", "._a.cr2")
    assert [path.name for path in find_photos([tmp_path])] == ["a.cr2", "b.NEF", "c.Dng"]


def test_no_photo_is_found_twice_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "shoot/a.dng")
    monkeypatch.chdir(tmp_path)
    assert find_photos(["shoot", tmp_path / "shoot", "shoot/a.dng", "shoot/../shoot/a.dng"]) == [Path("shoot/a.dng")]


def test_linked_folders_are_followed_once(tmp_path: Path) -> None:
    make(tmp_path, "elsewhere/a.dng", "shoot/b.dng")
    try:
        (tmp_path / "shoot" / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
        (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "shoot", target_is_directory=True)
    except OSError:
        pytest.skip("this user may not make links here")
    assert sorted(path.name for path in find_photos([tmp_path / "shoot"])) == ["a.dng", "b.dng"]


def test_a_folder_that_cannot_be_searched_fails_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.dng", "locked/b.dng")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert find_photos([tmp_path]) == [tmp_path / "a.dng", tmp_path / "locked"]
    with pytest.raises(RawError, match="locked: this folder cannot be searched"):
        decode(tmp_path / "locked")


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        find_photos([tmp_path / "gone"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.dng")
    with pytest.raises(RawError, match="neither a file nor a folder"):
        decode(tmp_path / "a.dng")


def test_what_a_shell_names_with_a_star_is_no_failure(tmp_path: Path) -> None:
    """`autohdr label folder/*` failed over each sidecar and text file in it."""
    names = ["IMG_1.CR2", "IMG_1.xmp", "IMG_1.xmp_original", "IMG_1.JPG", "IMG_2.tif", "notes.txt"]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "below.txt").mkdir()
    (tmp_path / "below.txt" / "IMG_3.dng").touch()
    named = sorted(tmp_path.iterdir())
    assert [path.name for path in find_photos(named)] == ["IMG_1.CR2", "IMG_2.tif", "IMG_3.dng"]
    assert len(other_files(named)) == 4
    assert find_photos([tmp_path / "notes.txt"]) == [tmp_path / "notes.txt"]
