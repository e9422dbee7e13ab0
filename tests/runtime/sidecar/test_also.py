"""What a label holds beside the eight sliders and the mode: who gets it, whose it is afterwards, and how it goes."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autohdr.mode import SDR
from autohdr.sidecar import Document, Existing, apply, develop, merge, plan, undo
from autohdr.sidecar.record import Record, owner
from autohdr.sidecar.settings.labels import labels_in
from autohdr.sidecar.xmp.properties import CRS, OURS, XMP
from autohdr.sidecar.xmp.values import Structure, Value, says
from tests.runtime.sidecar.labelling import EDITED, NOBODYS, POLICIES, Settings, document
from tests.runtime.sidecar.structures import ALSO, CURVE, LOOK, curve
from tests.runtime.sidecar.undoing import contents

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]


def label(photo: Path, settings: Settings, existing: Existing = "skip", also: Mapping[str, Value] = ALSO) -> str:
    edit = plan(photo, settings, "m 1", existing, also=also)
    apply(edit)
    return edit.action


def holds(document: Document, also: Mapping[str, Value] = ALSO) -> dict[str, bool]:
    found = document.settings()
    return {name: name in found and says(found[name], value) for name, value in also.items()}


@pytest.mark.parametrize("existing", POLICIES)
def test_a_photo_that_is_nobodys_gets_all_of_it(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, existing: Existing
) -> None:
    half = sidecar(xmp(NOBODYS + ' crs:CameraProfile="Adobe Standard"', "<crs:Look crs:Name=''/>"))
    for photo in (tmp_path / "new.CR2", half):
        before = contents(tmp_path)
        assert label(photo, settings, existing) == "write"
        assert all(holds(document(photo)).values())
        assert document(photo).values() == settings
        assert owner(document(photo)) == "autohdr"
        assert label(photo, settings, existing) == "unchanged"
        undo(tmp_path)
        assert contents(tmp_path) == before


def test_fill_adds_what_is_missing_and_no_half_of_a_tool(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED + ' crs:WhiteBalance="As Shot"', curve("0, 0", "9, 9").spelled({}).decode()))
    assert label(photo, settings, "fill") == "write"
    found = holds(document(photo))
    theirs = {"WhiteBalance", "Temperature", "Tint", "Sharpness", "ToneCurvePV2012"}
    assert {name for name, ours in found.items() if not ours} >= theirs
    assert found["Look"]
    assert found["CameraProfile"]
    assert document(photo).get("Temperature") is None


def test_replace_replaces_and_the_original_comes_back(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    text = xmp(EDITED + ' crs:WhiteBalance="Cloudy"', curve("0, 0", "9, 9").spelled({}).decode())
    photo = sidecar(text)
    assert label(photo, settings, "replace") == "write"
    assert all(holds(document(photo)).values())
    assert photo.with_suffix(".xmp_original").read_text() == text
    undo(photo.parent)
    assert photo.with_suffix(".xmp").read_text() == text


@pytest.mark.parametrize(
    "change",
    [
        *(
            {"CameraProfile": "Camera Neutral"},
            {"WhiteBalance": "As Shot"},
            {"Temperature": "5700"},
            {"Sharpness": "0"},
        ),
        *({"ToneCurvePV2012": curve("0, 12", "64, 61", "255, 250")}, {"Look": curve("0, 0", name="Look")}),
    ],
)
def test_another_value_of_any_of_them_is_a_correction(
    tmp_path: Path, settings: Settings, change: Mapping[str, Value]
) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    path = photo.with_suffix(".xmp")
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}{name}": value for name, value in change.items()}))
    found = document(photo)
    record = Record.find(found)
    assert record is not None
    assert (owner(found), record.changed(found)) == ("correction", tuple(change))
    assert label(photo, settings) == "skip"
    # Who has changed a profile has looked at brightness and colour; who has changed sharpening need not have.
    assert bool(labels_in(found, "IMG_1.xmp").values) == ("Sharpness" not in change)


def test_a_label_that_a_program_has_saved_anew_is_ours_still(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings)
    path = photo.with_suffix(".xmp")
    text = path.read_text().replace("crs:", "c:").replace("xmlns:crs", "xmlns:c").replace("\n     ", "\n")
    path.write_bytes(merge(text.encode("utf-16"), {f"{{{XMP}}}Rating": "5"}))
    assert owner(document(photo)) == "autohdr"
    assert label(photo, {**settings, "Vibrance": 9.0}, also={**ALSO, "Look": curve("1, 1", name="Look")}) == "write"
    assert document(photo).values()["Vibrance"] == 9
    assert document(photo).settings()["Look"].text == curve("1, 1", name="Look").text


def test_a_record_holds_whatever_a_value_says(tmp_path: Path, settings: Settings) -> None:
    also: dict[str, Value] = {
        "A": "As Shot",
        "B": "",
        "C": "@",
        "D": "100% a=b;é\N{GRINNING FACE}",
        "E": "-0.50, 7",
        "F": " ",
    }
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings, also={**also, "ToneCurvePV2012": CURVE})
    wrote = document(photo).get("Wrote", OURS)
    assert wrote is not None
    assert "A=As%20Shot B=@ C=%40 D=100%25%20a%3Db%3B%C3%A9%F0%9F%98%80 E=-0.50,%207 F=@ ToneCurvePV2012=@" in wrote
    assert owner(document(photo)) == "autohdr"
    for name in also:
        changed = merge(document(photo), {f"{{{CRS}}}{name}": "another"})
        assert owner(Document.parse(changed)) == "correction"


def test_what_is_not_meant_for_it_is_refused(settings: Settings) -> None:
    for also in ({"Exposure2012": "0"}, {"HDREditMode": "0"}, {"RawFileName": "x"}, {"ToneCurvePV2012": LOOK}):
        with pytest.raises(ValueError, match=next(iter(also))):
            develop(settings, also=also)


def test_what_an_earlier_label_held_and_the_new_one_does_not_goes(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    text = xmp(NOBODYS)
    photo = sidecar(text)
    label(photo, settings)
    label(photo, settings, also={"Look": LOOK, "Texture": "+9"})
    found = document(photo)
    assert set(ALSO) & set(found.settings()) == {"Look"}
    assert (found.get("Texture"), owner(found)) == ("+9", "autohdr")
    assert label(photo, settings, also={"Look": LOOK, "Texture": "+9"}) == "unchanged"
    label(photo, settings, also={})
    assert not {"Look", "Texture"} & set(document(photo).settings())
    assert owner(document(photo)) == "autohdr"
    undo(photo.parent)
    assert photo.with_suffix(".xmp").read_text() == text


def test_a_tool_comes_whole_and_takes_the_place_of_a_whole_one(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    adobe = 'crs:CameraProfile="Adobe Standard" crs:CameraProfileDigest="5" crs:LensProfileEnable="0"'
    text = xmp(f"{NOBODYS} {adobe}", "<crs:Look crs:Name=''/>")
    photo = sidecar(text)
    label(photo, settings, also={"CameraProfile": "Camera Vivid", "LensProfileEnable": "1"})
    found = document(photo)
    assert (found.get("CameraProfile"), found.get("LensProfileEnable")) == ("Camera Vivid", "1")
    assert not {"Look", "CameraProfileDigest"} & set(found.settings())
    assert owner(found) == "autohdr"
    undo(photo.parent)
    assert photo.with_suffix(".xmp").read_text() == text


def test_defaults_beside_a_label_without_them_give_way_later(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(NOBODYS + ' crs:Sharpness="40" crs:CameraProfile="Adobe Standard"'))
    label(photo, settings, also={})
    assert label(photo, settings) == "write"
    assert all(holds(document(photo)).values())
    # What a photographer had beside a label of `fill` stays.
    photo = sidecar(xmp(EDITED.replace('"40"', '"41"')))
    label(photo, settings, "fill", also={})
    assert label(photo, settings) == "write"
    assert [name for name, ours in holds(document(photo)).items() if not ours] == ["Sharpness"]


@pytest.mark.parametrize(("before", "existing", "written"), [("nobody", "skip", True), ("edited", "replace", False)])
def test_an_older_process_version_is_raised_in_a_photo_that_is_nobodys_alone(
    sidecar: Put, xmp: Xmp, settings: Settings, before: str, existing: Existing, *, written: bool
) -> None:
    value = "0.00" if before == "nobody" else "+1.00"
    photo = sidecar(xmp(f'crs:Version="13.0" crs:ProcessVersion="11.0" crs:Exposure2012="{value}" crs:HDREditMode="0"'))
    also: dict[str, Value] = {"Sharpness": "60", "Texture": "+5", "Version": "17.5", "ProcessVersion": "15.4"}
    edit = plan(photo, settings, "m 1", existing, mode=SDR, also=also)
    apply(edit)
    found = document(photo)
    assert (found.get("Version"), found.get("Texture")) == ("13.0", "+5")
    assert (found.get("Sharpness"), found.process_version) == (("60", "15.4") if written else (None, "11.0"))
    assert set(edit.also) == ({"Sharpness", "Texture"} if written else {"Texture"})
    left = "the style's preset is left out: process version 11.0; update the photo to 15.4 in Lightroom"
    assert edit.note == (None if written else left)
    assert owner(found) == "autohdr"


def test_a_later_version_is_not_lowered_and_a_new_document_says_what_it_needs(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings
) -> None:
    also: dict[str, Value] = {"Sharpness": "60", "Version": "17.5", "ProcessVersion": "15.4"}
    label(tmp_path / "new.CR2", settings, also=also)
    photo = sidecar(xmp('crs:Version="18.0" crs:ProcessVersion="16.0"'))
    label(photo, settings, also=also)
    versions = [(found.get("Version"), found.process_version) for found in map(document, (tmp_path / "new.CR2", photo))]
    assert versions == [("17.5", "15.4"), ("18.0", "16.0")]


def test_what_programs_leave_out_or_say_more_of_is_no_correction(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, {**settings, "Vibrance": 0.0})
    path = photo.with_suffix(".xmp")
    later = Structure(LOOK.xml.replace('crs:Version="15.0"', 'crs:Version="18.0" crs:New="1"'))
    changes = {"Look": later, "ToneCurveName2012": None, "Vibrance": None, "HDREditMode": "1", "Sharpness": "60.0"}
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}{name}": value for name, value in changes.items()}))
    assert owner(document(photo)) == "autohdr"
    weaker = Structure(LOOK.xml.replace('crs:Amount="0.8"', 'crs:Amount="0.7"'))
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}Look": weaker}))
    assert owner(document(photo)) == "correction"


def test_what_lightroom_adds_to_a_tool_when_it_saves_is_no_correction(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    also: dict[str, Value] = {
        **{"LensProfileEnable": "1", "LensProfileSetup": "LensDefaults", "GrainAmount": "15"},
        **{"PostCropVignetteAmount": "-10", "ConvertToGrayscale": "True", "ToneCurvePV2012": CURVE},
    }
    label(photo, settings, also=also)
    added = {
        **{"LensProfileName": "Adobe (x)", "LensProfileFilename": "x.lcp", "LensProfileDigest": "0F"},
        **{"LensProfileIsEmbedded": "False", "LensProfileDistortionScale": "100", "LensProfileVignettingScale": "100"},
        **{"GrainSize": "25", "GrainFrequency": "50", "GrainSeed": "123456", "GrayMixerRed": "0", "GrayMixerBlue": "0"},
        **{"PostCropVignetteMidpoint": "50", "PostCropVignetteFeather": "50", "PostCropVignetteStyle": "1"},
        **{"ToneCurveName2012": "Custom", "CameraProfileDigest": "0F", "Treatment": "Black & White"},
        **{"CameraProfile": "Adobe Standard", "SharpenRadius": "+1.0", "CurveRefineSaturation": "100"},
    }
    path = photo.with_suffix(".xmp")
    saved = merge(path.read_bytes(), {f"{{{CRS}}}{name}": value for name, value in added.items()})
    path.write_bytes(saved)
    assert owner(document(photo)) == "autohdr"
    label(photo, settings, also={})
    assert not document(photo).settings().keys() & {"GrainSize", "LensProfileName", "GrainSeed", "LensProfileEnable"}
    for change in ({"LensProfileDistortionScale": "50"}, {"GrainSize": "40"}, {"LensProfileSetup": "Custom"}):
        path.write_bytes(merge(saved, {f"{{{CRS}}}{name}": value for name, value in change.items()}))
        assert owner(document(photo)) == "correction"


def test_a_label_that_stands_alone_is_raised_for_a_preset_that_comes_later(
    sidecar: Put, xmp: Xmp, settings: Settings
) -> None:
    also: dict[str, Value] = {"Sharpness": "60", "ProcessVersion": "15.4"}
    for more, raised in (("", True), (' crs:Contrast2012="+5" crs:GrainAmount="7"', False)):
        photo = sidecar(xmp(f'crs:Version="13.0" crs:ProcessVersion="11.0"{more}'))
        for beside in ({}, also):
            apply(plan(photo, settings, "m 1", "fill", mode=SDR, also=beside))
        found = document(photo)
        assert (found.process_version, found.get("Sharpness")) == (("15.4", "60") if raised else ("11.0", None))
        assert owner(found) == "autohdr"
