"""Names the sidecar of a photo: Adobe's `IMG_1.xmp` beside `IMG_1.CR2`, or darktable's `IMG_1.CR2.xmp`."""

import unicodedata
from pathlib import Path
from typing import get_args

from autohdr.errors import SettingsError
from autohdr.files.look import lexists
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import PHOTOSHOP
from autohdr.words import Naming


def sidecar_path(photo: Path, naming: Naming = "adobe") -> Path:
    """The sidecar of a photo, there or not: `IMG_1.xmp`, or `IMG_1.XMP` where only that one exists.

    A name with accents can be spelled in two ways, of which macOS takes either for the other; so does this. At most six
    names are asked for; listing the folder would cost each of n photos a look at n names.

    Raises:
        SettingsError: `naming` is not one of the choices.
    """
    if naming not in (choices := get_args(Naming)):
        raise SettingsError(f"naming is {naming!r}; expected one of {', '.join(choices)}")
    name = photo.stem if naming == "adobe" else photo.name
    spelled = dict.fromkeys((name, same_spelling(name), unicodedata.normalize("NFD", name)))
    paths = [photo.with_name(spelling + ending) for spelling in spelled for ending in (".xmp", ".XMP")]
    return next((path for path in paths if lexists(path)), paths[0])


def same_spelling(name: str) -> str:
    """The one way to spell a name, however it was composed."""
    return unicodedata.normalize("NFC", name)


def owner_extension(photo: Path) -> str:
    """What `photoshop:SidecarForExtension` says in this photo's own sidecar: `CR2`."""
    return photo.suffix.removeprefix(".").upper()


def other_owner(document: Document, photo: Path) -> str | None:
    """The extension of the photo that this sidecar says it belongs to, where that is not `photo`'s; else None."""
    extension = document.get("SidecarForExtension", PHOTOSHOP)
    if not extension or extension.upper() == owner_extension(photo):
        return None
    return "".join(character for character in extension[:12] if character.isprintable())
