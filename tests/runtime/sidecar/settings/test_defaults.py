from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.sidecar import Document

Xmp = Callable[..., str]
# Looked through by eye, November 2026: each has every slider at zero, the camera's white balance, no crop and no lens
# correction; the last two were never opened in an Adobe program.
UNEDITED = {
    "emb_v11.3.1_photoprism_canon_eos_6d",
    "emb_v15.0_HDR0_imagemeta_canon_cr2_fraction",
    "emb_v15.0_HDR0_imagemeta_nikon_nef_d5600",
    "side_v16.3_HDR0_cincuenta_1",
    "side_v9.4_go-xmp_Canon-EOS30D",
    "odd_vnov_darktable-tests_almost-all",
    "odd_vnov_digikam__27A1417.CR2",
}
DEFAULTS = (
    'crs:WhiteBalance="As Shot" crs:Temperature="5100" crs:Tint="+12" crs:Exposure2012="0.00" crs:Vibrance="0"'
    ' crs:Sharpness="40" crs:SharpenRadius="+1.0" crs:ColorNoiseReduction="25" crs:CropTop="0" crs:CropRight="1"'
    ' crs:HasCrop="False" crs:ConvertToGrayscale="False" crs:PerspectiveRotate="0.0" crs:HueAdjustmentAqua="0"'
    ' crs:SDRBlend="0" crs:HDREditMode="0" crs:CameraProfile="Adobe Standard" crs:ToneCurveName2012="Linear"'
)


def edited(text: str) -> frozenset[str]:
    return Document.parse(text.encode()).edited()


def sequence(name: str, *items: str) -> str:
    return f"<crs:{name}><rdf:Seq>{''.join(f'<rdf:li>{item}</rdf:li>' for item in items)}</rdf:Seq></crs:{name}>"


def look(**attributes: str) -> str:
    place = " ".join(f'crs:{name}="{value}"' for name, value in attributes.items())
    return f"<crs:Look><rdf:Description {place}><crs:Parameters/></rdf:Description></crs:Look>"


def test_a_real_document_is_edited_unless_all_is_at_its_default(real: Path) -> None:
    document = Document.parse(real.read_bytes())
    assert document.has_develop_settings == (real.stem not in UNEDITED)


def test_defaults_are_no_edits(xmp: Xmp) -> None:
    assert edited(xmp(DEFAULTS)) == set()


@pytest.mark.parametrize(
    "setting",
    [
        'crs:Exposure2012="+0.01"',
        'crs:Exposure2012=""',
        'crs:Sharpness="41"',
        'crs:Sharpness="0"',
        'crs:ColorNoiseReduction="0"',
        'crs:WhiteBalance="Custom"',
        'crs:Temperature="5100"',
        'crs:LensProfileEnable="1"',
        'crs:AutoLateralCA="1"',
        'crs:HasCrop="True"',
        'crs:CropTop="0.1"',
        'crs:HDREditMode="1"',
        'crs:CameraProfile="Camera Vivid"',
        'crs:SettingOfTheFuture="0"',
    ],
)
def test_any_other_value_or_name_is_an_edit(xmp: Xmp, setting: str) -> None:
    assert edited(xmp(setting)) == {setting[4:].partition("=")[0]}


def test_temperature_and_tint_are_edits_unless_the_white_balance_is_as_shot(xmp: Xmp) -> None:
    assert edited(xmp('crs:WhiteBalance="Auto" crs:Temperature="5100" crs:Tint="+12"')) == {
        "WhiteBalance",
        "Temperature",
        "Tint",
    }


def test_a_picture_that_is_no_raw_begins_without_sharpening(xmp: Xmp) -> None:
    assert edited(xmp('crs:IncrementalTemperature="0" crs:Sharpness="0" crs:ColorNoiseReduction="0"')) == set()


@pytest.mark.parametrize(
    "content",
    [
        sequence("ToneCurvePV2012", "0, 0", "255, 255"),
        sequence("ToneCurve", "0, 0", "32, 22", "64, 56", "128, 128", "192, 196", "255, 255"),
        sequence("PointColors", ", ".join(["-1.000000"] * 19)),
        look(Name="Adobe Color", Amount="1.000000", UUID="B952C231111CD8E0ECCF14B86BAA7077"),
        '<crs:Look crs:Name=""/>',
    ],
)
def test_structures_at_their_default_are_no_edits(xmp: Xmp, content: str) -> None:
    assert edited(xmp(content=content)) == set()


@pytest.mark.parametrize(
    "content",
    [
        sequence("ToneCurvePV2012", "0, 26", "255, 255"),
        sequence("ToneCurvePV2012"),
        sequence("ToneCurvePV2012", "0, 0", "255, 255") * 2,
        sequence("ToneCurvePV2012Red", "0, 0", "<rdf:Description/>255, 255"),
        "<crs:ToneCurvePV2012><rdf:Bag><rdf:li>0, 0</rdf:li><rdf:li>255, 255</rdf:li></rdf:Bag></crs:ToneCurvePV2012>",
        sequence("PointColors", "0.5"),
        sequence("Exposure2012", "0.00"),
        look(Name="Adobe Landscape", Amount="1", UUID="6F9C877E84273F4E8271E6B91BEB36A1"),
        look(Name="Adobe Color", Amount="0.5", UUID="B952C231111CD8E0ECCF14B86BAA7077"),
        '<crs:Look crs:Name="Modern 1"/>',
        "<crs:MaskGroupBasedCorrections><rdf:Seq/></crs:MaskGroupBasedCorrections>",
    ],
)
def test_other_structures_are_edits(xmp: Xmp, content: str) -> None:
    assert len(edited(xmp(content=content))) == 1


@pytest.mark.parametrize("version", ["17.2", "18.4", "19.0"])
@pytest.mark.parametrize(
    "new", ['crs:CurveRefineSaturation="100"', 'crs:NobodyKnowsThis="7"', 'crs:CurveRefineSaturation="100" crs:New="x"']
)
def test_a_plain_setting_of_a_later_camera_raw_does_not_decide_alone(xmp: Xmp, version: str, new: str) -> None:
    """Camera Raw 18 writes CurveRefineSaturation into every photo: all of them counted as edited."""
    document = f'crs:Version="{version}" {DEFAULTS} {new}'
    assert not edited(xmp(document))
    assert edited(xmp(document.replace('Exposure2012="0.00"', 'Exposure2012="+0.50"'))) == {"Exposure2012"}


def test_what_earlier_versions_knew_counts_in_later_documents_too(xmp: Xmp) -> None:
    assert edited(xmp(f'crs:Version="18.4" {DEFAULTS} crs:GrayMixerRed="-12"')) == {"GrayMixerRed"}
    assert edited(xmp(f'crs:Version="16.3" {DEFAULTS} crs:NobodyKnowsThis="7"')) == {"NobodyKnowsThis"}
    assert edited(xmp(f'crs:Version="18.4" {DEFAULTS} crs:CurveRefineSaturation="40"')) == {"CurveRefineSaturation"}


@pytest.mark.parametrize(("active", "counts"), [("false", False), ("true", True)])
def test_a_new_tool_counts_where_it_is_active(xmp: Xmp, active: str, counts: bool) -> None:
    tool = f'<crs:LensBlur><rdf:Description crs:Active="{active}" crs:BlurAmount="50"/></crs:LensBlur>'
    assert bool(edited(xmp(f'crs:Version="18.4" {DEFAULTS}', tool))) == counts
    assert edited(xmp(f'crs:Version="18.4" {DEFAULTS}', tool.replace(f'crs:Active="{active}" ', ""))) == {"LensBlur"}
