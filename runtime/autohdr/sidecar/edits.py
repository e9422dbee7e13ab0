"""What is done to one photo's sidecar, decided first and written afterwards.

`--existing` says what happens to develop settings that are not ours: `skip` leaves such a photo alone, `fill` adds the
sliders that are missing, `replace` overwrites after keeping the original. Ratings, keywords and the like always stay.
Settings at Camera Raw's defaults are nobody's: our eight sliders and the HDR mode take their places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from autohdr.errors import SettingsError, SidecarError
from autohdr.files import read_bytes, write_atomically
from autohdr.sidecar.defaults import BOOKKEEPING
from autohdr.sidecar.document import Document
from autohdr.sidecar.merge import merge
from autohdr.sidecar.names import other_owner, owner_extension, sidecar_path
from autohdr.sidecar.properties import CRS, PHOTOSHOP
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
    note: str | None
    """What the photographer should know of an edit that is made, in one sentence."""
    backup: bool
    """Whether the original holds work that is not ours, and is kept before it is replaced."""
    original: bytes | None
    """The document that the decision is about; None where there was none."""

    @property
    def values(self) -> dict[str, float]:
        """Those of the eight sliders that the document holds once the edit is applied, in Lightroom's unit."""
        resulting = self.original if self.data is None else self.data
        assert resulting is not None, "where there is no document, one is written"
        return Document.parse(resulting, str(self.path)).values()


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
        SettingsError: `existing` is not one of the choices.
        SidecarError: the sidecar is not an XMP document.
    """
    check_existing(existing)
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
        SettingsError: `existing` is not one of the choices.
        SidecarError: the sidecar is not an XMP document, or cannot be changed safely.
        ValueError: a key of `settings` is not a slider, or a value is not finite.
    """
    check_existing(existing)
    path = sidecar_path(photo)
    document = Document.read(path)
    wanted = develop(settings)
    if document is None:
        record = Record.make(None, model, _recorded(wanted))
        changes = {f"{{{PHOTOSHOP}}}SidecarForExtension": owner_extension(photo), **_properties(wanted, record)}
        return Edit(path, merge(None, changes), "write", None, None, backup=False, original=None)
    reason = _refusal(path, document, photo, existing)
    if reason is not None:
        return Edit(path, None, "skip", reason, None, backup=False, original=document.data)
    return _change(path, document, wanted, model, existing)


def apply(edit: Edit) -> Path | None:
    """Writes what was planned, if anything. An original that is not ours is kept beside it, as `IMG_1.xmp_original`.

    Returns:
        Where the original is kept; None where it is not.

    Raises:
        FileError: the sidecar cannot be written; it is left as it is.
        SidecarError: it has changed since it was planned; it is left as it is.
    """
    if edit.data is None:
        return None
    if read_bytes(edit.path) != edit.original:
        raise SidecarError(f"{edit.path} was changed by another program in the meantime and is left alone; run again")
    kept = None
    if edit.backup:
        assert edit.original is not None, "only an existing sidecar is kept"
        kept = _keep(edit.path, edit.original)
    write_atomically(edit.path, edit.data)
    return kept


def check_existing(existing: str) -> None:
    """Raises:
    SettingsError: `existing` is not one of the choices.
    """
    choices = get_args(Existing)
    if existing not in choices:
        raise SettingsError(f"existing is {existing!r}; expected one of {', '.join(choices)}")


def _keep(path: Path, original: bytes) -> Path:
    """Keeps an original, once, under the first free name: exiftool's `_original`, then `_original2` and so on."""
    count = 1
    while True:
        kept = path.with_name(f"{path.name}_original{count if count > 1 else ''}")
        held = read_bytes(kept)
        if held is None:
            write_atomically(kept, original)
        if held is None or held == original:
            return kept
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


def _change(path: Path, document: Document, wanted: dict[str, str], model: str, existing: Existing) -> Edit:
    """The edit of a sidecar that is there and may be changed."""
    whose = owner(document)
    earlier = Record.find(document) if whose == "autohdr" else None
    ours = earlier.wrote if earlier is not None else {}
    allowed = _allowed(wanted, document, whose, ours, existing)
    note = None
    if document.predates_hdr and "HDREditMode" not in allowed:
        note = f"HDR mode left off: process version {document.process_version}; update the photo in Lightroom"
    record = Record.make(document, model, {**ours, **_recorded(allowed)})
    data = merge(document.data, _properties(allowed, record), str(path))
    if data == document.data:
        return Edit(path, None, "unchanged", None, note, backup=False, original=document.data)
    foreign = any(document.has(name) for name in _recorded(allowed).keys() - ours.keys())
    # Where nobody has edited the photo, all that it says is still there.
    backup = whose != "nobody" and (whose != "autohdr" or foreign)
    return Edit(path, data, "write", None, note, backup, document.data)


def _allowed(
    wanted: dict[str, str], document: Document, whose: Owner, ours: Mapping[str, str], existing: Existing
) -> dict[str, str]:
    """Those of the `wanted` settings that may be set in a document."""
    if whose == "nobody" or existing == "replace":
        allowed = {name: value for name, value in wanted.items() if name not in _KEPT or not document.has(name)}
    else:
        allowed = {name: value for name, value in wanted.items() if name in ours or not document.has(name)}
        # Where some of the sliders are the photographer's, turning HDR on would change what they do.
        if any(document.has(key) and key not in ours for key in _SLIDERS):
            allowed = _without_hdr(allowed, ours)
    if not document.predates_hdr:
        return allowed
    # A newer process version may change what the photographer's own settings do. What we left in SDR once stays so,
    # since a second run changes nothing.
    if whose == "nobody" or "HDREditMode" in ours:
        return {**allowed, "ProcessVersion": PROCESS_VERSION}
    return _without_hdr(allowed, {})


def _without_hdr(settings: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if name not in _HDR or name in ours}


def _recorded(wanted: Mapping[str, str]) -> dict[str, str]:
    """Those of our settings that make up the edit."""
    return {name: value for name, value in wanted.items() if name not in BOOKKEEPING or name == "ProcessVersion"}


def _properties(wanted: Mapping[str, str], record: Record) -> dict[str, str]:
    """Settings and record in Clark notation."""
    return {**{f"{{{CRS}}}{name}": value for name, value in wanted.items()}, **record.properties()}
