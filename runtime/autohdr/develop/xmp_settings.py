"""Reads the settings that developing knows from an XMP document, and names those in use that it does not know.

A setting that is missing has Lightroom's default. A slider beyond its range is held at the end of it, as the slider in
Lightroom is; a value beyond twice the range, or one that is no number, is damage, and refused.
"""

from itertools import pairwise

from autohdr.codes import Code
from autohdr.develop.left_out import left_out
from autohdr.develop.settings import LINEAR, MOST_POINTS, CurvePoints, Parametric, SdrSettings, Settings
from autohdr.errors import SidecarError
from autohdr.mode import MOST, SDR, USUAL, Mode
from autohdr.sidecar.settings.further import further_in
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import RDF, number, own_text
from autohdr.sliders import FURTHER, SLIDERS

_KELVIN = (2000.0, 50000.0)
"""Range of Temperature."""
_TINT = 150.0


def read(document: Document, name: str) -> Settings:
    """Reads the settings in a document that messages call `name`.

    Raises:
        SidecarError: it is of a process version before 2012, or a value in it is nonsense.
    """
    if document.outdated is not None:
        raise SidecarError(
            f"{name} {document.outdated}; update the photo's process version in Lightroom, then run again",
            code=Code.OLD_PROCESS,
        )
    values = _Values(document, name)
    temperature, tint = _white_balance(values)
    return Settings(
        **{slider.name.lower(): values.slider(slider.key, slider.limit) for slider in SLIDERS},
        temperature=temperature,
        tint=tint,
        point_curve=values.curve("ToneCurvePV2012"),
        red_curve=values.curve("ToneCurvePV2012Red"),
        green_curve=values.curve("ToneCurvePV2012Green"),
        blue_curve=values.curve("ToneCurvePV2012Blue"),
        parametric=_parametric(values),
        mode=_mode(values),
        sdr=_sdr(values),
        ignored=left_out(document),
        undeveloped=_undeveloped(document),
    )


class _Values:
    """Reads and checks values of one document."""

    def __init__(self, document: Document, name: str) -> None:
        self.document = document
        self._name = name

    def number(self, key: str) -> float | None:
        """The number of a key; None where it is missing."""
        if not self.document.has(key):
            return None
        text = self.document.get(key)
        if text is None:
            raise self._nonsense(key, "no plain value, given once", "a number")
        value = number(text)
        if value is None:
            raise self._nonsense(key, repr(text[:20]), "a number")
        return value

    def slider(self, key: str, limit: float) -> float:
        """The value of a slider from -limit to limit, held within; 0 where it is missing."""
        value = self.number(key) or 0.0
        if abs(value) > 2 * limit:
            raise self._nonsense(key, f"{value:g}", f"a number from {-limit:g} to {limit:g}")
        return min(max(value, -limit), limit)

    def between(self, key: str, low: float, high: float) -> float | None:
        """The value of a key above 0, held within a range; None where it is missing."""
        value = self.number(key)
        if value is not None and not low / 2 <= value <= 2 * high:
            raise self._nonsense(key, f"{value:g}", f"a number from {low:g} to {high:g}")
        return None if value is None else min(max(value, low), high)

    def split(self, key: str, default: float) -> float:
        """Where two regions of the parametric curve meet, percent."""
        value = self.number(key)
        if value is not None and not 0 <= value <= 100:
            raise self._nonsense(key, f"{value:g}", "a number from 0 to 100")
        return default if value is None else value

    def curve(self, key: str) -> CurvePoints:
        """The points of a tone curve; a straight line where it is missing."""
        found = self.document.settings().get(key)
        if found is None:
            return LINEAR
        if found.element is None:
            raise self._nonsense(key, "no list of points, given once", "one")
        points = [self._point(key, own_text(item)) for item in found.element.iter(f"{{{RDF}}}li")]
        if not 2 <= len(points) <= MOST_POINTS:
            raise self._nonsense(key, f"{len(points)} points", f"2 to {MOST_POINTS}")
        if any(before[0] >= after[0] for before, after in pairwise(points)):
            raise self._nonsense(key, "points that do not go from left to right", "each input above the one before")
        return tuple(points)

    def _point(self, key: str, text: str) -> tuple[float, float]:
        numbers = [number(part) for part in text.split(",")]
        match numbers:
            case [float(x), float(y)] if 0 <= x <= 255 and 0 <= y <= 255:
                return x, y
        raise self._nonsense(key, f"a point {text.strip()[:20]!r}", "two numbers from 0 to 255")

    def _nonsense(self, key: str, what: str, expected: str) -> SidecarError:
        return SidecarError(
            f"{self._name} has {what} for {key}, expected {expected}; set it again in Lightroom, then run again"
        )


def _undeveloped(document: Document) -> tuple[tuple[str, float], ...]:
    found, edited = further_in(document), document.edited()
    named = [slider.key for slider in FURTHER if slider.develops is None and slider.key in edited]
    return tuple((key, found[key]) for key in named if key in found)


def _white_balance(values: _Values) -> tuple[float | None, float | None]:
    """Temperature and Tint; None of As Shot, and of a balance that the document does not give in numbers."""
    if values.document.get("WhiteBalance") == "As Shot":
        return None, None
    temperature = values.between("Temperature", *_KELVIN)
    return temperature, None if temperature is None else values.slider("Tint", _TINT)


def _mode(values: _Values) -> Mode:
    if not values.document.hdr:
        return SDR
    headroom = values.between("HDRMaxValue", 0.01, MOST)
    return Mode(hdr=True, headroom=USUAL if headroom is None else headroom)


def _parametric(values: _Values) -> Parametric:
    shadows, darks, lights, highlights = (
        values.slider(f"Parametric{region}", 100.0) for region in ("Shadows", "Darks", "Lights", "Highlights")
    )
    low, middle, high = (
        values.split(f"Parametric{name}Split", default)
        for name, default in (("Shadow", 25.0), ("Midtone", 50.0), ("Highlight", 75.0))
    )
    return Parametric(shadows, darks, lights, highlights, low, middle, high)


def _sdr(values: _Values) -> SdrSettings:
    names = ("Brightness", "Contrast", "Clarity", "Highlights", "Shadows", "Whites", "Blend")
    return SdrSettings(*(values.slider(f"SDR{name}", 100.0) for name in names))
