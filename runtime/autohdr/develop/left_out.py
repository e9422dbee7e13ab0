"""Names the settings of a document that are in use and that developing leaves out, as Lightroom shows them.

A setting is in use where it is not at Camera Raw's default (`autohdr.sidecar.settings.defaults`) and changes the
picture: a vignette's feather does not without a vignette, nor a lens profile's name without the profile. Of profiles,
Adobe Color and Adobe Standard are not named: they are what developing approximates.
"""

from collections.abc import Callable

from lxml import etree

from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import CRS, number, own_text
from autohdr.sliders import SLIDERS

_COLOURS = ("Red", "Orange", "Yellow", "Green", "Aqua", "Blue", "Purple", "Magenta")
_PRIMARIES = ("Red", "Green", "Blue")
_TOOLS: dict[str, tuple[str, ...]] = {
    "Crop": ("CropTop", "CropLeft", "CropBottom", "CropRight", "CropAngle"),
    "Masks": (
        *("MaskGroupBasedCorrections", "GradientBasedCorrections"),
        *("CircularGradientBasedCorrections", "PaintBasedCorrections"),
    ),
    "Remove": ("RetouchAreas", "RetouchInfo"),
    "Red Eye": ("RedEyeInfo",),
    "HSL": tuple(f"{kind}Adjustment{colour}" for kind in ("Hue", "Saturation", "Luminance") for colour in _COLOURS),
    "Point Color": ("PointColors",),
    "Color Grading": (
        *(
            "SplitToningShadowSaturation",
            "SplitToningHighlightSaturation",
            "ColorGradeMidtoneSat",
            "ColorGradeGlobalSat",
        ),
        *(f"ColorGrade{region}Lum" for region in ("Shadow", "Midtone", "Highlight", "Global")),
    ),
    "Calibration": ("ShadowTint", *(f"{colour}{kind}" for colour in _PRIMARIES for kind in ("Hue", "Saturation"))),
    "Texture": ("Texture",),
    "Clarity": ("Clarity2012",),
    "Dehaze": ("Dehaze",),
    "Vignetting": ("PostCropVignetteAmount",),
    "Grain": ("GrainAmount",),
    "Sharpening": ("Sharpness",),
    "Noise Reduction": ("LuminanceSmoothing", "ColorNoiseReduction"),
    "Lens corrections": (
        *("LensProfileEnable", "LensManualDistortionAmount", "VignetteAmount", "AutoLateralCA"),
        *("DefringePurpleAmount", "DefringeGreenAmount"),
    ),
    "Transform": (
        "PerspectiveUpright",
        *(f"Perspective{what}" for what in ("Vertical", "Horizontal", "Rotate", "Aspect", "Scale", "X", "Y")),
    ),
    "White Balance": ("IncrementalTemperature", "IncrementalTint"),
}
"""What Lightroom calls a tool, and the keys that switch it on; a number of 0 means off in all of them but Crop."""

_SDR_TOOLS = {f"SDR {name}": f"SDR{name}" for name in ("Clarity", "Whites", "Blend")}
"""Sliders for the SDR rendition of an HDR edit, by name, that have no effect that is known (`display`)."""

UNDRAWN = frozenset((*(key for keys in _TOOLS.values() for key in keys), *_SDR_TOOLS.values()))
"""`crs` names of all settings that developing is known to leave out."""
_QUIET_STARTS = (
    *("ToneCurve", "Parametric", "SDR", "HDR", "LensProfile", "PostCropVignette", "Grain", "GrayMixer", "Crop"),
    *("ColorGrade", "SplitToning", "Defringe", "Sharp", "LuminanceNoise", "ColorNoise", "Upright", "Perspective"),
    *("Supports", "Chromatic"),
)
_QUIET = {
    *(*(slider.key for slider in SLIDERS), "Temperature", "Tint", "WhiteBalance", "CurveRefineSaturation"),
    *("CameraProfile", "Look", "AILook", "ConvertToGrayscale", "Treatment", "HasCrop", "ColorVariance", "EnableDetail"),
    # The names of process versions before 2012, which later documents carry beside the new ones.
    *("Exposure", "Contrast", "Shadows", "Brightness", "FillLight", "HighlightRecovery", "Clarity"),
    *("AutoTone", "AutoShadows", "AutoBrightness", "AutoContrast", "AutoExposure"),
    # What presets say of themselves.
    *("Name", "ShortName", "SortName", "Group", "Description", "Cluster", "PresetType", "UUID", "FilterList"),
    "RequiresRenditionBehavior",
}
"""Keys that are read, that belong to a tool above without switching it on, or that change no picture."""

_PLAIN_PROFILES = {"Adobe Standard", "Adobe Color", "Embedded", "Default Color", ""}


def left_out(document: Document) -> tuple[str, ...]:
    """Returns the names, in the order of the tools in this module, then those of keys that are not known here."""
    edited = document.edited()
    names = [name for name, keys in _TOOLS.items() if any(_on(document, key) for key in keys if key in edited)]
    if document.get("HasCrop") == "False" and "Crop" in names:
        names.remove("Crop")
    if document.hdr:
        names += [name for name, key in _SDR_TOOLS.items() if key in edited]
    names += [name for find in _OTHERS if (name := find(document)) is not None]
    listed = {key for keys in _TOOLS.values() for key in keys}
    rest = edited - listed - _QUIET
    names += sorted(key for key in rest if not key.startswith(_QUIET_STARTS))
    return tuple(names)


def _on(document: Document, key: str) -> bool:
    """Whether a key that is not at its default switches something on: a structure, a word, or a number but 0."""
    text = document.get(key)
    return text is None or number(text) != 0 or key in _TOOLS["Crop"]


def _profile(document: Document) -> str | None:
    """The camera profile or look, where it is another than Adobe's plain ones."""
    found = document.settings().get("Look")
    if found is not None and found.element is not None and "Look" in document.edited():
        name = next((text for text in _below(found.element, "Name") if text), "")
        return f"Profile {name}" if name not in _PLAIN_PROFILES else None
    name = document.get("CameraProfile") or ""
    return None if name in _PLAIN_PROFILES or "CameraProfile" not in document.edited() else f"Profile {name}"


def _below(element: etree._Element, name: str) -> list[str]:
    """Texts of a property anywhere in a structure, as an attribute or as an element."""
    key = f"{{{CRS}}}{name}"
    texts = []
    for node in element.iter(etree.Element):
        if (value := node.get(key)) is not None:
            texts.append(value.strip())
        if node.tag == key:  # a text, or one for each language
            texts += [own_text(item).strip() for item in node.iter(etree.Element)]
    return [text for text in texts if text]


def _black_and_white(document: Document) -> str | None:
    return "Black & White" if document.get("ConvertToGrayscale") in ("True", "1") else None


def _refine_saturation(document: Document) -> str | None:
    """Refine Saturation changes what the point curve does to colours, so it is in use where there is a curve."""
    both = {"CurveRefineSaturation", "ToneCurvePV2012"}
    return "Refine Saturation" if both <= document.edited() else None


def _named_balance(document: Document) -> str | None:
    """A white balance by name alone, such as Auto on a JPEG."""
    balance = document.get("WhiteBalance")
    named = balance not in (None, "As Shot") and not document.has("Temperature")
    return f"White Balance {balance}" if named and not document.has("IncrementalTemperature") else None


_OTHERS: tuple[Callable[[Document], str | None], ...] = (
    _profile,
    _black_and_white,
    _refine_saturation,
    _named_balance,
)
