"""The properties of the photo itself, in whatever form a program has written them.

XMP specification part 1 (ISO 16684-1), section 7: properties are attributes or child elements of the rdf:Description
elements right below rdf:RDF. Those further down belong to looks, presets, masks and history, and are not the photo's.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from autohdr.errors import SidecarError

CRS = "http://ns.adobe.com/camera-raw-settings/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
OURS = "http://ns.autohdr.org/1.0/"
"""Where we record what we wrote."""

_NUMBER = re.compile(r"[+-]?(\d{1,9}(\.\d{0,9})?|\.\d{1,9})")


@dataclass(frozen=True, slots=True)
class Property:
    """One property of the photo."""

    text: str
    """Its value; of a structure, a text that changes with anything in it."""
    simple: bool
    """Whether it is a plain value, given once."""
    element: etree._Element | None = field(default=None, repr=False, compare=False)
    """The structure itself, given once; else None."""


def number(text: str) -> float | None:
    """The number that a plain value spells, blanks around it or not; None where it is none."""
    return float(text) if _NUMBER.fullmatch(text.strip()) else None


def descriptions(root: etree._Element, source: str) -> list[etree._Element]:
    """The rdf:Description elements that hold the photo's own properties, in order.

    Raises:
        SidecarError: the document has not exactly one rdf:RDF, at its root or right below it.
    """
    found = [element for element in (root, *root) if element.tag == f"{{{RDF}}}RDF"]
    if len(found) != 1:
        raise SidecarError(
            f"{source} has {len(found)} rdf:RDF elements, expected one: it is no XMP sidecar; move it away"
        )
    return [element for element in found[0] if element.tag == f"{{{RDF}}}Description"]


def find_properties(root: etree._Element, source: str) -> dict[str, Property]:
    """Every property of the photo, by its name in Clark notation: `{namespace}name`.

    Raises:
        SidecarError: the document has not exactly one rdf:RDF.
    """
    properties: dict[str, Property] = {}
    for description in descriptions(root, source):
        for key, found in _of(description):
            earlier = properties.get(key)
            # No XMP gives a property twice. Which one holds would be a guess, so neither is a plain value.
            properties[key] = found if earlier is None else _repeated(earlier, found)
    return properties


def own_text(element: etree._Element) -> str:
    """The text of an element itself, leaving out comments."""
    return (element.text or "") + "".join(node.tail or "" for node in element)


def _of(description: etree._Element) -> Iterator[tuple[str, Property]]:
    """The properties of one rdf:Description, attributes first."""
    for key, value in description.attrib.items():
        yield str(key), Property(str(value), simple=True)
    for child in description:
        if not isinstance(child.tag, str):
            continue
        if child.attrib or any(isinstance(below.tag, str) for below in child):
            yield child.tag, Property(repr(_shape(child)), simple=False, element=child)
        else:
            yield child.tag, Property(own_text(child), simple=True)


def _repeated(earlier: Property, found: Property) -> Property:
    """Two of one name, as one that is no plain value. A digest: a million of them must not become a million texts."""
    return Property(hashlib.sha256(repr((earlier.text, found.text)).encode()).hexdigest(), simple=False)


def _shape(element: etree._Element) -> tuple[object, ...]:
    """Names, attributes and texts of a structure, without prefixes, comments and indentation."""
    below = [_shape(child) for child in element if isinstance(child.tag, str)]
    return (element.tag, sorted(element.attrib.items()), own_text(element).strip(), below)
