"""Photos that arrive: which are whole, which are tried again, and which have failed. Time is a number here."""

import os
from pathlib import Path

import pytest

from autohdr import Result
from autohdr.codes import Code
from autohdr.run.results.report import Status
from autohdr.run.watch.arrivals import PATIENCE, RECENT, SETTLE, Arrivals


def photo(folder: Path, name: str = "IMG_1.CR2", data: bytes = b"raw") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def ended(path: Path, status: Status = "labelled", sidecar: Path | None = None) -> Result:
    return Result(path, status, Code.LABELLED if status == "labelled" else Code.TRUNCATED, sidecar=sidecar)


def test_a_photo_is_ready_once_it_has_stayed_the_same(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path)
    arrivals.changed(path, 0.0)
    assert arrivals.ready(SETTLE - 0.1) == []
    path.write_bytes(b"more of it")
    assert arrivals.ready(SETTLE) == []
    assert arrivals.ready(2 * SETTLE - 0.1) == []
    assert arrivals.ready(2 * SETTLE) == [path]


def test_a_photo_that_has_ended_is_not_ready_again(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path)
    arrivals.found([path], 0.0)
    assert arrivals.ready(SETTLE) == [path]
    assert arrivals.end(ended(path), SETTLE)
    arrivals.found([path], 10.0)
    arrivals.changed(path, 10.0)
    assert arrivals.ready(100.0) == []
    assert (arrivals.count, arrivals.waiting) == (1, False)


def test_a_photo_that_changes_after_it_has_ended_is_new_again_and_counts_once(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path)
    arrivals.found([path], 0.0)
    arrivals.ready(SETTLE)
    arrivals.end(ended(path), SETTLE)
    path.write_bytes(b"the rest has come")
    arrivals.look_again(10.0)
    assert arrivals.ready(10.0 + SETTLE) == [path]
    assert arrivals.count == 1


@pytest.mark.parametrize(("status", "again"), [("labelled", False), ("failed", True)])
def test_long_afterwards_only_failed_photos_are_looked_at_without_a_word_from_the_system(
    tmp_path: Path, status: Status, again: bool
) -> None:
    arrivals, path = Arrivals(), photo(tmp_path)
    arrivals.found([path], 0.0)
    arrivals.ready(PATIENCE)
    assert arrivals.end(ended(path, status), PATIENCE)
    path.write_bytes(b"the rest has come")
    arrivals.look_again(PATIENCE + RECENT)
    assert arrivals.waiting == again


def test_what_the_label_changes_inside_a_photo_is_no_change(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path, "IMG_1.dng")
    arrivals.found([path], 0.0)
    arrivals.ready(SETTLE)
    path.write_bytes(b"raw, and its label")
    arrivals.end(ended(path, sidecar=path), SETTLE)
    arrivals.look_again(10.0)
    assert not arrivals.waiting


def test_a_photo_that_fails_is_tried_again_ever_later_and_fails_once(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path)
    arrivals.found([path], 0.0)
    tries, now = [], 0.0
    while arrivals.waiting:
        now += 0.5
        if arrivals.ready(now):
            tries.append(now)
            arrivals.end(ended(path, "failed"), now)
    assert tries == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0]
    arrivals.found([path], 1000.0)
    assert not arrivals.waiting


def test_a_photo_that_would_be_tried_again_has_failed_when_the_run_ends(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path)
    arrivals.found([path], 0.0)
    arrivals.ready(SETTLE)
    failed = ended(path, "failed")
    assert not arrivals.end(failed, SETTLE)
    assert list(arrivals.left()) == [failed]
    assert (arrivals.count, arrivals.waiting) == (1, False)


def test_an_empty_file_is_waited_for(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path, data=b"")
    arrivals.found([path], 0.0)
    assert arrivals.ready(PATIENCE - 1) == []
    assert arrivals.ready(PATIENCE) == [path]


def test_a_photo_that_is_gone_again_is_forgotten(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path)
    arrivals.found([path], 0.0)
    path.unlink()
    assert arrivals.ready(SETTLE) == []
    assert (arrivals.count, arrivals.waiting) == (0, False)


@pytest.mark.skipif(os.name == "nt", reason="making links takes a right on Windows")
def test_a_photo_under_two_names_is_one(tmp_path: Path) -> None:
    arrivals, path = Arrivals(), photo(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "IMG_2.CR2").symlink_to(path)
    arrivals.found([path, tmp_path / "link" / path.name, tmp_path / "IMG_2.CR2"], 0.0)
    assert arrivals.ready(SETTLE) == [path]
