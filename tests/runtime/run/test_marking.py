"""`label(..., mark=...)`: photos that a style is unsure of, so that they can be found in Lightroom."""

import functools
import shutil
from pathlib import Path

import pytest

import autohdr
from autohdr import SettingsError
from autohdr.codes import Code
from autohdr.sidecar import Document
from autohdr.sidecar.xmp.properties import XMP
from tests.edited import few
from tests.edited import shoot as edited

__all__ = ["edited"]


@pytest.fixture
def style(edited: Path, small_model: Path, tmp_path: Path) -> Path:
    return autohdr.learn(edited, tmp_path / "anna.style", model=small_model, engine="cpu", cache=tmp_path / "c").path


@pytest.fixture
def folder(edited: Path, tmp_path: Path) -> Path:
    """Six photos without edits."""
    made = few(edited, tmp_path / "rest", 6)
    for sidecar in made.glob("*.xmp"):
        sidecar.unlink()
    return made


def colours(folder: Path) -> dict[str, str | None]:
    found = {path.stem: Document.parse(path.read_bytes()) for path in sorted(folder.glob("*.xmp"))}
    return {stem: document.get("Label", XMP) for stem, document in found.items()}


def test_exactly_the_photos_that_the_summary_counts_are_marked(
    folder: Path, style: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = functools.partial(autohdr.label, folder, style=style, model=small_model, embed=False)
    monkeypatch.setattr("autohdr.style.confidence.reason.NEAR", 2.0)  # no edit is near
    differences = sorted(result.difference or 0.0 for result in label(dry_run=True).results)
    monkeypatch.setattr("autohdr.style.confidence.doubt.NOTICEABLE", differences[2])
    report = label(mark="doubtful=Red")
    assert report.to_check == (report.marked, 6) == (3, 6)
    marked = {result.path.stem for result in report.results if result.marked}
    assert {stem for stem, colour in colours(folder).items() if colour == "Red"} == marked
    assert set(colours(folder).values()) == {"Red", None}
    assert report.to_dict()["marked"] == 3


def test_a_mark_that_is_asked_for_later_is_added_and_a_run_without_it_is_finished(
    folder: Path, style: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = functools.partial(autohdr.label, folder, style=style, model=small_model, embed=False)
    monkeypatch.setattr("autohdr.style.confidence.reason.NEAR", 2.0)
    monkeypatch.setattr("autohdr.style.confidence.doubt.NOTICEABLE", 0.0)
    assert label().marked == 0
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert label(mark="doubtful=Red").marked == 6
    assert set(colours(folder).values()) == {"Red"}
    assert {result.code for result in label().results} == {Code.LABELLED_ALREADY}
    assert {result.code for result in label(mark="doubtful=Red").results} == {Code.LABELLED_ALREADY}
    assert before.keys() == set(folder.iterdir())
    autohdr.undo(folder)
    assert not list(folder.glob("*.xmp"))


def test_marks_go_into_dngs_too_and_out_of_them(
    folder: Path, style: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autohdr.style.confidence.reason.NEAR", 2.0)
    monkeypatch.setattr("autohdr.style.confidence.doubt.NOTICEABLE", 0.0)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    report = autohdr.label(folder, style=style, model=small_model, mark="doubtful=keyword:autohdr check")
    assert report.marked == 6
    assert all(b"<rdf:li>autohdr check</rdf:li>" in path.read_bytes() for path in folder.glob("*.dng"))
    autohdr.undo(folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_mark_needs_a_style(shoot: Path, small_model: Path) -> None:
    with pytest.raises(SettingsError, match="only a style knows"):
        autohdr.label(shoot, model=small_model, mark="doubtful=Red")


def test_an_impossible_mark_is_refused_before_anything_is_read(tmp_path: Path, style: Path) -> None:
    shutil.rmtree(tmp_path / "rest", ignore_errors=True)
    with pytest.raises(SettingsError, match="expected doubtful=LABEL"):
        autohdr.label(tmp_path / "nowhere", style=style, mark="Red")
