"""Finds the parts of an XMP document, as byte offsets into its UTF-8 text.

lxml knows what a document says and not where; expat knows where each element begins. The inside of a start tag is then
read here, in a document that is known to be well-formed.
"""

import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from autohdr.sidecar.xmp.properties import RDF

_NAME = re.compile(rb"<([^\s/>]+)")
_ATTRIBUTE = re.compile(rb"""(\s+)([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CLOSE = re.compile(rb"\s*(/?)>")
# xmpmeta, RDF, Description, property.
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute, xmlns declarations included."""

    key: str
    """The attribute's name in Clark notation; `xmlns:crs` for a declaration."""
    value: str
    begin: int
    """Offset of the blanks before it."""
    start: int
    """Offset of the first byte within the quotes."""
    end: int
    """Offset of the closing quote."""
    space: bytes
    """The blanks before it."""


@dataclass(slots=True)
class Element:
    """One element; what is within a property is not kept."""

    key: str
    """The element's name in Clark notation."""
    name: bytes
    """The element's name, as the document spells it."""
    scope: ChainMap[str, str]
    """Prefix to namespace, for all that is within the element; the default namespace has prefix ""."""
    outer: Mapping[str, str]
    """Prefix to namespace, for the element itself, without its own declarations."""
    start: int
    """Offset of its `<`."""
    attributes: tuple[Attribute, ...]
    attributes_end: int
    """Offset behind the last attribute, or behind the name."""
    content_start: int
    """Offset behind the start tag."""
    empty: bool
    """Whether the element is written as `<name/>`."""
    content_end: int = -1
    """Offset of the end tag; of an `empty` one, `content_start`."""
    end: int = -1
    """Offset behind it."""
    children: "list[Element]" = field(default_factory=list)


def rdf_element(utf8: bytes) -> Element:
    """The rdf:RDF of a document that `Document.parse` has accepted; its children are the rdf:Descriptions."""
    builder = _Builder(utf8)
    builder.run()
    top = builder.top
    found = [element for element in (top, *top.children) if element.key == f"{{{RDF}}}RDF"]
    assert len(found) == 1, "Document.parse lets no other document through"
    return found[0]


class _Builder:
    """Listens to expat and keeps the upper elements of the tree."""

    def __init__(self, utf8: bytes) -> None:
        self._utf8 = utf8
        self._open: list[Element] = []
        self._below = 0
        self.top: Element
        self._parser = expat.ParserCreate("utf-8")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def run(self) -> None:
        self._parser.Parse(self._utf8, True)

    def _start(self, _: str, attributes: list[str]) -> None:
        if len(self._open) == _DEPTH:
            self._below += 1
            return
        outer = self._open[-1].scope if self._open else ChainMap({"xml": "http://www.w3.org/XML/1998/namespace"})
        element = _start_tag(self._utf8, self._parser.CurrentByteIndex, attributes, outer)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.top = element
        self._open.append(element)

    def _end(self, _: str) -> None:
        if self._below:
            self._below -= 1
            return
        element = self._open.pop()
        element.content_end = element.end = element.content_start
        if not element.empty:
            element.content_end = self._parser.CurrentByteIndex
            element.end = self._utf8.index(b">", element.content_end) + 1


def _start_tag(utf8: bytes, offset: int, pairs: list[str], outer: ChainMap[str, str]) -> Element:
    """The element whose `<` is at `offset`; `pairs` are expat's names and values of its attributes, in order."""
    opening = _NAME.match(utf8, offset)
    assert opening is not None, "expat reports the offset of a start tag"
    names, values = pairs[::2], pairs[1::2]
    declarations = zip(names, values, strict=True)
    declared = {name[6:]: value for name, value in declarations if name == "xmlns" or name.startswith("xmlns:")}
    # Not a copy: a thousand prefixes may be in scope in each of a thousand elements.
    scope = outer.new_child(declared) if declared else outer
    attributes = []
    end = opening.end()
    for name, value in zip(names, values, strict=True):
        found = _ATTRIBUTE.match(utf8, end)
        assert found is not None, "expat has read this attribute"
        assert found[2] == name.encode(), "attributes come in the order of the document"
        within = 3 if found[3] is not None else 4
        attributes.append(
            Attribute(_clark(name, scope), value, found.start(), found.start(within), found.end(within), found[1])
        )
        end = found.end()
    closing = _CLOSE.match(utf8, end)
    assert closing is not None, "nothing but the end of the tag is left"
    name = opening[1].decode()
    # Without a colon, the default namespace holds for an element and not for an attribute.
    key = _clark(name if ":" in name else f":{name}", scope)
    return Element(key, opening[1], scope, outer, offset, tuple(attributes), end, closing.end(), empty=bool(closing[1]))


def _clark(name: str, scope: Mapping[str, str]) -> str:
    """`crs:Saturation` as `{namespace}Saturation`; a declaration or a name without a colon as it is."""
    prefix, colon, local = name.partition(":")
    if not colon or prefix == "xmlns":
        return name
    namespace = scope.get(prefix)
    return f"{{{namespace}}}{local}" if namespace else local
