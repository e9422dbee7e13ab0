"""The studio opens a Lightroom catalog: its edits are the photographer's, and nothing is ever written into it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from autohdr import label, learn
from autohdr.errors import CatalogError, SettingsError
from autohdr.sidecar import Document
from autohdr.sidecar.dng.embedded import read_embedded, write_embedded
from autohdr.sidecar.record import owner
from autohdr.sidecar.xmp.properties import number
from autohdr.sliders import SLIDERS
from autohdr_studio.shoot.studio import open_studio
from tests.catalogs import Photo, make_catalog, settings, snapshot
from tests.studio.opened import Page, running
from tests.studio.shoot.test_studio import bytes_of

VALUES = [1.25, 10, -20, 30, 5, -5, 12, 3]
EDITED = 6
UNREAD = "Lightroom does not show this yet: choose Metadata > Read Metadata from Files there."


def in_lightroom(document: Document | None) -> dict[str, object]:
    """The settings in a document, as a catalog has them."""
    assert document is not None
    texts = {name: found.text.strip() for name, found in document.settings().items() if found.simple}
    return {name: text if (value := number(text)) is None else value for name, text in texts.items()}


@pytest.fixture
def edits(edited: Path) -> list[dict[str, object]]:
    """The edits of the first six photos."""
    return [in_lightroom(Document.read(path)) for path in sorted(edited.glob("*.xmp"))[:EDITED]]


@pytest.fixture
def photos(unedited: Path) -> list[Path]:
    """Sixteen photos without sidecars."""
    return sorted(unedited.glob("*.dng"))


@pytest.fixture
def catalog(photos: list[Path], edits: list[dict[str, object]], tmp_path: Path) -> Path:
    """A catalog of the photos, of which six are edited in Lightroom."""
    home = tmp_path / "home"
    home.mkdir()
    shown = [edits[row] if row < EDITED else {} for row in range(len(photos))]
    return make_catalog(home / "My.lrcat", [Photo(path, edit) for path, edit in zip(photos, shown, strict=True)])


def change(catalog: Path, number: int, edit: Mapping[str, object]) -> None:
    """Edits a photo in Lightroom, or has Lightroom read its file."""
    with closing(sqlite3.connect(catalog)) as connection:
        row = (settings(edit), number)
        connection.execute("UPDATE Adobe_imageDevelopSettings SET text = ? WHERE id_local = ?", row)
        connection.commit()


def written(page: Page, job: str = "write") -> dict[str, Any]:
    """Writes or takes back all labels; how it ended."""
    assert page.post(f"/api/{job}", {"ids": "all", "dry": False}).status == 200
    return dict(page.wait("wrote", lambda told: told["ended"] and told["kind"] == job))


def inside(photo: Path) -> Document | None:
    """The settings inside a DNG."""
    data = read_embedded(photo)
    return None if data is None else Document.parse(data)


def test_its_edits_are_the_photographers_and_teach_what_learn_learns(
    catalog: Path, small_model: Path, tmp_path: Path, edits: list[dict[str, object]]
) -> None:
    before = snapshot(catalog.parent)
    with running(catalog, small_model, tmp_path / "cache") as open_:
        photos = open_.page.ready()
        style = open_.page.learnt(EDITED)
        assert open_.page.get("/api/shoot").json["name"] == "My.lrcat"
        with pytest.raises(SettingsError, match="another run of autohdr works in"):
            label([catalog], model=small_model, engine="cpu")
    assert [photo["whose"] for photo in photos] == ["photographer"] * EDITED + ["nobody"] * 10
    assert [photo["values"][0] for photo in photos[:EDITED]] == [edit["Exposure2012"] for edit in edits]
    learnt = learn([catalog], tmp_path / "its.style", model=small_model, engine="cpu", cache=tmp_path / "other")
    assert style["sha256"] == learnt.style.digest
    assert snapshot(catalog.parent) == before


def test_labels_are_those_that_label_writes_and_edits_are_left_alone(
    catalog: Path, unedited: Path, small_model: Path, tmp_path: Path
) -> None:
    before, home = bytes_of(unedited), snapshot(catalog.parent)
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        page.learnt(EDITED)
        (tmp_path / "its.style").write_bytes(page.get("/api/style").data)
        would = page.post("/api/write", {"ids": "all", "dry": True}).json
        assert (would["labelled"], would["first"]) == (10, None)
        ended = written(page)
        assert ended["counts"] == {"labelled": 10}
        assert "choose Metadata > Read Metadata from Files; then My.lrcat shows" in ended["then"]
        after = bytes_of(unedited)
        assert {photo["note"] for photo in page.photos()[EDITED:]} == {UNREAD}
        ended = written(page, "undo")
        assert ended["then"].startswith("Where Lightroom has read these labels, choose Metadata > Read Metadata")
        assert bytes_of(unedited) == before
    label([catalog], style=tmp_path / "its.style", model=small_model, engine="cpu")
    assert bytes_of(unedited) == after
    assert snapshot(catalog.parent) == home


def test_a_correction_counts_until_lightroom_has_read_it_and_after(
    catalog: Path, photos: list[Path], small_model: Path, tmp_path: Path
) -> None:
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        one = page.ready()[9]["id"]
        page.learnt(EDITED)
        home = snapshot(catalog.parent)
        told = page.post(f"/api/photos/{one}/edit", {"values": VALUES}).json
        assert (told["whose"], told["values"], told["note"], told["fixed"]) == ("photographer", VALUES, UNREAD, False)
        page.learnt(EDITED + 1)
        assert snapshot(catalog.parent) == home
        document = inside(photos[9])
        assert document is not None
        assert owner(document) == "photographer"
        change(catalog, 10, in_lightroom(document))
        assert page.post("/api/refresh", {}).json["changed"] == 1
        told = page.get(f"/api/photos/{one}").json
        assert (told["whose"], told["values"], told["note"], told["fixed"]) == ("photographer", VALUES, None, False)
        assert page.learnt(EDITED + 1)


def test_an_edit_that_the_catalog_alone_holds_is_not_saved_over(
    catalog: Path, photos: list[Path], small_model: Path, tmp_path: Path, edits: list[dict[str, object]]
) -> None:
    """Else Lightroom would lose all but the sliders of it when it reads the file: crops, masks and the rest."""
    before = photos[2].read_bytes()
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        one = page.ready()[2]
        assert one["fixed"]
        assert one["note"].startswith("This edit is in My.lrcat alone; to change it here, save it to the file first")
        answer = page.post(f"/api/photos/{one['id']}/edit", {"values": VALUES})
        assert (answer.status, photos[2].read_bytes()) == (409, before)
        assert answer.json["error"] == f"{photos[2].name}: {one['note']}"


def test_an_edit_that_lightroom_has_saved_is_changed_and_comes_back(
    catalog: Path, photos: list[Path], edited: Path, small_model: Path, tmp_path: Path
) -> None:
    write_embedded(photos[2], (edited / photos[2].name).with_suffix(".xmp").read_bytes())
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        one = page.ready()[2]
        page.learnt(EDITED)
        assert (one["whose"], one["fixed"], one["note"]) == ("photographer", False, None)
        told = page.post(f"/api/photos/{one['id']}/edit", {"values": VALUES}).json
        assert (told["values"], told["note"]) == (VALUES, UNREAD)
        page.learnt(EDITED)
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        assert page.ready()[2]["values"] == VALUES, "it is so when the catalog is opened again"
        told = page.post(f"/api/photos/{one['id']}/restore", {}).json
        assert (told["values"], told["fixed"]) == (one["values"], False)


def test_what_is_edited_in_lightroom_after_it_was_saved_here_counts(
    catalog: Path, photos: list[Path], small_model: Path, tmp_path: Path
) -> None:
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        one = page.ready()[9]["id"]
        page.post(f"/api/photos/{one}/edit", {"values": VALUES})
        change(catalog, 10, {"Exposure2012": -2.5, "HDREditMode": 1, "HDRMaxValue": 4})
        page.get("/api/shoot")
        told = page.get(f"/api/photos/{one}").json
        assert (told["values"][0], told["fixed"]) == (-2.5, True)
        assert told["note"].startswith("My.lrcat and the photo's file hold different edits")
        page.learnt(EDITED + 1)
        assert page.post("/api/write", {"ids": [one], "dry": True}).json["labelled"] == 0


def test_what_lightroom_has_edited_meanwhile_is_not_written_over(
    catalog: Path, photos: list[Path], small_model: Path, tmp_path: Path
) -> None:
    before = photos[9].read_bytes()
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        page.learnt(EDITED)
        change(catalog, 10, {"Exposure2012": -2.5, "HDREditMode": 1, "HDRMaxValue": 4})
        assert written(page)["counts"] == {"labelled": 9}
        assert photos[9].read_bytes() == before


def test_a_label_that_lightroom_has_read_is_made_anew_and_a_changed_one_is_a_correction(
    catalog: Path, photos: list[Path], small_model: Path, tmp_path: Path
) -> None:
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        ids = [photo["id"] for photo in page.ready()]
        page.learnt(EDITED)
        written(page)
        change(catalog, 10, in_lightroom(inside(photos[9])))
        change(catalog, 11, {**in_lightroom(inside(photos[10])), "Exposure2012": -2.5})
        assert page.post("/api/refresh", {}).json["changed"] == 2
        assert [page.get(f"/api/photos/{ids[row]}").json["whose"] for row in (9, 10)] == ["autohdr", "correction"]
        page.learnt(EDITED + 1)
        assert written(page)["counts"] == {"labelled": 9}
        found = page.get(f"/api/photos/{ids[9]}").json
        assert (found["whose"], found["note"]) == ("autohdr", UNREAD), "Lightroom shows the label from before"
        document = inside(photos[9])
        assert document is not None
        assert [document.values()[slider.key] for slider in SLIDERS] == found["label"]


def test_photos_are_chosen_and_missing_ones_are_said_with_how_to_find_them(
    photos: list[Path], edits: list[dict[str, object]], small_model: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    listed = [Photo(path, edits[0], rating=row % 2, unsaved=row == 4) for row, path in enumerate(photos[:6])]
    listed += [Photo(path, {}, unsaved=True) for path in photos[6:9]]
    gone = [Photo("/nowhere/2024/IMG_1.dng", {}), Photo("/nowhere/2024/IMG_2.dng", {}, rating=1)]
    catalog = make_catalog(home / "My.lrcat", [*listed, *gone, Photo(photos[0], edits[0], copy_of=1)])
    cache = tmp_path / "cache"
    with running(catalog, small_model, cache, only=["rating=1"]) as open_:
        assert [photo["name"] for photo in open_.page.ready()] == [photos[row].name for row in (1, 3, 5)]
        (note,) = open_.page.get("/api/shoot").json["notes"]
        assert note.startswith("1 photo of My.lrcat is not found: /nowhere/2024/IMG_2.dng, which is not there")
        assert "--root /nowhere=NEW" in note
    with running(catalog, small_model, cache, root=[f"/nowhere/2024={photos[0].parent}"]) as open_:
        assert len(open_.page.ready()) == 9
        missing, copies, unsaved = open_.page.get("/api/shoot").json["notes"]
        assert missing.startswith("2 photos of My.lrcat are not found, such as")
        assert copies == "1 virtual copy in My.lrcat is left out: no file holds its settings."
        first = open_.page.post("/api/write", {"ids": "all", "dry": True}).json["first"]
        assert first.startswith("3 photos of My.lrcat have metadata, such as stars and keywords, that Lightroom")
        assert unsaved == first
        with closing(sqlite3.connect(catalog)) as lightroom:
            lightroom.execute("UPDATE Adobe_images SET sidecarStatus = 0 WHERE id_local > 7")
            lightroom.commit()
        *_, unsaved = open_.page.post("/api/refresh", {}).json["notes"]
        assert unsaved.startswith("1 photo of My.lrcat has metadata")
        assert written(open_.page)["then"].startswith("In Lightroom, 1 of the labelled photos has metadata")
    other = make_catalog(home / "Other.lrcat", gone[:1])
    with pytest.raises(CatalogError, match="the one photo of Other"), open_studio([other], model=small_model):
        pass
    with (
        pytest.raises(SettingsError, match="--only is for the photos of a Lightroom catalog"),
        open_studio([photos[0].parent], only=["rating=1"], model=small_model),
    ):
        pass


def test_what_cannot_be_read_in_a_catalog_is_the_photographers_and_left_alone(
    photos: list[Path], small_model: Path, tmp_path: Path
) -> None:
    texts = ['s = { Exposure = 1, ProcessVersion = "5.7" }', "s = { Exposure2012 = os.exit() }"]
    listed = [Photo(path, text=text) for path, text in zip(photos, texts, strict=False)]
    (tmp_path / "home").mkdir()
    catalog = make_catalog(tmp_path / "home" / "My.lrcat", [*listed, Photo(photos[2], {})])
    with running(catalog, small_model, tmp_path / "cache") as open_:
        old, damaged, free = open_.page.ready()
        assert [one["whose"] for one in (old, damaged, free)] == ["photographer", "photographer", "nobody"]
        assert (old["fixed"], damaged["fixed"], free["fixed"]) == (True, True, False)
        assert "update the photo's process version in Lightroom" in old["note"]
        assert damaged["note"].startswith("its entry in My.lrcat: ")
        assert written(open_.page)["counts"] == {"labelled": 1}


def test_an_edit_of_a_raw_file_goes_into_its_sidecar(
    photos: list[Path], shared_catalogs: Path, small_model: Path, tmp_path: Path
) -> None:
    """The catalog of Lightroom 5, whose photos are said to be on this computer."""
    original, named = shared_catalogs / "lr5_test.lrcat", tmp_path / "2013" / "12-01 (MO) Pre-party Phoelix"
    named.mkdir(parents=True)
    names = ("_MAX7667.NEF", "_MAX7674.NEF")
    for photo, name in zip(photos, names, strict=False):
        photo.rename(named / name)
    before, root = original.read_bytes(), f"/Users/maxmouchet/Pictures/2013={tmp_path / '2013'}"
    with running(original, small_model, tmp_path / "cache", root=[root]) as open_:
        first, second = open_.page.ready()
        assert (first["name"], second["name"], first["whose"]) == (*names, "nobody")
        told = open_.page.post(f"/api/photos/{first['id']}/edit", {"values": VALUES}).json
        assert (told["whose"], told["values"], told["note"]) == ("photographer", VALUES, UNREAD)
        document = Document.read(named / "_MAX7667.xmp")
        assert document is not None
        assert [document.values()[slider.key] for slider in SLIDERS] == VALUES
        assert open_.page.post(f"/api/photos/{first['id']}/restore", {}).json["whose"] == "nobody"
    assert sorted(path.name for path in named.iterdir()) == [*names]
    assert original.read_bytes() == before


def test_a_catalog_that_cannot_be_read_any_more_is_said_and_nothing_is_written(
    catalog: Path, unedited: Path, small_model: Path, tmp_path: Path
) -> None:
    with running(catalog, small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        page.learnt(EDITED)
        before = bytes_of(unedited)
        catalog.rename(catalog.with_suffix(".away"))
        assert page.post("/api/refresh", {}).json["changed"] == 0
        assert "My.lrcat does not exist" in page.wait("note")["sentence"]
        answer = page.post("/api/write", {"ids": "all", "dry": False})
        assert (answer.status, bytes_of(unedited)) == (409, before)
        assert str(tmp_path) not in answer.json["error"]
        assert [photo["whose"] for photo in page.photos()][:EDITED] == ["photographer"] * EDITED
        catalog.with_suffix(".away").rename(catalog)
        assert written(page)["counts"] == {"labelled": 10}


def test_a_catalog_that_lightroom_has_open_is_read_with_what_was_written_last(
    catalog: Path, small_model: Path, tmp_path: Path
) -> None:
    with (
        closing(sqlite3.connect(catalog)) as lightroom,
        running(catalog, small_model, tmp_path / "cache") as open_,
    ):
        lightroom.execute("PRAGMA journal_mode=wal")
        lightroom.execute("PRAGMA wal_autocheckpoint=0")
        one = open_.page.ready()[12]["id"]
        row = (settings({"Exposure2012": 1.5, "HDREditMode": 1, "HDRMaxValue": 4}), 13)
        lightroom.execute("UPDATE Adobe_imageDevelopSettings SET text = ? WHERE id_local = ?", row)
        lightroom.commit()
        home = snapshot(catalog.parent)
        assert open_.page.post("/api/refresh", {}).json["changed"] == 1
        told = open_.page.get(f"/api/photos/{one}").json
        assert (told["whose"], told["values"][0]) == ("photographer", 1.5)
        assert snapshot(catalog.parent) == home
        assert open_.page.post("/api/refresh", {}).json["changed"] == 0
