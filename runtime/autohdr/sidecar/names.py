"""Which sidecar belongs to which photo: Adobe's `IMG_1.xmp` beside `IMG_1.CR2`."""

import os
from pathlib import Path

from autohdr.sidecar.document import Document
from autohdr.sidecar.properties import PHOTOSHOP


def sidecar_path(photo: Path) -> Path:
    """The sidecar of a photo, there or not: `IMG_1.xmp`, or `IMG_1.XMP` where only that one exists.

    Two names are asked for; listing the folder would cost each of n photos a look at n names.
    """
    usual, upper = photo.with_suffix(".xmp"), photo.with_suffix(".XMP")
    return upper if not os.path.lexists(usual) and os.path.lexists(upper) else usual


def owner_extension(photo: Path) -> str:
    """What `photoshop:SidecarForExtension` says in this photo's own sidecar: `CR2`."""
    return photo.suffix.removeprefix(".").upper()


def other_owner(document: Document, photo: Path) -> str | None:
    """The extension of the photo that this sidecar says it belongs to, where that is not `photo`'s; else None."""
    extension = document.get("SidecarForExtension", PHOTOSHOP)
    return None if not extension or extension.upper() == owner_extension(photo) else extension
