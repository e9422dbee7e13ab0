"""Settings out of XMP documents: what is read, what is refused, what is named as left out."""

from pathlib import Path

import pytest

from autohdr.codes import Code
from autohdr.develop import Settings
from autohdr.develop.settings import LINEAR, Parametric, SdrSettings
from autohdr.errors import SidecarError
from autohdr.mode import SDR, Mode
from autohdr.sidecar.xmp.document import Document

CRS = "http://ns.adobe.com/camera-raw-settings/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def document(inside: str = "", **values: str) -> Document:
    """A document with these `crs` attributes, and elements inside of its description."""
    attributes = " ".join(f'crs:{key}="{value}"' for key, value in {"ProcessVersion": "15.4", **values}.items())
    return Document.parse(
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="" '
        f'xmlns:crs="{CRS}" {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'.encode()
    )


def points(key: str, *items: str) -> str:
    listed = "".join(f"<rdf:li>{item}</rdf:li>" for item in items)
    return f"<crs:{key}><rdf:Seq>{listed}</rdf:Seq></crs:{key}>"


def read(inside: str = "", **values: str) -> Settings:
    return Settings.read(document(inside, **values), "IMG_1.xmp")


def test_a_document_without_settings_is_the_default() -> None:
    assert read() == Settings()


def test_the_sliders_are_read_in_lightrooms_unit() -> None:
    found = read(Exposure2012="+0.55", Contrast2012="-7", Highlights2012="-100", Shadows2012="+40", Vibrance="12")
    assert (found.exposure, found.contrast, found.highlights) == (0.55, -7.0, -100.0)
    assert (found.shadows, found.whites, found.blacks, found.vibrance) == (40.0, 0.0, 0.0, 12.0)
    assert found.ignored == ()


def test_elements_count_like_attributes() -> None:
    assert read("<crs:Blacks2012>-21</crs:Blacks2012>").blacks == -21.0


def test_a_slider_beyond_its_range_is_held_at_the_end() -> None:
    assert read(Exposure2012="+6.00", Whites2012="-120") == Settings(exposure=5.0, whites=-100.0)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("Exposure2012", "NaN"), ("Exposure2012", "bright"), ("Exposure2012", ""), ("Exposure2012", "1e3")),
        *(("Shadows2012", "900"), ("Tint", "9999"), ("Temperature", "5"), ("ParametricDarks", "x")),
        *(("ParametricMidtoneSplit", "-3"), ("SDRWhites", "inf")),
    ],
)
def test_nonsense_is_refused_with_file_key_and_value(key: str, value: str) -> None:
    with pytest.raises(SidecarError) as refused:
        read(**{"WhiteBalance": "Custom", "Temperature": "5000", key: value})
    assert "IMG_1.xmp" in str(refused.value)
    assert key in str(refused.value)
    assert value in str(refused.value)


def test_a_slider_given_twice_is_refused() -> None:
    with pytest.raises(SidecarError, match="Whites2012"):
        read("<crs:Whites2012>3</crs:Whites2012>", Whites2012="4")


@pytest.mark.parametrize("value", ["0", "-1", "99"])
def test_impossible_headrooms_are_refused(value: str) -> None:
    with pytest.raises(SidecarError, match="HDRMaxValue"):
        read(HDREditMode="1", HDRMaxValue=value)


def test_the_mode_is_that_of_the_document() -> None:
    assert read(HDREditMode="1").mode == Mode(headroom=4.0)
    assert read(HDREditMode="1", HDRMaxValue="+2.30").mode == Mode(headroom=2.3)
    assert read(HDREditMode="0", HDRMaxValue="+2.30").mode == SDR


def test_the_sliders_of_the_sdr_rendition_are_read() -> None:
    assert read(SDRBrightness="+5", SDRBlend="-20").sdr == SdrSettings(brightness=5.0, blend=-20.0)


def test_white_balance_is_in_numbers_or_as_shot() -> None:
    custom, shot = read(WhiteBalance="Custom", Temperature="5200", Tint="+7"), read(Temperature="5200", Tint="+7")
    assert (custom.temperature, custom.tint) == (5200.0, 7.0)
    assert (shot.temperature, shot.tint) == (5200.0, 7.0)
    as_shot = read(WhiteBalance="As Shot", Temperature="5200", Tint="+7")
    assert (as_shot.temperature, as_shot.tint) == (None, None)
    assert read(WhiteBalance="Daylight", Temperature="5500").tint == 0.0
    assert read(WhiteBalance="Auto").ignored == ("White Balance Auto",)


def test_curves_are_read() -> None:
    found = read(
        points("ToneCurvePV2012", "0, 0", "64, 56", "255, 250") + points("ToneCurvePV2012Blue", "0, 10", "255, 255"),
        ParametricDarks="-18",
        ParametricMidtoneSplit="40",
    )
    assert found.point_curve == ((0.0, 0.0), (64.0, 56.0), (255.0, 250.0))
    assert found.blue_curve == ((0.0, 10.0), (255.0, 255.0))
    assert found.red_curve == LINEAR
    assert found.parametric == Parametric(darks=-18.0, midtone_split=40.0)
    assert found.ignored == ()


@pytest.mark.parametrize(
    "items",
    [
        *(["0, 0"], ["0, 0", "0, 255"], ["9, 0", "3, 1"], ["0, 0", "255"], ["0, 0", "256, 255"]),
        *(["0, 0", "a, b"], ["0, 0, 0", "255, 255, 255"], [f"{i / 2}, {i / 2}" for i in range(400)]),
    ],
)
def test_broken_curves_are_refused(items: list[str]) -> None:
    with pytest.raises(SidecarError, match=r"IMG_1\.xmp.*ToneCurvePV2012"):
        read(points("ToneCurvePV2012", *items))


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        (["0, 0"], "has 1 points for ToneCurvePV2012, expected 2 to 256"),
        ([f"{i / 2}, {i / 2}" for i in range(400)], "has 400 points for ToneCurvePV2012, expected 2 to 256"),
        (["0, 0", "0, 255"], "points that do not go from left to right"),
    ],
)
def test_a_broken_curve_is_told_by_what_is_wrong_with_it(items: list[str], sentence: str) -> None:
    with pytest.raises(SidecarError, match=sentence):
        read(points("ToneCurvePV2012", *items))


def test_a_curve_that_is_no_list_is_refused() -> None:
    with pytest.raises(SidecarError, match="ToneCurvePV2012Red"):
        read(ToneCurvePV2012Red="0, 0")


@pytest.mark.parametrize("version", ["5.7", "ours"])
def test_old_and_odd_process_versions_are_refused(version: str) -> None:
    with pytest.raises(SidecarError, match=r"IMG_1\.xmp has process version") as refused:
        read(ProcessVersion=version, Exposure2012="+1.00")
    assert refused.value.code == Code.OLD_PROCESS


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"CropTop": "0.1", "HasCrop": "True"}, "Crop"),
        ({"HueAdjustmentOrange": "+3"}, "HSL"),
        ({"SplitToningShadowSaturation": "12", "SplitToningShadowHue": "40"}, "Color Grading"),
        ({"RedHue": "+5"}, "Calibration"),
        ({"Texture": "+2"}, "Texture"),
        ({"Clarity2012": "-9"}, "Clarity"),
        ({"Dehaze": "+5"}, "Dehaze"),
        ({"PostCropVignetteAmount": "-20", "PostCropVignetteFeather": "30"}, "Vignetting"),
        ({"GrainAmount": "15", "GrainSize": "25"}, "Grain"),
        ({"LensProfileEnable": "1", "LensProfileName": "Adobe (X)"}, "Lens corrections"),
        ({"PerspectiveVertical": "-4"}, "Transform"),
        ({"CameraProfile": "Camera Standard"}, "Profile Camera Standard"),
        ({"ConvertToGrayscale": "True", "GrayMixerRed": "+3"}, "Black & White"),
        ({"LuminanceSmoothing": "9"}, "Noise Reduction"),
        ({"HDREditMode": "1", "SDRBlend": "-20", "SDRBrightness": "+9"}, "SDR Blend"),
        ({"SomethingNew": "3"}, "SomethingNew"),
    ],
)
def test_tools_in_use_are_named_once(settings: dict[str, str], name: str) -> None:
    assert read(**settings).ignored == (name,)


@pytest.mark.parametrize(
    "settings",
    [
        *({"CropTop": "0.1", "HasCrop": "False"}, {"GrainSize": "30"}, {"PostCropVignetteFeather": "90"}),
        {"SDRClarity": "+20"},  # of an SDR edit
        *({"LensProfileName": "Adobe (X)"}, {"SplitToningShadowHue": "40"}, {"GrayMixerRed": "+3"}),
        *(
            {"CameraProfile": "Adobe Standard"},
            {"Sharpness": "0"},
            {"Brightness": "+50"},
            {"CurveRefineSaturation": "50"},
        ),
    ],
)
def test_what_changes_nothing_is_not_named(settings: dict[str, str]) -> None:
    assert read(**settings).ignored == ()


def test_masks_looks_and_what_else_is_a_structure_are_named() -> None:
    key = "crs:MaskGroupBasedCorrections"
    masks = f'<{key}><rdf:Seq><rdf:li crs:What="Correction"/></rdf:Seq></{key}>'
    look = '<crs:Look><rdf:Description crs:Name="Adobe Landscape" crs:Amount="1.000000"/></crs:Look>'
    assert read(masks + look).ignored == ("Masks", "Profile Adobe Landscape")
    assert read(look.replace("Landscape", "Color")).ignored == ()
    assert read(points("ToneCurvePV2012", "0, 9", "255, 255"), CurveRefineSaturation="40").ignored == (
        "Refine Saturation",
    )


def test_real_documents_are_read_or_refused_in_one_sentence(shared_xmp: Path) -> None:
    found: dict[str, Settings] = {}
    refused: dict[str, str] = {}
    for path in sorted(shared_xmp.glob("*.xmp")):
        try:
            one = Document.read(path)
            assert one is not None
            found[path.name] = Settings.read(one, path.name)
        except SidecarError as error:
            refused[path.name] = str(error)
    assert all(name in sentence and "\n" not in sentence for name, sentence in refused.items())
    assert len(found) >= 40
    edit = found["emb_v16.3_HDR1_AutoHDR_AutoHDR.xmp"]
    assert (edit.exposure, edit.highlights, edit.shadows, edit.whites, edit.blacks) == (2.09, 19, 40, -71, -25)
    assert edit.mode == Mode(headroom=4.0)
    busy = found["emb_v17.2_HDR0_mask_RapidRAW_splash-blue.xmp"].ignored
    assert {"Crop", "Masks", "HSL", "Color Grading", "Calibration", "Clarity", "Lens corrections"} <= set(busy)
