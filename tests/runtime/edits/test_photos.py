"""Pairing RAW files with sidecars: what is taken, what is left out, and why."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from autohdr.edits.left_out import count_kinds, describe, how_to_keep, style_of_the_others
from autohdr.edits.photos import EditedPhotos, kept_of_other_kinds
from autohdr.errors import SettingsError
from autohdr.mode import HDR as HDR_MODE
from autohdr.mode import SDR as SDR_MODE
from autohdr.mode import Mode
from autohdr.sidecar import apply, merge, plan
from autohdr.sidecar.dng.embedded import write_embedded
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sliders import SLIDERS, to_scaled
from autohdr.words import Keep

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" {attributes}/>'
    "</rdf:RDF></x:xmpmeta>"
)

EDITED = 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" crs:HDREditMode="1"'
SDR = 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00"'
UNEDITED = 'crs:ProcessVersion="15.4" crs:Exposure2012="0.00"'
SETTINGS: dict[str, float] = {slider.key: 0.5 if slider.key == "Exposure2012" else 5.0 for slider in SLIDERS}
HDR = 'crs:ProcessVersion="15.4" crs:HDREditMode="1"'
NAMING = "photoshop:SidecarForExtension"


def photo(folder: Path, name: str, attributes: str | None) -> Path:
    """An empty RAW file, with a sidecar unless `attributes` is None."""
    path = folder / f"{name}.dng"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    if attributes is not None:
        path.with_suffix(".xmp").write_text(XMP.format(attributes=attributes))
    return path


def test_labels_are_scaled_and_missing_ones_are_nan(tmp_path: Path) -> None:
    photo(tmp_path, "a", 'crs:HDREditMode="1" crs:Exposure2012="-2.50" crs:Shadows2012="+40"')
    (found,) = EditedPhotos.find([tmp_path]).photos
    assert found.labels.dtype == np.float32
    np.testing.assert_allclose(found.labels[[0, 3]], [-0.5, 0.4])
    assert np.isnan(found.labels[[1, 2, 4, 5, 6, 7]]).all()
    assert (found.hdr, found.corrected, found.edited) == (True, False, True)


def test_photos_are_found_in_depth_and_counted_by_reason(tmp_path: Path) -> None:
    photo(tmp_path, "deep/er/good", EDITED)
    photo(tmp_path, "none", None)
    photo(tmp_path, "none_either", None)
    photo(tmp_path, "unedited", UNEDITED)
    photo(tmp_path, "unedited_too", 'crs:ProcessVersion="15.4"')
    photo(tmp_path, "rated", 'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"')
    photo(tmp_path, "sdr", SDR)
    photo(tmp_path, "cropped", 'crs:ProcessVersion="15.4" crs:CropTop="0.1"')
    photo(tmp_path, "old", 'crs:ProcessVersion="5.7" crs:Exposure="+1.00"')
    photo(tmp_path, "older", 'crs:ProcessVersion="5.0" crs:Exposure="+1.00"')
    photo(tmp_path, "broken", "").with_suffix(".xmp").write_text("<x:xmpmeta")
    apply(plan(photo(tmp_path, "ours", None), SETTINGS, "m"))
    found = EditedPhotos.find([tmp_path])
    assert [item.path.name for item in found.photos] == ["good.dng"]
    assert count_kinds(found.left_out) == {
        "no sidecar": 2,
        "never edited": 2,
        "old process version": 2,
        "no develop settings": 1,
        "edited in SDR": 1,
        "edited without the eight sliders": 1,
        "unreadable sidecar": 1,
        "autohdr's own label": 1,
    }
    assert all(item.path.name in item.reason or item.path.stem in item.reason for item in found.left_out)


@pytest.mark.parametrize(
    ("edits", "mode", "left_out"),
    [
        ([SDR, SDR], SDR_MODE, []),
        ([EDITED, EDITED], HDR_MODE, []),
        ([SDR, EDITED, SDR], SDR_MODE, ["b"]),
        ([SDR, EDITED, EDITED], HDR_MODE, ["a"]),
        ([SDR, EDITED], HDR_MODE, ["a"]),
        ([SDR, UNEDITED, UNEDITED, None], SDR_MODE, []),
    ],
)
def test_the_mode_of_most_edits_is_learnt_and_the_others_on_request(
    tmp_path: Path, edits: list[str | None], mode: Mode, left_out: list[str]
) -> None:
    for name, attributes in zip("abcd", edits, strict=False):
        photo(tmp_path, name, attributes)
    found = EditedPhotos.find([tmp_path])
    assert found.mode == mode
    others = [item for item in found.left_out if item.kind.startswith("edited")]
    assert [item.path.stem for item in others] == left_out
    its = "SDR" if mode.hdr else "HDR"
    hint = f"to learn from them all the same: --keep sdr for the 1 edited in {its}" if left_out else None
    assert how_to_keep(others) == hint
    kept = EditedPhotos.find([tmp_path], keep={"sdr"})
    assert kept.mode == mode
    assert len(kept.photos) == len(found.photos) + len(left_out)


def test_the_edits_of_the_mode_that_is_asked_for_make_a_style_of_their_own(tmp_path: Path) -> None:
    for name, attributes in zip("abc", [SDR, EDITED, EDITED], strict=True):
        photo(tmp_path, name, attributes)
    in_sdr, in_hdr = (EditedPhotos.find([tmp_path], mode=mode) for mode in ("sdr", "hdr"))
    assert ([item.path.stem for item in in_sdr.photos], in_sdr.mode) == (["a"], SDR_MODE)
    assert ([item.path.stem for item in in_hdr.photos], in_hdr.mode) == (["b", "c"], HDR_MODE)
    assert style_of_the_others(in_sdr.left_out) == (
        "the 2 edited in HDR make a style of their own with --mode hdr and another --style file"
    )
    with pytest.raises(SettingsError, match="mode is 'HDR'; expected one of hdr, sdr"):
        EditedPhotos.find([tmp_path], mode="HDR")  # type: ignore[arg-type]


GREY = f'{EDITED} crs:ConvertToGrayscale="True" crs:Contrast2012="+40" crs:Vibrance="+15" crs:Saturation="+3"'


@pytest.mark.parametrize(
    ("edits", "left_out", "kind"),
    [
        ([EDITED, GREY, EDITED], ["b"], "edited in black and white"),
        ([EDITED, GREY], ["b"], "edited in black and white"),
        ([GREY, EDITED, GREY], ["b"], "edited in colour"),
        ([GREY, GREY], [], ""),
        ([EDITED, UNEDITED, None, GREY, GREY], ["a"], "edited in colour"),
        ([EDITED, EDITED, f'{SDR} crs:ConvertToGrayscale="True"'], ["c"], "edited in SDR"),
    ],
)
def test_the_look_of_most_edits_is_learnt_and_the_other_on_request(
    tmp_path: Path, edits: list[str | None], left_out: list[str], kind: str
) -> None:
    for name, attributes in zip("abcde", edits, strict=False):
        photo(tmp_path, name, attributes)
    found = EditedPhotos.find([tmp_path])
    others = [item for item in found.left_out if item.kind.startswith("edited in")]
    assert [(item.path.stem, item.kind) for item in others] == [(name, kind) for name in left_out]
    kept = EditedPhotos.find([tmp_path], keep={"sdr", "black-and-white"})
    assert len(kept.photos) == len(found.photos) + len(left_out)


def test_a_left_out_look_is_said_in_one_sentence_and_so_is_a_kept_one(tmp_path: Path) -> None:
    for name, attributes in zip("abc", [EDITED, EDITED, GREY], strict=True):
        photo(tmp_path, name, attributes)
    (item,) = EditedPhotos.find([tmp_path]).left_out
    text = f"{item.path}: is edited in black and white, most are in colour: another look, for a style of its own"
    assert item.reason == text
    hint = "to learn from them all the same: --keep black-and-white for the 1 edited in black and white"
    assert how_to_keep([item]) == hint
    kept = EditedPhotos.find([tmp_path], keep={"black-and-white"})
    (told,) = kept_of_other_kinds(kept.photos, kept.mode)
    assert told == "1 of 3 photos was edited in black and white, and learnt as if the same look as the others"


def test_of_a_black_and_white_edit_vibrance_and_saturation_are_no_labels(tmp_path: Path) -> None:
    photo(tmp_path, "a", GREY)
    photo(tmp_path, "b", f'{EDITED} crs:Saturation="-100"')
    photo(tmp_path, "c", 'crs:ConvertToGrayscale="True" crs:Vibrance="+15" crs:HDREditMode="1"')
    found = EditedPhotos.find([tmp_path])
    a, b = found.photos
    np.testing.assert_allclose(a.labels[:2], [0.2, 0.4])
    assert np.isnan(a.labels[6:]).all()
    assert b.labels[7] == -1.0  # it does something here: it is what makes the photo black and white
    assert count_kinds(found.left_out) == {"edited without the eight sliders": 1}


def test_the_headroom_is_the_most_frequent_one(tmp_path: Path) -> None:
    for name, headroom in zip("abcde", ["+2.30", "+8.00", "+2.30", "nonsense", "+4.00"], strict=True):
        photo(tmp_path, name, f'{EDITED} crs:HDRMaxValue="{headroom}"')
    assert EditedPhotos.find([tmp_path]).mode == Mode(headroom=4.0)  # one does not say, and 4 stops are usual then
    photo(tmp_path, "f", f'{EDITED} crs:HDRMaxValue="+2.30"')
    assert EditedPhotos.find([tmp_path]).mode == Mode(headroom=2.3)


def test_unedited_photos_are_kept_on_request_as_zeros(tmp_path: Path) -> None:
    photo(tmp_path, "a", UNEDITED)
    photo(tmp_path, "none", None)
    photo(tmp_path, "old", 'crs:ProcessVersion="5.7" crs:Exposure="+1.00"')
    apply(plan(photo(tmp_path, "ours", None), SETTINGS, "m"))
    found = EditedPhotos.find([tmp_path], keep=["unedited"])
    (item,) = found.photos
    assert (item.path.name, item.edited) == ("a.dng", False)
    np.testing.assert_array_equal(item.labels, np.zeros(8))
    assert set(count_kinds(found.left_out)) == {"no sidecar", "old process version", "autohdr's own label"}


def test_what_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"keep is old; expected some of sdr, black-and-white, unedited"):
        EditedPhotos.find([tmp_path], keep=["old"])  # type: ignore[list-item]  # what a caller may get wrong


def test_corrections_of_our_labels_are_learnt_whole_in_the_order_found(tmp_path: Path) -> None:
    photo(tmp_path, "a", EDITED)
    corrected, cropped = (photo(tmp_path, name, None) for name in "bc")
    for path, change in ((corrected, {"Vibrance": "+9"}), (cropped, {"CropTop": "0.1"})):
        apply(plan(path, SETTINGS, "m"))
        sidecar = path.with_suffix(".xmp")
        sidecar.write_bytes(merge(sidecar.read_bytes(), {f"{{{CRS}}}{key}": value for key, value in change.items()}))
    found = EditedPhotos.find([tmp_path])
    assert [(item.path.name, item.corrected) for item in found.photos] == [("a.dng", False), ("b.dng", True)]
    np.testing.assert_allclose(found.photos[1].labels, to_scaled([*SETTINGS.values()]) + 0.04 * (np.arange(8) == 6))
    assert count_kinds(found.left_out) == {"correction without a slider moved": 1}


@pytest.mark.parametrize("name", ["a.xmp", "a.XMP", "a.dng.xmp"])
def test_sidecars_are_named_in_either_way(tmp_path: Path, name: str) -> None:
    photo(tmp_path, "a", EDITED).with_suffix(".xmp").rename(tmp_path / name)
    assert len(EditedPhotos.find([tmp_path]).photos) == 1


def test_the_sidecar_that_can_be_learnt_from_is_taken(tmp_path: Path) -> None:
    path = photo(tmp_path, "a", 'crs:ProcessVersion="15.4"')
    Path(f"{path}.xmp").write_text(XMP.format(attributes=EDITED))
    assert len(EditedPhotos.find([tmp_path]).photos) == 1
    path.with_suffix(".xmp").write_text(XMP.format(attributes=SDR))  # an edit: no other is looked at
    assert [item.hdr for item in EditedPhotos.find([tmp_path]).photos] == [False]


@pytest.mark.parametrize("keep", [(), ("unedited",)])
def test_an_edit_comes_before_settings_at_their_defaults(tmp_path: Path, keep: tuple[Keep, ...]) -> None:
    path = photo(tmp_path, "a", UNEDITED)
    Path(f"{path}.xmp").write_text(XMP.format(attributes=EDITED))
    (found,) = EditedPhotos.find([tmp_path], keep=keep).photos
    assert found.edited


@pytest.mark.parametrize("extension", ["CR2", "JPG"])
def test_a_sidecar_that_names_another_file_teaches_nothing(tmp_path: Path, extension: str) -> None:
    photo(tmp_path, "a", f'{EDITED} {NAMING}="{extension}"')
    photo(tmp_path, "b", f'{EDITED} {NAMING}="DNG"')
    found = EditedPhotos.find([tmp_path])
    assert [item.path.name for item in found.photos] == ["b.dng"]
    (item,) = found.left_out
    assert item.kind == "sidecar of another file"
    assert item.reason == f"{tmp_path / 'a.dng'}: a.xmp belongs to the {extension} file of this name"


@pytest.mark.parametrize(("named", "owner"), [(None, "a.CR2"), ("CR2", "a.CR2"), ("DNG", "a.dng")])
def test_of_two_raws_of_one_name_one_has_the_sidecar(tmp_path: Path, named: str | None, owner: str) -> None:
    photo(tmp_path, "a", EDITED if named is None else f'{EDITED} {NAMING}="{named}"')
    (tmp_path / "a.CR2").write_bytes(b"")
    found = EditedPhotos.find([tmp_path])
    assert [item.path.name for item in found.photos] == [owner]
    assert [item.kind for item in found.left_out] == ["sidecar of another file"]
    assert EditedPhotos.find([tmp_path / owner]).photos[0].path.name == owner


def test_a_dngs_own_settings_come_before_the_sidecar_beside_it(shoot: Path, tmp_path: Path) -> None:
    """Lightroom keeps an edit inside a DNG; what lies beside it may be ours, or old."""
    first, second, third = (Path(shutil.copy(path, tmp_path)) for path in sorted(shoot.glob("*.dng"))[:3])
    for path in (first, second):
        path.with_suffix(".xmp").write_text(XMP.format(attributes=EDITED))
    write_embedded(first, XMP.format(attributes=f'crs:Exposure2012="-2.00" {HDR}').encode())
    write_embedded(second, XMP.format(attributes='photoshop:City="Bern"').encode())  # nothing to learn from
    write_embedded(third, XMP.format(attributes=f'crs:Exposure2012="+0.50" {HDR}').encode())
    found = EditedPhotos.find([first, second, third])
    assert [round(float(photo.labels[0]) * 5, 2) for photo in found.photos] == [-2.0, 1.0, 0.5]


def test_the_description_counts(tmp_path: Path) -> None:
    photo(tmp_path, "a", EDITED)
    found = EditedPhotos.find([tmp_path])
    assert describe(len(found.photos), found.left_out) == "1 edited photo"
    photo(tmp_path, "b", None)
    found = EditedPhotos.find([tmp_path])
    assert describe(len(found.photos), found.left_out) == "1 edited photo; left out 1: 1 (no sidecar)"


def test_a_simulated_shoot_is_read_whole(shoot: Path, tmp_path: Path) -> None:
    assert len(EditedPhotos.find([shoot]).photos) == 16
    copy = tmp_path / "copy"
    shutil.copytree(shoot, copy)
    next(copy.glob("*.xmp")).unlink()
    assert len(EditedPhotos.find([copy]).photos) == 15


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        EditedPhotos.find([tmp_path / "nowhere"])
