"""The values that a property can be given: a plain text, or a structure with all that is in it.

A structure is kept as the XML that a program wrote, such as Lightroom's of a tone curve or a look. It goes into another
document as it is; only the declarations of prefixes differ, which have to be right where it comes to stand.
"""

import copy
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lxml import etree

from autohdr.errors import SidecarError
from autohdr.sidecar.xmp import limits
from autohdr.sidecar.xmp.layout import Element, rdf_element
from autohdr.sidecar.xmp.properties import CRS, Property, field_of, meaning

_START = re.compile(r"<([A-Za-z][\w.:-]*)((?:\s+xmlns(?::[\w.-]+)?=\"[^\"]*\")*)", re.ASCII)
_QUOTED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_STRANGE = re.compile(r"<[!?]|\r|<[\w.-]+[\s/>]")
"""Comments, instructions, CDATA, and elements of a default namespace."""
_PREFIX = re.compile(r"[<\s]([\w.-]+):")
_DECLARATION = re.compile(r"\s+xmlns(?::([\w.-]+))?=\"([^\"]*)\"", re.ASCII)


@dataclass(frozen=True, slots=True)
class Structure:
    """A property that is more than a plain value: a list, or fields with names of their own."""

    xml: str
    """The whole element in ASCII, with all prefixes that it uses declared at it."""

    def __post_init__(self) -> None:
        """Raises ValueError: it is no element that can stand by itself, or holds more than any document may."""
        start = _START.match(self.xml)
        if start is None or not self.xml.isascii() or len(self.xml) > limits.RUN_LIMIT:
            raise ValueError("expected an element in ASCII")
        try:
            limits.check(self.xml.encode(), "a structure")
            self._root()
        except (SidecarError, etree.XMLSyntaxError) as error:
            raise ValueError(str(error)) from error

    @classmethod
    def of(cls, element: etree._Element) -> "Structure":
        """The structure that an element of a document is, without comments.

        Raises:
            ValueError: a name in it is not ASCII, or it is larger than any setting.
        """
        alone = copy.deepcopy(element)
        alone.tail = None
        etree.strip_tags(alone, etree.Comment, etree.ProcessingInstruction)
        etree.cleanup_namespaces(alone)
        # Without CDATA: characters that are not ASCII have to be references, which mean nothing in there.
        plain = etree.fromstring(etree.tostring(alone), _parser())
        return cls(etree.tostring(plain, encoding="us-ascii").decode("ascii"))

    @property
    def text(self) -> str:
        """What the structure means, as `Property.text` says it."""
        return meaning(self._root())

    @property
    def key(self) -> str:
        """The name of the property, in Clark notation."""
        return str(self._root().tag)

    def field(self, name: str) -> str:
        """A plain value in it, the outermost of that name; nothing where there is none."""
        return field_of(self._root(), name)

    def element(self) -> etree._Element:
        """The element, to read."""
        return self._root()

    def spelled(self, scope: Mapping[str, str]) -> bytes:
        """The element as it stands where prefixes mean what `scope` says: those that mean the same are not declared."""
        start = _START.match(self.xml)
        assert start is not None, "this is how it begins"
        wanted = [
            found[0] for found in _DECLARATION.finditer(start[2]) if scope.get(found[1] or "") != _unescaped(found[2])
        ]
        return f"<{start[1]}{''.join(wanted)}{self.xml[start.end() :]}".encode("ascii")

    def _root(self) -> etree._Element:
        return etree.fromstring(self.xml.encode(), _parser())


def structures_in(utf8: bytes, names: Collection[str]) -> dict[str, Structure]:
    """The structures of a document with these `crs` names, to the byte as they stand there, less what is not ASCII.

    Those with comments and the like in them, which `Structure.of` takes out, are not among them.
    """
    found = {}
    for place in rdf_element(utf8).children if names else ():
        for child in place.children:
            name = child.key.removeprefix(f"{{{CRS}}}")
            text = utf8[child.start : child.end].decode().replace("\r\n", "\n")
            if name in names and name != child.key and not _STRANGE.search(text):
                found[name] = Structure(_alone(text, child))
    return found


def _alone(text: str, element: Element) -> str:
    """An element with the declarations of what it uses from outside, in ASCII."""
    own = {attribute.key for attribute in element.attributes}
    used = {prefix: uri for prefix in _PREFIX.findall(text) if (uri := element.outer.get(prefix)) and prefix != "xml"}
    wanted = {f"xmlns:{prefix}": uri for prefix, uri in used.items() if f"xmlns:{prefix}" not in own}
    declared = "".join(f' {name}="{uri.translate(_QUOTED)}"' for name, uri in sorted(wanted.items()))
    name = element.name.decode()
    whole = f"<{name}{declared}{text[1 + len(name) :]}"
    return whole.encode("ascii", "xmlcharrefreplace").decode("ascii")


Value = str | Structure
"""What a property is given."""


def value_of(found: Property) -> Value | None:
    """The value of a property; None where it is given twice, and where a structure cannot stand by itself."""
    if found.simple:
        return found.text.strip()
    try:
        return None if found.element is None else Structure.of(found.element)
    except ValueError:
        return None


def says(found: Property, value: Value) -> bool:
    """Whether a property of a document has this value."""
    if isinstance(value, str):
        return found.simple and found.text.strip() == value
    return found.element is not None and found.text == value.text


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, strip_cdata=True)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
