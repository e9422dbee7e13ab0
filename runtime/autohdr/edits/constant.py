"""Finds what is the same in nearly all edits beside the sliders: a photographer's preset, tool by tool.

Only documents are asked, so that sidecars, what DNGs hold, and catalogs tell alike.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from types import MappingProxyType

from autohdr.edits.preset import Preset, camera_of
from autohdr.shot.shot import Shot
from autohdr.sidecar.settings.defaults import AUTOMATIC
from autohdr.sidecar.settings.groups import GROUPS, LENS_PROFILE, PROFILE, Group
from autohdr.sidecar.settings.spoken import spoken
from autohdr.sidecar.xmp.document import VERSION, Document, version_parts
from autohdr.sidecar.xmp.properties import number
from autohdr.sidecar.xmp.values import Structure, Value, structures_in, value_of

SHARE = 0.8
"""Share of the edits in which a tool must be set alike to be carried."""
LEAST = 4
"""Edits in which it must be set alike, at least."""

Pairs = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool as one edit sets it."""

    settings: Pairs
    """All that the document says of it, by `crs` name, in the order of the document."""
    same: tuple[tuple[str, object], ...]
    """What must be equal in another edit that sets it alike: settings at their defaults are left out."""
    bound: str | None = None
    """Why it cannot be carried to another photo."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What one edit sets beside the sliders."""

    tools: Mapping[str, Tool]
    """The tools that are in use, by the name of their group."""
    version: str | None = None
    process_version: str | None = None


NO_TOOLS = Tools(MappingProxyType({}))
"""The tools of an edit in which none is in use."""


def tools_of(document: Document) -> Tools:
    """The tools that a document has in use, of those that a preset can hold."""
    settings, edited = document.settings(), document.edited()
    found, used = {}, [group for group in GROUPS if group.on(edited)]
    names = {name for group in used for name in group.keys if name in settings and settings[name].element is not None}
    exact = structures_in(document.utf8, names)
    for group in used:
        values = {name: exact.get(name) or value_of(one) for name, one in settings.items() if name in group.keys}
        whole = tuple((name, value) for name, value in values.items() if value is not None)
        bound = "a form that cannot be carried over" if len(whole) < len(values) else _bound(group, settings, values)
        found[group.name] = _shared(whole, tuple(sorted(_same(whole, edited))), bound)
    version = document.get("Version")
    return Tools(found, version, document.process_version)


def constant(edits: Sequence[Tools], shots: Sequence[Shot]) -> Preset:
    """The preset that edits have in common.

    Args:
        edits: what each of N edits sets.
        shots: N, what the files of the photos say of their cameras.
    """
    settings: dict[str, Value] = {}
    left_out, versions, processes, camera = [], [], [], None
    for group in GROUPS:
        alike = _alike(group, edits)
        if alike is None:
            continue
        chosen = Counter(one.tools[group.name] for one in alike).most_common(1)[0][0]
        reason = chosen.bound
        if group is PROFILE and reason is None and not _fits_all(dict(chosen.settings)):
            cameras = {camera_of(shot) for shot in shots}
            camera = next(iter(cameras)) if len(cameras) == 1 else None
            reason = None if camera is not None else _several(cameras)
        if reason is not None:
            left_out.append(f"{', '.join(spoken(dict(chosen.settings)))}: {reason}")
            continue
        settings |= chosen.settings
        versions.append(_first(one.version for one in alike))
        processes.append(_first(one.process_version for one in alike))
    return Preset(settings, _last(versions), _last(processes), camera, tuple(left_out))


def _alike(group: Group, edits: Sequence[Tools]) -> list[Tools] | None:
    """The edits that set a tool as most do, where they are nearly all; None where it varies, or is off in most."""
    ways = Counter(found.same if (found := one.tools.get(group.name)) else None for one in edits)
    if not ways:
        return None
    (same, count), *_ = ways.most_common(1)
    if same is None or count < max(LEAST, ceil(SHARE * len(edits))):
        return None
    return [one for one in edits if (found := one.tools.get(group.name)) and found.same == same]


def _same(settings: Pairs, edited: frozenset[str]) -> Iterable[tuple[str, object]]:
    for name, value in settings:
        if isinstance(value, Structure):
            if name == "Look" and (identifier := value.field("UUID")):
                yield name, (identifier, value.field("Amount"))  # later versions say more of the same look
            elif name in edited:
                yield name, value.text
        elif name in edited:
            spelled = number(value)
            yield name, value if spelled is None else spelled


def _bound(group: Group, settings: Mapping[str, object], values: Mapping[str, Value | None]) -> str | None:
    """Why a tool belongs to one photo or lens."""
    if group is PROFILE and "AILook" in settings:
        return "Lightroom computes it for each photo"
    if group is LENS_PROFILE and values.get("LensProfileSetup", AUTOMATIC[0]) not in AUTOMATIC:
        return "chosen by hand, for one lens"
    return None


def _fits_all(settings: Mapping[str, Value]) -> bool:
    """Whether a profile is a look over Adobe Standard: that every camera has, and its "v2" and others some have."""
    look = settings.get("Look")
    names = [str(settings.get("CameraProfile", ""))]
    if isinstance(look, Structure):
        if look.field("CameraModelRestriction"):
            return False
        names.append(look.field("CameraProfile"))
    return all(name in ("", "Adobe Standard") for name in names)


def _several(cameras: set[str | None]) -> str:
    return "the camera is not known" if cameras == {None} else f"the photos are of {len(cameras)} cameras"


def _first(versions: Iterable[str | None]) -> str | None:
    """The earliest version that is known: it was enough."""
    known = [text for text in versions if text is not None and VERSION.fullmatch(text)]
    return min(known, key=version_parts, default=None)


def _last(versions: Iterable[str | None]) -> str | None:
    return max((text for text in versions if text is not None), key=version_parts, default=None)


@lru_cache(maxsize=4096)
def _shared(settings: Pairs, same: tuple[tuple[str, object], ...], bound: str | None) -> Tool:
    """One object for all edits that set a tool alike: a shoot may hold many thousand."""
    return Tool(settings, same, bound)
