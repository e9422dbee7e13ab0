"""What edits have in common beside their sliders, and what of it is never carried to another photo."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from autohdr.edits.constant import Tools, constant, tools_of
from autohdr.edits.preset import NO_PRESET, Preset
from autohdr.errors import SidecarError
from autohdr.shot.shot import Shot
from autohdr.sidecar import Document, develop, merge
from autohdr.sidecar.settings.groups import GROUPS, is_carried
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sidecar.xmp.values import Structure, Value, says
from tests.runtime.sidecar.structures import CURVE, LOOK, SCOPE, curve

CANON, NIKON = Shot(make="Canon", model="Canon EOS R5"), Shot(make="NIKON CORPORATION", model="NIKON Z 5")
EDIT: dict[str, Value] = {"Version": "16.3", "ProcessVersion": "15.4", "Exposure2012": "+0.50"}


def edit(**settings: Value) -> Tools:
    """What an edit with these settings sets."""
    data = merge(None, {f"{{{CRS}}}{name}": value for name, value in {**EDIT, **settings}.items()})
    return tools_of(Document.parse(data))


def common(edits: Sequence[Tools], *shots: Shot) -> Preset:
    return constant(edits, shots or [CANON] * len(edits))


def test_a_tool_that_four_fifths_of_the_edits_set_alike_is_in_the_preset() -> None:
    sharp, other, none = edit(Sharpness="60", SharpenRadius="+1.0"), edit(Sharpness="70"), edit()
    assert common([sharp] * 8 + [other, none]).settings == {"Sharpness": "60", "SharpenRadius": "+1.0"}
    assert common([sharp] * 7 + [other, other, none]) == NO_PRESET
    assert common([sharp] * 4 + [none]).settings["Sharpness"] == "60"
    assert common([sharp] * 3) == common([]) == common([none] * 20) == NO_PRESET


def test_defaults_and_spellings_do_not_make_edits_differ() -> None:
    said = edit(PostCropVignetteAmount="-10", PostCropVignetteMidpoint="50", PostCropVignetteStyle="1")
    silent = edit(PostCropVignetteAmount="-10.0")
    assert common([said] * 3 + [silent] * 2).words() == ("Vignetting -10",)
    wide = edit(PostCropVignetteAmount="-10", PostCropVignetteMidpoint="20")
    assert common([said] * 3 + [wide] * 2) == NO_PRESET


def test_a_tool_comes_with_all_that_belongs_to_it() -> None:
    colours = {f"HueAdjustment{colour}": "0" for colour in ("Red", "Yellow", "Green", "Aqua", "Blue")}
    hsl = {**colours, "HueAdjustmentOrange": "-8"}
    found = common([edit(ToneCurveName2012="Custom", ToneCurvePV2012=CURVE, CurveRefineSaturation="100", **hsl)] * 5)
    assert found.settings == {
        **{"ToneCurveName2012": "Custom", "CurveRefineSaturation": "100", "ToneCurvePV2012": CURVE},
        **hsl,
    }
    assert found.words() == ("Tone Curve (3 points)", "HSL Hue (Orange -8)")
    assert (found.version, found.process_version) == ("16.3", "15.4")


def test_the_versions_are_those_that_were_enough() -> None:
    versions = ("13.0", "17.5", "9.10", "18.0")
    edits = [edit(Sharpness="60", Version=version, ProcessVersion="11.0") for version in versions]
    assert (common(edits).version, common(edits).process_version) == ("9.10", "11.0")
    assert common([*edits, edit(GrainAmount="5")] * 4).version == "9.10"


def test_the_same_look_of_two_versions_is_one_look() -> None:
    later = Structure(LOOK.xml.replace('crs:Version="15.0"', 'crs:Version="17.0" crs:New="1"'))
    weaker = Structure(LOOK.xml.replace('crs:Amount="0.8"', 'crs:Amount="0.5"'))
    assert common([edit(Look=LOOK)] * 3 + [edit(Look=later)] * 2).settings == {"Look": LOOK}
    assert common([edit(Look=LOOK)] * 3 + [edit(Look=weaker)] * 2) == NO_PRESET
    assert common([edit(Look=LOOK)] * 5).words() == ("Profile Vivid & © at 80 %",)


def test_a_cameras_own_profile_is_for_photos_of_that_camera() -> None:
    vivid = [edit(CameraProfile="Camera Vivid", Sharpness="60")] * 5
    one, two = common(vivid), common(vivid, CANON, CANON, CANON, CANON, NIKON)
    assert one.camera == "Canon EOS R5"
    assert set(one.also(CANON)) == {"Version", "ProcessVersion", "CameraProfile", "Sharpness"}
    assert set(one.also(NIKON)) == {"Version", "ProcessVersion", "Sharpness"}
    assert one.note(CANON) is None
    assert one.note(NIKON) == "Profile Camera Vivid left out: it is of the camera Canon EOS R5"
    assert set(two.settings) == {"Sharpness"}
    assert two.left_out == ("Profile Camera Vivid: the photos are of 2 cameras",)
    assert common(vivid, *[Shot()] * 5).left_out == ("Profile Camera Vivid: the camera is not known",)


def test_adobes_own_profiles_are_for_all_cameras() -> None:
    edits = [edit(CameraProfile="Adobe Standard", Look=LOOK)] * 5
    assert set(common(edits, CANON, NIKON, CANON, CANON, CANON).settings) == {"CameraProfile", "Look"}
    inner = Structure(LOOK.xml.replace('crs:Saturation="+7"', 'crs:CameraProfile="Camera Vivid"'))
    found = common([edit(CameraProfile="Adobe Standard", Look=inner)] * 5)
    assert found.camera == "Canon EOS R5"


def test_a_second_adobe_standard_is_of_one_camera() -> None:
    found = common([edit(CameraProfile="Adobe Standard v2", Look=LOOK)] * 5)
    assert (found.camera, set(found.settings)) == ("Canon EOS R5", {"CameraProfile", "Look"})


def test_a_profile_that_is_computed_for_each_photo_and_a_lens_chosen_by_hand_stay_behind() -> None:
    ai = Structure(f"<crs:AILook {SCOPE}><rdf:Description crs:Digest='1'/></crs:AILook>")
    lens = {"LensProfileEnable": "1", "LensProfileSetup": "Custom", "LensProfileName": "Adobe (x)"}
    found = common([edit(Look=LOOK, AILook=ai, **lens)] * 5)
    assert found.settings == {}
    assert found.left_out == (
        "Profile Vivid & © at 80 %: Lightroom computes it for each photo",
        "Lens profile on: chosen by hand, for one lens",
    )
    automatic = edit(LensProfileEnable="1", LensProfileSetup="LensDefaults", LensProfileName="x", LensProfileDigest="y")
    silent = edit(LensProfileEnable="1", LensProfileSetup="Auto")
    found = common([automatic] * 4 + [silent])
    assert found.settings == {"LensProfileEnable": "1", "LensProfileSetup": "LensDefaults"}


NEVER = (
    *("MaskGroupBasedCorrections", "PaintBasedCorrections", "RetouchAreas", "RetouchInfo", "RedEyeInfo", "LensBlur"),
    *("CropTop", "CropAngle", "HasCrop", "PerspectiveUpright", "PerspectiveScale", "UprightVersion"),
    *("LensManualDistortionAmount", "LensProfileName", "LensProfileFilename", "LensProfileDigest", "AILook"),
    *("CameraProfileDigest", "RawFileName", "Version", "ProcessVersion", "GrainSeed", "AutoToneDigest"),
    *("Exposure2012", "HDREditMode", "HDRMaxValue", "SDRBrightness", "WhiteBalance", "Temperature", "Tint"),
    *("Texture", "Clarity2012", "Dehaze", "ParametricDarks", "ToneCurve", "Name", "SomethingNew2031"),
)


@pytest.mark.parametrize("name", NEVER)
def test_what_belongs_to_one_photo_is_never_carried(name: str) -> None:
    assert not is_carried(name)
    for value in ("7", curve("1, 2", name=name)):
        found = common([edit(**{**EDIT, name: value})] * 5)
        assert not found.settings.keys() & {name}


def test_each_real_document_is_carried_exactly(shared_xmp: Path) -> None:
    carried = 0
    for path in sorted(shared_xmp.glob("*.xmp")):
        try:
            document = Document.parse(path.read_bytes())
        except SidecarError:
            continue
        found = common([tools_of(document)] * 5)
        assert found.settings.keys() <= {key for group in GROUPS for key in group.keys}
        again = Document.parse(merge(None, clark(develop({}, also=found.also(CANON)))))
        assert all(says(document.settings()[name], value) for name, value in found.settings.items())
        assert all(says(again.settings()[name], value) for name, value in found.settings.items())
        assert Preset.from_dict(found.to_dict()) == found
        carried += bool(found.settings)
    assert carried > 30


def clark(settings: dict[str, Value]) -> dict[str, Value]:
    return {f"{{{CRS}}}{name}": value for name, value in settings.items()}


@pytest.mark.parametrize(
    "told",
    [
        *({"settings": {"Exposure2012": "1"}}, {"settings": {"MaskGroupBasedCorrections": "1"}}),
        *({"settings": {"Sharpness": "1\n2"}}, {"settings": {"Look": {"xml": CURVE.xml}}}, {"settings": {"Look": {}}}),
        *({"settings": {"Sharpness": "1" * 5000}}, {"version": "x"}, {"process_version": 11.0}, {"camera": ["x"]}),
        {"settings": {"Look": {"xml": "<!DOCTYPE a><a/>"}}},
    ],
)
def test_a_preset_that_nobody_learnt_is_refused(told: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Preset.from_dict({**NO_PRESET.to_dict(), **told})
