"""What is kept before a sidecar changes, and what says later that nothing has changed since."""

import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from autohdr.errors import SidecarError
from autohdr.sidecar import Existing, apply, merge, plan
from autohdr.sidecar.originals import Original
from autohdr.sidecar.seal import is_sealed
from autohdr.sidecar.xmp import dates
from autohdr.sidecar.xmp.properties import XMP
from tests.runtime.sidecar.labelling import EDITED, NOBODYS, POLICIES, Settings, document, label

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]
RATING, DATE = f"{{{XMP}}}Rating", f"{{{XMP}}}MetadataDate"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be"])
def test_all_that_we_write_is_sealed(tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, codec: str) -> None:
    label(tmp_path / "IMG_1.CR2", settings)
    assert is_sealed(document(tmp_path / "IMG_1.CR2"))
    photo = sidecar(xmp(EDITED).replace("\n", "\r\n").encode(codec))
    for values in (settings, {**settings, "Vibrance": 9.0}):
        label(photo, values, "replace")
        assert is_sealed(document(photo))
    assert document(photo).data.decode(codec)
    assert label(photo, {**settings, "Vibrance": 9.0}, "replace").action == "unchanged"


def test_the_same_values_give_the_same_bytes(tmp_path: Path, settings: Settings) -> None:
    label(tmp_path / "IMG_1.CR2", settings)
    first = document(tmp_path / "IMG_1.CR2").data
    label(tmp_path / "IMG_1.CR2", {**settings, "Vibrance": 9.0})
    label(tmp_path / "IMG_1.CR2", settings)
    assert document(tmp_path / "IMG_1.CR2").data == first


@pytest.mark.parametrize("existing", POLICIES)
def test_an_original_is_kept_though_nobody_has_edited_it(
    sidecar: Put, xmp: Xmp, settings: Settings, existing: Existing
) -> None:
    photo = sidecar(xmp(NOBODYS))
    kept = photo.with_name("IMG_1.xmp_original")
    assert label(photo, settings, existing).kept == kept
    assert kept.read_text() == xmp(NOBODYS)
    original = Original.find(document(photo))
    assert original is not None
    assert original.is_there(photo.with_suffix(".xmp"))


def test_the_note_of_the_first_original_outlives_renewals(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    label(photo, settings, "fill")
    first = Original.find(document(photo))
    assert label(photo, {**settings, "Vibrance": 9.0}).kept is None
    # The photographer's exposure goes, and still stands in the original.
    assert label(photo, {**settings, "Vibrance": 9.0}, "replace").kept is None
    assert document(photo).values()["Exposure2012"] == 0.5
    assert Original.find(document(photo)) == first


def test_a_value_of_the_photographers_is_kept_again_where_the_original_is_gone(
    sidecar: Put, xmp: Xmp, settings: Settings
) -> None:
    photo = sidecar(xmp(EDITED))
    label(photo, settings, "fill")
    filled = document(photo).data
    photo.with_name("IMG_1.xmp_original").unlink()
    kept = label(photo, settings, "replace").kept
    assert kept is not None
    assert kept.read_bytes() == filled


def test_our_own_edit_with_a_rating_given_later_is_kept_before_it_is_renewed(
    tmp_path: Path, settings: Settings
) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    path = photo.with_suffix(".xmp")
    path.write_bytes(merge(path.read_bytes(), {RATING: "5"}))
    rated = path.read_bytes()
    kept = label(photo, {**settings, "Vibrance": 9.0}).kept
    assert kept is not None
    assert kept.read_bytes() == rated
    assert document(photo).properties[RATING].text == "5"


def test_exiftools_original_stays(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    other = photo.with_name("IMG_1.xmp_original")
    other.write_bytes(b"exiftool's")
    assert label(photo, settings, "replace").kept == photo.with_name("IMG_1.xmp_original2")
    assert other.read_bytes() == b"exiftool's"


def test_an_earlier_label_without_a_seal_is_ours_and_kept_when_it_is_renewed(
    tmp_path: Path, settings: Settings
) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    path = photo.with_suffix(".xmp")
    unsealed = re.sub(rb'\s+autohdr:Seal="[0-9a-f]+"', b"", path.read_bytes())
    path.write_bytes(unsealed)
    assert label(photo, settings).action == "unchanged"
    edit = label(photo, {**settings, "Vibrance": 9.0})
    assert edit.kept is not None
    assert edit.kept.read_bytes() == unsealed


def test_a_date_is_brought_up_to_date_with_the_edit_and_not_without(
    sidecar: Put, xmp: Xmp, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in ("2026", "2027", "2025"):
        monkeypatch.setattr(dates, "_now", lambda year=year: datetime.fromisoformat(f"{year}-11-22T12:00:00+01:00"))
        if year == "2026":
            photo = sidecar(xmp('xmp:MetadataDate="2024-07-03T16:58:27+02:00" xmp:Rating="3"'))
            assert label(photo, settings).action == "write"
        else:
            assert label(photo, settings).action == "unchanged"
        assert document(photo).properties[DATE].text == "2026-11-22T12:00:00+01:00"
    assert label(photo, {**settings, "Vibrance": 9.0}).action == "write"  # though the clock went back
    assert document(photo).properties[DATE].text == "2026-11-22T12:00:00+01:00"


def test_a_document_of_ours_has_no_date(tmp_path: Path, settings: Settings) -> None:
    label(tmp_path / "IMG_1.CR2", settings)
    assert DATE not in document(tmp_path / "IMG_1.CR2").properties


def test_differences_are_what_each_slider_was_and_will_be(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp('crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" crs:Vibrance="+4" crs:Whites2012=""'))
    edit = plan(photo, settings, "m", "replace")
    assert edit.differences == {
        **{key: (None, value) for key, value in settings.items() if key != "Vibrance"},
        "Exposure2012": (1.0, 0.5),
        "HDREditMode": (0.0, 1.0),
    }
    apply(edit)
    assert plan(photo, settings, "m", "replace").differences == {}
    assert plan(photo.with_name("new.CR2"), settings, "m").differences == {
        key: (None, value) for key, value in settings.items()
    }


@pytest.mark.parametrize("before", [None, "kept", "ours"])
def test_a_sidecar_that_is_saved_while_ours_is_being_written_is_left_alone(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    """After everything was looked at, while ours is brought to the disk."""
    photo = sidecar(xmp(EDITED)) if before == "kept" else tmp_path / "IMG_1.CR2"
    if before == "ours":
        label(photo, {**settings, "Vibrance": 9.0})
    edit = plan(photo, settings, "m 1", "replace")
    assert (edit.kept is not None) == (before == "kept")
    saved, fsync = xmp('xmp:Rating="5"').encode(), os.fsync

    def save(descriptor: int) -> None:
        fsync(descriptor)
        # Not yet while the original is being kept, which is before that.
        if before != "kept" or (tmp_path / "IMG_1.xmp_original").exists():
            edit.path.write_bytes(saved)

    monkeypatch.setattr(os, "fsync", save)
    with pytest.raises(SidecarError, match=r"changed by another program in the meantime and is left alone; run again$"):
        apply(edit)
    assert edit.path.read_bytes() == saved
    assert list(tmp_path.iterdir()) == [edit.path]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_link_to_a_file_of_another_kind_is_refused_before_anything_is_written(
    tmp_path: Path, xmp: Xmp, settings: Settings
) -> None:
    """Its original would be called blob_original, which no undo takes for ours."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "blob").write_text(xmp(EDITED))
    (tmp_path / "IMG_1.xmp").symlink_to(tmp_path / "store" / "blob")
    with pytest.raises(SidecarError, match=r"blob, whose name does not end in \.xmp, and is left alone"):
        plan(tmp_path / "IMG_1.CR2", settings, "m 1", "replace")
