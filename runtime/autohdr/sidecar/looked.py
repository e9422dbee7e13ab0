"""Looks at what stands in a photo's place, and tells whether it may be changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from autohdr.codes import Code
from autohdr.errors import SettingsError
from autohdr.sidecar.names import other_owner
from autohdr.sidecar.places import Place, edited_elsewhere, places
from autohdr.sidecar.record import Owner, owner
from autohdr.sidecar.refused import Refused
from autohdr.sidecar.xmp.document import Document, is_blank
from autohdr.sliders import SLIDERS
from autohdr.words import Existing, Naming

Where = tuple[Place, Place | None]
"""Says where a photo's settings stand, and where else they may: as `places` gives them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of one photo's settings."""

    place: Place
    """Where they stand: in a sidecar, or inside a DNG."""
    held: bytes | None
    """What stands there; None where there is nothing."""
    document: Document | None
    """The document that it is; None of a blank one."""
    whose: Owner
    """Whose the settings in it are; nobody's where there is none."""
    refused: Refused | None
    """Why the photo will be left alone; None if it will be labelled."""


def refusal(photo: Path, existing: Existing = "skip", naming: Naming = "adobe", *, embed: bool = False) -> str | None:
    """Why this photo will be left alone, in one sentence; None if it will be labelled. Reads its settings alone.

    Raises:
        FileError: the sidecar or the DNG cannot be read.
        SettingsError: `existing` or `naming` is not one of the choices.
        SidecarError: the sidecar or what the DNG holds is not an XMP document.
    """
    refused = look(photo, existing, naming, embed=embed).refused
    return None if refused is None else refused.sentence


def look(
    photo: Path,
    existing: Existing = "skip",
    naming: Naming = "adobe",
    *,
    embed: bool = False,
    known: Document | None = None,
    where: Where | None = None,
) -> Looked:
    """What stands in a photo's place, for `plan`, and why the photo will be left alone, if it will.

    Args:
        photo: the RAW file.
        existing: what to do where the photo has develop settings that are not ours.
        naming: whose way of naming sidecars to follow.
        embed: as of `plan`.
        known: what stood there before; it is not parsed again where the file still holds the same bytes.
        where: the photo's places, where they were asked for already.

    Raises:
        FileError, SettingsError, SidecarError: as `refusal`.
    """
    check_existing(existing)
    place, other = where or places(photo, naming, embed=embed)
    held = place.read()
    document = None if held is None or is_blank(held) else _parsed(held, known, place)
    whose = "nobody" if document is None else owner(document)
    refused = _refusal(place, document, whose, photo, existing) or edited_elsewhere(photo, other, existing)
    return Looked(place, held, document, whose, refused)


def check_existing(existing: str) -> None:
    """Raises:
    SettingsError: `existing` is not one of the choices.
    """
    choices = get_args(Existing)
    if existing not in choices:
        raise SettingsError(f"existing is {existing!r}; expected one of {', '.join(choices)}")


def _parsed(data: bytes, known: Document | None, place: Place) -> Document:
    return known if known is not None and known.data == data else Document.parse(data, str(place.path))


def _refusal(place: Place, document: Document | None, whose: Owner, photo: Path, existing: Existing) -> Refused | None:
    """Why the settings in the place that is to be written are left alone."""
    path = place.path
    if document is None:
        return None
    # What stands inside a photo is its own.
    if path != photo and (extension := other_owner(document, photo)) is not None:
        return Refused(Code.OTHERS_SIDECAR, f"{path.name} says that it belongs to the {extension} file of this name")
    if (outdated := document.outdated) is not None:
        step = "update the photo to the current process version in Lightroom first"
        return Refused(Code.OLD_PROCESS, f"{path.name} {outdated}: {step}")
    if whose == "correction" and existing != "replace":
        changed = "was labelled by autohdr and then changed: that is the photographer's correction"
        return Refused(Code.CORRECTED, f"{path.name} {changed}")
    if whose == "photographer" and existing == "skip":
        edited = "has edits that are not autohdr's; --existing fill or replace would change them"
        return Refused(Code.EDITED, f"{path.name} {edited}")
    if whose == "photographer" and existing == "fill" and all(document.has(slider.key) for slider in SLIDERS):
        return Refused(Code.COMPLETE, f"{path.name} has all eight sliders already, so there is nothing to fill")
    return None
