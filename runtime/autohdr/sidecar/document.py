"""An XMP document, read: the develop settings of the photo itself, in whatever form a program has written them.

XMP specification part 1 (ISO 16684-1), section 7: properties are attributes or child elements of the rdf:Description
elements right below rdf:RDF. Those further down belong to looks, presets, masks and history, and are not the photo's.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from autohdr.errors import SidecarError
from autohdr.files import read_bytes
from autohdr.sidecar.encoding import Encoding, to_utf8
from autohdr.sliders import SLIDERS

CRS = "http://ns.adobe.com/camera-raw-settings/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
OURS = "http://ns.autohdr.org/1.0/"
"""Where we record what we wrote."""

SIZE_LIMIT = 64 << 20
"""Bytes. The largest real sidecars, with many painted masks, hold a few MB."""

BOOKKEEPING = frozenset(
    {
        "AlreadyApplied",
        "AutoToneDigest",
        "AutoToneDigestNoSat",
        "CameraProfileDigest",
        "CompatibleVersion",
        "HasCrop",
        "HasSettings",
        "LensProfileDigest",
        "LensProfileIsEmbedded",
        "ProcessVersion",
        "RawFileName",
        "Version",
    }
)
"""`crs` names that say something about the settings, and change no picture by themselves."""

# Process version 2012 renamed or dropped these: a document that has them and none of the new names is older.
_LEGACY = frozenset({"Exposure", "Contrast", "Shadows", "Brightness", "FillLight", "HighlightRecovery", "Clarity"})
_FIRST_PROCESS = (6, 7)
_NUMBER = re.compile(r"[+-]?(\d{1,9}(\.\d{0,9})?|\.\d{1,9})")
_VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}")


@dataclass(frozen=True, slots=True)
class Property:
    """One property of the photo."""

    text: str
    """Its value; of a structure, a text that changes with anything in it."""
    simple: bool
    """Whether it is a plain value, given once."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document. Keys of `properties` are in Clark notation: `{namespace}name`."""

    data: bytes
    utf8: bytes = field(repr=False)
    encoding: Encoding
    root: etree._Element = field(repr=False)
    properties: Mapping[str, Property] = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> "Document | None":
        """The document in a file; None where there is no file.

        Raises:
            FileError: the file cannot be read.
            SidecarError: it is not an XMP document.
        """
        data = read_bytes(path, SIZE_LIMIT + 1)  # one more, so that the excess is seen
        return None if data is None else cls.parse(data, str(path))

    @classmethod
    def parse(cls, data: bytes, source: str = "the sidecar") -> "Document":
        """The document in `data`.

        Args:
            data: a whole file, at most `SIZE_LIMIT` bytes.
            source: what to call it in a message.

        Raises:
            SidecarError: it is too large, not well-formed, declares a document type, or has not exactly one rdf:RDF.
        """
        if len(data) > SIZE_LIMIT:
            raise SidecarError(f"{source} is larger than {SIZE_LIMIT >> 20} MiB, so it is no sidecar; move it away")
        utf8, encoding = to_utf8(data, source)
        _refuse_document_type(utf8, source)
        # The text is UTF-8 whatever the document declares.
        parser = etree.XMLParser(
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            strip_cdata=False,
        )
        try:
            root = etree.fromstring(utf8, parser)
        except etree.XMLSyntaxError as error:
            raise _malformed(source, error.msg or "unreadable") from error
        return cls(data, utf8, encoding, root, _properties(root, source))

    def get(self, name: str, namespace: str = CRS) -> str | None:
        """The plain value of one property, without surrounding blanks; None where it is missing or a structure."""
        found = self.properties.get(f"{{{namespace}}}{name}")
        return found.text.strip() if found is not None and found.simple else None

    def has(self, name: str, namespace: str = CRS) -> bool:
        """Whether the photo has this property, as a plain value or as a structure."""
        return f"{{{namespace}}}{name}" in self.properties

    def values(self) -> dict[str, float]:
        """Those of the eight sliders that are there and are numbers, in Lightroom's unit, as found (not clipped)."""
        texts = {slider.key: self.get(slider.key) for slider in SLIDERS}
        return {key: float(text) for key, text in texts.items() if text is not None and _NUMBER.fullmatch(text)}

    def settings(self) -> dict[str, Property]:
        """All `crs` properties of the photo, by name."""
        start = f"{{{CRS}}}"
        return {key.removeprefix(start): found for key, found in self.properties.items() if key.startswith(start)}

    @property
    def has_develop_settings(self) -> bool:
        """Whether someone or something has edited the photo: any setting counts, even one at its default."""
        return not self.settings().keys() <= BOOKKEEPING

    @property
    def process_version(self) -> str | None:
        """As the document spells it, such as "15.4"; None where it does not say."""
        return self.get("ProcessVersion")

    @property
    def outdated(self) -> str | None:
        """Why the eight sliders do not mean here what they mean now, as the end of a sentence; None if they do."""
        version = self.process_version
        if version is None:
            names = self.settings().keys()
            if "ProcessVersion" in names:
                return "has a process version that is not a plain value"
            old = names & _LEGACY and not any(name.endswith("2012") for name in names)
            return "has the settings of a process version before 6.7" if old else None
        if not _VERSION.fullmatch(version):
            return f"has process version {version!r}, which is not a number"
        if tuple(int(part) for part in version.split(".")) < _FIRST_PROCESS:
            return f"has process version {version}; the eight sliders came with 6.7"
        return None

    @property
    def hdr(self) -> bool:
        """Whether the photo is edited as HDR. Lightroom takes "1" alone for yes."""
        return self.get("HDREditMode") == "1"


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


def _properties(root: etree._Element, source: str) -> dict[str, Property]:
    """Every property of the photo, by its name in Clark notation."""
    properties: dict[str, Property] = {}
    for description in descriptions(root, source):
        for key, found in _of(description):
            earlier = properties.get(key)
            # No XMP gives a property twice. Which one holds would be a guess, so neither is a plain value.
            properties[key] = found if earlier is None else _repeated(earlier, found)
    return properties


def _of(description: etree._Element) -> Iterator[tuple[str, Property]]:
    """The properties of one rdf:Description, attributes first."""
    for key, value in description.attrib.items():
        yield str(key), Property(str(value), simple=True)
    for child in description:
        if isinstance(child.tag, str):
            simple = not child.attrib and not any(isinstance(below.tag, str) for below in child)
            yield child.tag, Property(_own_text(child) if simple else repr(_shape(child)), simple)


def _repeated(earlier: Property, found: Property) -> Property:
    """Two of one name, as one that is no plain value. A digest: a million of them must not become a million texts."""
    return Property(hashlib.sha256(repr((earlier.text, found.text)).encode()).hexdigest(), simple=False)


def _own_text(element: etree._Element) -> str:
    """The text of an element itself, leaving out comments."""
    return (element.text or "") + "".join(node.tail or "" for node in element)


def _shape(element: etree._Element) -> tuple[object, ...]:
    """Names, attributes and texts of a structure, without prefixes, comments and indentation."""
    below = [_shape(child) for child in element if isinstance(child.tag, str)]
    return (element.tag, sorted(element.attrib.items()), _own_text(element).strip(), below)


class _RootReachedError(Exception):
    """No document type came before the root element."""


def _refuse_document_type(utf8: bytes, source: str) -> None:
    """Stops before any entity is declared: libxml2 expands entities in attributes whatever it is told."""

    def document_type(*_: object) -> None:
        raise SidecarError(
            f"{source} declares a document type, which no XMP has and which is not safe to open; move it away"
        )

    def element(*_: object) -> None:
        raise _RootReachedError

    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = document_type
    parser.StartElementHandler = element
    try:
        parser.Parse(utf8, True)
    except _RootReachedError:
        return
    except expat.ExpatError as error:
        raise _malformed(source, str(error)) from error


def _malformed(source: str, what: str) -> SidecarError:
    line = " ".join(what.split())
    return SidecarError(f"{source} is not well-formed XML ({line}); mend it or move it away, then run again")
