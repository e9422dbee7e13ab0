"""A studio opens a shoot, learns from its edits, saves new ones, labels the others, and takes everything back."""

from pathlib import Path

from autohdr import label, learn
from autohdr.sidecar import Document
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sliders import SLIDERS
from tests.studio.opened import running


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a shoot."""
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_style_is_the_one_that_learn_makes(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    with running(wedding, small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        style = page.learnt(6)
        saved = page.get("/api/style").data
    learnt = learn([wedding], tmp_path / "its.style", model=small_model, engine="cpu", cache=tmp_path / "other")
    assert saved == (tmp_path / "its.style").read_bytes()
    assert style["sha256"] == learnt.style.digest


def test_what_was_learnt_stays_said_where_nothing_is_new(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    with running(wedding, small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        page.learnt(6)
        said = page.get("/api/shoot").json["sentence"]
        assert said
        open_.studio.learner.request()
        page.learnt(6)
        assert page.get("/api/shoot").json["sentence"] == said


def test_labels_are_those_that_label_writes(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    with running(wedding, small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        page.learnt(6)
        before = bytes_of(wedding)
        (tmp_path / "its.style").write_bytes(page.get("/api/style").data)
        would = page.post("/api/write", {"ids": "all", "dry": True}).json
        assert bytes_of(wedding) == before
        assert would["labelled"] == 10
        page.post("/api/write", {"ids": "all", "dry": False})
        ended = page.wait("wrote", lambda told: told["ended"])
        assert ended["counts"] == {"labelled": 10}
        written = bytes_of(wedding)
        page.post("/api/undo", {"ids": "all"})
        page.wait("wrote", lambda told: told["ended"] and told["kind"] == "undo")
        assert bytes_of(wedding) == before
    label([wedding], style=tmp_path / "its.style", model=small_model, engine="cpu")
    assert bytes_of(wedding) == written


def test_an_edit_is_the_photographers_and_others_follow(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    with running(wedding, small_model, tmp_path / "cache") as open_:
        page = open_.page
        photos = page.ready()
        page.learnt(6)
        one = photos[9]
        before = bytes_of(wedding)
        values = [1.25, 10, -20, 30, 5, -5, 12, 3]
        answer = page.post(f"/api/photos/{one['id']}/edit", {"values": values})
        assert answer.status == 200
        assert answer.json["whose"] == "photographer"
        assert answer.json["values"] == values
        assert answer.json["undoable"]
        told = page.wait("learnt", lambda told: told["edits"] == 7)
        assert {row[0] for row in told["labels"]} == {photo["id"] for photo in photos}
        assert page.post(f"/api/photos/{one['id']}/restore", {}).json["whose"] == "nobody"
        assert bytes_of(wedding) == before
        page.learnt(6)


def test_a_selection_is_written_as_it_is_shown(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    """Others of its series count, whether they are written or not."""
    with running(wedding, small_model, tmp_path / "cache") as open_:
        page = open_.page
        page.ready()
        page.learnt(6)
        photos = [photo for photo in page.photos() if photo["whose"] == "nobody"]
        for photo in photos[::3]:
            page.post("/api/write", {"ids": [photo["id"]], "dry": False})
            page.wait("wrote", lambda told: told["ended"])
            now = page.get(f"/api/photos/{photo['id']}").json
            assert now["whose"] == "autohdr"
            document = Document.parse(read_embedded(wedding / photo["name"]) or b"", photo["name"])
            assert [document.values()[slider.key] for slider in SLIDERS] == photo["label"]
        page.post("/api/write", {"ids": "all", "dry": False})
        page.wait("wrote", lambda told: told["ended"])
        assert page.post("/api/write", {"ids": "all", "dry": True}).json["unchanged"] == len(photos)
