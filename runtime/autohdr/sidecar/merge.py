"""Sets a few properties in an XMP document and leaves every other byte where it is.

Order, blanks, quotes, comments, prefixes, padding, line ends and encoding are the photographer's or Lightroom's.
Nothing is parsed and written anew: the bytes of single values are replaced, missing properties put in as attributes.
"""

from collections.abc import Iterator, Mapping
from itertools import starmap, zip_longest
from typing import NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from autohdr.errors import SidecarError
from autohdr.sidecar.document import Document
from autohdr.sidecar.layout import Element, rdf_element
from autohdr.sidecar.properties import CRS, OURS, PHOTOSHOP, RDF, descriptions

_PREFIXES = {CRS: "crs", OURS: "autohdr", PHOTOSHOP: "photoshop", RDF: "rdf"}
_QUOTED = {'"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


class _Edit(NamedTuple):
    """`utf8[start:end]` becomes `text`."""

    start: int
    end: int
    text: bytes


def merge(original: bytes | Document | None, changes: Mapping[str, str], source: str = "the sidecar") -> bytes:
    """The document with these properties set; the very same bytes where it says all this already.

    Args:
        original: the document, parsed or not, or None for a new one in Camera Raw's form.
        changes: value by property, in Clark notation (`{namespace}name`), in the order in which new ones shall stand.
        source: what to call the document in a message.

    Raises:
        SidecarError: the document cannot be parsed, one of the properties is no plain value in it, or the result would
            differ from it in anything else.
    """
    if original is None:
        return _new(changes)
    document = original if isinstance(original, Document) else Document.parse(original, source)
    edits = _edits(document, changes, source)
    if not edits:
        return document.data
    utf8 = document.utf8
    for edit in sorted(edits, reverse=True):
        utf8 = utf8[: edit.start] + edit.text + utf8[edit.end :]
    merged = document.encoding.from_utf8(utf8)
    if not _only_changed(document, merged, changes, source):
        raise SidecarError(f"{source} has a form that cannot be changed safely; please report it with the file")
    return merged


def _new(changes: Mapping[str, str]) -> bytes:
    """A new document: one rdf:Description, an attribute a line, neither XML declaration nor packet wrapper."""
    prefixes = _Prefixes({})
    attributes = b"".join(b"\n   " + prefixes.attribute(key, value) for key, value in changes.items())
    declarations = b"".join(b"\n    " + text for text in prefixes.declarations)
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="autohdr">\n'
        b' <rdf:RDF xmlns:rdf="' + RDF.encode() + b'">\n'
        b'  <rdf:Description rdf:about=""' + declarations + attributes + b"/>\n </rdf:RDF>\n</x:xmpmeta>\n"
    )


def _edits(document: Document, changes: Mapping[str, str], source: str) -> list[_Edit]:
    """What has to be replaced or put in."""
    rdf = rdf_element(document.utf8)
    places = [element for element in rdf.children if element.key == f"{{{RDF}}}Description"]
    present = {key: found for key, found in document.properties.items() if key in changes}
    for key, found in present.items():
        if not found.simple:
            name = key.rpartition("}")[2]
            raise SidecarError(f"{source} has {name} as a structure or twice; mend it in Lightroom, then run again")
    stale = {key for key, found in present.items() if found.text.strip() != changes[key]}
    edits = []
    for place in places:
        for attribute in place.attributes:
            if attribute.key in stale:
                edits.append(_Edit(attribute.start, attribute.end, _spell(changes[attribute.key])))
        for child in place.children:
            if child.key in stale:
                edits.append(_content(child, _spell(changes[child.key])))
    missing = {key: value for key, value in changes.items() if key not in present}
    return [*edits, _insertion(rdf, places, missing)] if missing else edits


def _content(element: Element, text: bytes) -> _Edit:
    """The edit that gives an element another content."""
    if element.empty:
        return _Edit(element.attributes_end, element.content_start, b">" + text + b"</" + element.name + b">")
    return _Edit(element.content_start, element.content_end, text)


def _insertion(rdf: Element, places: list[Element], missing: Mapping[str, str]) -> _Edit:
    """New attributes behind the last one of the rdf:Description that has `crs` properties, else of the first."""
    if not places:
        prefixes = _Prefixes(rdf.scope)
        about = prefixes.attribute(f"{{{RDF}}}about", "")
        attributes = [about, *(prefixes.attribute(key, value) for key, value in missing.items())]
        name = about.partition(b":")[0] + b":Description"
        text = b"<" + b" ".join([name, *prefixes.declarations, *attributes]) + b"/>"
        return _content(rdf, text) if rdf.empty else _Edit(rdf.content_end, rdf.content_end, text)
    place = next((place for place in places if _holds_settings(place)), places[0])
    prefixes = _Prefixes(place.scope)
    attributes = [prefixes.attribute(key, value) for key, value in missing.items()]
    space = place.attributes[-1].space if place.attributes else b" "
    text = b"".join(space + attribute for attribute in (*prefixes.declarations, *attributes))
    return _Edit(place.attributes_end, place.attributes_end, text)


def _holds_settings(place: Element) -> bool:
    keys = [*(attribute.key for attribute in place.attributes), *(child.key for child in place.children)]
    return any(key.startswith(f"{{{CRS}}}") for key in keys)


class _Prefixes:
    """Spells attributes with the prefixes that are in scope, and collects the declarations that have to be added."""

    def __init__(self, scope: Mapping[str, str]) -> None:
        self._scope = dict(scope)
        self.declarations: list[bytes] = []

    def attribute(self, key: str, value: str) -> bytes:
        """`prefix:name="value"`."""
        namespace, _, name = key.removeprefix("{").partition("}")
        return f'{self._prefix(namespace)}:{name}="'.encode() + _spell(value) + b'"'

    def _prefix(self, namespace: str) -> str:
        # The default namespace does not hold for attributes.
        known = next((prefix for prefix, uri in self._scope.items() if uri == namespace and prefix), None)
        if known is not None:
            return known
        usual = prefix = _PREFIXES.get(namespace, "ns")
        count = 1
        # Taking over a prefix that means something else would change the meaning of all that is inside.
        while prefix in self._scope:
            prefix, count = f"{usual}{count}", count + 1
        self._scope[prefix] = namespace
        self.declarations.append(f'xmlns:{prefix}="{namespace}"'.encode())
        return prefix


def _spell(value: str) -> bytes:
    """The text escaped for any place, in ASCII, so that it is right in every encoding."""
    return escape(value, _QUOTED).encode("ascii", "xmlcharrefreplace")


def _only_changed(document: Document, merged: bytes, changes: Mapping[str, str], source: str) -> bool:
    """Whether `merged` says what `changes` wants and, with that taken back, all that `document` said and no more."""
    after = Document.parse(merged, source)
    if any(key not in after.properties or after.properties[key].text.strip() != changes[key] for key in changes):
        return False
    before = document.properties
    places = descriptions(after.root, source)
    for place in places:
        for key in changes.keys() & place.attrib.keys():
            if key in before:
                place.set(key, before[key].text)
            else:
                del place.attrib[key]
        for child in place:
            if child.tag in changes and before[child.tag] != after.properties[child.tag]:
                child.text = before[child.tag].text
    if not descriptions(document.root, source):
        parent = places[0].getparent()
        assert parent is not None, "descriptions are below rdf:RDF"
        parent.remove(places[0])
    return all(starmap(_same, zip_longest(_nodes(document.root), _nodes(after.root))))


def _nodes(root: etree._Element) -> Iterator[etree._Element]:
    """All nodes in document order, comments and processing instructions outside the root included."""
    yield from root.itersiblings(preceding=True)
    yield from root.iter()
    yield from root.itersiblings()


def _same(one: etree._Element | None, other: etree._Element | None) -> bool:
    """Whether two nodes hold the same, whatever is below them."""
    if one is None or other is None:
        return False
    return (
        one.tag == other.tag
        and one.items() == other.items()
        and (one.text or "") == (other.text or "")
        and (one.tail or "") == (other.tail or "")
        and len(one) == len(other)
    )
