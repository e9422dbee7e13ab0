"""Limits what an XML document may hold before a tree of it is built, so that time and memory stay bounded, whoever
wrote it.

Counts of single characters come first: they cost next to nothing, and bound all that comes after them.
"""

import re
from xml.parsers import expat

from autohdr.errors import SidecarError

TAG_LIMIT = 500_000
"""All of `<`. Painted masks hold an element for each dab of the brush, of about 45 bytes."""
EQUALS_LIMIT = 250_000
"""All of `=` with a quote behind, one for each attribute and namespace declaration. Rasters hold `=` as a digit."""
ATTRIBUTE_LIMIT = 2_000
"""Attributes of one element. The 53 real documents of the tests hold 235 at most."""
DEPTH_LIMIT = 100
"""Elements within each other. The real documents hold 21 at most."""
PROPERTY_LIMIT = 20_000
"""Elements that are four deep or less, as the properties are: xmpmeta, RDF, Description, property."""

RUN_LIMIT = 8 << 20
"""Bytes of one text, comment, name or value of an attribute. Lightroom puts the raster of a mask into an attribute, of
0.8 MB in what was seen, and all of a photo's masks into one element."""

_PROPERTY_DEPTH = 4
_ATTRIBUTE = re.compile(rb"""=\s*["']""")
_PART = re.compile(rb"""[^"'>]+|"[^"]*"?|'[^']*'?|>""")
"""Matches a part of a tag: names and blanks, a value, or the end."""


def check(utf8: bytes, source: str) -> None:
    """Refuses a document that is not XML 1.0, declares a document type, or holds more than any XMP does.

    Args:
        utf8: its text.
        source: what to call it in a message.

    Raises:
        SidecarError: it is one of these.
    """
    if (tags := utf8.count(b"<")) > TAG_LIMIT:
        raise _excess(source, f"{tags} of the character <", TAG_LIMIT)
    # A mere count costs next to nothing, and is enough for nearly all documents.
    if utf8.count(b"=") > EQUALS_LIMIT and (equals := sum(1 for _ in _ATTRIBUTE.finditer(utf8))) > EQUALS_LIMIT:
        raise _excess(source, f"{equals} attributes", EQUALS_LIMIT)
    run = max(map(_longest, utf8.split(b"<"))) if len(utf8) > RUN_LIMIT else 0
    if run > RUN_LIMIT:
        raise _excess(source, f"a text or value of {run} bytes", RUN_LIMIT)
    try:
        _Survey(source).parser.Parse(utf8, True)
    except expat.ExpatError as error:
        raise malformed(source, str(error)) from error


def _longest(run: bytes) -> int:
    """Bytes of the longest part of what stands between one `<` and the next: a text, or a value in a tag.

    A value may hold the other kind of quote, as the rasters of masks do.
    """
    if len(run) <= RUN_LIMIT or run.startswith((b"!", b"?")):
        return len(run)
    longest = end = 0
    for count, found in enumerate(_PART.finditer(run)):
        start, end = found.span()
        if run[start] == ord(">"):
            break
        if count > 2 * ATTRIBUTE_LIMIT:
            return len(run)
        longest = max(longest, end - start)
    return max(longest, len(run) - end)


def malformed(source: str, what: str) -> SidecarError:
    """The error for a document that a parser refuses, with what the parser says of it."""
    line = " ".join(what.split())[:200]
    return SidecarError(f"{source} is not well-formed XML ({line}); mend it or move it away, then run again")


class _Survey:
    """Counts what expat sees, and objects."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._depth = 0
        self._properties = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.ordered_attributes = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _declaration(self, version: str, *_: object) -> None:
        if version != "1.0":
            raise SidecarError(f"{self._source} is XML {version[:9]}, expected XML 1.0; mend it or move it away")

    def _document_type(self, *_: object) -> None:
        # Before any entity is declared: libxml2 expands entities in attributes whatever it is told.
        raise SidecarError(
            f"{self._source} declares a document type, which no XMP has and which is not safe to open; move it away"
        )

    def _start(self, _: str, attributes: list[str]) -> None:
        self._depth += 1
        if len(attributes) > 2 * ATTRIBUTE_LIMIT:  # names and values
            raise _excess(self._source, f"an element with {len(attributes) // 2} attributes", ATTRIBUTE_LIMIT)
        if self._depth > DEPTH_LIMIT:
            raise _excess(self._source, f"elements {self._depth} deep", DEPTH_LIMIT)
        if self._depth <= _PROPERTY_DEPTH:
            self._properties += 1
            if self._properties > PROPERTY_LIMIT:
                raise _excess(self._source, f"{self._properties} properties or more", PROPERTY_LIMIT)

    def _end(self, _: str) -> None:
        self._depth -= 1


def _excess(source: str, what: str, limit: int) -> SidecarError:
    return SidecarError(
        f"{source} has {what}, expected at most {limit}, and is left alone; please report it with the file"
    )
