"""The develop settings that make an edit: eight sliders in a mode and what goes beside them; and which of them a
document may be given.
"""

from collections.abc import Mapping
from types import MappingProxyType

from autohdr.mode import HDR, Mode
from autohdr.sidecar.defaults import BOOKKEEPING
from autohdr.sidecar.document import Document
from autohdr.sidecar.groups import group_of
from autohdr.sidecar.properties import CRS
from autohdr.sidecar.record import Owner
from autohdr.sidecar.values import Structure, Value
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
NOTHING: Mapping[str, Value] = MappingProxyType({})
"""Beside the sliders."""


def develop(settings: Mapping[str, float], mode: Mode = HDR, also: Mapping[str, Value] = NOTHING) -> dict[str, Value]:
    """The `crs` properties, in Camera Raw's order, that make an edit of these sliders in a mode.

    Args:
        settings: value by `crs` key in Lightroom's unit; rounded and clipped here.
        mode: what the sliders were learnt in. SDR switches HDR off; a headroom that stands in a document means nothing
            then, and is left.
        also: what is written beside them, value by `crs` name.

    Raises:
        ValueError: a key is not one of the eight, or a value is not finite; or `also` names one of them, the mode or
            what only says something about settings, or gives a name the structure of another.
    """
    if unknown := settings.keys() - _SLIDERS.keys():
        raise ValueError(f"unknown sliders {sorted(unknown)}; expected some of {list(_SLIDERS)}")
    if taken := also.keys() & (_SLIDERS.keys() | _HDR | BOOKKEEPING):
        raise ValueError(f"{sorted(taken)} cannot be written beside the sliders")
    for name, value in also.items():
        if isinstance(value, Structure) and value.key != f"{{{CRS}}}{name}":
            raise ValueError(f"{name} is given the structure of {value.key}")
    return {
        "Version": CAMERA_RAW,
        "ProcessVersion": PROCESS_VERSION,
        **{key: slider.spell(settings[key]) for key, slider in _SLIDERS.items() if key in settings},
        **mode.settings(),
        **also,
        "HasSettings": "True",
        "AlreadyApplied": "False",
    }


def allowed(
    wanted: Mapping[str, Value], document: Document, whose: Owner, ours: Mapping[str, str], existing: Existing
) -> dict[str, Value]:
    """The settings, of those `wanted`, that may be set in a document.

    Args:
        wanted: what `develop` returns.
        document: where they shall go.
        whose: the develop settings in it are.
        ours: those in it that we wrote, by `crs` name; empty where somebody has changed one since.
        existing: what to do with settings that are not ours. What makes one tool, such as a curve with its name, is
            only added where nothing of that tool is there.
    """
    if whose == "nobody" or existing == "replace":
        found = {name: value for name, value in wanted.items() if name not in _KEPT or not document.has(name)}
    else:
        theirs = document.settings().keys() - ours.keys()
        groups = {group_of(name) for name in theirs}
        found = {name: value for name, value in wanted.items() if name not in theirs and group_of(name) not in groups}
        # Where some of the sliders are the photographer's, another mode would change what they do.
        if any(document.has(key) and key not in ours for key in _SLIDERS):
            found = _without_mode(found, ours)
    if not document.predates_hdr or wanted["HDREditMode"] == "0":
        return found
    # A newer process version may change what the photographer's own settings do. What we left in SDR once stays so,
    # since a second run changes nothing.
    if whose == "nobody" or "HDREditMode" in ours:
        return {**found, "ProcessVersion": PROCESS_VERSION}
    return _without_mode(found, {})


def mode_note(wanted: Mapping[str, Value], may: Mapping[str, Value], document: Document) -> str | None:
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


def _without_mode(settings: Mapping[str, Value], ours: Mapping[str, str]) -> dict[str, Value]:
    return {name: value for name, value in settings.items() if name not in _HDR or name in ours}
