"""The properties of the photo itself, in whatever form a program has written them.

XMP specification part 1 (ISO 16684-1), section 7: properties are attributes or child elements of the rdf:Description
elements right below rdf:RDF. Those further down belong to looks, presets, masks and history, and are not the photo's.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import reduce
from typing import NamedTuple

from lxml import etree

from autohdr.errors import SidecarError

CRS = "http://ns.adobe.com/camera-raw-settings/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
XMP = "http://ns.adobe.com/xap/1.0/"
OURS = "http://ns.autohdr.org/1.0/"
"""Where we record what we wrote."""

_NUMBER = re.compile(r"[+-]?([0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9})")


class Property(NamedTuple):
    """One property of the photo."""

    value: str
    """What a plain value says; nothing where it is not one."""
    simple: bool
    """Whether it is a plain value, given once."""
    element: etree._Element | None = None
    """The structure itself, given once; else None."""
    given: tuple["Property", ...] = ()
    """All of one name, where there is more than one. Which one holds would be a guess, so it is no plain value."""

    @property
    def text(self) -> str:
        """The value of a property; of a structure, or of one given twice, a text that changes with anything in it.

        Made anew each time: painted masks are many thousand elements, and few ask.
        """
        if self.given:
            return reduce(_digest, (one.text for one in self.given))
        return self.value if self.element is None else meaning(self.element)


def number(text: str) -> float | None:
    """The number that a plain value spells, blanks around it or not; None where it is none."""
    return float(text) if _NUMBER.fullmatch(text.strip()) else None


def descriptions(root: etree._Element, source: str) -> list[etree._Element]:
    """The rdf:Description elements that hold the photo's own properties, in order.

    Raises:
        SidecarError: the document has not exactly one rdf:RDF, at its root or right below it.
    """
    found = [root] if root.tag == f"{{{RDF}}}RDF" else []
    found += root.iterchildren(f"{{{RDF}}}RDF")
    if len(found) != 1:
        raise SidecarError(
            f"{source} has {len(found)} rdf:RDF elements, expected one: it is no XMP sidecar; move it away"
        )
    return list(found[0].iterchildren(f"{{{RDF}}}Description"))


def find_properties(root: etree._Element, source: str) -> dict[str, Property]:
    """Every property of the photo, by its name in Clark notation: `{namespace}name`.

    Raises:
        SidecarError: the document has not exactly one rdf:RDF.
    """
    given: defaultdict[str, list[Property]] = defaultdict(list)
    for description in descriptions(root, source):
        for key, found in _of(description):
            given[key].append(found)
    return {
        key: found[0] if len(found) == 1 else Property("", simple=False, given=tuple(found))
        for key, found in given.items()
    }


def own_text(element: etree._Element) -> str:
    """The text of an element itself, leaving out comments."""
    text = element.text or ""
    return text + "".join(node.tail or "" for node in element) if len(element) else text


def meaning(element: etree._Element) -> str:
    """A text that changes with anything that a structure says, and with nothing else."""
    return repr(_shape(element))


def field_of(structure: etree._Element, name: str) -> str:
    """A plain value in a structure, such as a look's name, the outermost of that name; nothing where there is none."""
    key = f"{{{CRS}}}{name}"
    for node in structure.iter(etree.Element):
        if (text := node.get(key)) is not None:
            return str(text).strip()
        if node.tag == key:
            return own_text(node).strip()
    return ""


def _of(description: etree._Element) -> Iterator[tuple[str, Property]]:
    """The properties of one rdf:Description, attributes first."""
    for key, value in description.items():
        yield str(key), Property(str(value), simple=True)
    for child in description.iterchildren(etree.Element):
        if child.attrib or next(child.iterchildren(etree.Element), None) is not None:
            yield str(child.tag), Property("", simple=False, element=child)
        else:
            yield str(child.tag), Property(own_text(child), simple=True)


def _digest(one: str, other: str) -> str:
    """Two texts as one. A digest: a million of them must not become a million texts."""
    return hashlib.sha256(repr((one, other)).encode()).hexdigest()


def _shape(element: etree._Element) -> tuple[object, ...]:
    """Names, attributes and texts of a structure, without prefixes, comments and indentation."""
    below = [_shape(child) for child in element.iterchildren(etree.Element)]
    return (element.tag, sorted(element.items()), own_text(element).strip(), below)
