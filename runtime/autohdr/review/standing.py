"""Finds the develop settings that a photo has now, wherever they stand, and says whose they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autohdr.develop import Settings
from autohdr.files.look import lexists
from autohdr.sidecar import Document, sidecar_path
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.names import other_owner
from autohdr.sidecar.record import Owner, owner

Whose = Literal["autohdr", "corrected", "edited", "unedited"]
"""autohdr: a label that nobody has touched; corrected: a label, then changed; edited: the photographer's own edit."""

_WHOSE: dict[Owner, Whose] = {
    "autohdr": "autohdr",
    "correction": "corrected",
    "photographer": "edited",
    "nobody": "unedited",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Holds the develop settings of one photo, as they stand."""

    settings: Settings
    whose: Whose
    document: bytes | None = None
    """What holds them; None where nothing does."""

    @classmethod
    def of(cls, document: Document, name: str = "the sidecar") -> "Standing":
        """Reads the settings in a document that messages call `name`.

        Raises:
            SidecarError: they are of a process version before 2012, or one of them is nonsense.
        """
        return cls(Settings.read(document, name), _WHOSE[owner(document)], document.data)


UNEDITED = Standing(Settings(), "unedited")


def standing(photo: Path, owns_sidecar: bool = True) -> Standing:
    """Reads the settings of a photo: those inside a DNG, where Lightroom reads them, then those in a sidecar beside it;
    the first that are an edit count.

    Args:
        photo: the RAW file.
        owns_sidecar: whether Adobe's sidecar of its name belongs to it, and not to another RAW file of that name.

    Raises:
        FileError: the DNG or a sidecar cannot be read.
        SidecarError: what stands there is not an XMP document, or as in `Standing.of`.
    """
    found = _documents(photo, owns_sidecar)
    edits = [one for one in found if owner(one[0]) != "nobody"]
    return Standing.of(*(edits or found)[0]) if found else UNEDITED


def _documents(photo: Path, owns_sidecar: bool) -> list[tuple[Document, str]]:
    """The documents that may hold a photo's settings, the one that counts most first, each with its name."""
    found = []
    if photo.suffix.lower() == ".dng" and (data := read_embedded(photo)) is not None:
        found.append((Document.parse(data, str(photo)), str(photo)))
    adobe, darktable = sidecar_path(photo), sidecar_path(photo, "darktable")
    for path in (adobe, darktable):
        if not lexists(path) or (path == adobe and not owns_sidecar):
            continue
        document = Document.read(path)
        if document is not None and (path == darktable or other_owner(document, photo) is None):
            found.append((document, str(path)))
    return found
