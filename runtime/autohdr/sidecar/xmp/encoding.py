"""The encoding of an XMP document: bytes to UTF-8 and back, without losing one of them."""

import codecs
import re
from dataclasses import dataclass

from autohdr.errors import SidecarError

# UTF-32's little-endian mark begins with UTF-16's, so it is asked first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Which of the first bytes are not zero. No document begins with the character zero, and hardly one beyond Latin-1.
_FIRST_BYTES = (
    ((True, False, False, False), "utf-32-le"),
    ((False, False, False, True), "utf-32-be"),
    ((True, False), "utf-16-le"),
    ((False, True), "utf-16-be"),
)
# XMP itself allows Unicode only; the others were seen in files that passed through editors.
_DECLARABLE = {"utf-8", "ascii", "iso8859-1", "cp1252"}
_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]+)["']""")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a document's text became bytes."""

    codec: str
    """Python's name of the codec, without a byte order mark."""
    mark: bytes
    """The byte order mark that stood first, or nothing."""

    def from_utf8(self, utf8: bytes) -> bytes:
        """The document as it goes back to the file; inserted text must be ASCII."""
        return self.mark + utf8.decode("utf-8").encode(self.codec)


def to_utf8(data: bytes, source: str) -> tuple[bytes, Encoding]:
    """A document's text as UTF-8 without a byte order mark, and the encoding that leads back to `data`.

    Args:
        data: the whole file.
        source: what to call the file in a message.

    Raises:
        SidecarError: the encoding is unknown, or `data` is not valid in it.
    """
    encoding = _detect(data, source)
    try:
        text = data[len(encoding.mark) :].decode(encoding.codec)
    except UnicodeDecodeError as error:
        raise SidecarError(
            f"{source} is not valid {encoding.codec} at byte {error.start}; mend it or move it away, then run again"
        ) from error
    return text.encode("utf-8"), encoding


def _detect(data: bytes, source: str) -> Encoding:
    """Byte order mark first, then the pattern of the first bytes, then the XML declaration (XML 1.0, appendix F)."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Encoding(codec, mark)
    for first, codec in _FIRST_BYTES:
        if tuple(map(bool, data[: len(first)])) == first:
            return Encoding(codec, b"")
    declared = _DECLARED.match(data)
    name = declared[1].decode("ascii") if declared else "utf-8"
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = name
    # Whatever is in UTF-16 or UTF-32 was seen above.
    if codec.startswith(("utf-16", "utf-32")):
        raise SidecarError(f"{source} declares the encoding {name} and is not in it; save it as UTF-8, then run again")
    if codec not in _DECLARABLE:
        raise SidecarError(
            f"{source} declares the encoding {name[:40]}; expected UTF-8 or UTF-16: convert it, then run again"
        )
    return Encoding(codec, b"")
