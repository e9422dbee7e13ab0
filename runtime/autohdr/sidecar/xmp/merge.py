"""Sets a few properties in an XMP document and leaves every other byte where it is.

Order, blanks, quotes, comments, prefixes, padding, line ends and encoding are the photographer's or Lightroom's.
Nothing is parsed and written anew: the bytes of single values are replaced, missing properties put in as attributes.
A structure is put in, replaced or removed as a whole element.
"""

from collections.abc import Mapping
from typing import NamedTuple

from autohdr.errors import SidecarError
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.layout import Element, rdf_element
from autohdr.sidecar.xmp.properties import CRS, OURS, PHOTOSHOP, RDF, XMP
from autohdr.sidecar.xmp.unchanged import only_changed
from autohdr.sidecar.xmp.values import Structure, Value, says

_PREFIXES = {CRS: "crs", OURS: "autohdr", PHOTOSHOP: "photoshop", RDF: "rdf", XMP: "xmp"}
_BLANKS = b" \t\r\n"
_QUOTED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


class _Edit(NamedTuple):
    """`utf8[start:end]` becomes `text`."""

    start: int
    end: int
    text: bytes


def merge(original: bytes | Document | None, changes: Mapping[str, Value | None], source: str = "the sidecar") -> bytes:
    """The document with these properties set; the very same bytes where it says all this already.

    Args:
        original: the document, parsed or not, or None for a new one in Camera Raw's form.
        changes: value by property, in Clark notation (`{namespace}name`), in the order in which new ones shall stand;
            None for one that shall go.
        source: what to call the document in a message.

    Raises:
        SidecarError: the document cannot be parsed, a property that shall be a plain value is a structure in it, one
            stands in it twice, or the result would differ from it in anything else.
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
    if not only_changed(document, merged, changes, source):
        raise SidecarError(f"{source} has a form that cannot be changed safely; please report it with the file")
    return merged


def _new(changes: Mapping[str, Value | None]) -> bytes:
    """A new document: one rdf:Description, an attribute a line, neither XML declaration nor packet wrapper."""
    prefixes = _Prefixes({"rdf": RDF})
    plain, structures = _split(changes)
    attributes = b"".join(b"\n   " + prefixes.attribute(key, value) for key, value in plain.items())
    declarations = b"".join(b"\n    " + text for text in prefixes.declarations)
    elements = b"".join(b"\n   " + value.spelled(prefixes.scope) for value in structures.values())
    end = b">" + elements + b"\n  </rdf:Description>" if elements else b"/>"
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="autohdr">\n'
        b' <rdf:RDF xmlns:rdf="' + RDF.encode() + b'">\n'
        b'  <rdf:Description rdf:about=""' + declarations + attributes + end + b"\n </rdf:RDF>\n</x:xmpmeta>\n"
    )


def _edits(document: Document, changes: Mapping[str, Value | None], source: str) -> list[_Edit]:
    """What has to be replaced or put in."""
    rdf = rdf_element(document.utf8)
    places = [element for element in rdf.children if element.key == f"{{{RDF}}}Description"]
    present = {key: found for key, found in document.properties.items() if key in changes}
    for key, found in present.items():
        if found.given or (isinstance(changes[key], str) and not found.simple):
            name = key.rpartition("}")[2]
            raise SidecarError(f"{source} has {name} as a structure or twice; mend it in Lightroom, then run again")
    stale = {key for key, found in present.items() if (value := changes[key]) is None or not says(found, value)}
    missing = {key: value for key, value in changes.items() if key not in present}
    edits = []
    for place in places:
        for attribute in place.attributes:
            if attribute.key not in stale:
                continue
            value = changes[attribute.key]
            if isinstance(value, str):
                edits.append(_Edit(attribute.start, attribute.end, _spell(value)))
            else:  # it goes, or becomes a structure, which is no attribute
                edits.append(_Edit(attribute.begin, attribute.end + 1, b""))
                missing[attribute.key] = value
        edits += [_replaced(child, changes[child.key], document.utf8) for child in place.children if child.key in stale]
    wanted = {key: value for key, value in missing.items() if value is not None}
    return [*edits, *_insertions(rdf, places, wanted, document.utf8)] if wanted else edits


def _replaced(element: Element, value: Value | None, utf8: bytes) -> _Edit:
    """The edit that gives a property that is an element another value, or removes it."""
    if value is None:
        return _Edit(element.start, len(utf8) - len(utf8[element.end :].lstrip(_BLANKS)), b"")
    if isinstance(value, str):
        return _content(element, _spell(value))
    return _Edit(element.start, element.end, _lines(value.spelled(element.outer), utf8))


def _content(element: Element, text: bytes) -> _Edit:
    """The edit that gives an element another content."""
    if element.empty:
        return _Edit(element.attributes_end, element.content_start, b">" + text + b"</" + element.name + b">")
    return _Edit(element.content_start, element.content_end, text)


def _insertions(rdf: Element, places: list[Element], missing: Mapping[str, Value], utf8: bytes) -> list[_Edit]:
    """New attributes behind the last one of the rdf:Description that has `crs` properties, else of the first, and new
    structures before its other elements.
    """
    plain, structures = _split(missing)
    if not places:
        prefixes = _Prefixes(rdf.scope)
        about = prefixes.attribute(f"{{{RDF}}}about", "")
        attributes = [about, *(prefixes.attribute(key, value) for key, value in plain.items())]
        name = about.partition(b":")[0] + b":Description"
        start = b"<" + b" ".join([name, *prefixes.declarations, *attributes])
        elements = b"".join(_lines(value.spelled(prefixes.scope), utf8) for value in structures.values())
        text = start + (b">" + elements + b"</" + name + b">" if elements else b"/>")
        return [_content(rdf, text) if rdf.empty else _Edit(rdf.content_end, rdf.content_end, text)]
    place = next((place for place in places if _holds_settings(place)), places[0])
    prefixes = _Prefixes(place.scope)
    attributes = [prefixes.attribute(key, value) for key, value in plain.items()]
    space = place.attributes[-1].space if place.attributes else b" "
    text = b"".join(space + attribute for attribute in (*prefixes.declarations, *attributes))
    edits = [_Edit(place.attributes_end, place.attributes_end, text)] if text else []
    inside = [_lines(value.spelled(prefixes.scope), utf8) for value in structures.values()]
    return [*edits, _elements(place, inside, utf8)] if inside else edits


def _elements(place: Element, elements: list[bytes], utf8: bytes) -> _Edit:
    """The edit that puts elements into an rdf:Description, each indented as those are that stand there."""
    if place.children:
        start = place.children[0].start
        space = _space_before(utf8, start)
        return _Edit(start, start, b"".join(element + space for element in elements))
    space = _space_before(utf8, place.start)
    inner = space + b" " if space else b""
    if place.empty:
        return _content(place, b"".join(inner + element for element in elements) + space)
    return _Edit(place.content_end, place.content_end, b"".join(element + space for element in elements))


def _space_before(utf8: bytes, offset: int) -> bytes:
    start = len(utf8[:offset].rstrip(_BLANKS))
    return utf8[start:offset]


def _lines(element: bytes, utf8: bytes) -> bytes:
    """An element with the line ends that a document has."""
    return element.replace(b"\n", b"\r\n") if b"\r\n" in utf8 else element


def _split(changes: Mapping[str, Value | None]) -> tuple[dict[str, str], dict[str, Structure]]:
    """Plain values and structures."""
    plain = {key: value for key, value in changes.items() if isinstance(value, str)}
    return plain, {key: value for key, value in changes.items() if isinstance(value, Structure)}


def _holds_settings(place: Element) -> bool:
    keys = [*(attribute.key for attribute in place.attributes), *(child.key for child in place.children)]
    return any(key.startswith(f"{{{CRS}}}") for key in keys)


class _Prefixes:
    """Spells attributes with the prefixes that are in scope, and collects the declarations that have to be added."""

    def __init__(self, scope: Mapping[str, str]) -> None:
        self.scope = dict(scope)
        self.declarations: list[bytes] = []

    def attribute(self, key: str, value: str) -> bytes:
        """`prefix:name="value"`."""
        namespace, _, name = key.removeprefix("{").partition("}")
        return f'{self._prefix(namespace)}:{name}="'.encode() + _spell(value) + b'"'

    def _prefix(self, namespace: str) -> str:
        # The default namespace does not hold for attributes.
        known = next((prefix for prefix, uri in self.scope.items() if uri == namespace and prefix), None)
        if known is not None:
            return known
        usual = prefix = _PREFIXES.get(namespace, "ns")
        count = 1
        # Taking over a prefix that means something else would change the meaning of all that is inside.
        while prefix in self.scope:
            prefix, count = f"{usual}{count}", count + 1
        self.scope[prefix] = namespace
        self.declarations.append(f'xmlns:{prefix}="{namespace}"'.encode())
        return prefix


def _spell(value: str) -> bytes:
    """The text escaped for any place, in ASCII, so that it is right in every encoding."""
    return value.translate(_QUOTED).encode("ascii", "xmlcharrefreplace")
