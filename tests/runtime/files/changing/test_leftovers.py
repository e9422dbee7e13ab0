"""What runs that were killed have left goes once it is old, and nothing else."""

import errno
import os
from pathlib import Path

import pytest

from autohdr.files.changing.leftovers import remove_leftovers


def test_leftovers_of_a_killed_run_go_once_they_are_old(tmp_path: Path) -> None:
    old, young, other = (tmp_path / name for name in (".autohdr-1.tmp", ".autohdr-2.tmp", "autohdr-3.tmp"))
    for path in (old, young, other):
        path.write_bytes(b"")
    for path in (old, other):
        os.utime(path, ns=(1, 1))
    remove_leftovers(tmp_path)
    assert sorted(tmp_path.iterdir()) == [young, other]
    remove_leftovers(tmp_path / "gone")


def test_a_leftover_that_cannot_be_removed_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (".autohdr-1.tmp", ".autohdr-2.tmp"):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, ns=(1, 1))
    genuine = os.unlink

    def refuse(path: Path, **more: int) -> None:
        if path.name == ".autohdr-1.tmp":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        genuine(path, **more)

    monkeypatch.setattr(os, "unlink", refuse)
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".autohdr-1.tmp"]
