"""`autohdr.page`: what it shows, what it leaves as it was, and what it says of bad input."""

import errno
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

import autohdr
from autohdr.develop import Settings
from autohdr.develop.settings import Parametric
from autohdr.errors import FileError, SettingsError
from autohdr.review.entry import Entry
from autohdr.review.folder import Folder
from autohdr.review.page import page
from autohdr.review.places import Places
from autohdr_scenes import Procedural, shots, write_dng
from tests.runtime.review.pages import contents, edit, photos, told


def test_a_page_shows_every_photo_before_and_after(shoot: Path, tmp_path: Path) -> None:
    edit(shoot / "IMG_1.dng", Exposure2012="+1.50", HDREditMode="1", HDRMaxValue="+2.30")
    before = contents(shoot)
    review = page(shoot, tmp_path / "page")
    shown = photos(tmp_path / "page")
    assert contents(shoot) == before
    assert (review.index, review.failed, review.not_done) == (tmp_path / "page" / "index.html", 0, 0)
    assert list(shown) == [f"IMG_{number}.dng" for number in range(5)]
    edited = shown["IMG_1.dng"]
    assert (edited["whose"], edited["values"][0], edited["mode"]) == ("edited", 1.5, "HDR, 2.3 stops")
    assert edited["change"] > 5
    for name in edited["pictures"].values():
        with Image.open(tmp_path / "page" / "pictures" / name) as picture:
            assert picture.width / picture.height == pytest.approx(1.5, abs=0.02)
    assert len(set(edited["pictures"].values())) == 4


def test_a_photo_that_is_not_edited_has_one_picture_for_before_and_after(shoot: Path, tmp_path: Path) -> None:
    page(shoot / "IMG_0.dng", tmp_path / "page")
    shown = photos(tmp_path / "page")["IMG_0.dng"]
    assert (shown["whose"], shown["change"]) == ("unedited", 0)
    assert len(set(shown["pictures"].values())) == len(list((tmp_path / "page" / "pictures").iterdir())) == 2


def test_a_photo_that_fails_is_shown_with_its_sentence(shoot: Path, tmp_path: Path) -> None:
    (shoot / "IMG_2.dng").write_text("not a photo")
    (shoot / "IMG_3.xmp").write_text("<not xmp")
    review = page(shoot, tmp_path / "page")
    failed = {name: photo["failed"] for name, photo in photos(tmp_path / "page").items() if photo["failed"]}
    assert review.failed == 2
    assert list(failed) == ["IMG_2.dng", "IMG_3.dng"]
    assert failed["IMG_2.dng"].startswith("IMG_2.dng: ")
    assert "IMG_3.xmp" in failed["IMG_3.dng"]


def test_a_document_with_nonsense_is_one_sentence_and_the_others_go_on(shoot: Path, tmp_path: Path) -> None:
    edit(shoot / "IMG_0.dng", Exposure2012="+900000000", HDREditMode="1", HDRMaxValue="+99.00")
    edit(shoot / "IMG_1.dng", Contrast2012="lots")
    edit(shoot / "IMG_2.dng", Contrast2012="+110")
    review = page(shoot, tmp_path / "page")
    shown = photos(tmp_path / "page")
    assert review.failed == 2
    assert "IMG_0.xmp has 9e+08 for Exposure2012, expected a number from -5 to 5" in shown["IMG_0.dng"]["failed"]
    assert "IMG_1.xmp has 'lots' for Contrast2012" in shown["IMG_1.dng"]["failed"]
    assert shown["IMG_2.dng"]["values"][1] == 100


def test_the_size_of_the_pictures_is_chosen(shoot: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="pixels is 64; expected 128 to 4096"):
        page(shoot, tmp_path / "page", pixels=64)
    large = tmp_path / "large"
    large.mkdir()
    photo = next(shots(Procedural(), 1, seed=0, size=(400, 600)))
    write_dng(large / "IMG_0.dng", photo.frame, photo.camera)
    for pixels in (128, 200):
        page(large, tmp_path / "page", pixels=pixels)
        shown = photos(tmp_path / "page")["IMG_0.dng"]
        with Image.open(tmp_path / "page" / "pictures" / shown["pictures"]["after"]) as picture:
            assert max(picture.size) == pixels
        assert len(list((tmp_path / "page" / "pictures").iterdir())) == 1, "the large picture is small enough"


def test_sliders_beside_the_eight_have_the_errors_that_a_style_expects(tmp_path: Path) -> None:
    curve = Parametric(darks=-20.0)
    settings = Settings(temperature=5263.0, tint=3.0, parametric=curve, undeveloped=(("Texture", 15.0),))
    settings = replace(settings, ignored=("Texture", "Grain"))
    errors = {"Temperature": 110.8, "Tint": 2.0, "ParametricDarks": 4.2, "Texture": 3.9}
    entry = Entry(tmp_path / "IMG_1.dng", settings=settings, errors=errors)
    found = entry.to_dict(Places([tmp_path], tmp_path / "page"))
    assert found["others"] == [("Temp", "5263 ± 111"), ("Tint", "+3 ± 2"), ("Tone Curve: Darks", "-20 ± 4")]
    assert found["ignored"] == ["Texture +15 ± 4", "Grain"]


def test_what_is_not_developed_is_named(shoot: Path, tmp_path: Path) -> None:
    edit(shoot / "IMG_0.dng", Clarity2012="+20", Exposure2012="+1.00")
    page(shoot / "IMG_0.dng", tmp_path / "page")
    assert photos(tmp_path / "page")["IMG_0.dng"]["ignored"] == ["Clarity +20"]


def test_a_page_is_brought_up_to_date(shoot: Path, tmp_path: Path) -> None:
    out = tmp_path / "page"
    page(shoot, out)
    first = {path.name: path.stat().st_mtime_ns for path in (out / "pictures").iterdir()}
    edit(shoot / "IMG_1.dng", Exposure2012="+1.00")
    (shoot / "IMG_4.dng").unlink()
    page(shoot, out)
    second = {path.name: path.stat().st_mtime_ns for path in (out / "pictures").iterdir()}
    assert list(photos(out)) == [f"IMG_{number}.dng" for number in range(4)]
    new = [name for name, _ in second.items() - first.items()]
    assert sorted(name.partition(".")[2] for name in new) == ["after-small.jpg", "after.jpg"]
    assert all(name.startswith("IMG_1-") for name in new)
    assert not any(name.startswith("IMG_4") for name in second)


def test_a_folder_with_other_files_is_refused(shoot: Path, tmp_path: Path) -> None:
    out = tmp_path / "page"
    out.mkdir()
    (out / "index.html").write_text("<title>my own page</title>")
    with pytest.raises(SettingsError, match="holds other files"):
        page(shoot, out)
    assert contents(out) == {"index.html": b"<title>my own page</title>"}


def test_what_a_killed_run_has_left_is_taken_up(shoot: Path, tmp_path: Path) -> None:
    out = tmp_path / "page"
    page(shoot, out)
    (out / "index.html").unlink()
    (out / ".DS_Store").write_bytes(b"Finder's")
    page(shoot / "IMG_0.dng", out)
    assert {path.name for path in (out / "pictures").iterdir()} == set(photos(out)["IMG_0.dng"]["pictures"].values())
    (out / "index.html").unlink()
    (out / "pictures" / "holiday.jpg").write_bytes(b"somebody's")
    with pytest.raises(SettingsError, match="holds other files"):
        page(shoot, out)


def test_the_page_of_another_shoot_is_refused(shoot: Path, tmp_path: Path) -> None:
    out = tmp_path / "page"
    page(shoot, out)
    before = contents(out)
    (shoot / "IMG_0.dng").rename(tmp_path / "IMG_0.dng")
    with pytest.raises(SettingsError, match=r"is the page of .*shoot"):
        page(tmp_path / "IMG_0.dng", out)
    assert contents(out) == before


def test_one_run_at_a_time_writes_a_page(shoot: Path, tmp_path: Path) -> None:
    out = tmp_path / "page"
    refused = []

    def second(photos: int) -> None:
        with (
            Folder(out, [shoot]).alone(),
            pytest.raises(SettingsError, match=r"another run of autohdr works in .*page"),
        ):
            page(shoot, out)
        refused.append(photos)

    page(shoot, out, on_start=second)
    assert refused == [5]
    assert len(photos(out)) == 5
    assert all((out / "pictures" / name).exists() for one in photos(out).values() for name in one["pictures"].values())


@pytest.mark.parametrize(
    "told", ['"pictures":["a"]', '"pictures":{"after":3}', '"pictures":{"before":"a"}', '"width":"a"']
)
def test_what_an_earlier_page_tells_in_another_form_is_made_again(shoot: Path, tmp_path: Path, told: str) -> None:
    out = tmp_path / "page"
    page(shoot, out)
    before, index = photos(out), out / "index.html"
    name = told.partition(":")[0]
    index.write_text(re.sub(rf"{name}:(\{{[^}}]*\}}|\d+)", told, index.read_text()))
    assert photos(out) != before
    assert page(shoot, out).failed == 0
    assert photos(out) == before


@pytest.mark.parametrize("name", ["", "page", "some/where"])
def test_a_folder_in_the_shoot_is_refused(shoot: Path, name: str) -> None:
    before = contents(shoot)
    with pytest.raises(SettingsError, match="lies in the shoot"):
        page(shoot, shoot / name)
    assert contents(shoot) == before


def test_a_file_in_the_place_of_the_folder_is_refused(shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("a file")
    with pytest.raises(SettingsError, match="cannot be made"):
        page(shoot, tmp_path / "page")


def test_a_shoot_without_photos_makes_no_page(tmp_path: Path) -> None:
    (tmp_path / "shoot").mkdir()
    review = page(tmp_path / "shoot", tmp_path / "page")
    assert (review.index, review.photos) == (None, 0)
    assert not (tmp_path / "page").exists()


def _full_after(monkeypatch: pytest.MonkeyPatch, pictures: int) -> None:
    """A disk that takes that many pictures."""
    put, left = Folder.put, [pictures]

    def putting(self: Folder, name: str, data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise FileError(f"{name} cannot be written ({full.strerror}); check the disk") from full
        put(self, name, data)

    monkeypatch.setattr(Folder, "put", putting)


def test_a_full_disk_leaves_a_whole_page_of_what_was_done(
    shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _full_after(monkeypatch, 5)
    review = page(shoot, tmp_path / "page", threads=1)
    shown = photos(tmp_path / "page")
    assert list(shown) == ["IMG_0.dng", "IMG_1.dng"]
    assert review.not_done == 3
    assert review.stopped is not None
    assert "No space left" in review.stopped
    named = {name for photo in shown.values() for name in photo["pictures"].values()}
    assert named == {path.name for path in (tmp_path / "page" / "pictures").iterdir()}


def test_a_full_disk_keeps_what_an_earlier_page_showed(
    shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "page"
    page(shoot, out)
    for number in range(5):
        edit(shoot / f"IMG_{number}.dng", Exposure2012="+1.00")
    _full_after(monkeypatch, 3)
    page(shoot, out, threads=1)
    shown = photos(out)
    assert [photo["whose"] for photo in shown.values()] == ["edited", *["unedited"] * 4]
    named = {name for photo in shown.values() for name in photo["pictures"].values()}
    assert named == {path.name for path in (out / "pictures").iterdir()}


def test_a_name_cannot_end_the_data(shoot: Path, tmp_path: Path) -> None:
    odd = shoot / "<script>alert(1)<!--.dng"
    (shoot / "IMG_0.dng").rename(odd)
    page(shoot, tmp_path / "page")
    assert odd.name in photos(tmp_path / "page")
    assert "<script>alert" not in (tmp_path / "page" / "index.html").read_text(encoding="utf-8")


def test_a_page_says_what_it_approximates(shoot: Path, tmp_path: Path) -> None:
    page(shoot / "IMG_0.dng", tmp_path / "page")
    assert told(tmp_path / "page")["approximation"].startswith("an approximation of Camera Raw, version ")


def test_the_package_exports_it() -> None:
    assert autohdr.page is page
