"""Edits in Lightroom catalogs: what Lightroom shows counts, and what cannot be learnt is named with its reason."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.edits.left_out import count_kinds
from autohdr.edits.photos import EditedPhotos
from autohdr.errors import SettingsError
from autohdr.sidecar import apply, plan
from autohdr.sliders import SLIDERS
from tests.catalogs import EDITED, Photo, make_catalog, snapshot

LABEL: dict[str, float] = {slider.key: 0.5 if slider.key == "Exposure2012" else 5.0 for slider in SLIDERS}


def raw(folder: Path, name: str) -> Path:
    path = folder / "shoot" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def test_the_catalog_counts_where_a_sidecar_says_something_else(tmp_path: Path) -> None:
    photo = raw(tmp_path, "a.CR2")
    apply(plan(photo, LABEL, "model 1"))
    edited = {**EDITED, "Exposure2012": -1.5, "Highlights2012": -40}
    catalog = make_catalog(tmp_path / "My.lrcat", [Photo(photo, edited)])
    before = snapshot(tmp_path)
    (found,) = EditedPhotos.find([catalog]).photos
    np.testing.assert_allclose(found.labels, [-0.3, 0, -0.4, 0.25, 0, 0, 0, 0], atol=1e-6)
    assert (found.path, found.hdr, found.headroom, found.balance) == (photo, True, 2.3, "as shot")
    assert snapshot(tmp_path) == before


def test_white_balance_and_further_sliders_are_read(tmp_path: Path) -> None:
    edit = {**EDITED, "Texture": 12, "Dehaze": -3, "WhiteBalance": "Custom", "Temperature": 5900, "Tint": 11}
    catalog = make_catalog(tmp_path / "My.lrcat", [Photo(raw(tmp_path, "a.CR2"), edit)])
    (found,) = EditedPhotos.find([catalog]).photos
    assert found.balance == (5900.0, 11.0)
    assert (found.further["Texture"], found.further["Dehaze"], found.further["Clarity2012"]) == (12.0, -3.0, 0.0)


def test_what_cannot_be_learnt_is_named_with_its_reason(tmp_path: Path) -> None:
    photos = [
        Photo(raw(tmp_path, "edited.CR2"), EDITED),
        Photo(raw(tmp_path, "edited.CR2"), EDITED, copy_of=1),
        Photo(raw(tmp_path, "never.CR2"), {}),
        Photo(raw(tmp_path, "none.CR2")),
        Photo(raw(tmp_path, "old.CR2"), text='s = { Exposure = 1, ProcessVersion = "5.7" }'),
        Photo(raw(tmp_path, "damaged.CR2"), text="s = { Exposure2012 = "),
        Photo(tmp_path / "shoot" / "gone.CR2", EDITED),
        Photo("D:/Photos/far.CR2", EDITED),
    ]
    catalog = make_catalog(tmp_path / "My.lrcat", photos)
    found = EditedPhotos.find([catalog])
    assert [photo.path.name for photo in found.photos] == ["edited.CR2"]
    assert count_kinds(found.left_out) == {
        "missing file": 2,
        "unreadable in the catalog": 1,
        "never edited": 1,
        "no develop settings": 1,
        "old process version": 1,
        "virtual copy": 1,
    }
    reasons = {one.path.name: one.reason for one in found.left_out}
    assert "its entry in My.lrcat has every setting at its default" in reasons["never.CR2"]
    assert "is on a drive of another system" in reasons["far.CR2"]
    assert "--root D:/Photos=NEW" in reasons["far.CR2"]
    assert {one.path.name for one in found.left_out if one.unedited} == {"never.CR2", "none.CR2"}


def test_smart_previews_are_said_not_to_be_read(tmp_path: Path) -> None:
    (tmp_path / "My Smart Previews.lrdata").mkdir()
    catalog = make_catalog(tmp_path / "My.lrcat", [Photo(tmp_path / "gone.CR2", EDITED)])
    (missing,) = EditedPhotos.find([catalog]).left_out
    assert "is not there; its smart preview is not read" in missing.reason


def test_unedited_photos_can_be_kept(tmp_path: Path) -> None:
    catalog = make_catalog(tmp_path / "My.lrcat", [Photo(raw(tmp_path, "a.CR2"), {})])
    (found,) = EditedPhotos.find([catalog], keep=["unedited"]).photos
    assert not found.edited
    assert not found.labels.any()


def test_a_photo_of_a_folder_and_a_catalog_counts_once_as_the_catalog_has_it(tmp_path: Path) -> None:
    photo = raw(tmp_path, "a.CR2")
    raw(tmp_path, "b.CR2")
    catalog = make_catalog(tmp_path / "My.lrcat", [Photo(photo, EDITED)])
    found = EditedPhotos.find([tmp_path / "shoot", catalog])
    assert [one.path for one in found.photos] == [photo]
    assert count_kinds(found.left_out) == {"no sidecar": 1}


def test_conditions_without_a_catalog_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--only is for the photos of a Lightroom catalog"):
        EditedPhotos.find([tmp_path], only=["rating=3"])
    with pytest.raises(SettingsError, match="--root is for the photos of a Lightroom catalog"):
        EditedPhotos.find([tmp_path], root=["D:/=E:/"])
