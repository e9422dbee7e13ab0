"""Tells whether anything at all in a document has changed since we wrote it: `autohdr:Seal`.

The seal is a digest of the whole file with zeros in the seal's own place. A rating, a blank, another encoding: whatever
a program does to the document breaks it. It keeps accidents apart from edits; it does not stop a forger.
"""

import hashlib
from collections.abc import Iterator

from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.encoding import Encoding, to_utf8
from autohdr.sidecar.xmp.layout import rdf_element
from autohdr.sidecar.xmp.properties import OURS, RDF

SEAL = f"{{{OURS}}}Seal"
BLANK = "0" * 16
"""What stands in the seal's place until it is set."""


def digest(data: bytes) -> str:
    """16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(data).hexdigest()[: len(BLANK)]


def seal(data: bytes) -> bytes:
    """A document of `merge`'s that has the property `SEAL`, sealed; nothing else in it changes."""
    utf8, encoding = to_utf8(data, "the sidecar")
    blank = _with(utf8, encoding, BLANK)
    assert blank is not None, "who seals a document has put the property into it, once"
    sealed = _with(utf8, encoding, digest(blank))
    assert sealed is not None, "the property is there"
    return sealed


def is_sealed(document: Document) -> bool:
    """Whether every byte of a document is as we wrote it."""
    blank = _with(document.utf8, document.encoding, BLANK) if SEAL in document.properties else None
    return blank is not None and document.get("Seal", OURS) == digest(blank)


def _with(utf8: bytes, encoding: Encoding, value: str) -> bytes | None:
    """The document with another seal; None where it has not exactly one."""
    spans = list(_spans(utf8))
    if len(spans) != 1:
        return None
    start, end = spans[0]
    return encoding.from_utf8(utf8[:start] + value.encode() + utf8[end:])


def _spans(utf8: bytes) -> Iterator[tuple[int, int]]:
    """The byte ranges of the values of the property, whichever form a program has given them."""
    for place in rdf_element(utf8).children:
        if place.key != f"{{{RDF}}}Description":
            continue
        yield from ((found.start, found.end) for found in place.attributes if found.key == SEAL)
        yield from ((child.content_start, child.content_end) for child in place.children if child.key == SEAL)
