"""The loop: look at what is proposed, correct it, and have all the others follow."""

import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autohdr import learn, pick
from autohdr.develop.auto import auto
from autohdr.raw.scene import read_scene
from autohdr.sliders import LIMITS, SLIDERS
from tests.studio.opened import Page, running


def edit(page: Page, photo: str, number: int) -> dict[str, Any]:
    """Saves an edit, and hears what is learnt from it."""
    values = [0.1 * number, 10 + number, -20, 5 * number, 0, -3, 12, number]
    answer = page.post(f"/api/photos/{photo}/edit", {"values": values})
    assert answer.status == 200, answer.data
    return dict(page.wait("learnt", lambda told: told["edits"] == number))


def test_from_nothing_to_a_style(unedited: Path, small_model: Path, tmp_path: Path) -> None:
    with running(unedited, small_model, tmp_path / "cache") as open_:
        page = open_.page
        photos = {photo["id"]: photo for photo in page.ready()}
        assert page.get("/api/shoot").json["style"] is None
        assert all(photo["whose"] == "nobody" and photo["label"] for photo in photos.values())
        edited: list[str] = []
        for number in range(1, 6):
            proposed = page.get("/api/next").json["id"]
            assert proposed not in edited
            edited.append(proposed)
            told = edit(page, proposed, number)
            if number < 5:
                assert told["style"] is None
                assert f"{5 - number} more" in told["sentence"]
        assert told["style"]["learnt_from"]["photos"] == 5
        assert [edits for edits, _ in told["curve"]] == [5]
        labels = {row[0]: row for row in told["labels"]}
        now = {photo["id"]: photo for photo in page.photos()}
        left = [one for one in now.values() if one["id"] not in edited]
        assert any(photos[one["id"]]["label"] != one["label"] for one in left)
        facts = ("label", "errors", "difference", "settings", "beside")
        assert all(labels[one["id"]][1:] == [one[name] for name in facts] for one in left)
        assert page.get("/api/next").json["id"] not in edited
        assert {row["id"] for row in page.get(f"/api/photos/{left[0]['id']}/near").json["near"]} <= set(edited)
        why = page.get(f"/api/photos/{left[0]['id']}").json["why"]
        assert why["near"] or why["unlike"]


def test_the_first_photo_is_the_one_that_pick_names(unedited: Path, small_model: Path, tmp_path: Path) -> None:
    with running(unedited, small_model, tmp_path / "cache") as open_:
        names = {photo["id"]: photo["name"] for photo in open_.page.ready()}
        proposed = names[open_.page.get("/api/next").json["id"]]
    picked = pick([unedited], 1, model=small_model, engine="cpu", cache=tmp_path / "other")
    assert proposed == picked.photos[0].name


def test_an_excluded_photo_is_neither_labelled_nor_learnt_from_nor_asked_for(
    wedding: Path, small_model: Path, tmp_path: Path
) -> None:
    with running(wedding, small_model, tmp_path / "cache") as open_:
        page = open_.page
        photos = page.ready()
        page.learnt(6)
        own = next(photo for photo in photos if photo["whose"] == "photographer")
        for photo in (own, *(one for one in photos if one["whose"] == "nobody")):
            answer = page.post(f"/api/photos/{photo['id']}/exclude", {"excluded": True})
            assert answer.json["excluded"]
        page.learnt(5)
        assert page.get("/api/next").json["id"] is None
        assert page.post("/api/write", {"ids": "all", "dry": True}).json["labelled"] == 0
        page.post(f"/api/photos/{own['id']}/exclude", {"excluded": False})
        page.learnt(6)


def times(cache: Path) -> dict[str, int]:
    """When each file was written that keeps what is known of a photo."""
    return {path.name: path.stat().st_mtime_ns for path in (cache / "studio").glob("*.npz")}


def test_what_was_prepared_is_kept_also_of_photos_that_were_written_into(
    unedited: Path, small_model: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    with running(unedited, small_model, cache) as open_:
        photos = open_.page.ready()
        edit(open_.page, photos[0]["id"], 1)
    kept = times(cache)
    assert len(kept) == len(photos)
    with running(unedited, small_model, cache) as open_:
        again = open_.page.ready()
        scene = open_.page.get(f"/api/photos/{again[0]['id']}/scene?size=1600")
    assert {
        path.name: path.stat().st_mtime_ns for path in (cache / "studio").iterdir() if path.suffix == ".npz"
    } == kept
    assert all(one["label"] for one in again)
    assert scene.data.startswith(b"AHS1")


def test_a_scene_that_has_gone_is_made_again(unedited: Path, small_model: Path, tmp_path: Path) -> None:
    with running(unedited, small_model, tmp_path / "cache") as open_:
        photo = open_.page.ready()[0]["id"]
        path = f"/api/photos/{photo}/scene?size=256"
        before = open_.page.get(path).data
        for scene in (tmp_path / "cache" / "studio").glob("*.scene"):
            scene.unlink()
        assert open_.page.get(path).data == before


def test_auto_is_adobes_by_the_formula(unedited: Path, small_model: Path, tmp_path: Path) -> None:
    with running(unedited, small_model, tmp_path / "cache") as open_:
        photo = open_.page.ready()[0]
        found = open_.page.get(f"/api/photos/{photo['id']}/auto").json["values"]
    expected = auto(read_scene(unedited / photo["name"], 1600))
    wanted = np.array([getattr(expected, slider.name.lower()) for slider in SLIDERS])
    assert np.abs((np.array(found) - wanted) / LIMITS).max() <= 0.02, "scenes are in half precision"


def test_a_photo_that_cannot_be_read_says_why_and_the_others_go_on(
    wedding: Path, small_model: Path, tmp_path: Path
) -> None:
    (wedding / "<b>IMG&.dng").write_bytes(b"no photo")
    with running(wedding, small_model, tmp_path / "cache") as open_:
        photos = {photo["name"]: photo for photo in open_.page.ready()}
        bad = photos["<b>IMG&.dng"]
        assert bad["state"] == "failed"
        assert "<b>IMG&.dng" in bad["note"]
        assert str(tmp_path) not in bad["note"]
        assert sum(photo["state"] == "ready" for photo in photos.values()) == 16
        assert open_.page.get(f"/api/photos/{bad['id']}/scene?size=256").status == 409
        assert open_.page.post(f"/api/photos/{bad['id']}/edit", {"values": [0] * 8}).status == 409


@pytest.mark.parametrize("values", [[0] * 7, [0] * 9, ["0"] * 8, [True] * 8, [6, *[0] * 7], [0, 101, *[0] * 6], None])
def test_values_out_of_range_are_refused(edited: Path, small_model: Path, tmp_path: Path, values: object) -> None:
    shoot = tmp_path / "one"
    shoot.mkdir()
    shutil.copy(sorted(edited.glob("*.dng"))[0], shoot)
    with running(shoot, small_model, tmp_path / "cache") as open_:
        (photo,) = open_.page.ready()
        assert open_.page.post(f"/api/photos/{photo['id']}/edit", {"values": values}).status == 400
        assert open_.page.post(f"/api/photos/{photo['id']}/edit", {"values": [math.nan] * 8}).status == 400


def test_what_another_program_saves_meanwhile_is_read(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    with running(wedding, small_model, tmp_path / "cache") as open_:
        page = open_.page
        photo = page.ready()[12]
        page.learnt(6)
        assert page.post("/api/refresh", {}).json["changed"] == 0
        sidecar = next(wedding.glob("*.xmp"))
        shutil.copy(sidecar, (wedding / photo["name"]).with_suffix(".xmp"))
        assert page.post("/api/refresh", {}).json["changed"] == 1
        assert page.get(f"/api/photos/{photo['id']}").json["whose"] == "photographer"
        page.learnt(7)
        sidecar.unlink()
        page.get("/api/shoot")
        page.learnt(6)


def test_a_style_gives_the_labels_until_enough_is_learnt(
    wedding: Path, unedited: Path, small_model: Path, tmp_path: Path
) -> None:
    style = learn([wedding], tmp_path / "its.style", model=small_model, engine="cpu", cache=tmp_path / "other").style
    with running(unedited, small_model, tmp_path / "cache", style=tmp_path / "its.style") as open_:
        page = open_.page
        photos = page.ready()
        assert page.get("/api/shoot").json["style"]["sha256"] == style.digest
        assert all(photo["errors"] for photo in photos)
        near = page.get(f"/api/photos/{photos[0]['id']}/near").json["near"]
        assert {one["name"] for one in near} <= set(style.names)
        most = max(photos, key=lambda photo: photo["difference"])
        assert page.get("/api/next").json["id"] in {photo["id"] for photo in photos}
        within = page.post("/api/write", {"ids": {"within": most["difference"] - 0.01}, "dry": True}).json
        assert 0 < within["labelled"] < len(photos)
        told = edit(page, photos[0]["id"], 1)
        assert told["style"]["sha256"] == style.digest
