"""Runs that end early: Ctrl-C, and disks that take no more. Every file is whole."""

import errno
import functools
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

import autohdr
from autohdr import SLIDERS, Result
from autohdr.sidecar import Document
from tests.runtime.run.processes import many, start, wait_for_sidecars

label = functools.partial(autohdr.label, embed=False)
"""The photos are DNGs, and stand for all RAW files: their labels go into sidecars."""
PHOTOS = 900
"""A line for each is more than a pipe holds, so that a run cannot end before it is read."""

ctrl_c = pytest.mark.skipif(sys.platform == "win32", reason="a test cannot send Ctrl-C to one process on Windows")


def assert_whole(folder: Path) -> int:
    """How many sidecars there are; each is whole, and nothing else stands beside them."""
    sidecars = list(folder.glob("*.xmp"))
    for path in sidecars:
        assert len(Document.parse(path.read_bytes()).values()) == len(SLIDERS)
    assert {path.suffix for path in folder.iterdir()} <= {".dng", ".xmp"}
    return len(sidecars)


def interrupt(run: "subprocess.Popen[str]") -> None:
    """Ctrl-C, and the answer to it."""
    run.send_signal(signal.SIGINT)
    assert run.stderr is not None
    assert run.stderr.readline() == "\n"
    assert "Ctrl-C again stops at once" in run.stderr.readline()


@ctrl_c
def test_ctrl_c_finishes_what_is_under_way_and_the_same_command_goes_on(shoot: Path, small_model: Path) -> None:
    folder = many(shoot, PHOTOS)
    run = start(folder, "--model", small_model, "--no-embed", "--json")
    wait_for_sidecars(run, folder, 20)
    interrupt(run)
    printed, errors = run.communicate()
    assert run.returncode == 130
    assert "Traceback" not in errors
    done = assert_whole(folder)
    assert 20 <= done < PHOTOS
    summary = json.loads(printed.splitlines()[-1])
    assert (summary["labelled"], summary["not_done"], summary["photos"]) == (done, PHOTOS - done, PHOTOS)
    report = label([folder], model=small_model)
    assert (report.count("skipped"), report.count("labelled")) == (done, PHOTOS - done)


@ctrl_c
def test_ctrl_c_twice_stops_at_once_with_every_file_whole(shoot: Path, small_model: Path) -> None:
    folder = many(shoot, PHOTOS)
    run = start(folder, "--model", small_model, "--no-embed", "--json")
    wait_for_sidecars(run, folder, 20)
    interrupt(run)
    run.send_signal(signal.SIGINT)
    printed, errors = run.communicate()
    assert run.returncode == 130
    assert "Traceback" not in errors
    assert '"summary"' not in printed
    assert assert_whole(folder) < PHOTOS


def test_a_stopped_run_finishes_what_is_decoded_and_counts_the_rest(shoot: Path, small_model: Path) -> None:
    folder = many(shoot, 100)
    stop = threading.Event()

    def stop_it(result: Result) -> None:
        stop.set()

    report = label([folder], model=small_model, threads=1, batch=2, stop=stop, on_result=stop_it)
    assert 1 <= len(report.results) <= 12
    assert report.count("labelled") == len(report.results) == assert_whole(folder)
    assert report.not_done == 100 - len(report.results)
    assert report.to_dict()["not_done"] == report.not_done
    assert report.stopped == "it was interrupted"


def test_a_run_that_is_stopped_after_its_last_photo_was_not_stopped(shoot: Path, small_model: Path) -> None:
    stop = threading.Event()
    report = label([shoot], model=small_model, stop=stop, on_result=lambda result: stop.set())
    assert (report.not_done, report.stopped) == (0, None)


def test_an_error_of_the_callers_ends_the_run_with_every_file_whole(shoot: Path, small_model: Path) -> None:
    folder = many(shoot, 100)
    with pytest.raises(ZeroDivisionError):
        label([folder], model=small_model, on_result=lambda result: print(1 / 0))
    assert assert_whole(folder) < 100
    assert label([folder], model=small_model).count("failed") == 0


def fail_to_write(monkeypatch: pytest.MonkeyPatch, code: int, numbers: range) -> None:
    """The system takes no more: these writes of a file, counted from 0, fail when they are to reach the disk."""
    fsync, written = os.fsync, []

    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            written.append(descriptor)
            if len(written) - 1 in numbers:
                raise OSError(code, os.strerror(code))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)])
def test_a_disk_that_takes_no_more_stops_the_run_with_one_sentence(
    shoot: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    folder = many(shoot, 100)
    with monkeypatch.context() as patched:
        fail_to_write(patched, code, range(7, 1000))
        report = label([folder], model=small_model, threads=2)
    assert (report.count("labelled"), report.count("failed"), report.not_done) == (7, 0, 93)
    assert assert_whole(folder) == 7
    assert report.stopped is not None
    assert os.strerror(code) in report.stopped
    assert "then run again" in report.stopped
    again = label([folder], model=small_model)
    assert (again.count("labelled"), again.not_done) == (93, 0)


def test_a_disk_that_takes_no_more_ends_a_run_that_watches(
    shoot: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = many(shoot, 20)
    with monkeypatch.context() as patched:
        patched.setattr("autohdr.run.watch.arrivals.SETTLE", 0.0)
        fail_to_write(patched, errno.ENOSPC, range(7, 1000))
        report = label([folder], model=small_model, threads=2, watch=True)
    assert (report.photos, report.count("labelled"), report.count("failed"), report.not_done) == (20, 7, 0, 13)
    assert assert_whole(folder) == 7
    assert report.stopped is not None
    assert os.strerror(errno.ENOSPC) in report.stopped


def test_after_a_run_that_watches_is_killed_the_next_one_goes_on(shoot: Path, small_model: Path) -> None:
    folder = many(shoot, 60)
    run = start(folder, "--watch", "--model", small_model, "--no-embed", "--quiet")
    wait_for_sidecars(run, folder, 5)
    run.kill()
    run.communicate()
    done = len(list(folder.glob("*.xmp")))
    assert done >= 5
    report = label([folder], model=small_model)
    assert (report.count("failed"), report.not_done) == (0, 0)
    assert report.count("skipped") >= done - 1  # the last one may not have been written down
    assert len(list(folder.glob("*.xmp"))) == 60


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
def test_what_is_wrong_with_one_file_fails_that_photo_alone(
    shoot: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with monkeypatch.context() as patched:
        fail_to_write(patched, code, range(2, 3))
        report = label([shoot], model=small_model)
    assert [result.status for result in report.results] == ["labelled", "labelled", "failed", "labelled", "labelled"]
    assert os.strerror(code) in (report.results[2].reason or "")
    assert report.stopped is None
    assert assert_whole(shoot) == 4


def test_what_a_killed_run_left_beside_the_photos_is_removed(shoot: Path, small_model: Path) -> None:
    left, young = shoot / ".autohdr-0123456789abcdef.tmp", shoot / ".autohdr-fedcba9876543210.tmp"
    for path in (left, young):
        path.touch()
    os.utime(left, (0, 0))
    label([shoot], model=small_model, dry_run=True)
    assert left.exists()
    label([shoot], model=small_model)
    assert (left.exists(), young.exists()) == (False, True)


def test_a_journal_that_takes_no_more_does_not_stop_the_run(
    shoot: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The user's own disk may be full while the one with the photos is not."""

    class Full(FileIO):
        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("autohdr.run.state.noted.FileIO", Full)
    report = label([shoot], model=small_model)
    assert report.count("labelled") == 5
    assert len(caplog.messages) == 1
    assert os.strerror(errno.ENOSPC) in caplog.text
