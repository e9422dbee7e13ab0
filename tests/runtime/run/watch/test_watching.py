"""Folders that fill up: `label(..., watch=True)`, with photos that arrive meanwhile."""

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import autohdr
from autohdr import Report, Result, SettingsError
from autohdr.codes import Code
from autohdr.run.results.notes import Note
from autohdr.run.stop import Stop
from autohdr.run.watch import watching
from autohdr.sidecar import Document
from autohdr.sidecar.record import Record
from tests.edited import few
from tests.edited import shoot as edited
from tests.runtime.run.processes import start

__all__ = ["edited"]

LONG = 60.0
"""Seconds that something may take on a busy machine before a test has failed."""


def wait_for(come: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not come():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


class Watch:
    """A run under way in a thread, and what it has told so far."""

    def __init__(self, *folders: Path, **settings: Any) -> None:
        self.results: list[Result] = []
        self.notes: list[Note] = []
        self.counts: list[int] = []
        self.report: Report | None = None
        self.stop = threading.Event()
        told = {"on_result": self.results.append, "on_note": self.notes.append, "on_start": self.counts.append}
        self._settings = {"embed": False, "watch": True, "stop": self.stop, "threads": 1, **told, **settings}
        self._thread = threading.Thread(target=self._run, args=(folders,))
        self._thread.start()

    def _run(self, folders: tuple[Path, ...]) -> None:
        self.report = autohdr.label(folders, **self._settings)

    def wait(self, count: int) -> None:
        wait_for(lambda: len(self.results) >= count or not self._thread.is_alive())

    def end(self) -> Report:
        self.stop.set()
        self._thread.join(LONG)
        assert self.report is not None
        return self.report

    def names(self) -> list[str]:
        return [result.path.name for result in self.results]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autohdr.run.watch.arrivals.SETTLE", 0.1)
    monkeypatch.setattr(watching, "TICK", 0.05)
    monkeypatch.setattr(watching, "SEARCH", 0.2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "tether"
    made.mkdir()
    return made


@pytest.fixture
def watch(folder: Path, small_model: Path) -> Iterator[Callable[..., Watch]]:
    runs: list[Watch] = []

    def begin(*folders: Path, **settings: Any) -> Watch:
        runs.append(Watch(*(folders or (folder,)), model=small_model, **settings))
        return runs[-1]

    yield begin
    for run in runs:
        run.stop.set()


def test_what_is_there_is_labelled_first_and_then_what_arrives(
    shoot: Path, folder: Path, watch: Callable[..., Watch]
) -> None:
    shutil.copy(shoot / "IMG_0.dng", folder)
    run = watch()
    run.wait(1)
    assert run.notes[0].code == Code.WATCHING
    (folder / "new" / "deep").mkdir(parents=True)
    shutil.copy(shoot / "IMG_1.dng", folder / "new" / "deep")
    run.wait(2)
    shutil.copytree(shoot, folder / "whole")
    run.wait(7)
    report = run.end()
    assert run.names() == ["IMG_0.dng", "IMG_1.dng", *(f"IMG_{index}.dng" for index in range(5))]
    assert (report.photos, report.count("labelled"), report.not_done, report.stopped) == (7, 7, 0, None)
    assert run.counts[-1] == 7
    assert all(result.sidecar is not None and result.sidecar.is_file() for result in run.results)
    assert report.results[0].sliders is None
    assert run.results[0].sliders is not None


def test_what_systems_do_not_tell_of_is_found_by_searches(
    shoot: Path, folder: Path, watch: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network, or where the system watches no more folders."""

    def nothing(folders: list[Path], stop: Stop) -> Iterator[set[str]]:
        while not stop.now:
            yield set()
            time.sleep(0.05)

    monkeypatch.setattr(watching, "changes", nothing)
    run = watch()
    shutil.copytree(shoot, folder / "card")
    run.wait(5)
    assert run.end().count("labelled") == 5


def test_the_system_tells_of_photos_without_a_search(
    shoot: Path, folder: Path, watch: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SEARCH", 1e6)
    run = watch()
    wait_for(lambda: bool(run.notes))
    time.sleep(0.5)  # the first search is over
    shutil.copy(shoot / "IMG_0.dng", folder)
    os.renames(shoot, folder / "moved")
    run.wait(6)
    assert run.end().count("labelled") == 6


def test_a_photo_that_is_still_being_written_is_waited_for(
    shoot: Path, folder: Path, watch: Callable[..., Watch]
) -> None:
    data = (shoot / "IMG_0.dng").read_bytes()
    run = watch()
    with (folder / "IMG_0.dng").open("wb", buffering=0) as file:
        for begin in range(0, len(data), 4000):
            file.write(data[begin : begin + 4000])
            time.sleep(0.12 if begin < 20000 else 0.0)  # it stalls for longer than a photo takes to settle
    run.wait(1)
    report = run.end()
    assert [result.status for result in run.results] == ["labelled"]
    assert report.count("failed") == 0


def test_a_photo_that_never_becomes_whole_is_told_once_and_labelled_when_it_does(
    shoot: Path, folder: Path, watch: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autohdr.run.watch.arrivals.PATIENCE", 0.5)
    data = (shoot / "IMG_0.dng").read_bytes()
    (folder / "IMG_0.dng").write_bytes(data[: len(data) // 3])
    run = watch()
    run.wait(1)
    os.utime(folder / "IMG_0.dng", (1, 1))  # changed, and no better
    shutil.copy(shoot / "IMG_1.dng", folder)
    run.wait(2)
    time.sleep(1.0)
    assert [(result.path.name, result.status) for result in run.results] == [
        ("IMG_0.dng", "failed"),
        ("IMG_1.dng", "labelled"),
    ]
    (folder / "IMG_0.dng").write_bytes(data)
    run.wait(3)
    report = run.end()
    assert (report.photos, report.count("labelled"), report.count("failed")) == (2, 2, 0)


def test_edits_that_appear_meanwhile_are_respected(shoot: Path, folder: Path, watch: Callable[..., Watch]) -> None:
    run = watch()
    edited = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    edited += '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" '
    edited += 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00"/></rdf:RDF></x:xmpmeta>'
    (folder / "IMG_0.xmp").write_text(edited)
    shutil.copy(shoot / "IMG_0.dng", folder)
    run.wait(1)
    run.end()
    assert [(result.status, result.code) for result in run.results] == [("skipped", Code.EDITED)]
    assert (folder / "IMG_0.xmp").read_text() == edited


def test_labels_that_go_into_dngs_do_not_make_them_new(shoot: Path, folder: Path, watch: Callable[..., Watch]) -> None:
    run = watch(embed=True)
    shutil.copy(shoot / "IMG_0.dng", folder)
    run.wait(1)
    time.sleep(1.0)
    report = run.end()
    assert run.names() == ["IMG_0.dng"]
    assert [note.code for note in run.notes] == [Code.WATCHING, Code.DNGS_INSIDE]
    assert report.dng_labels == "inside"


def test_no_other_run_works_in_a_folder_that_is_watched(
    shoot: Path, small_model: Path, watch: Callable[..., Watch]
) -> None:
    run = watch(shoot)
    run.wait(5)
    with pytest.raises(SettingsError, match="another run of autohdr works in"):
        autohdr.label(shoot, model=small_model)
    run.end()
    report = autohdr.label(shoot, model=small_model, embed=False)
    assert [result.code for result in report.results] == [Code.LABELLED_ALREADY] * 5


def test_a_folder_that_goes_and_comes_back_is_labelled_on(
    shoot: Path, folder: Path, watch: Callable[..., Watch]
) -> None:
    """As a drive does that is unplugged."""
    run = watch()
    shutil.copy(shoot / "IMG_0.dng", folder)
    run.wait(1)
    folder.rename(folder.with_name("away"))
    wait_for(lambda: "is not there any more" in run.notes[-1].sentence)
    folder.with_name("away").rename(folder)
    shutil.copy(shoot / "IMG_1.dng", folder)
    run.wait(2)
    assert run.end().count("labelled") == 2


def test_a_style_that_changes_meanwhile_is_read_again(
    edited: Path, folder: Path, small_model: Path, tmp_path: Path, watch: Callable[..., Watch]
) -> None:
    style, photos = tmp_path / "anna.style", sorted(edited.glob("*.dng"))
    learn = functools.partial(autohdr.learn, style=style, model=small_model, engine="cpu", cache=tmp_path / "cache")
    learn(few(edited, tmp_path / "few", 8))
    run = watch(style=style)

    def label_of(number: int) -> str:
        """What the label of the next photo that arrives was made with."""
        shutil.copy(photos[number], folder)
        run.wait(number + 1)
        record = Record.find(Document.parse((folder / photos[number].name).with_suffix(".xmp").read_bytes()))
        assert record is not None
        return record.model

    first = label_of(0)
    learn(edited)
    second = label_of(1)
    assert second == autohdr.load_style(style).label != first
    style.write_bytes(b"not a style")
    assert label_of(2) == second
    report = run.end()
    changed, kept = run.notes[-2:]
    assert f"{style} has changed" in changed.sentence
    assert "the one before is used on" in kept.sentence
    assert report.model["style"]["learnt_from"]["photos"] == 16


def test_what_searches_pass_over_is_passed_over(shoot: Path, folder: Path, watch: Callable[..., Watch]) -> None:
    run = watch()
    wait_for(lambda: bool(run.notes))
    for name in (".hidden", "previews.lrdata", "@eaDir"):
        shutil.copytree(shoot, folder / name)
    shutil.copy(shoot / "IMG_0.dng", folder / ".IMG_7.dng")
    shutil.copy(shoot / "IMG_0.dng", folder / "IMG_8.jpg")
    shutil.copy(shoot / "IMG_0.dng", folder / "IMG_9.dng")
    run.wait(1)
    run.end()
    assert run.names() == ["IMG_9.dng"]


@pytest.mark.parametrize("option", ["dry_run", "report", "page"])
def test_what_does_not_go_with_watching_is_refused(shoot: Path, small_model: Path, option: str) -> None:
    value: Any = True if option == "dry_run" else shoot.parent / "labels.csv"
    with pytest.raises(SettingsError, match=f"does not go with --{option.replace('_', '-')}"):
        autohdr.label(shoot, model=small_model, watch=True, **{option: value})


def test_only_folders_are_watched(shoot: Path, small_model: Path) -> None:
    with pytest.raises(SettingsError, match=r"IMG_0\.dng is not a folder"):
        autohdr.label(shoot / "IMG_0.dng", model=small_model, watch=True)


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot send Ctrl-C to one process on Windows")
def test_ctrl_c_ends_it_with_a_summary(shoot: Path, small_model: Path) -> None:
    run = start(shoot, "--watch", "--model", small_model, "--no-embed", "--json")
    assert run.stdout is not None
    photos: list[dict[str, Any]] = []
    while len(photos) < 5:
        told = json.loads(run.stdout.readline())
        photos += [told] if told["type"] == "photo" else []
    run.send_signal(signal.SIGINT)
    printed, errors = run.communicate(timeout=LONG)
    assert "Traceback" not in errors
    summary = json.loads(printed.splitlines()[-1])
    assert (summary["type"], summary["photos"], summary["labelled"], summary["code"]) == ("summary", 5, 5, "done")
    assert run.returncode == 0


def test_a_wrong_combination_is_one_sentence(shoot: Path) -> None:
    program = [sys.executable, "-m", "autohdr", "label", str(shoot), "--watch", "--page", str(shoot.parent / "page")]
    ended = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
