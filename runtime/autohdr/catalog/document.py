"""Turns the develop settings of a catalog into the XMP document that Lightroom would write for them, in memory.

All that knows sidecars then works on catalogs. What the two notations do not share is settled here: a catalog holds the
names of process versions before 2012 beside the new ones, helpers at their defaults that no sidecar holds, and -999999
for what Auto has not worked out yet.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from autohdr.catalog.lua import Table
from autohdr.sidecar.record import Record
from autohdr.sidecar.settings.defaults import has_default
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import CRS, OURS
from autohdr.sliders import SLIDERS

UNRESOLVED = -999999.0
"""What a slider holds after Auto, until Lightroom has drawn the photo."""
_SLIDERS = {slider.key: slider for slider in SLIDERS}
_KEY = re.compile(r"[A-Z][A-Za-z0-9_]{0,99}", re.ASCII)
_SIMPLE = re.compile(r"[\w .,+-]*", re.ASCII)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CURVE = re.compile(r"(Extended)?ToneCurve(PV2012)?(Red|Green|Blue)?")
_SIGNED = re.compile(
    r"Tint|Texture|Clarity2012|Dehaze|Parametric(Shadows|Darks|Lights|Highlights)|(Hue|Saturation|Luminance)Adjustment"
    r"[A-Z][a-z]+|GrayMixer[A-Z][a-z]+|(Red|Green|Blue)(Hue|Saturation)|ShadowTint|VignetteAmount|SplitToningBalance|"
    r"PostCropVignette(Amount|Roundness)|ColorGrade(Shadow|Midtone|Highlight|Global)Lum|SDR[A-Z][a-z]+"
)
_DECIMALS = {"HDRMaxValue": 2, "SharpenRadius": 1}
_BEFORE_2012 = frozenset(
    (
        *("Exposure", "Contrast", "Shadows", "Brightness", "FillLight", "HighlightRecovery", "Clarity"),
        *("ToneCurve", "ToneCurveRed", "ToneCurveGreen", "ToneCurveBlue", "ToneCurveName"),
    )
)
"""What process version 2012 no longer looks at."""
_HELPERS = {
    "CropConstrainAspectRatio": None,
    "EnableCalibration": True,
    "EnableCircularGradientBasedCorrections": True,
    "EnableColorAdjustments": True,
    "EnableDetail": True,
    "EnableEffects": True,
    "EnableGradientBasedCorrections": True,
    "EnableGrayscaleMix": True,
    "EnableLensCorrections": True,
    "EnableMaskGroupBasedCorrections": True,
    "EnablePaintBasedCorrections": True,
    "EnableRedEye": True,
    "EnableRetouch": True,
    "EnableSplitToning": True,
    "EnableToneCurve": True,
    "EnableTransform": True,
}
"""Names that no sidecar holds. They change no picture at the value beside them, or at any where it is None."""
_PARTS: dict[str, tuple[str, ...]] = {
    "GrainAmount": ("GrainSize", "GrainFrequency", "GrainSeed"),
    "LensProfileEnable": (
        *("LensProfileName", "LensProfileFilename", "LensProfileDigest", "LensProfileIsEmbedded"),
        *("LensProfileDistortionScale", "LensProfileVignettingScale", "LensProfileChromaticAberrationScale"),
    ),
    "LuminanceSmoothing": ("LuminanceNoiseReductionContrast", "LuminanceNoiseReductionDetail"),
    "PostCropVignetteAmount": (
        *("PostCropVignetteFeather", "PostCropVignetteMidpoint", "PostCropVignetteRoundness"),
        *("PostCropVignetteStyle", "PostCropVignetteHighlightContrast"),
    ),
    "PerspectiveUpright": (
        *("UprightCenterMode", "UprightCenterNormX", "UprightCenterNormY", "UprightFocalLength35mm"),
        *("UprightFocalMode", "UprightFourSegmentsCount", "UprightPreview", "UprightTransformCount", "UprightVersion"),
    ),
    "VignetteAmount": ("VignetteMidpoint",),
}
"""What says nothing while the setting before it is 0 or not there, and stands in catalogs all the same."""
_ALL_PARTS = frozenset(part for parts in _PARTS.values() for part in parts)
_SIZES = {"PointColors": 19, "ColorVariance": 1}
"""Lists whose items are so many numbers each, where they stand alone."""
_DEPTH = 16
_VERSION = re.compile(r"(\d{1,3})\.", re.ASCII)

_HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description rdf:about="" xmlns:crs="{CRS}" xmlns:autohdr="{OURS}"'
)
_TAIL = "</rdf:Description></rdf:RDF></x:xmpmeta>"


def document_of(settings: Table, record: Record | None = None) -> Document:
    """The document that Lightroom would write for the develop settings of a photo.

    Args:
        settings: as the catalog has them.
        record: what autohdr has written down of a label of its own, in the photo's file or its sidecar.

    Raises:
        SidecarError: the settings hold more than any document may.
    """
    named = dict(_used(settings.named))
    attributes = {f"crs:{name}": text for name, value in named.items() if (text := _plain(name, value)) is not None}
    if record is not None:
        attributes |= {key.replace(f"{{{OURS}}}", "autohdr:"): text for key, text in record.properties().items()}
    written = "".join(f" {name}={_quoted(text)}" for name, text in attributes.items())
    below = "".join(_element(name, value, 0) for name, value in named.items() if isinstance(value, Table))
    return Document.parse(f"{_HEAD}{written}>{below}{_TAIL}".encode(), "its entry in the catalog")


def moves_a_slider(settings: Table) -> bool:
    """Whether one of the eight sliders is not at 0, in a process version that has them."""
    if not _is_today(settings.named):
        return False
    values = [settings.named.get(key) for key in _SLIDERS]
    return any(isinstance(value, float) and value not in (0.0, UNRESOLVED) for value in values)


def _is_today(named: Mapping[str, object]) -> bool:
    """Whether the settings are of process version 2012 (6.7) or later."""
    version = _VERSION.match(str(named.get("ProcessVersion", "6.7")))
    return any(name.endswith("2012") for name in named) and version is not None and int(version[1]) >= 6


def _used(named: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The settings that a sidecar would hold; of the eight sliders, those that are missing are at 0."""
    today = _is_today(named)
    dropped = {part for switch, parts in _PARTS.items() if not named.get(switch) for part in parts}
    dropped |= _BEFORE_2012 if today else frozenset()
    if named.get("AutoGrayscaleMix") is True and not named.get("ConvertToGrayscale"):
        dropped |= {name for name in named if name.startswith("GrayMixer")}
    for name, value in named.items():
        if _KEY.fullmatch(name) and name not in dropped and not _says_nothing(name, value):
            yield name, value
    if any(named.get(key) == UNRESOLVED for key in _SLIDERS):
        yield "AutoTone", True  # an edit, of which nobody knows the values
    if today:
        yield from ((key, 0.0) for key in _SLIDERS if key not in named)


def _says_nothing(name: str, value: object) -> bool:
    """Whether an entry changes no picture, and is none that a sidecar holds at its default."""
    if isinstance(value, Table):
        no_look = name == "Look" and value.named.get("Name") == "" and "UUID" not in value.named
        return no_look or (name.startswith("Extended") and value.listed == [0.0, 0.0, 255.0, 255.0])
    if value == UNRESOLVED or (isinstance(value, bool) and name.startswith("Auto")):
        return True
    if name in _HELPERS:
        return _HELPERS[name] in (None, value)
    if name in _ALL_PARTS or has_default(name):
        return False
    return value in (0.0, "") or (name.startswith("Extended") and value == "Linear")


def _plain(name: str, value: object) -> str | None:
    """A plain value as Lightroom spells it; None for a table."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value
    if not isinstance(value, float):
        return None
    slider = _SLIDERS.get(name)
    if slider is not None and abs(value) <= slider.limit:
        return slider.spell(value)
    sign = "+" if value > 0 and (name in _DECIMALS or _SIGNED.fullmatch(name)) else ""
    return sign + (f"{value:.{_DECIMALS[name]}f}" if name in _DECIMALS else _number(value))


def _number(value: float) -> str:
    """A number without an exponent, which no XMP has; six digits behind the point are what Lightroom writes."""
    if value.is_integer():
        return f"{value:.0f}" if abs(value) < 1e15 else format(Decimal(value), "f")[:40]
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _element(name: str, value: Table, depth: int) -> str:
    """A table as an element: a curve, a list, or a structure; an empty one is none."""
    if depth > _DEPTH or not (value.named or value.listed) or not _KEY.fullmatch(name):
        return ""
    if "x-default" in value.named:
        text = _text(value.named["x-default"])
        inner = f'<rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt>'
    elif value.named:
        inner = _structure(value, depth, settings=name == "Parameters")
    else:
        inner = f"<rdf:Seq>{''.join(_items(name, value, depth))}</rdf:Seq>"
    return f"<crs:{name}>{inner}</crs:{name}>"


def _structure(value: Table, depth: int, *, settings: bool = False) -> str:
    """A structure; of a look's own `settings` it has the spelling of the photo's, else `true` is not `True`."""
    plain = {name: text for name, one in value.named.items() if (text := _plain(name, one)) is not None}
    if not settings:
        plain |= {name: str(one).lower() for name, one in value.named.items() if isinstance(one, bool)}
    written = "".join(f" crs:{name}={_quoted(text)}" for name, text in plain.items() if _KEY.fullmatch(name))
    tables = ((name, one) for name, one in value.named.items() if isinstance(one, Table))
    return (
        f"<rdf:Description{written}>{''.join(_element(name, one, depth + 1) for name, one in tables)}</rdf:Description>"
    )


def _items(name: str, value: Table, depth: int) -> Iterator[str]:
    """The items of a list; those of a curve are points."""
    numbers = [one for one in value.listed if isinstance(one, float)]
    size = _SIZES.get(name, 2 if _CURVE.fullmatch(name) else 0)
    if size and len(numbers) == len(value.listed) and len(numbers) % size == 0:
        spelled = [f"{number:.6f}" if name in _SIZES else _number(number) for number in numbers]
        yield from (
            f"<rdf:li>{', '.join(spelled[start : start + size])}</rdf:li>" for start in range(0, len(spelled), size)
        )
        return
    for one in value.listed:
        if not isinstance(one, Table):
            yield f"<rdf:li>{_text(one)}</rdf:li>"
        elif depth < _DEPTH:
            yield f"<rdf:li>{_structure(one, depth + 1)}</rdf:li>"


def _text(value: object) -> str:
    return escape(_legal(_plain("", value) or ""))


def _quoted(text: str) -> str:
    return f'"{text}"' if _SIMPLE.fullmatch(text) else quoteattr(_legal(text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
