"""Labelling the photos of a Lightroom catalog: edited ones are left alone, and the catalog is never written."""

import functools
import shlex
import shutil
from pathlib import Path

import pytest

import autohdr
from autohdr.codes import Code
from autohdr.run.catalogs import MOST_FOLDERS, _few
from autohdr.run.results.notes import Note
from autohdr.sidecar import Document
from tests.catalogs import EDITED, Photo, Style, make_catalog, snapshot
from tests.json_lines import read
from tests.runtime.cli.running import run

label = functools.partial(autohdr.label, embed=False)


@pytest.fixture
def photos(shoot: Path) -> list[Path]:
    """Five small RAW files, in a folder of a folder."""
    folder = shoot / "2024"
    folder.mkdir()
    return [Path(shutil.move(path, folder)) for path in sorted(shoot.glob("*.dng"))]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a catalog."""
    return tmp_path_factory.mktemp("catalog")


def test_edited_photos_are_left_alone_and_the_catalog_is_not_written(
    photos: list[Path], home: Path, small_model: Path
) -> None:
    edits: list[dict[str, object] | None] = [{}, EDITED, None, {}, EDITED]
    catalog = make_catalog(home / "My.lrcat", [Photo(path, edit) for path, edit in zip(photos, edits, strict=True)])
    before = snapshot(home)
    report = label(catalog, model=small_model)
    assert [result.path for result in report.results] == photos
    assert [result.status for result in report.results] == ["labelled", "skipped", "labelled", "labelled", "skipped"]
    skipped = report.results[1]
    assert skipped.code == Code.EDITED
    assert skipped.reason == (
        f"{photos[1]}: its entry in My.lrcat has edits that are not autohdr's; --existing replace would change them"
    )
    assert report.next_step == (
        "In Lightroom, select the labelled photos and choose Metadata > Read Metadata from Files; then My.lrcat shows "
        "the labels."
    )
    assert sorted(path.stem for path in photos[0].parent.glob("*.xmp")) == [photos[n].stem for n in (0, 2, 3)]
    assert snapshot(home) == before
    again = label(catalog, model=small_model)
    assert [result.code for result in again.results] == [
        Code.EDITED if number in (1, 4) else Code.LABELLED_ALREADY for number in range(5)
    ]
    assert again.next_step is None


@pytest.mark.parametrize("existing", ["fill", "replace"])
def test_only_replace_labels_what_the_catalog_says_is_edited(
    photos: list[Path], home: Path, small_model: Path, existing: str
) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(photos[0], EDITED)])
    (result,) = label(catalog, model=small_model, existing=existing).results  # type: ignore[arg-type]
    assert result.status == ("labelled" if existing == "replace" else "skipped")


def test_old_process_versions_and_unreadable_settings_are_left_alone(
    photos: list[Path], home: Path, small_model: Path
) -> None:
    texts = ['s = { Exposure = 1, ProcessVersion = "5.7" }', "s = { Exposure2012 = os.exit() }"]
    catalog = make_catalog(home / "My.lrcat", [Photo(path, text=one) for path, one in zip(photos, texts, strict=False)])
    old, unreadable = label(catalog, model=small_model).results
    assert (old.status, old.code) == ("skipped", Code.OLD_PROCESS)
    assert (unreadable.status, unreadable.code) == ("skipped", Code.CATALOG_REFUSED)
    assert label(catalog, model=small_model, existing="replace").results[0].code == Code.OLD_PROCESS


def test_labels_that_lightroom_has_read_are_made_again_and_corrections_are_not(
    photos: list[Path], home: Path, small_model: Path
) -> None:
    report = label(photos[0].parent, model=small_model)
    read_back = [{**(result.sliders or {}), "HDREditMode": 1, "HDRMaxValue": 4} for result in report.results]
    read_back[1]["Exposure2012"] = 4.75
    catalog = make_catalog(home / "My.lrcat", [Photo(path, edit) for path, edit in zip(photos, read_back, strict=True)])
    codes = [result.code for result in label(catalog, model=small_model, threads=1, sdr=True).results]
    assert codes == [Code.CORRECTED if number == 1 else Code.LABELLED for number in range(5)]


def test_an_edit_in_a_sidecar_alone_is_an_edit_all_the_same(photos: list[Path], home: Path, small_model: Path) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(photos[0], {})])
    edited = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" '
        'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00"/></rdf:RDF></x:xmpmeta>'
    )
    photos[0].with_suffix(".xmp").write_text(edited)
    (result,) = label(catalog, model=small_model).results
    assert (result.status, result.code) == ("skipped", Code.EDITED)


def test_a_photo_of_a_folder_and_a_catalog_is_as_the_catalog_says(
    photos: list[Path], home: Path, small_model: Path
) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(photos[2], EDITED)])
    report = label([photos[0].parent, catalog], model=small_model)
    assert {result.path: result.status for result in report.results} == {
        path: "skipped" if path == photos[2] else "labelled" for path in photos
    }


def test_what_is_left_out_and_what_is_at_stake_is_said_before(
    photos: list[Path], home: Path, small_model: Path
) -> None:
    listed = [
        Photo(photos[0], {}, unsaved=True),
        Photo(photos[0], EDITED, copy_of=1),
        Photo(photos[1], EDITED, unsaved=True),
        Photo("D:/Photos/a.CR2", {}),
        Photo(photos[0].with_suffix(".jpg"), {}),
    ]
    notes: list[Note] = []
    report = label(make_catalog(home / "My.lrcat", listed), model=small_model, on_note=notes.append)
    assert (report.next_step or "").startswith("In Lightroom, 1 of the labelled photos has metadata, such as stars")
    told = {note.code: note.sentence for note in notes}
    assert told[Code.MISSING_FILE].startswith("1 photo of My.lrcat is not found: D:/Photos/a.CR2, which is on a ")
    assert told[Code.VIRTUAL_COPY].startswith("1 virtual copy in My.lrcat")
    assert told[Code.PASSED_OVER] == "1 file of My.lrcat is no RAW file and is passed over."
    assert told[Code.UNSAVED_METADATA].startswith("1 photo of My.lrcat has metadata, such as stars")


def test_the_command_line_labels_what_is_chosen(photos: list[Path], home: Path, small_model: Path) -> None:
    listed = [Photo("D:/Photos/" + path.name, {}, rating=count) for count, path in enumerate(photos)]
    catalog = make_catalog(home / "My.lrcat", listed)
    before = snapshot(home)
    words = ("--only", "rating=3..", "--root", f"D:/Photos={photos[0].parent}", "--model", small_model)
    done = run("label", catalog, *words)
    assert done.returncode == 0, done.stderr
    assert "2 labelled" in done.stdout
    assert done.stdout.rstrip().endswith("then My.lrcat shows the labels.")
    *lines, summary = read("label", run("label", catalog, *words, "--json").stdout)
    assert [line["code"] for line in lines if line["type"] == "photo"] == ["labelled_already"] * 2
    assert (summary["photos"], summary["next_step"]) == (2, None)
    assert snapshot(home) == before


def test_a_catalog_that_is_none_is_one_sentence(tmp_path: Path, small_model: Path) -> None:
    (tmp_path / "My.lrcat").write_text("no catalog")
    done = run("label", tmp_path / "My.lrcat", "--model", small_model, "--json")
    (error,) = read("label", done.stdout)
    assert (done.returncode, error["code"]) == (3, "catalog_refused")
    assert "My.lrcat is no Lightroom catalog" in done.stderr


def test_a_dry_run_writes_nothing_and_has_no_next_step(photos: list[Path], home: Path, small_model: Path) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(path, {}) for path in photos], Style(mode="wal"))
    before = snapshot(home, photos[0].parent)
    report = label(catalog, model=small_model, dry_run=True)
    assert (report.count("labelled"), report.next_step) == (5, None)
    assert snapshot(home, photos[0].parent) == before


def test_a_page_shows_what_is_labelled(photos: list[Path], home: Path, small_model: Path, tmp_path: Path) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(photos[0], {}), Photo(photos[1], EDITED)])
    label(catalog, model=small_model, page=tmp_path / "page")
    assert (tmp_path / "page" / "index.html").is_file()


def test_a_run_locks_few_folders(tmp_path: Path) -> None:
    folders = [tmp_path / f"{year}" / f"{day:03}" for year in range(2000, 2010) for day in range(100)]
    assert _few(folders) == [tmp_path / f"{year}" for year in range(2000, 2010)]
    assert _few(folders[:MOST_FOLDERS]) == folders[:MOST_FOLDERS]


def test_what_a_label_holds_is_the_same_as_without_a_catalog(photos: list[Path], home: Path, small_model: Path) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(path, {}) for path in photos])
    ours = {path: label(path.parent, model=small_model, dry_run=True) for path in photos[:1]}
    theirs = label(catalog, model=small_model)
    assert [one.sliders for one in theirs.results] == [one.sliders for one in ours[photos[0]].results]
    document = Document.read(photos[0].with_suffix(".xmp"))
    assert document is not None
    assert document.values() == theirs.results[0].sliders


def test_verbs_that_look_at_files_name_the_folder_to_give(home: Path, tmp_path: Path) -> None:
    catalog = make_catalog(home / "My.lrcat", [])
    for verb, words in {"undo": (), "page": ("--out", str(tmp_path / "page"))}.items():
        done = run(verb, catalog, *words)
        assert done.returncode == 2
        assert f"My.lrcat is a Lightroom catalog, and autohdr {verb} looks at files" in done.stderr


def test_a_choice_of_nothing_is_said(photos: list[Path], home: Path, small_model: Path) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(photos[0], {}, rating=1)])
    done = run("label", catalog, "--only", "rating=5", "--model", small_model)
    assert done.returncode == 2
    assert done.stderr.strip() == "Error: no photo in My.lrcat has rating=5; its photos have rating=1"


def test_a_choice_of_no_raw_files_is_said(photos: list[Path], home: Path, small_model: Path) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(photos[0].with_suffix(".jpg"), {}, rating=1)])
    done = run("label", catalog, "--only", "rating=1", "--model", small_model, "--quiet")
    assert (done.returncode, done.stdout.strip()) == (0, f"No RAW files in {catalog} that --only chooses.")
    done = run("label", catalog, "--model", small_model, "--quiet")
    assert (done.returncode, done.stdout.strip()) == (0, f"No RAW files in {catalog}.")


def test_photos_that_are_all_missing_are_one_sentence_with_what_to_type(home: Path, small_model: Path) -> None:
    listed = [Photo(f"D:/My Photos/2024/{name}.CR2", {}) for name in "abc"]
    catalog = make_catalog(home / "My.lrcat", listed)
    done = run("label", catalog, "--model", small_model, "--quiet")
    assert done.returncode == 3
    said = "all 3 photos of My.lrcat that are asked for are missing: D:/My Photos/2024/a.CR2 is on a drive of another"
    assert done.stderr.startswith(f"Error: {said} system; connect its drive")
    hint = done.stderr.strip().partition(" --root ")[2]
    moved = home / "here"
    moved.mkdir()
    (_, root) = shlex.split(f"--root {hint}".replace("NEW", str(moved)))
    assert root == f"D:/My Photos={moved}"
    again = run("label", catalog, "--model", small_model, "--root", f"D:/Photos={moved}", "--json")
    (error,) = read("label", again.stdout)
    assert (again.returncode, error["code"]) == (3, "missing_file")
    told = "; no folder of My.lrcat begins with D:/Photos, as --root says: its root folder is D:/My Photos; connect"
    assert told in error["sentence"]


def test_what_a_run_over_the_folder_has_labelled_is_labelled_already(
    photos: list[Path], home: Path, small_model: Path
) -> None:
    catalog = make_catalog(home / "My.lrcat", [Photo(path, {}) for path in photos])
    label(photos[0].parent, model=small_model)
    before = snapshot(photos[0].parent)
    for existing in ("skip", "replace"):
        report = label(catalog, model=small_model, existing=existing)
        assert {result.code for result in report.results} == {Code.LABELLED_ALREADY}
        assert (report.count("labelled"), report.next_step) == (0, None)
    assert snapshot(photos[0].parent) == before


def test_a_catalog_is_not_watched(home: Path, small_model: Path) -> None:
    done = run("label", make_catalog(home / "My.lrcat", []), "--watch", "--model", small_model)
    assert done.returncode == 2
    assert "is a catalog, and --watch watches folders; name the folder of its photos" in done.stderr
