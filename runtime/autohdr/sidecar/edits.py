"""What is done to one photo's sidecar, decided first and written afterwards.

`--existing` says what happens to develop settings that are not ours: `skip` leaves such a photo alone, `fill` adds the
sliders that are missing, `replace` overwrites after keeping the original. Ratings, keywords and the like always stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autohdr.errors import SidecarError
from autohdr.files import read_bytes, write_atomically
from autohdr.sidecar.document import BOOKKEEPING, CRS, PHOTOSHOP, Document
from autohdr.sidecar.merge import merge
from autohdr.sidecar.names import other_owner, owner_extension, sidecar_path
from autohdr.sidecar.record import Owner, Record, owner
from autohdr.sliders import SLIDERS

Existing = Literal["skip", "fill", "replace"]

PROCESS_VERSION = "15.4"
"""The current one, and the first to know HDR editing."""
CAMERA_RAW = "16.3"
"""A Camera Raw whose own documents hold just these keys (seen, November 2026)."""
HDR_LIMIT = "+4.00"
"""Lightroom's default: stops of headroom above SDR white."""

# What stands in the document wins, under every policy.
_KEPT = {"Version", "ProcessVersion"}
_HDR = {"HDREditMode", "HDRMaxValue"}
_SLIDERS = {slider.key: slider for slider in SLIDERS}


@dataclass(frozen=True, slots=True)
class Edit:
    """The decision about one sidecar."""

    path: Path
    data: bytes | None
    """The whole new document; None where nothing is to be written."""
    action: Literal["write", "unchanged", "skip"]
    reason: str | None
    """Why the photo is left alone, in one sentence."""
    backup: bool
    """Whether the original holds work that is not ours, and is kept before it is replaced."""
    original: bytes | None
    """The document that the decision is about; None where there was none."""


def develop(settings: Mapping[str, float]) -> dict[str, str]:
    """The `crs` properties, in Camera Raw's order, that make an HDR edit of these sliders.

    Args:
        settings: value by `crs` key in Lightroom's unit; rounded and clipped here.

    Raises:
        ValueError: a key is not one of the eight, or a value is not finite.
    """
    if unknown := settings.keys() - _SLIDERS.keys():
        raise ValueError(f"unknown sliders {sorted(unknown)}; expected some of {list(_SLIDERS)}")
    return {
        "Version": CAMERA_RAW,
        "ProcessVersion": PROCESS_VERSION,
        **{key: slider.spell(settings[key]) for key, slider in _SLIDERS.items() if key in settings},
        "HDREditMode": "1",
        "HDRMaxValue": HDR_LIMIT,
        "HasSettings": "True",
        "AlreadyApplied": "False",
    }


def refusal(photo: Path, existing: Existing = "skip") -> str | None:
    """Why this photo will be left alone, in one sentence; None if it will be labelled. Reads the sidecar alone.

    Raises:
        FileError: the sidecar cannot be read.
        SidecarError: it is not an XMP document.
    """
    path = sidecar_path(photo)
    document = Document.read(path)
    return None if document is None else _refusal(path, document, photo, existing)


def plan(photo: Path, settings: Mapping[str, float], model: str, existing: Existing = "skip") -> Edit:
    """What to do to the sidecar of a photo; writes nothing.

    Args:
        photo: the RAW file.
        settings: value by `crs` key in Lightroom's unit.
        model: name and version of the model that predicted them.
        existing: what to do where the photo has develop settings that are not ours.

    Raises:
        FileError: the sidecar cannot be read.
        SidecarError: it is not an XMP document, or cannot be changed safely.
        ValueError: a key of `settings` is not a slider, or a value is not finite.
    """
    path = sidecar_path(photo)
    document = Document.read(path)
    if document is None:
        wanted = develop(settings)
        record = Record.make(None, model, _recorded(wanted))
        changes = {f"{{{PHOTOSHOP}}}SidecarForExtension": owner_extension(photo), **_properties(wanted, record)}
        return Edit(path, merge(None, changes), "write", None, backup=False, original=None)
    reason = _refusal(path, document, photo, existing)
    if reason is not None:
        return Edit(path, None, "skip", reason, backup=False, original=document.data)
    whose = owner(document)
    earlier = Record.find(document) if whose == "autohdr" else None
    ours = earlier.wrote if earlier is not None else {}
    wanted = _allowed(develop(settings), document, whose, ours, existing)
    record = Record.make(document, model, {**ours, **_recorded(wanted)})
    data = merge(document.data, _properties(wanted, record), str(path))
    if data == document.data:
        return Edit(path, None, "unchanged", None, backup=False, original=document.data)
    foreign = any(document.has(name) for name in _recorded(wanted).keys() - ours.keys())
    return Edit(path, data, "write", None, backup=whose != "autohdr" or foreign, original=document.data)


def apply(edit: Edit) -> None:
    """Writes what was planned, if anything. An original that is not ours is kept beside it, as `IMG_1.xmp_original`.

    Raises:
        FileError: the sidecar cannot be written; it is left as it is.
        SidecarError: it has changed since it was planned; it is left as it is.
    """
    if edit.data is None:
        return
    if read_bytes(edit.path) != edit.original:
        raise SidecarError(f"{edit.path} was changed by another program in the meantime and is left alone; run again")
    if edit.backup:
        assert edit.original is not None, "only an existing sidecar is kept"
        _keep(edit.path, edit.original)
    write_atomically(edit.path, edit.data)


def _keep(path: Path, original: bytes) -> None:
    """Keeps an original, once, under the first free name: exiftool's `_original`, then `_original2` and so on."""
    count = 1
    while True:
        kept = path.with_name(f"{path.name}_original{count if count > 1 else ''}")
        held = read_bytes(kept)
        if held == original:
            return
        if held is None:
            write_atomically(kept, original)
            return
        count += 1


def _refusal(path: Path, document: Document, photo: Path, existing: Existing) -> str | None:
    if (extension := other_owner(document, photo)) is not None:
        return f"{path.name} says that it belongs to the {extension} file of this name"
    if (outdated := document.outdated) is not None:
        return f"{path.name} {outdated}: update the photo to the current process version in Lightroom first"
    whose = owner(document)
    if whose == "correction" and existing != "replace":
        return f"{path.name} was labelled by autohdr and then changed: that is the photographer's correction"
    if whose == "photographer" and existing == "skip":
        return f"{path.name} has develop settings that are not autohdr's; --existing fill or replace would change them"
    if whose == "photographer" and existing == "fill" and all(document.has(key) for key in _SLIDERS):
        return f"{path.name} has all eight sliders already, so there is nothing to fill"
    return None


def _allowed(
    wanted: dict[str, str], document: Document, whose: Owner, ours: Mapping[str, str], existing: Existing
) -> dict[str, str]:
    """Those of the `wanted` settings that may be set in a document."""
    if whose == "nobody" or existing == "replace":
        return {name: value for name, value in wanted.items() if name not in _KEPT or not document.has(name)}
    allowed = {name: value for name, value in wanted.items() if name in ours or not document.has(name)}
    # Where some of the sliders are the photographer's, turning HDR on would change what they do.
    if any(document.has(key) and key not in ours for key in _SLIDERS):
        allowed = {name: value for name, value in allowed.items() if name in ours or name not in _HDR}
    return allowed


def _recorded(wanted: Mapping[str, str]) -> dict[str, str]:
    """Those of our settings that make up the edit."""
    return {name: value for name, value in wanted.items() if name not in BOOKKEEPING or name == "ProcessVersion"}


def _properties(wanted: Mapping[str, str], record: Record) -> dict[str, str]:
    """Settings and record in Clark notation."""
    return {**{f"{{{CRS}}}{name}": value for name, value in wanted.items()}, **record.properties()}
