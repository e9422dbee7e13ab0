"""Tells black-and-white edits from colour ones."""

import re

from lxml import etree

from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sliders import SLIDERS

NO_COLOUR = frozenset({"Vibrance", "Saturation"})
"""Sliders (`crs` keys) that do nothing once a photo is converted."""
_NAMED = re.compile(r"monochrom|black.{0,5}white|\bb ?(&|and|\+) ?w\b|\bacros\b", re.IGNORECASE)
"""Names of profiles: Adobe Monochrome, Adaptive B&W, B&W 01 to 17, Camera Monochrome, Camera ACROS."""
_ADOBE_MONOCHROME = "0CFE8F8AB5F63B2A73CE0B0077D20817"
"""The identifier of this look, whose name may be another language's."""


def converted(document: Document) -> bool:
    """Whether the photo is black and white by its treatment or profile, whatever its sliders say."""
    if _true(document.get("ConvertToGrayscale") or "") or _NAMED.search(document.get("CameraProfile") or ""):
        return True
    look = document.settings().get("Look")
    if look is None or look.element is None:
        return False
    said = _said(look.element)
    named = said.get("UUID") == _ADOBE_MONOCHROME or _NAMED.search(said.get("Name", "")) is not None
    return named or _true(said.get("ConvertToGrayscale", ""))


def black_and_white(document: Document) -> bool:
    """Whether the photo is black and white: converted, or with Saturation at its lowest."""
    lowest = next(-slider.limit for slider in SLIDERS if slider.key == "Saturation")
    return converted(document) or document.values().get("Saturation", 0.0) <= lowest


def _said(look: etree._Element) -> dict[str, str]:
    """Plain values of a look, its parameters among them, by name without the namespace; the outermost of each name."""
    found: dict[str, str] = {}
    start = f"{{{CRS}}}"
    for element in look.iter(etree.Element):
        for key, value in [*element.items(), (element.tag, element.text or "")]:
            if str(key).startswith(start):
                found.setdefault(str(key).removeprefix(start), str(value).strip())
    return found


def _true(text: str) -> bool:
    return text.casefold() == "true"
