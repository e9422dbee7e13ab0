"""The tools of Lightroom whose settings can be a preset: what belongs together, and what switches a tool on.

A tool goes from one photo to another whole or not at all. Missing here, and so never carried over, is all that belongs
to one photo: masks, retouching, crops, perspective, red eye, lens blur, AI profiles, whatever names another file, and
what a later Camera Raw brings. The sliders of `autohdr.sliders`, the mode and white balance have rules of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass

COLOURS = ("Red", "Orange", "Yellow", "Green", "Aqua", "Blue", "Purple", "Magenta")
_CURVES = tuple(f"ToneCurvePV2012{channel}" for channel in ("", "Red", "Green", "Blue"))
_LUMINANCES = tuple(f"ColorGrade{region}Lum" for region in ("Shadow", "Midtone", "Highlight", "Global"))


@dataclass(frozen=True, slots=True)
class Group:
    """One tool."""

    name: str
    """The group's name in Lightroom."""
    keys: tuple[str, ...]
    """The `crs` names of its settings, in Camera Raw's order."""
    switches: tuple[str, ...]
    """The settings that change a picture once they are not at their default; the others only say how."""
    gone: tuple[str, ...] = ()
    """Settings of the tool that belong to one lens or photo. They are not carried over, and go where the tool is."""

    def on(self, edited: frozenset[str]) -> bool:
        """Whether the tool is in use, by the names of the settings that are not at their default."""
        return not edited.isdisjoint(self.switches)


def _adjustments(kind: str) -> Group:
    keys = tuple(f"{kind}Adjustment{colour}" for colour in COLOURS)
    return Group(f"HSL {kind}", keys, keys)


_MIX = tuple(f"GrayMixer{colour}" for colour in COLOURS)
_GRADING = tuple(f"SplitToning{region}Saturation" for region in ("Shadow", "Highlight"))
_PRIMARIES = tuple(f"{colour}{kind}" for colour in ("Red", "Green", "Blue") for kind in ("Hue", "Saturation"))
_CALIBRATION = ("ShadowTint", *_PRIMARIES)
_SHARPENING = ("Sharpness", "SharpenRadius", "SharpenDetail", "SharpenEdgeMasking")
_COLOUR_NOISE = ("ColorNoiseReduction", "ColorNoiseReductionDetail", "ColorNoiseReductionSmoothness")
_SPLITS = tuple(f"Parametric{name}Split" for name in ("Shadow", "Midtone", "Highlight"))
_VIGNETTE = tuple(
    f"PostCropVignette{what}" for what in ("Amount", "Midpoint", "Feather", "Roundness", "Style", "HighlightContrast")
)
_LENS = ("LensProfileName", "LensProfileFilename", "LensProfileDigest", "LensProfileIsEmbedded")

PROFILE = Group("Profile", ("CameraProfile", "Look"), ("CameraProfile", "Look"), ("AILook", "CameraProfileDigest"))
TREATMENT = Group("Black & White", ("Treatment", "ConvertToGrayscale"), ("ConvertToGrayscale",))
TONE_CURVE = Group("Tone Curve", ("ToneCurveName2012", "CurveRefineSaturation", *_CURVES), _CURVES)
POINT_COLOR = Group("Point Color", ("PointColors", "ColorVariance"), ("PointColors",))
LENS_PROFILE = Group(
    "Lens profile",
    (
        *("LensProfileEnable", "LensProfileSetup", "OverrideLookVignette", "LensProfileDistortionScale"),
        *("LensProfileChromaticAberrationScale", "LensProfileVignettingScale"),
    ),
    ("LensProfileEnable",),
    _LENS,
)
GROUPS = (
    PROFILE,
    TREATMENT,
    Group("B&W Mix", _MIX, _MIX),
    TONE_CURVE,
    Group("Tone Curve regions", _SPLITS, _SPLITS),
    *map(_adjustments, ("Hue", "Saturation", "Luminance")),
    POINT_COLOR,
    Group(
        "Color Grading",
        (
            *("SplitToningShadowHue", "SplitToningShadowSaturation", "SplitToningHighlightHue"),
            *("SplitToningHighlightSaturation", "SplitToningBalance", "ColorGradeMidtoneHue", "ColorGradeMidtoneSat"),
            *("ColorGradeShadowLum", "ColorGradeMidtoneLum", "ColorGradeHighlightLum", "ColorGradeBlending"),
            *("ColorGradeGlobalHue", "ColorGradeGlobalSat", "ColorGradeGlobalLum"),
        ),
        (*_GRADING, "ColorGradeMidtoneSat", "ColorGradeGlobalSat", *_LUMINANCES),
    ),
    Group("Sharpening", _SHARPENING, _SHARPENING),
    Group(
        "Noise Reduction",
        ("LuminanceSmoothing", "LuminanceNoiseReductionDetail", "LuminanceNoiseReductionContrast"),
        ("LuminanceSmoothing",),
    ),
    Group("Color Noise Reduction", _COLOUR_NOISE, _COLOUR_NOISE),
    LENS_PROFILE,
    Group("Remove Chromatic Aberration", ("AutoLateralCA",), ("AutoLateralCA",)),
    Group(
        "Defringe",
        tuple(f"Defringe{colour}{what}" for colour in ("Purple", "Green") for what in ("Amount", "HueLo", "HueHi")),
        ("DefringePurpleAmount", "DefringeGreenAmount"),
    ),
    Group("Lens vignetting", ("VignetteAmount", "VignetteMidpoint"), ("VignetteAmount",)),
    Group("Vignetting", _VIGNETTE, _VIGNETTE[:1]),
    Group("Grain", ("GrainAmount", "GrainSize", "GrainFrequency"), ("GrainAmount",), ("GrainSeed",)),
    Group("Calibration", _CALIBRATION, _CALIBRATION),
)
"""All groups of settings, in the order of Lightroom's panels."""

_WHITE_BALANCE = ("WhiteBalance", "Temperature", "Tint", "IncrementalTemperature", "IncrementalTint")
_NOT_TONAL = ("Sharpening", "Noise Reduction", "Color Noise Reduction", "Lens profile", "Remove Chromatic Aberration")
TONAL = frozenset(
    name for group in GROUPS if group.name not in (*_NOT_TONAL, "Defringe", "Grain") for name in group.keys
)
"""Settings, by `crs` name, of the tools that change brightness or colour: who has changed one has looked at both."""
_OF = {name: group for group in GROUPS for name in (*group.keys, *group.gone)}


def group_of(name: str) -> str:
    """The name of a setting's tool, by its `crs` name; a setting that stands for itself is a tool of its own."""
    if name in _WHITE_BALANCE:
        return "White Balance"
    return _OF[name].name if name in _OF else name


def is_constant(name: str) -> bool:
    """Whether a setting, by its `crs` name, belongs to a tool that can be a preset, carried or not."""
    return name in _OF


def is_carried(name: str) -> bool:
    """Whether a setting, by its `crs` name, can be a part of a preset."""
    return name in _OF and name in _OF[name].keys


def members(names: Iterable[str]) -> frozenset[str]:
    """The names of all settings of the tools that some of these names belong to, whether they are among them or not."""
    found = set(names)
    groups = {_OF[name].name: _OF[name] for name in found if name in _OF}
    whole = {name for group in groups.values() for name in (*group.keys, *group.gone)}
    return frozenset(whole if found.isdisjoint(_WHITE_BALANCE) else whole.union(_WHITE_BALANCE))
