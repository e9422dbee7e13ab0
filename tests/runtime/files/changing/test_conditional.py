"""A file takes the place of another one, or both stay; `test_two_machines` has what happens between programs."""

import errno
import os
from pathlib import Path

import pytest

from autohdr.errors import FileError
from autohdr.files.changing.conditional import move_over


def test_a_file_takes_the_place_of_another_with_its_permissions(tmp_path: Path) -> None:
    path, source = tmp_path / "IMG_1.xmp", tmp_path / "IMG_1.xmp_original"
    path.write_bytes(b"new")
    source.write_bytes(b"old")
    path.chmod(0o600)
    mode = path.stat().st_mode
    move_over(source, path, b"new")
    assert list(tmp_path.iterdir()) == [path]
    assert (path.read_bytes(), path.stat().st_mode) == (b"old", mode)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EEXIST])
def test_where_a_file_cannot_take_the_place_both_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path, source = tmp_path / "IMG_1.xmp", tmp_path / "IMG_1.xmp_original"
    path.write_bytes(b"new")
    source.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(FileError, match=r"IMG_1\.xmp cannot be written \(.*\); .*run again$"):
        move_over(source, path, b"new")
    assert (path.read_bytes(), source.read_bytes()) == (b"new", b"old")
