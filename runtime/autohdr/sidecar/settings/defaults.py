"""Tells which develop settings are edits. Camera Raw saves whole blocks of settings at their defaults for untouched
photos.

The table holds process version 2012 and later: what stands in real documents of photos that nobody edited (Camera Raw
9.4 to 18.4) and leaves a picture as it is by its meaning. Any other value counts as an edit, and so do defaults that
depend on the camera, such as a lens profile that is on.

Each version of Camera Raw brings settings that nobody could know before, and writes them at their defaults into every
photo. So in a document of a version after 16, a plain value under a name that is not known here does not decide alone
whether a photo is edited, nor does a structure that says of itself that it is not active. docs/adr/0012 says why.
"""

from collections.abc import Mapping

from lxml import etree

from autohdr.sidecar.xmp.properties import CRS, RDF, Property, number, own_text
from autohdr.sliders import SLIDERS

BOOKKEEPING = frozenset(
    {
        "AlreadyApplied",
        "AutoToneDigest",
        "AutoToneDigestNoSat",
        "CameraProfileDigest",
        "CompatibleVersion",
        "GrainSeed",
        "HasSettings",
        "LensProfileDigest",
        "LensProfileFilename",  # a lens that is chosen by hand shows in LensProfileSetup
        "LensProfileIsEmbedded",
        "LensProfileName",
        "ProcessVersion",
        "RawFileName",
        "Version",
    }
)
"""`crs` names that say something about the settings, and change no picture by themselves."""

_COLOURS = ("Red", "Orange", "Yellow", "Green", "Aqua", "Blue", "Purple", "Magenta")
_ZERO = (
    *(slider.key for slider in SLIDERS),
    *("Texture", "Clarity2012", "Dehaze", "AutoLateralCA", "LuminanceSmoothing", "SharpenEdgeMasking", "GrainAmount"),
    *("ToneMapStrength", "ParametricShadows", "ParametricDarks", "ParametricLights", "ParametricHighlights"),
    *("SplitToningShadowHue", "SplitToningShadowSaturation", "SplitToningBalance"),
    *("SplitToningHighlightHue", "SplitToningHighlightSaturation"),
    *("ColorGradeMidtoneHue", "ColorGradeMidtoneSat", "ColorGradeMidtoneLum"),
    *("ColorGradeShadowLum", "ColorGradeHighlightLum"),
    *("ColorGradeGlobalHue", "ColorGradeGlobalSat", "ColorGradeGlobalLum"),
    *("ShadowTint", "RedHue", "RedSaturation", "GreenHue", "GreenSaturation", "BlueHue", "BlueSaturation"),
    *("LensProfileEnable", "LensManualDistortionAmount", "VignetteAmount", "PostCropVignetteAmount"),
    *("DefringePurpleAmount", "DefringeGreenAmount", "IncrementalTemperature", "IncrementalTint"),
    *("PerspectiveUpright", "PerspectiveVertical", "PerspectiveHorizontal", "PerspectiveRotate"),
    *("PerspectiveAspect", "PerspectiveX", "PerspectiveY"),
    *("UprightCenterMode", "UprightFocalMode", "UprightFourSegmentsCount"),
    *("CropTop", "CropLeft", "CropAngle", "CropConstrainToWarp"),
    *("HDREditMode", "SDRBrightness", "SDRContrast", "SDRClarity"),
    *("SDRHighlights", "SDRShadows", "SDRWhites", "SDRBlend"),
    *(f"{kind}Adjustment{colour}" for kind in ("Hue", "Saturation", "Luminance") for colour in _COLOURS),
)
_PARTS = ("Distortion", "ChromaticAberration", "Vignetting")
_UNUSED: dict[str, tuple[float | str, ...]] = {
    **dict.fromkeys((f"GrayMixer{colour}" for colour in _COLOURS), (0.0,)),
    **dict.fromkeys(
        (f"LensProfile{what}Scale" for what in ("Distortion", "ChromaticAberration", "Vignetting")), (100.0,)
    ),
    **dict.fromkeys(("PostCropVignetteMidpoint", "PostCropVignetteFeather", "VignetteMidpoint"), (50.0,)),
    **dict.fromkeys(("PostCropVignetteRoundness", "PostCropVignetteHighlightContrast"), (0.0,)),
    **dict.fromkeys(("GrainFrequency", "LuminanceNoiseReductionDetail"), (50.0,)),
    "PostCropVignetteStyle": (1.0,),
    "GrainSize": (25.0,),
    "LuminanceNoiseReductionContrast": (0.0,),
}
"""What Camera Raw says only of a tool that is switched on, as long as nobody has moved it."""
AUTOMATIC = ("LensDefaults", "Default", "Auto")
"""Ways to choose a lens profile, all but the one by hand."""
_DEFAULTS: dict[str, tuple[float | str, ...]] = {
    **dict.fromkeys(_ZERO, (0.0,)),
    **_UNUSED,
    "AutoWhiteVersion": (134348800.0,),
    "CameraProfile": ("Adobe Standard", "Embedded"),
    "ColorGradeBlending": (50.0,),
    "ColorNoiseReduction": (25.0,),
    "ColorNoiseReductionDetail": (50.0,),
    "ColorNoiseReductionSmoothness": (50.0,),
    "ConvertToGrayscale": ("False",),
    "CropBottom": (1.0,),
    "CropRight": (1.0,),
    "CurveRefineSaturation": (100.0,),  # since Camera Raw 17
    "DefringeGreenHueHi": (60.0,),
    "DefringeGreenHueLo": (40.0,),
    "DefringePurpleHueHi": (70.0,),
    "DefringePurpleHueLo": (30.0,),
    "HDRMaxValue": (4.0,),
    "HasCrop": ("False",),
    "LensProfileSetup": AUTOMATIC,
    "OverrideLookVignette": ("False",),
    "ParametricHighlightSplit": (75.0,),
    "ParametricMidtoneSplit": (50.0,),
    "ParametricShadowSplit": (25.0,),
    "PerspectiveScale": (100.0,),
    "SharpenDetail": (25.0,),
    "SharpenRadius": (1.0,),
    "Sharpness": (25.0, 40.0),  # 40 since process version 11.0
    "ToneCurveName": ("Linear", "Medium Contrast"),  # process version 2012 does not use this curve any more
    "ToneCurveName2012": ("Linear", "Medium Contrast", "Strong Contrast", "Custom"),  # the curve itself counts
    "Treatment": ("Color", "Black & White"),  # ConvertToGrayscale says the same
    "UprightCenterNormX": (0.5,),
    "UprightCenterNormY": (0.5,),
    "UprightFocalLength35mm": (35.0,),
    "UprightPreview": ("False",),
    "UprightTransformCount": (6.0,),
    "UprightVersion": (151388160.0,),
    "WhiteBalance": ("As Shot",),
}

_LINEAR = ("0, 0", "255, 255")
_MEDIUM = ("0, 0", "32, 22", "64, 56", "128, 128", "192, 196", "255, 255")
_LISTS: dict[str, tuple[tuple[str, ...], ...]] = {
    **{f"ToneCurve{curve}": (_LINEAR,) for curve in ("Red", "Green", "Blue")},
    **{f"ToneCurvePV2012{curve}": (_LINEAR,) for curve in ("", "Red", "Green", "Blue")},
    "ToneCurve": (_LINEAR, _MEDIUM),
    # No point colours: the mark that says so, and what Camera Raw 17.5 puts beside it.
    "PointColors": ((", ".join(["-1.000000"] * 19),),),
    "ColorVariance": (("-50.000000",),),
}

KNOWN = frozenset((*_DEFAULTS, *_LISTS))
"""Names of the settings whose defaults are in the table."""

_LAST_KNOWN = 16
"""The last main version of Camera Raw all of whose settings are known here."""
_OLDER = frozenset(
    {
        *("AutoShadows", "AutoTone", "Brightness", "ChromaticAberrationB", "ChromaticAberrationR", "Clarity"),
        *("ColorGradeBalance", "ColorGradeHighlightHue", "ColorGradeHighlightSat", "ColorGradeShadowHue"),
        *("ColorGradeShadowSat", "Contrast", "CropHeight", "CropUnit", "CropWidth", "Defringe", "EnableDetail"),
        *("Exposure", "FillLight", "HighlightRecovery", "Shadows"),
        *("SharpnessDetail", "SharpnessEdgeMasking", "SharpnessRadius"),
    }
)
"""Names that versions up to the last known one write and that have no default in the table: they count as edits."""

_ADOBE_COLOR = "B952C231111CD8E0ECCF14B86BAA7077"


def edited(settings: Mapping[str, Property]) -> frozenset[str]:
    """The names of those `crs` settings, of all in a document, that are not at Camera Raw's default."""
    return frozenset(
        name for name, found in settings.items() if name not in BOOKKEEPING and not _is_default(name, found, settings)
    )


def has_default(name: str) -> bool:
    """Whether a setting has a default here: any other value of it is an edit."""
    return name in KNOWN or name in BOOKKEEPING


def _is_default(name: str, found: Property, settings: Mapping[str, Property]) -> bool:
    if found.element is not None and name == "Look":
        return _is_default_look(found.element)
    if found.element is not None and name in _LISTS:
        return _items(found.element) in _LISTS[name]
    if _is_of_the_future(name, settings):
        return found.simple or (found.element is not None and _is_inactive(found.element))
    return found.simple and _is_default_value(name, found.text.strip(), settings)


def _is_of_the_future(name: str, settings: Mapping[str, Property]) -> bool:
    """Whether a setting is one that this table cannot know: of a later Camera Raw than the last one known here."""
    written = settings.get("Version")
    main = written.text.strip().partition(".")[0] if written is not None and written.simple else ""
    later = main.isdecimal() and int(main) > _LAST_KNOWN
    return later and name not in _DEFAULTS and name not in _OLDER and name not in ("Look", "Temperature", "Tint")


def _is_inactive(element: etree._Element) -> bool:
    """Whether a structure says that it is switched off, as an attribute or as an element, and nothing in it is on."""
    name = f"{{{CRS}}}Active"
    said = [text for node in element.iter() if (text := node.get(name)) is not None]
    said += [own_text(node) for node in element.iter(name)]
    return bool(said) and all(text.strip().casefold() in ("false", "0") for text in said)


def _is_default_value(name: str, text: str, settings: Mapping[str, Property]) -> bool:
    value = number(text)
    if name in ("Temperature", "Tint"):
        # Beside "As Shot", Camera Raw writes down what the camera measured.
        balance = settings.get("WhiteBalance")
        return value is not None and balance is not None and balance.simple and balance.text.strip() == "As Shot"
    if name in ("Sharpness", "ColorNoiseReduction") and value == 0.0:
        # The default of pictures that are no RAW. They alone have a white balance relative to their own.
        return "IncrementalTemperature" in settings
    return text in _DEFAULTS.get(name, ()) or value in _DEFAULTS.get(name, ())


def _is_default_look(element: etree._Element) -> bool:
    """Whether a look is Adobe Color, which every RAW begins with since process version 11.0, or none."""
    below = [child for child in element if isinstance(child.tag, str)]
    if not below:
        return element.items() == [(f"{{{CRS}}}Name", "")]
    look, amount = below[0].get(f"{{{CRS}}}UUID"), below[0].get(f"{{{CRS}}}Amount")
    return len(below) == 1 and look == _ADOBE_COLOR and amount is not None and number(amount) == 1.0


def _items(element: etree._Element) -> tuple[str, ...] | None:
    """The texts of an ordered list; None where the element is anything else."""
    below = [child for child in element.iter() if isinstance(child.tag, str)][1:]
    tags = [child.tag for child in below]
    if tags != [f"{{{RDF}}}Seq"] + [f"{{{RDF}}}li"] * (len(below) - 1) or any(child.attrib for child in below):
        return None
    return tuple(own_text(child).strip() for child in below[1:])
