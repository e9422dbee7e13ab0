import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from autohdr.errors import SettingsError, SidecarError
from autohdr.sidecar import Existing, apply, merge, plan, refusal
from autohdr.sidecar.xmp.properties import OURS, XMP
from tests.runtime.sidecar.labelling import EDITED, NOBODYS, POLICIES, Settings, change, document, label

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]
OLD = 'crs:ProcessVersion="11.0" crs:Exposure2012="+1.00"'


def test_a_photo_without_a_sidecar_gets_an_hdr_edit(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    found = document(photo)
    assert found.values() == settings
    assert found.hdr
    names = ("HDRMaxValue", "ProcessVersion", "HasSettings", "AlreadyApplied")
    assert [found.get(name) for name in names] == ["+4.00", "15.4", "True", "False"]
    assert b"History" not in found.data
    assert list(tmp_path.iterdir()) == [tmp_path / "IMG_1.xmp"]


@pytest.mark.parametrize("existing", POLICIES)
def test_a_second_run_writes_nothing(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, existing: Existing
) -> None:
    texts = (xmp(text) for text in ('xmp:Rating="3"', "crs:Sharpness='41'", NOBODYS, OLD, OLD + " crs:Sharpness='41'"))
    for text in (None, *texts):
        photo = tmp_path / "IMG_1.CR2" if text is None else sidecar(text)
        if label(photo, settings, existing).action == "skip":
            continue
        path = photo.with_suffix(".xmp")
        os.utime(path, ns=(1, 1))
        before = path.read_bytes()
        assert label(photo, settings, existing).action == "unchanged"
        assert path.stat().st_mtime_ns == 1
        assert path.read_bytes() == before


@pytest.mark.parametrize("existing", POLICIES)
def test_ratings_alone_are_merged_into(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, existing: Existing
) -> None:
    photo = sidecar(xmp('xmp:Rating="3" crs:HasSettings="False"'))
    label(photo, settings, existing)
    assert document(photo).get("Rating", "http://ns.adobe.com/xap/1.0/") == "3"
    assert document(photo).get("HasSettings") == "True"
    assert document(photo).values() == settings
    assert (tmp_path / "IMG_1.xmp_original").read_text() == xmp('xmp:Rating="3" crs:HasSettings="False"')


@pytest.mark.parametrize("existing", POLICIES)
def test_defaults_are_merged_into_and_raised_to_a_process_version_that_knows_hdr(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, existing: Existing
) -> None:
    photo = sidecar(xmp(NOBODYS))
    edit = label(photo, settings, existing)
    assert (edit.action, edit.note) == ("write", None)
    found = document(photo)
    assert found.values() == settings
    assert (found.hdr, found.process_version, found.get("WhiteBalance")) == (True, "15.4", "As Shot")


def test_a_newer_process_version_is_left(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp('crs:ProcessVersion="16.0"'))
    label(photo, settings)
    assert (document(photo).hdr, document(photo).process_version) == (True, "16.0")


@pytest.mark.parametrize("existing", ["fill", "replace"])
def test_the_photographers_edit_of_an_old_process_version_stays_in_sdr(
    sidecar: Put, xmp: Xmp, settings: Settings, existing: Existing
) -> None:
    photo = sidecar(xmp(OLD))
    expected = settings if existing == "replace" else {**settings, "Exposure2012": 1.0}
    for action in ("write", "unchanged"):
        edit = label(photo, settings, existing)
        assert edit.action == action
        assert edit.note == "HDR mode left off: process version 11.0; update the photo in Lightroom"
        found = document(photo)
        assert (found.has("HDREditMode"), found.process_version, found.values()) == (False, "11.0", expected)


def test_hdr_is_switched_on_once_the_photographer_has_updated_the_photo(
    sidecar: Put, xmp: Xmp, settings: Settings
) -> None:
    photo = sidecar(xmp(OLD))
    label(photo, settings, "replace")
    change(photo, ProcessVersion="15.4")
    assert label(photo, settings, "replace").note is None
    assert document(photo).hdr


def test_what_lightroom_adds_when_it_saves_leaves_the_edit_ours(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    change(photo, WhiteBalance="As Shot", Temperature="5100", Tint="+3", Sharpness="40", SDRBlend="0", HasCrop="False")
    assert label(photo, settings).action == "unchanged"
    assert label(photo, {**settings, "Vibrance": 9.0}).action == "write"


@pytest.mark.parametrize("existing", ["Skip", "", "overwrite"])
def test_an_unknown_policy_is_refused(tmp_path: Path, settings: Settings, existing: str) -> None:
    policy = cast(Existing, existing)
    for attempt in (
        lambda: refusal(tmp_path / "IMG_1.CR2", policy),
        lambda: plan(tmp_path / "IMG_1.CR2", settings, "m", policy),
    ):
        with pytest.raises(SettingsError, match=f"'{existing}'; expected one of skip, fill, replace"):
            attempt()


def test_develop_settings_that_are_not_ours_are_skipped(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    edit = label(photo, settings)
    assert (edit.action, edit.data, edit.kept) == ("skip", None, None)
    assert edit.reason is not None
    assert edit.reason.startswith("IMG_1.xmp has edits that are not autohdr's")
    assert document(photo).data == xmp(EDITED).encode()


def test_fill_adds_what_is_missing_and_changes_nothing(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    label(photo, settings, "fill")
    found = document(photo)
    assert found.values() == {**settings, "Exposure2012": 1.0}
    assert EDITED.encode() in found.data
    wrote = found.get("Wrote", OURS)
    assert wrote is not None
    assert "Exposure2012" not in wrote
    assert "Contrast2012=-7" in wrote


def test_fill_leaves_the_photographers_sliders_in_sdr(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    label(photo, settings, "fill")
    label(photo, settings, "fill")
    assert not document(photo).has("HDREditMode")
    photo = sidecar(xmp('crs:ProcessVersion="15.4" crs:LensProfileEnable="1"'))
    label(photo, settings, "fill")
    assert document(photo).hdr


def test_fill_has_nothing_to_do_where_all_eight_are_there(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(" ".join(f'crs:{key}="1"' for key in settings)))
    reason = label(photo, settings, "fill").reason
    assert reason is not None
    assert "nothing to fill" in reason


def test_replace_overwrites_and_keeps_the_original_once(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    kept = photo.with_name("IMG_1.xmp_original")
    assert apply(plan(photo, settings, "m 1", "replace")) == kept
    assert kept.read_bytes() == xmp(EDITED).encode()
    assert document(photo).values() == settings
    assert document(photo).get("Sharpness") == "40"
    assert label(photo, {**settings, "Vibrance": 9.0}, "replace").kept is None
    assert kept.read_bytes() == xmp(EDITED).encode()
    assert sorted(photo.parent.iterdir()) == [photo.with_suffix(".xmp"), kept]


def test_our_own_untouched_edit_is_renewed(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    edit = label(photo, {**settings, "Exposure2012": -1.35}, model="m 2")
    assert (edit.action, edit.kept) == ("write", None)
    assert document(photo).values()["Exposure2012"] == -1.35
    assert document(photo).get("Model", OURS) == "m 2"


def test_renewing_a_filled_document_leaves_the_photographers_values(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    label(photo, settings, "fill")
    assert label(photo, {**settings, "Exposure2012": 5.0, "Vibrance": 9.0}).action == "write"
    assert document(photo).values() == {**settings, "Exposure2012": 1.0, "Vibrance": 9.0}


@pytest.mark.parametrize(
    "values", [{"Shadows2012": "+33"}, {"HDREditMode": "0"}, {"CropTop": "0.1"}, {"ProcessVersion": "16.0"}]
)
@pytest.mark.parametrize("existing", ["skip", "fill"])
def test_our_edit_that_was_changed_is_a_correction_and_left_alone(
    tmp_path: Path, settings: Settings, values: dict[str, str], existing: Existing
) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    change(photo, **values)
    edit = label(photo, {**settings, "Vibrance": 9.0}, existing)
    assert edit.action == "skip"
    assert edit.reason is not None
    assert "correction" in edit.reason


def test_a_replaced_correction_is_kept_beside_the_first_original(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    label(photo, settings, "replace")
    change(photo, Shadows2012="+33")
    corrected = document(photo).data
    label(photo, settings, "replace")
    assert photo.with_name("IMG_1.xmp_original").read_bytes() == xmp(EDITED).encode()
    assert photo.with_name("IMG_1.xmp_original2").read_bytes() == corrected


def test_a_rating_given_later_leaves_the_edit_ours(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    path = photo.with_suffix(".xmp")
    path.write_bytes(merge(path.read_bytes(), {f"{{{XMP}}}Rating": "5"}))
    assert label(photo, settings).action == "unchanged"


@pytest.mark.parametrize("wrote", ["", "Exposure2012", "=1", "Exposure2012= +0.50"])
def test_a_damaged_record_makes_the_edit_the_photographers(tmp_path: Path, settings: Settings, wrote: str) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    path = photo.with_suffix(".xmp")
    path.write_bytes(merge(path.read_bytes(), {f"{{{OURS}}}Wrote": wrote}))
    assert label(photo, settings).action == "skip"


@pytest.mark.parametrize("existing", POLICIES)
@pytest.mark.parametrize("old", ['crs:ProcessVersion="5.7" crs:Exposure2012="0.00"', 'crs:Exposure="+0.50"'])
def test_an_old_process_version_is_left_alone(
    sidecar: Put, xmp: Xmp, settings: Settings, existing: Existing, old: str
) -> None:
    photo = sidecar(xmp(old))
    reason = label(photo, settings, existing).reason
    assert reason is not None
    assert "process version" in reason
    assert document(photo).data == xmp(old).encode()


@pytest.mark.parametrize("existing", POLICIES)
def test_the_sidecar_of_another_file_of_this_name_is_left_alone(
    sidecar: Put, xmp: Xmp, settings: Settings, existing: Existing
) -> None:
    photo = sidecar(xmp('photoshop:SidecarForExtension="JPG"'))
    reason = label(photo, settings, existing).reason
    assert reason == "IMG_1.xmp says that it belongs to the JPG file of this name"
    assert label(photo.with_suffix(".jpg"), settings, existing).action == "write"


def test_two_raws_of_one_name_do_not_overwrite_each_other(tmp_path: Path, settings: Settings) -> None:
    label(tmp_path / "IMG_1.CR2", settings)
    assert label(tmp_path / "IMG_1.NEF", {**settings, "Vibrance": 9.0}, "replace").action == "skip"


@pytest.mark.parametrize("existing", POLICIES)
def test_a_broken_sidecar_is_an_error_and_untouched(sidecar: Put, settings: Settings, existing: Existing) -> None:
    photo = sidecar(b"<x:xmpmeta")
    for attempt in (lambda: refusal(photo, existing), lambda: plan(photo, settings, "m", existing)):
        with pytest.raises(SidecarError, match=r"IMG_1\.xmp is not well-formed"):
            attempt()
    assert photo.with_suffix(".xmp").read_bytes() == b"<x:xmpmeta"


def test_a_sidecar_that_changed_since_it_was_planned_is_left_alone(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp('xmp:Rating="3"'))
    edit = plan(photo, settings, "m")
    sidecar(xmp('xmp:Rating="4"'))
    with pytest.raises(SidecarError, match="in the meantime"):
        apply(edit)
    assert document(photo).data == xmp('xmp:Rating="4"').encode()


def test_a_setting_that_is_no_slider_is_our_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Clarity"):
        plan(tmp_path / "IMG_1.CR2", {"Clarity": 1.0}, "m")


def test_a_real_document_is_edited_twice_without_a_byte_of_difference(
    real: Path, sidecar: Put, settings: Settings
) -> None:
    photo = sidecar(real.read_bytes())
    first = label(photo, settings, "replace")
    assert label(photo, settings, "replace").action == ("skip" if first.action == "skip" else "unchanged")


def test_a_real_document_that_is_broken_is_an_error(broken: Path, sidecar: Put, settings: Settings) -> None:
    with pytest.raises(SidecarError):
        plan(sidecar(broken.read_bytes()), settings, "m", "replace")
