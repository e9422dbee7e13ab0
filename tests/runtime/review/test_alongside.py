"""`autohdr.label` with a page: one decoding for both, and labels that stay what they are."""

import shutil
from pathlib import Path

import pytest

from autohdr import label, page
from autohdr.errors import SettingsError
from autohdr.raw.decoders import contained, flashraw
from autohdr.review.alongside import PIXELS
from autohdr.review.folder import Folder
from tests.runtime.review.pages import contents, edit, photos


def test_a_run_with_a_page_gives_the_same_labels(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    other = tmp_path / "again" / "shoot"
    shutil.copytree(shoot, other)
    label(shoot, model=small_model)
    label(other, model=small_model, page=tmp_path / "page")
    assert contents(other) == contents(shoot)


def test_the_page_of_a_run_shows_its_labels(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    edit(shoot / "IMG_1.dng", Exposure2012="+1.00")
    (shoot / "IMG_2.dng").write_text("not a photo")
    report = label(shoot, model=small_model, page=tmp_path / "page")
    shown = photos(tmp_path / "page")
    assert list(shown) == [f"IMG_{number}.dng" for number in range(5)]
    for result in report.results:
        if result.status == "labelled":
            assert result.sliders is not None
            assert shown[result.path.name]["values"] == list(result.sliders.values())
            assert shown[result.path.name]["whose"] == "autohdr"
    assert (shown["IMG_1.dng"]["passed"], shown["IMG_1.dng"]["whose"]) == (True, "edited")
    assert "has edits that are not autohdr's" in shown["IMG_1.dng"]["note"]
    assert shown["IMG_2.dng"]["failed"]


def test_a_run_keeps_others_out_of_its_page(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    out, before = tmp_path / "page", contents(shoot)
    with Folder(out, [shoot]).alone(), pytest.raises(SettingsError, match=r"another run of autohdr works in .*page"):
        label(shoot, model=small_model, page=out)
    assert contents(shoot) == before
    label(shoot, model=small_model, page=out)
    page(shoot, out)  # what held the folder has let it go


def test_a_dry_run_shows_what_would_be_written(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    before = contents(shoot)
    report = label(shoot, model=small_model, page=tmp_path / "page", dry_run=True)
    assert contents(shoot) == before
    assert [photo["values"] for photo in photos(tmp_path / "page").values()] == [
        list((result.sliders or {}).values()) for result in report.results
    ]


def test_a_second_run_shows_what_the_first_has_labelled(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    label(shoot, model=small_model, page=tmp_path / "page")
    first = photos(tmp_path / "page")
    report = label(shoot, model=small_model, page=tmp_path / "page")
    assert report.count("skipped") == 5
    assert photos(tmp_path / "page") == first
    page(shoot, tmp_path / "page", pixels=PIXELS)
    assert photos(tmp_path / "page") == first


def test_each_photo_is_decoded_once(
    shoot: Path, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    for kind in (contained.ContainedDecoder, flashraw.FlashrawDecoder):
        real = kind.decode

        def decode(self: object, data: bytes, path: Path, real: object = real) -> object:
            decoded.append(path.name)
            return real(self, data, path)  # type: ignore[operator]

        monkeypatch.setattr(kind, "decode", decode)
    label(shoot, model=small_model, page=tmp_path / "page", decoder="libraw")
    assert sorted(decoded) == [f"IMG_{number}.dng" for number in range(5)]


def test_a_page_in_the_shoot_is_refused_before_anything_is_labelled(shoot: Path, small_model: Path) -> None:
    before = contents(shoot)
    with pytest.raises(SettingsError, match=r"--page .* lies in the shoot"):
        label(shoot, model=small_model, page=shoot / "page")
    assert contents(shoot) == before
