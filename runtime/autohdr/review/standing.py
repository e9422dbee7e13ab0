"""Finds the develop settings that a photo has now, wherever they stand, and says whose they are."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autohdr.develop import Settings
from autohdr.mode import MOST, SDR, USUAL, Mode
from autohdr.sidecar import Document, sidecar_path
from autohdr.sidecar.embedded import read_embedded
from autohdr.sidecar.names import other_owner
from autohdr.sidecar.properties import number
from autohdr.sidecar.record import Owner, owner
from autohdr.sliders import SLIDERS

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
    """The develop settings of one photo, as they stand."""

    settings: Settings
    whose: Whose
    document: bytes | None = None
    """What holds them; None where nothing does."""

    @classmethod
    def of(cls, document: Document) -> "Standing":
        """The settings in a document.

        Raises:
            SettingsError: one of them is no value that the setting can have.
        """
        return cls(_settings(document), _WHOSE[owner(document)], document.data)


UNEDITED = Standing(Settings(), "unedited")


def standing(photo: Path, owns_sidecar: bool = True) -> Standing:
    """The settings of a photo: those inside a DNG, where Lightroom reads them, then those in a sidecar beside it; the
    first that are an edit count.

    Args:
        photo: the RAW file.
        owns_sidecar: whether Adobe's sidecar of its name belongs to it, and not to another RAW file of that name.

    Raises:
        FileError: the DNG or a sidecar cannot be read.
        SidecarError: what stands there is not an XMP document.
        SettingsError: a setting has a value that it cannot have.
    """
    found = _documents(photo, owns_sidecar)
    first = next((document for document in found if owner(document) != "nobody"), found[0] if found else None)
    return UNEDITED if first is None else Standing.of(first)


def _documents(photo: Path, owns_sidecar: bool) -> list[Document]:
    """The documents that may hold a photo's settings, the one that counts most first."""
    found = []
    if photo.suffix.lower() == ".dng" and (data := read_embedded(photo)) is not None:
        found.append(Document.parse(data, str(photo)))
    adobe, darktable = sidecar_path(photo), sidecar_path(photo, "darktable")
    for path in (adobe, darktable):
        if not os.path.lexists(path) or (path == adobe and not owns_sidecar):
            continue
        document = Document.read(path)
        if document is not None and (path == darktable or other_owner(document, photo) is None):
            found.append(document)
    return found


def _settings(document: Document) -> Settings:
    headroom = number(document.get("HDRMaxValue") or "") if document.hdr else None
    allowed = headroom if headroom is not None and 0 < headroom <= MOST else USUAL
    limits = {slider.key: slider.limit for slider in SLIDERS}
    values = {key: min(max(value, -limits[key]), limits[key]) for key, value in document.values().items()}
    return Settings.of_sliders(values, Mode(headroom=allowed) if document.hdr else SDR)
