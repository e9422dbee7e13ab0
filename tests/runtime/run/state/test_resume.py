"""Runs that were stopped, by whatever: the same command goes on, and nothing is lost or done twice."""

import functools
import os
import random
import shutil
import time
from pathlib import Path

import pytest

import autohdr
from autohdr import Report
from autohdr.run.state.folder import folder_of
from autohdr.run.state.noted import LINES, NAME
from autohdr.sidecar import Document, look
from tests.conftest import SMALL_INFO, write_model
from tests.runtime.crashes import CODE
from tests.runtime.run.processes import begin, many, wait_for_sidecars

label = functools.partial(autohdr.label, embed=False)
"""The photos are DNGs, and stand for all RAW files: their labels go into sidecars."""
KILLS = int(os.environ.get("AUTOHDR_KILLS", "60"))
"""AUTOHDR_KILLS=2000 for the long form; `test_crash` has the points that matter by name."""


def labels(folder: Path) -> dict[str, tuple[dict[str, float], bool]]:
    """What the sidecars say; each of them must be whole."""
    documents = {path.name: Document.parse(path.read_bytes(), str(path)) for path in sorted(folder.glob("*.xmp"))}
    return {name: (document.values(), document.hdr) for name, document in documents.items()}


def already(report: Report) -> list[str]:
    """The photos that an earlier run has finished, so that they are not even read."""
    return [one.path.name for one in report.results if one.reason == "labelled already" and one.decoder is None]


def read_again(report: Report) -> int:
    """How many photos were decoded."""
    return sum(result.decoder is not None for result in report.results)


def journal(state: Path, folder: Path) -> Path:
    """The journal of a folder."""
    return folder_of(Path(os.path.realpath(folder)), state) / NAME


def test_a_run_that_is_killed_again_and_again_ends_with_the_labels_of_an_undisturbed_one(
    shoot: Path, small_model: Path
) -> None:
    undisturbed = many(shoot, 59)
    label([undisturbed], model=small_model)
    expected = labels(undisturbed)
    folder = many(shoot, 60)
    (folder / "IMG_59.dng").unlink()
    chance = random.Random(0)
    for _ in range(KILLS):
        done = len(labels(folder))
        if done > 50:  # so that there is something to do: sidecars that are gone are made again
            for path in folder.glob("*.xmp"):
                path.unlink()
            done = 0
        run = begin(folder, model=small_model, threads=2, embed=False)
        wait_for_sidecars(run, folder, done + chance.randint(1, 15))
        time.sleep(chance.uniform(0, 0.003))
        run.kill()
        run.join()
        assert labels(folder).items() <= expected.items()
    there = len(labels(folder))
    report = label([folder], model=small_model)
    assert report.count("failed") == 0
    assert len(already(report)) >= there - 1  # the last may have been written, but not yet written down
    assert labels(folder) == expected
    assert not [path for path in folder.iterdir() if path.suffix not in (".dng", ".xmp") and path.name[0] != "."]


def test_finished_photos_are_skipped_with_their_labels(shoot: Path, small_model: Path) -> None:
    first = label([shoot], model=small_model)
    again = label([shoot], model=small_model)
    assert len(already(again)) == 5
    for one, other in zip(first.results, again.results, strict=True):
        assert (one.sliders, one.sidecar, one.hdr) == (other.sliders, other.sidecar, other.hdr)


def test_a_photo_whose_raw_file_changed_is_done_again(shoot: Path, small_model: Path) -> None:
    label([shoot], model=small_model)
    shutil.copyfile(shoot / "IMG_1.dng", shoot / "IMG_0.dng")
    report = label([shoot], model=small_model)
    assert already(report) == [f"IMG_{index}.dng" for index in range(1, 5)]
    assert labels(shoot)["IMG_0.xmp"] == labels(shoot)["IMG_1.xmp"]


def test_a_clock_that_goes_back_makes_a_photo_a_changed_one(shoot: Path, small_model: Path) -> None:
    label([shoot], model=small_model)
    os.utime(shoot / "IMG_2.dng", (0, 0))
    assert "IMG_2.dng" not in already(label([shoot], model=small_model))
    assert len(already(label([shoot], model=small_model))) == 5


def test_another_model_does_all_photos_again(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    label([shoot], model=small_model)
    other = write_model(tmp_path / "other.onnx", SMALL_INFO.to_json(), mix="Sin")
    assert label([shoot], model=other).count("labelled") == 5
    assert label([shoot], model=small_model).count("labelled") == 5
    assert read_again(label([shoot], model=small_model, existing="replace")) == 5


def test_a_sidecar_that_somebody_changed_or_removed_is_looked_at_as_ever(shoot: Path, small_model: Path) -> None:
    label([shoot], model=small_model)
    (shoot / "IMG_0.xmp").unlink()
    corrected = shoot / "IMG_1.xmp"
    corrected.write_text(corrected.read_text().replace('crs:Contrast2012="', 'crs:Contrast2012="+9'))
    results = label([shoot], model=small_model).results
    assert [result.status for result in results[:2]] == ["labelled", "skipped"]
    assert "correction" in (results[1].reason or "")


def test_photos_that_failed_are_tried_again(shoot: Path, small_model: Path) -> None:
    whole = (shoot / "IMG_2.dng").read_bytes()
    (shoot / "IMG_2.dng").write_bytes(whole[:3000])
    assert label([shoot], model=small_model).count("failed") == 1
    (shoot / "IMG_2.dng").write_bytes(whole)
    report = label([shoot], model=small_model)
    assert (report.count("labelled"), len(already(report))) == (1, 4)


@pytest.mark.parametrize("rest", [b"", b'{"photo": "IMG_3.d', b'{"photo": 1}\n[]\n"', b"\0\0\0\0\n"])
def test_a_torn_line_costs_the_torn_photo_alone(shoot: Path, small_model: Path, state: Path, rest: bytes) -> None:
    """As a power cut leaves it, before the lines are in the database."""
    run = begin(shoot, crash=("all is noted and the journal is open", 1), model=small_model, embed=False)
    run.join()
    assert run.exitcode == CODE
    lines = journal(state, shoot).with_name(LINES)
    lines.write_bytes(lines.read_bytes()[:-40] + rest)
    report = label([shoot], model=small_model)
    assert already(report) == [f"IMG_{index}.dng" for index in range(4)]
    assert len(already(label([shoot], model=small_model))) == 5


def test_a_damaged_journal_is_begun_anew_with_one_warning(
    shoot: Path, small_model: Path, state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    label([shoot], model=small_model)
    path = journal(state, shoot)
    path.write_bytes(b"not a database" + path.read_bytes()[14:])
    report = label([shoot], model=small_model)
    assert (read_again(report), report.count("skipped")) == (5, 5)
    assert len(caplog.messages) == 1
    assert "is damaged" in caplog.text
    assert len(already(label([shoot], model=small_model))) == 5


def test_a_journal_does_not_grow_for_ever(shoot: Path, small_model: Path, state: Path) -> None:
    sizes = set()
    for existing in ("skip", "replace") * 5:
        label([shoot], model=small_model, existing=existing)
        sizes.add(journal(state, shoot).stat().st_size)
    assert len(sizes) == 1


def test_photos_are_told_apart_by_folder_and_may_be_named_one_by_one(shoot: Path, small_model: Path) -> None:
    deep = shoot / "deep"
    deep.mkdir()
    shutil.copyfile(shoot / "IMG_1.dng", deep / "IMG_0.dng")
    label([deep], model=small_model)
    assert read_again(label([shoot], model=small_model)) == 6  # a folder above has a journal of its own
    assert len(already(label([shoot / "IMG_0.dng", deep / "IMG_0.dng"], model=small_model))) == 2


def test_where_nothing_can_be_remembered_the_run_goes_on_and_says_so_once(
    shoot: Path, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AUTOHDR_STATE", str(tmp_path / "file" / "state"))
    assert label([shoot], model=small_model).count("labelled") == 5
    assert len(caplog.messages) == 1
    assert "AUTOHDR_STATE" in caplog.text


def test_a_dry_run_remembers_nothing_and_says_what_a_run_would(shoot: Path, small_model: Path, state: Path) -> None:
    """It said "5 labelled" where a run says "labelled already"."""
    before = sorted(state.rglob("*"))
    assert label([shoot], model=small_model, dry_run=True).count("labelled") == 5
    assert sorted(state.rglob("*")) == before
    label([shoot], model=small_model)
    held = {path: path.read_bytes() for path in state.rglob("*") if path.is_file()}
    rehearsed, done = (label([shoot], model=small_model, dry_run=dry) for dry in (True, False))
    assert [(one.status, one.reason) for one in rehearsed.results] == [(one.status, one.reason) for one in done.results]
    assert rehearsed.count("skipped") == 5
    assert held == {path: path.read_bytes() for path in state.rglob("*") if path.is_file()}


def test_photos_that_were_left_alone_are_not_looked_at_again(
    shoot: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """50,000 of them took a minute in every run."""
    edited = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    edited += '<rdf:Description xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:Exposure2012="+1.00"/>'
    edited += "</rdf:RDF></x:xmpmeta>"
    for number in range(5):
        (shoot / f"IMG_{number}.xmp").write_text(edited)
    looked: list[Path] = []

    def counted(path: Path, *rest: object, **more: object) -> object:
        looked.append(path)
        return look(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("autohdr.run.stages.looking.look", counted)
    first, second = (label([shoot], model=small_model) for _ in range(2))
    assert first.results == second.results
    assert second.count("skipped") == 5
    assert len(looked) == 5
    (shoot / "IMG_2.xmp").write_text(edited.replace("+1.00", "0.00"))
    (shoot / "IMG_3.xmp").unlink()
    os.utime(shoot / "IMG_4.dng", (1, 1))
    changed = label([shoot], model=small_model)
    assert [result.status for result in changed.results] == ["skipped", "skipped", "labelled", "labelled", "skipped"]
    assert len(looked) == 8
    assert read_again(label([shoot], model=small_model, existing="replace")) == 5


def test_a_sidecar_whose_times_were_set_back_is_looked_at_again(shoot: Path, small_model: Path) -> None:
    """As a backup does, or a program that keeps times."""
    label([shoot], model=small_model)
    path = shoot / "IMG_1.xmp"
    ours = path.read_bytes()
    path.write_bytes(ours.replace(b'crs:Contrast2012="', b'crs:Contrast2012="+9', 1))
    assert "then changed" in (label([shoot], model=small_model).results[1].reason or "")
    before = path.stat()
    path.write_bytes(ours + b" " * (before.st_size - len(ours)))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "then changed" not in (label([shoot], model=small_model).results[1].reason or "")
