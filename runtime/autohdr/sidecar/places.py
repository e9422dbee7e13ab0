"""Reads and writes a photo's settings where they stand: in a sidecar beside it or, in a DNG, inside. Code that merges
need not know which.

Lightroom and Camera Raw keep a DNG's settings inside and ignore a sidecar beside it; other programs read the sidecar.
Whichever of the two is written, an edit in the other one is an edit.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autohdr.codes import Code
from autohdr.errors import FileError
from autohdr.files.changing.borrowed import borrowed
from autohdr.files.changing.conditional import changed_meanwhile, replace
from autohdr.files.look import is_missing
from autohdr.files.whole import create, read_bytes
from autohdr.sidecar.dng.dng_original import kept_originals
from autohdr.sidecar.dng.embedded import read_embedded, write_embedded
from autohdr.sidecar.names import other_owner, sidecar_path
from autohdr.sidecar.record import owner
from autohdr.sidecar.refused import Refused
from autohdr.sidecar.xmp.document import SIZE_LIMIT, Document, is_blank
from autohdr.words import Existing, Naming

_PADDING = (b" " * 99 + b"\n") * 24
"""Room in which a program may write more without moving the packet; the specification recommends 2 to 4 kB."""
EMPTY_PACKET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="autohdr">\n'
    b' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n </rdf:RDF>\n</x:xmpmeta>\n'
    + _PADDING
    + b'<?xpacket end="w"?>'
)
"""An XMP packet that says nothing (XMP specification part 1, 7.3)."""


class Place(Protocol):
    """The place of one photo's settings, to read and to write."""

    @property
    def path(self) -> Path:
        """The file that changes."""

    @property
    def blank(self) -> bytes | None:
        """The document that a new one is made from, as `merge` takes it."""

    @property
    def keeps(self) -> bool:
        """Whether `write` itself keeps what leads back to the original."""

    def read(self) -> bytes | None:
        """The document; None where there is none. Raises FileError, SidecarError."""

    def write(self, data: bytes, original: bytes | None) -> Path | None:
        """Puts a document in the place of `original`; where that is kept, if it `keeps`.

        Raises:
            FileError: the system refuses.
            SidecarError: `original` is not what stands there now, or a DNG is damaged.
        """


@dataclass(frozen=True, slots=True)
class Beside:
    """The place of settings in a sidecar."""

    path: Path
    blank: None = None
    keeps: bool = False

    def read(self) -> bytes | None:
        """See `Place.read`."""
        return None if is_missing(self.path) else read_bytes(self.path, SIZE_LIMIT + 1)

    def write(self, data: bytes, original: bytes | None) -> None:
        """See `Place.write`."""
        if original is not None:
            replace(self.path, data, original)
            return
        try:
            create(self.path, data)
        except FileError as error:
            if isinstance(error.__cause__, FileExistsError):
                raise changed_meanwhile(self.path) from error
            raise


@dataclass(frozen=True, slots=True)
class Inside:
    """The place of settings inside a DNG."""

    path: Path
    blank: bytes = EMPTY_PACKET
    keeps: bool = True

    def read(self) -> bytes | None:
        """See `Place.read`."""
        return read_embedded(self.path)

    def write(self, data: bytes, original: bytes | None) -> Path:
        """See `Place.write`."""

        def refuse_changed(packet: bytes | None) -> None:
            if packet != original:
                raise changed_meanwhile(self.path)

        with borrowed(self.path, kept_originals) as copy:
            return copy.home_of(write_embedded(copy.path, data, refuse_changed))


def embeds(embed: bool | None, naming: Naming) -> bool:
    """Whether labels of DNGs go into the DNGs: as told, else where Lightroom reads them.

    Args:
        embed: what the user says of it; None where nothing.
        naming: whose sidecars are written. darktable reads them beside DNGs as well.
    """
    return naming == "adobe" if embed is None else embed


def places(photo: Path, naming: Naming = "adobe", *, embed: bool = False) -> tuple[Place, Place | None]:
    """The place to write a photo's settings to, and the others where they may stand.

    Args:
        photo: the RAW file.
        naming: whose way of naming sidecars to follow.
        embed: write into DNGs.
    """
    beside = Beside(sidecar_path(photo, naming))
    if photo.suffix.lower() != ".dng":
        return beside, None
    inside = Inside(photo)
    return (inside, beside) if embed else (beside, inside)


def edited_elsewhere(photo: Path, other: Place | None, existing: Existing) -> Refused | None:
    """Why a photo is left alone for what stands in the place that is not written; None if it is not.

    Raises:
        FileError: the place cannot be read.
        SidecarError: what stands there is not an XMP document, or the DNG is damaged.
    """
    data = None if other is None or existing == "replace" else other.read()
    if other is None or data is None or is_blank(data):
        return None
    document = Document.parse(data, str(other.path))
    if owner(document) in ("nobody", "autohdr"):
        return None
    # What stands inside a photo is its own, whatever file it was made from.
    if other.path != photo and other_owner(document, photo) is not None:
        return None
    edited = "has edits that are not autohdr's; --existing replace would change them"
    return Refused(Code.EDITED, f"{other.path.name} {edited}")
