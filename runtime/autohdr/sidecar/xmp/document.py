"""An XMP document, read: what it says of the photo, and what that means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from autohdr.errors import SidecarError
from autohdr.files.whole import read_bytes
from autohdr.sidecar.settings.defaults import edited
from autohdr.sidecar.xmp import limits
from autohdr.sidecar.xmp.encoding import Encoding, to_utf8
from autohdr.sidecar.xmp.properties import CRS, Property, find_properties, number
from autohdr.sliders import SLIDERS

SIZE_LIMIT = 64 << 20
"""The most bytes that a document may have. The largest real sidecars, with many painted masks, hold a few MB."""

# Process version 2012 renamed or dropped these: a document that has them and none of the new names is older.
_LEGACY = frozenset({"Exposure", "Contrast", "Shadows", "Brightness", "FillLight", "HighlightRecovery", "Clarity"})
_FIRST_PROCESS = (6, 7)
_HDR_PROCESS = (15, 4)
VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")
"""What a version of Camera Raw or of its process looks like."""


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
        """The document in a file; None where there is no file, or nothing in it.

        Raises:
            FileError: the file cannot be read.
            SidecarError: it is not an XMP document.
        """
        data = read_bytes(path, SIZE_LIMIT + 1)  # one more, so that the excess is seen
        return None if data is None or is_blank(data) else cls.parse(data, str(path))

    @classmethod
    def parse(cls, data: bytes, source: str = "the sidecar") -> "Document":
        """The document in `data`.

        Args:
            data: a whole file, at most `SIZE_LIMIT` bytes.
            source: what to call it in a message.

        Raises:
            SidecarError: it is too large, not well-formed, declares a document type, holds more than `limits` allow,
                or has not exactly one rdf:RDF.
        """
        if len(data) > SIZE_LIMIT:
            raise SidecarError(
                f"{source} is larger than {SIZE_LIMIT >> 20} MiB, and is left alone; please report it with the file"
            )
        utf8, encoding = to_utf8(data, source)
        limits.check(utf8, source)
        # The text is UTF-8 whatever the document declares.
        parser = etree.XMLParser(
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            huge_tree=True,  # else libxml2 takes no more than 10,000,000 bytes of attributes; `limits` bounds them
            load_dtd=False,
            strip_cdata=False,
        )
        try:
            root = etree.fromstring(utf8, parser)
        except etree.XMLSyntaxError as error:
            raise limits.malformed(source, error.msg or "unreadable") from error
        return cls(data, utf8, encoding, root, find_properties(root, source))

    def get(self, name: str, namespace: str = CRS) -> str | None:
        """The plain value of one property, without surrounding blanks; None where it is missing or a structure."""
        found = self.properties.get(f"{{{namespace}}}{name}")
        return found.text.strip() if found is not None and found.simple else None

    def has(self, name: str, namespace: str = CRS) -> bool:
        """Whether the photo has this property, as a plain value or as a structure."""
        return f"{{{namespace}}}{name}" in self.properties

    def values(self) -> dict[str, float]:
        """The eight sliders, as far as they are there and are numbers, in Lightroom's unit, as found (not clipped)."""
        numbers = {slider.key: number(self.get(slider.key) or "") for slider in SLIDERS}
        return {key: value for key, value in numbers.items() if value is not None}

    def settings(self) -> dict[str, Property]:
        """All `crs` properties of the photo, by name."""
        start = f"{{{CRS}}}"
        return {key.removeprefix(start): found for key, found in self.properties.items() if key.startswith(start)}

    def edited(self) -> frozenset[str]:
        """The names of the `crs` settings that are not at Camera Raw's default."""
        return edited(self.settings())

    @property
    def has_develop_settings(self) -> bool:
        """Whether someone or something has edited the photo: a setting that is not at Camera Raw's default."""
        return bool(self.edited())

    @property
    def process_version(self) -> str | None:
        """The process version as the document spells it, such as "15.4"; None where it does not say."""
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
        if not VERSION.fullmatch(version):
            return f"has process version {version[:20]!r}, which is not a number"
        if version_parts(version) < _FIRST_PROCESS:
            return f"has process version {version}; the eight sliders came with 6.7"
        return None

    @property
    def predates_hdr(self) -> bool:
        """Whether the process version is one that does not know HDR editing, which came with 15.4."""
        version = self.process_version
        return version is not None and VERSION.fullmatch(version) is not None and version_parts(version) < _HDR_PROCESS

    @property
    def hdr(self) -> bool:
        """Whether the photo is edited as HDR. Lightroom takes "1" alone for yes."""
        return self.get("HDREditMode") == "1"


def is_blank(data: bytes) -> bool:
    """Whether a file holds nothing but blanks, NULs and byte order marks, as a power cut may leave it."""
    return len(data) <= SIZE_LIMIT and not data.translate(None, b"\0 \t\r\n\xef\xbb\xbf\xff\xfe")


def version_parts(version: str) -> tuple[int, ...]:
    """The numbers of a version such as "15.4", to compare it with another."""
    return tuple(int(part) for part in version.split("."))
