"""Learning from a Lightroom catalog, and choosing photos of one: as from sidecars that say the same."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from click.testing import CliRunner

import autohdr
from autohdr.cli.learn import command as learn_command
from autohdr.cli.pick import command as pick_command
from autohdr.errors import LearningError
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import number
from tests.catalogs import Photo, make_catalog, snapshot
from tests.json_lines import read


def edit_of(photo: Path) -> dict[str, object]:
    """The edit in a photo's sidecar, as a catalog has it."""
    document = Document.read(photo.with_suffix(".xmp"))
    assert document is not None
    texts = {name: found.text.strip() for name, found in document.settings().items() if found.simple}
    numbers = {name: text if (value := number(text)) is None else value for name, text in texts.items()}
    return {**numbers, "ProcessVersion": "15.4"}


def catalog_of(shoot: Path, folder: Path, edited: int, also: Mapping[str, object] = MappingProxyType({})) -> Path:
    """A catalog of a shoot without its sidecars, of which so many photos are edited, `also` in the same way."""
    folder.mkdir()
    photos = []
    for count, photo in enumerate(sorted(shoot.glob("*.dng"))):
        (folder / photo.name).write_bytes(photo.read_bytes())
        edit = {**edit_of(photo), **also} if count < edited else {}
        photos.append(Photo(folder / photo.name, edit, rating=count % 6, collections=["All"]))
    return make_catalog(folder / "My.lrcat", photos)


def test_a_catalog_teaches_what_sidecars_of_the_same_edits_teach(shoot: Path, tmp_path: Path) -> None:
    catalog = catalog_of(shoot, tmp_path / "home", 16)
    before = snapshot(tmp_path / "home")
    settings = {"engine": "cpu", "cache": tmp_path / "kept"}
    theirs = autohdr.learn(catalog, tmp_path / "a.style", **settings)  # type: ignore[arg-type]
    ours = autohdr.learn(shoot, tmp_path / "b.style", **settings)  # type: ignore[arg-type]
    assert theirs.used == ours.used == 16
    assert [row.usual for row in theirs.scores] == [row.usual for row in ours.scores]
    np.testing.assert_equal([row.mae for row in theirs.scores], [row.mae for row in ours.scores])
    assert snapshot(tmp_path / "home") == before


def test_what_all_edits_of_a_catalog_have_in_common_is_written_with_each_label(shoot: Path, tmp_path: Path) -> None:
    curve = {"ToneCurveName2012": "Custom", "ToneCurvePV2012": [0, 20, 128, 120, 255, 245], "SharpenRadius": 1.4}
    catalog = catalog_of(shoot, tmp_path / "home", 12, curve)
    autohdr.learn(catalog, tmp_path / "a.style", engine="cpu", cache=tmp_path / "kept")
    report = autohdr.label(catalog, style=tmp_path / "a.style", embed=False)
    assert (report.count("skipped"), report.count("labelled")) == (12, 4)
    labelled = next(result for result in report.results if result.status == "labelled")
    text = labelled.path.with_suffix(".xmp").read_text("utf-8")
    assert "<rdf:li>128, 120</rdf:li>" in text
    assert 'crs:SharpenRadius="+1.4"' in text


def test_the_command_line_learns_from_chosen_photos_and_says_what_is_next(shoot: Path, tmp_path: Path) -> None:
    catalog = catalog_of(shoot, tmp_path / "home", 16)
    words = ["--engine", "cpu", "--cache", str(tmp_path / "kept"), "--style", str(tmp_path / "a.style")]
    done = CliRunner().invoke(
        learn_command, [str(catalog), "--only", "rating=1..4", "--root", f"X:/={tmp_path}", *words]
    )
    assert done.exit_code == 0, done.output
    assert f"autohdr label {catalog} --root X:/={tmp_path} --style" in done.output
    assert "Learning from 11 edited photos" in done.output


def test_pick_names_photos_that_the_catalog_says_nobody_has_edited(shoot: Path, tmp_path: Path) -> None:
    catalog = catalog_of(shoot, tmp_path / "home", 6)
    before = snapshot(tmp_path / "home")
    words = ["--engine", "cpu", "--cache", str(tmp_path / "kept"), "--count", "3", "--json"]
    done = CliRunner().invoke(pick_command, [str(catalog), "--only", "collection=All", *words])
    assert done.exit_code == 0, done.output
    *photos, summary = read("pick", done.stdout)
    assert (summary["photos"], summary["edited"], summary["picked"]) == (16, 6, 3)
    unedited = {str(path) for path in sorted((tmp_path / "home").glob("*.dng"))[6:]}
    assert {line["path"] for line in photos} <= unedited
    assert snapshot(tmp_path / "home") == before


def test_an_unknown_collection_is_one_sentence_and_wrong_usage(shoot: Path, tmp_path: Path) -> None:
    catalog = catalog_of(shoot, tmp_path / "home", 6)
    done = CliRunner().invoke(pick_command, [str(catalog), "--only", "collection=Al"])
    assert done.exit_code == 2
    assert "My.lrcat has no collection Al; the nearest names are All" in done.output


def test_photos_that_are_all_away_get_the_step_that_helps(tmp_path: Path) -> None:
    catalog = make_catalog(tmp_path / "My.lrcat", [Photo(f"D:/Photos/{name}.CR2", {}) for name in "abcdef"])
    with pytest.raises(LearningError, match=r"6 \(missing file\); expected 5 or more, so connect the drive"):
        autohdr.learn(catalog, tmp_path / "a.style")


def test_pick_says_of_photos_that_are_all_away_how_to_find_them(tmp_path: Path, small_model: Path) -> None:
    photos = [Photo(f"D:/Photos/{name}.CR2", {}) for name in "abc"]
    catalog = make_catalog(tmp_path / "My.lrcat", [*photos, Photo(photos[0].path, {}, copy_of=1)])
    with pytest.raises(LearningError) as caught:
        autohdr.pick(catalog, model=small_model)
    assert str(caught.value) == (
        f"all 3 photos of {catalog} that are asked for are missing; first: D:/Photos/a.CR2: is on a drive of another "
        "system; connect its drive, or say where its folder is now: --root D:/Photos=NEW"
    )
