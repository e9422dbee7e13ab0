from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.errors import SidecarError
from autohdr.mode import SDR
from autohdr.sidecar import apply, merge, plan, read_labels, refusal
from autohdr.sidecar.xmp.properties import CRS

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]


def test_the_sliders_that_are_there_are_labels(sidecar: Put, xmp: Xmp) -> None:
    photo = sidecar(xmp('crs:ProcessVersion="11.0" crs:Exposure2012="-1.35" crs:Whites2012="" crs:HDREditMode="1"'))
    labels = read_labels(photo.with_suffix(".xmp"))
    assert labels.values == {"Exposure2012": -1.35}
    assert (labels.usable, labels.hdr, labels.process_version, labels.reason) == (True, True, "11.0", None)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ('xmp:Rating="3"', "never edited"),
        ('crs:ProcessVersion="15.4" crs:Exposure2012="0.00" crs:Vibrance="0" crs:Sharpness="40"', "never edited"),
        ('crs:ProcessVersion="5.0" crs:Saturation="3"', "process version 5.0"),
        ('crs:Exposure="+0.50" crs:Saturation="3"', "before 6.7"),
    ],
)
def test_unedited_photos_and_old_process_versions_are_no_labels(
    sidecar: Put, xmp: Xmp, attributes: str, reason: str
) -> None:
    labels = read_labels(sidecar(xmp(attributes)).with_suffix(".xmp"))
    assert not labels.usable
    assert labels.values == {}
    assert labels.reason is not None
    assert reason in labels.reason


def test_what_we_wrote_ourselves_is_no_label_until_it_is_corrected(tmp_path: Path, settings: dict[str, float]) -> None:
    apply(plan(tmp_path / "IMG_1.CR2", settings, "m"))
    path = tmp_path / "IMG_1.xmp"
    labels = read_labels(path)
    assert (labels.usable, labels.values) == (False, {})
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}Vibrance": "+9"}))
    assert read_labels(path).values == {**settings, "Vibrance": 9.0}


@pytest.mark.parametrize("values", [{"WhiteBalance": "As Shot", "Sharpness": "40"}, {"CropTop": "0.1"}])
def test_what_is_added_to_our_sliders_does_not_make_them_labels(
    tmp_path: Path, settings: dict[str, float], values: dict[str, str]
) -> None:
    apply(plan(tmp_path / "IMG_1.CR2", settings, "m"))
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}{name}": value for name, value in values.items()}))
    labels = read_labels(path)
    assert (labels.usable, labels.values) == (False, {})
    assert not labels.corrected
    assert labels.edited == ("CropTop" in values)
    said = (
        "photographer's correction; its sliders and its mode are"
        if labels.edited
        else "nobody has moved a slider since"
    )
    assert labels.reason is not None
    assert said in labels.reason


@pytest.mark.parametrize("values", [{"HDREditMode": "0"}, {"HDRMaxValue": "+2.00"}, {"Whites2012": "+9"}])
def test_a_mode_or_a_slider_that_is_changed_makes_our_label_the_photographers(
    tmp_path: Path, settings: dict[str, float], values: dict[str, str]
) -> None:
    photo = tmp_path / "IMG_1.CR2"
    apply(plan(photo, settings, "m"))
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}{name}": value for name, value in values.items()}))
    labels = read_labels(path)
    assert (labels.usable, labels.corrected, labels.whose, len(labels.values)) == (True, True, "correction", 8)
    assert labels.hdr == ("HDREditMode" not in values)
    assert "photographer's correction" in (refusal(photo) or "")


def test_sdr_that_a_program_leaves_unsaid_is_as_we_wrote_it(tmp_path: Path, settings: dict[str, float]) -> None:
    apply(plan(tmp_path / "IMG_1.CR2", settings, "m", mode=SDR))
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(path.read_bytes().replace(b'crs:HDREditMode="0"', b""))
    assert read_labels(path).kind == "autohdr's own label"


def test_our_edit_that_was_reset_is_no_label(tmp_path: Path, settings: dict[str, float]) -> None:
    apply(plan(tmp_path / "IMG_1.CR2", settings, "m"))
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}{name}": "0" for name in (*settings, "HDREditMode")}))
    labels = read_labels(path)
    assert (labels.usable, labels.edited, labels.kind) == (False, True, "correction reset to defaults")


def test_sliders_at_zero_are_labels_where_the_photo_is_edited(sidecar: Put, xmp: Xmp) -> None:
    labels = read_labels(sidecar(xmp('crs:Exposure2012="0.00" crs:CropTop="0.1"')).with_suffix(".xmp"))
    assert (labels.usable, labels.values) == (True, {"Exposure2012": 0.0})


def test_of_a_filled_document_the_photographers_part_is_a_label(
    sidecar: Put, xmp: Xmp, settings: dict[str, float]
) -> None:
    photo = sidecar(xmp('crs:ProcessVersion="15.4" crs:Exposure2012="+1.00"'))
    apply(plan(photo, settings, "m", "fill"))
    labels = read_labels(photo.with_suffix(".xmp"))
    assert (labels.usable, labels.values) == (True, {"Exposure2012": 1.0})


def test_a_missing_sidecar_is_an_error_that_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SidecarError, match="Save Metadata to Files"):
        read_labels(tmp_path / "IMG_1.xmp")
