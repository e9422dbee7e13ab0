"""Marks photos that are worth a look, so that they can be found in Lightroom: by a colour label, or by a keyword.

A photographer's own colour label stays, and so do their keywords. What we marked is written down in the document
(`autohdr:Marked`), so that a mark that they have taken away does not come back, and that ours goes where a photo is
worth a look no more. It is no edit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, unquote

from lxml import etree

from autohdr.errors import SettingsError
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import OURS, RDF, XMP, own_text
from autohdr.sidecar.xmp.values import Structure, Value

DC = "http://purl.org/dc/elements/1.1/"
LABEL = f"{{{XMP}}}Label"
KEYWORDS = f"{{{DC}}}subject"
MARKED = f"{{{OURS}}}Marked"
LONGEST = 64
"""Characters of a label or a keyword."""

_BAG, _ITEM = f"{{{RDF}}}Bag", f"{{{RDF}}}li"
_ASKED = "expected doubtful=LABEL, such as doubtful=Red, or doubtful=keyword:WORD"


@dataclass(frozen=True, slots=True)
class Mark:
    """One way to mark a photo."""

    text: str
    """The colour label by its name in Lightroom, or the keyword."""
    keyword: bool = False

    @classmethod
    def parse(cls, asked: object) -> "Mark":
        """The mark that `doubtful=Red` or `doubtful=keyword:check this` asks for.

        Raises:
            SettingsError: it is neither.
        """
        which, _, text = str(asked).partition("=")
        kind, colon, word = text.partition(":")
        keyword = bool(colon) and kind == "keyword"
        found = (word if keyword else text).strip()
        if not isinstance(asked, str) or which != "doubtful" or not found:
            raise SettingsError(f"mark is {asked!r}; {_ASKED}")
        if not found.isprintable() or len(found) > LONGEST or (keyword and set(found) & set(",;|")):
            plain = f"plain text of {LONGEST} characters at most{', without , ; or |' if keyword else ''}"
            raise SettingsError(f"mark is {asked!r}; expected {plain}")
        return cls(found, keyword)

    def __str__(self) -> str:
        """How it is said to photographers."""
        return f"the keyword {self.text}" if self.keyword else f"the colour label {self.text}"

    @property
    def noted(self) -> str:
        """How it is written down."""
        return f"{'keyword' if self.keyword else 'label'}={quote(self.text)}"


def marking(document: Document | None, mark: Mark, *, doubtful: bool) -> dict[str, Value | None]:
    """The properties to set, in Clark notation, so that a photo is marked, or is not any more; none where it
    stays, and None for one that shall go.

    Args:
        document: its settings; None where it has none.
        mark: what is asked for.
        doubtful: whether the photo is worth a look.
    """
    earlier = _earlier(document)
    if earlier is not None and document is not None:
        if not _has(document, earlier) or (doubtful and earlier == mark):
            return {}  # the photographer has taken it away, or all is as it shall be
        taken = earlier if earlier.keyword == mark.keyword else None  # then one value is replaced by another
        new = _with(document, mark, taken) if doubtful else {}
        return {**_without(document, earlier), **new, MARKED: mark.noted if new else None}
    wanted = _with(document, mark) if doubtful and not _known(document) else {}
    return {**wanted, MARKED: mark.noted} if wanted else {}


def is_marked(document: Document | None, changes: Mapping[str, Value | None]) -> bool:
    """Whether a photo has a mark of ours once these properties are set."""
    if MARKED in changes:
        return bool(changes[MARKED])
    earlier = _earlier(document)
    return document is not None and earlier is not None and _has(document, earlier)


def _known(document: Document | None) -> bool:
    """Whether we have marked this photo before, be it that the mark is gone."""
    return bool(document is not None and document.get("Marked", OURS))


def _earlier(document: Document | None) -> Mark | None:
    """The mark that we have written; None where there is none."""
    kind, _, text = ((document.get("Marked", OURS) if document is not None else None) or "").partition("=")
    return Mark(unquote(text), kind == "keyword") if kind in ("label", "keyword") and text else None


def _has(document: Document, mark: Mark) -> bool:
    if not mark.keyword:
        return document.get("Label", XMP) == mark.text
    return mark.text in _keywords(document)[1]


def _with(document: Document | None, mark: Mark, taken: Mark | None = None) -> dict[str, Value]:
    """What gives a document a mark, in the place of another if that is `taken`; nothing where it has a colour label or
    the keyword already, or keywords of a form that is not XMP's."""
    if not mark.keyword:
        own = document is not None and LABEL in document.properties and document.get("Label", XMP) != ""
        return {} if own and taken is None else {LABEL: mark.text}
    if document is None:
        return {KEYWORDS: _bag([mark.text])}
    whole, words = _keywords(document)
    rest = [word for word in words if taken is None or word != taken.text]
    return {KEYWORDS: _bag([*rest, mark.text])} if whole and mark.text not in rest else {}


def _without(document: Document, mark: Mark) -> dict[str, Value | None]:
    """What takes a mark of ours away."""
    if not mark.keyword:
        return {LABEL: None}
    rest = [word for word in _keywords(document)[1] if word != mark.text]
    return {KEYWORDS: _bag(rest) if rest else None}


def _keywords(document: Document) -> tuple[bool, list[str]]:
    """Whether a photo's keywords are a plain list, or there are none, and the list."""
    found = document.properties.get(KEYWORDS)
    if found is None:
        return True, []
    element = found.element
    bags = [] if element is None else list(element.iterchildren(etree.Element))
    if len(bags) != 1 or bags[0].tag != _BAG or not all(_plain(item) for item in bags[0].iterchildren(etree.Element)):
        return False, []
    return True, [own_text(item) for item in bags[0].iterchildren(etree.Element)]


def _plain(item: etree._Element) -> bool:
    return item.tag == _ITEM and not len(item) and not item.attrib


def _bag(words: list[str]) -> Structure:
    items = "".join(f"\n     <rdf:li>{escape(word, quote=False)}</rdf:li>" for word in words)
    xml = f'<dc:subject xmlns:dc="{DC}" xmlns:rdf="{RDF}">\n    <rdf:Bag>{items}\n    </rdf:Bag>\n   </dc:subject>'
    return Structure(xml.encode("ascii", "xmlcharrefreplace").decode("ascii"))
