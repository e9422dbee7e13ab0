"""The develop settings that make an edit: eight sliders in a mode and what goes beside them; and which of them a
document may be given.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from autohdr.mode import HDR, Mode
from autohdr.sidecar.record import Owner
from autohdr.sidecar.settings.defaults import BOOKKEEPING
from autohdr.sidecar.settings.groups import group_of, is_constant, members
from autohdr.sidecar.xmp.document import Document, version_parts
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sidecar.xmp.values import Structure, Value
from autohdr.sliders import SLIDERS
from autohdr.words import Existing

PROCESS_VERSION = "15.4"
"""The current one, and the first to know HDR editing."""
CAMERA_RAW = "16.3"
"""A Camera Raw whose own documents hold just these keys (seen, November 2026)."""

# What stands in the document wins, under every policy.
_KEPT = {"Version", "ProcessVersion"}
_HDR = {"HDREditMode", "HDRMaxValue"}
_SLIDERS = {slider.key: slider for slider in SLIDERS}
_Any = TypeVar("_Any")
_OWN = _SLIDERS.keys() | _HDR | BOOKKEEPING
NOTHING: Mapping[str, Value] = MappingProxyType({})
"""Settings beside the sliders, of which there are none."""


def develop(settings: Mapping[str, float], mode: Mode = HDR, also: Mapping[str, Value] = NOTHING) -> dict[str, Value]:
    """The `crs` properties, in Camera Raw's order, that make an edit of these sliders in a mode.

    Args:
        settings: value by `crs` key in Lightroom's unit; rounded and clipped here.
        mode: what the sliders were learnt in. SDR switches HDR off; a headroom that stands in a document means nothing
            then, and is left.
        also: what is written beside them, value by `crs` name; with the `Version` and `ProcessVersion` that it was made
            with, where it needs them.

    Raises:
        ValueError: a key is not one of the eight, or a value is not finite; or `also` names one of them, the mode or
            what only says something about settings, or gives a name the structure of another.
    """
    if unknown := settings.keys() - _SLIDERS.keys():
        raise ValueError(f"unknown sliders {sorted(unknown)}; expected some of {list(_SLIDERS)}")
    if taken := also.keys() & (_OWN - _KEPT):
        raise ValueError(f"{sorted(taken)} cannot be written beside the sliders")
    for name, value in also.items():
        if isinstance(value, Structure) and value.key != f"{{{CRS}}}{name}":
            raise ValueError(f"{name} is given the structure of {value.key}")
    return {
        "Version": _later(CAMERA_RAW, also.get("Version")),
        "ProcessVersion": _later(PROCESS_VERSION, also.get("ProcessVersion")),
        **{key: slider.spell(settings[key]) for key, slider in _SLIDERS.items() if key in settings},
        **mode.settings(),
        **beside(also),
        "HasSettings": "True",
        "AlreadyApplied": "False",
    }


def beside(settings: Mapping[str, _Any]) -> dict[str, _Any]:
    """Picks those of our settings that are neither sliders nor the mode, nor only say something about settings."""
    return {name: value for name, value in settings.items() if name not in _OWN}


def _later(version: str, other: Value | None) -> str:
    return max(version, other, key=version_parts) if isinstance(other, str) else version


def allowed(
    wanted: Mapping[str, Value],
    document: Document,
    whose: Owner,
    ours: Mapping[str, str],
    existing: Existing,
    needs: Value | None = None,
) -> dict[str, Value | None]:
    """The settings, of those `wanted`, that may be set in a document, and None for each that has to go.

    Args:
        wanted: what `develop` returns.
        document: where they shall go.
        whose: the develop settings in it are.
        ours: those in it that we wrote, by `crs` name; empty where somebody has changed one since.
        existing: what to do with settings that are not ours. What makes one tool, such as a curve with its name, is
            only added where nothing of that tool is there.
        needs: the process version without which the settings of tools (`groups`) mean something else.
    """
    found = _of_mode_and_sliders(wanted, document, whose, ours, existing)
    more = beside(wanted)
    if whose != "nobody" and existing != "replace":
        # Defaults in a label are nobody's still.
        others = (document.edited() if whose == "autohdr" else document.settings().keys()) - ours.keys()
        taken = {group_of(name) for name in others}
        more = {name: value for name, value in more.items() if group_of(name) not in taken}
    version = document.process_version
    if isinstance(needs, str) and version is not None and version_parts(version) < version_parts(needs):
        alone = whose == "autohdr" and document.edited() <= ours.keys()
        if whose == "nobody" or alone or "ProcessVersion" in ours:
            found["ProcessVersion"] = wanted["ProcessVersion"]
        elif version_parts(str(found.get("ProcessVersion", version))) < version_parts(needs):
            more = {name: value for name, value in more.items() if not is_constant(name)}
    if "Version" in found and document.settings():
        found["Version"] = CAMERA_RAW  # a later one would say of what stands there that it is of a later one
    dropped = beside(ours).keys() - more.keys()
    theirs = members(dropped) & document.edited() - ours.keys()
    gone = (members(more) | dropped | members(dropped) - theirs) & document.settings().keys() - more.keys()
    return {**found, **dict.fromkeys(sorted(gone)), **more}


def _of_mode_and_sliders(
    wanted: Mapping[str, Value], document: Document, whose: Owner, ours: Mapping[str, str], existing: Existing
) -> dict[str, Value]:
    """What of sliders, mode, and what says something about settings may be set."""
    wanted = {name: value for name, value in wanted.items() if name in _OWN}
    if whose == "nobody" or existing == "replace":
        found = {name: value for name, value in wanted.items() if name not in _KEPT or not document.has(name)}
    else:
        found = {name: value for name, value in wanted.items() if name in ours or not document.has(name)}
        # Where some of the sliders are the photographer's, another mode would change what they do.
        if any(document.has(key) and key not in ours for key in _SLIDERS):
            found = _without_mode(found, ours)
    if not document.predates_hdr or wanted["HDREditMode"] == "0":
        return found
    # A newer process version may change what the photographer's own settings do. What we left in SDR once stays so,
    # since a second run changes nothing.
    if whose == "nobody" or "HDREditMode" in ours:
        return {**found, "ProcessVersion": wanted["ProcessVersion"]}
    return _without_mode(found, {})


def mode_note(wanted: Mapping[str, Value], may: Mapping[str, Value | None], document: Document) -> str | None:
    """What the photographer should know of the mode that a document keeps, in one sentence; None where it gets what
    the sliders were learnt in, or has it.

    Args:
        wanted: what `develop` returns.
        may: those of them that are set.
        document: where they go.
    """
    hdr = wanted["HDREditMode"] == "1"
    if "HDREditMode" in may or document.hdr == hdr:
        return None
    if hdr and document.predates_hdr:
        return f"HDR mode left off: process version {document.process_version}; update the photo in Lightroom"
    return f"HDR mode left {'off' if hdr else 'on'}, as it stands: the style was learnt in {'HDR' if hdr else 'SDR'}"


def preset_note(
    wanted: Mapping[str, Value], may: Mapping[str, Value | None], document: Document, needs: Value | None
) -> str | None:
    """What the photographer should know where a preset is left out for the sake of a process version, in one sentence;
    else None. Arguments as of `mode_note` and `allowed`.
    """
    version = document.process_version
    left = any(is_constant(name) and may.get(name) is None for name in wanted)
    if not left or version is None or not isinstance(needs, str) or version_parts(version) >= version_parts(needs):
        return None
    return f"the style's preset is left out: process version {version}; update the photo to {needs} in Lightroom"


def _without_mode(settings: Mapping[str, Value], ours: Mapping[str, str]) -> dict[str, Value]:
    return {name: value for name, value in settings.items() if name not in _HDR or name in ours}
