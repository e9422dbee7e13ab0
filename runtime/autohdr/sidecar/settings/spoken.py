"""Says in a few words what a preset holds, with the names that Lightroom shows."""

from collections.abc import Mapping

from autohdr.sidecar.settings.groups import GROUPS, LENS_PROFILE, POINT_COLOR, PROFILE, TONE_CURVE, TREATMENT, Group
from autohdr.sidecar.xmp.properties import RDF, number
from autohdr.sidecar.xmp.values import Structure, Value

_LISTED = 3
"""Colours that are named with their values; of more, only the number is told."""


def spoken(settings: Mapping[str, Value]) -> tuple[str, ...]:
    """A phrase for each tool, such as "Profile Camera Vivid" or "Sharpening 60", in the order of Lightroom's panels.

    Args:
        settings: value by `crs` name. What belongs to no tool is passed over.
    """
    parts = [(group, {key: settings[key] for key in group.keys if key in settings}) for group in GROUPS]
    return tuple(_tool(group, part) for group, part in parts if part)


def _tool(group: Group, part: Mapping[str, Value]) -> str:
    if group is PROFILE:
        return _profile(part)
    if group is TONE_CURVE:
        return f"Tone Curve ({_curve(part)})"
    if group is POINT_COLOR:
        return f"Point Color ({_count(part.get('PointColors'))})"
    if group is LENS_PROFILE or group is TREATMENT:
        return f"{group.name} on" if group is LENS_PROFILE else group.name
    first = str(part.get(group.switches[0], ""))
    if len(group.switches) == 1 or group.switches[0] in ("Sharpness", "ColorNoiseReduction"):
        return f"{group.name} on" if group.keys == ("AutoLateralCA",) else f"{group.name} {first}".strip()
    moved = [(key, value) for key, value in part.items() if isinstance(value, str) and number(value) != 0]
    if not group.name.startswith("HSL") or not moved:
        return group.name
    if len(moved) > _LISTED:
        return f"{group.name} ({len(moved)} colors)"
    colours = [f"{key.partition('Adjustment')[2]} {value}" for key, value in moved]
    return f"{group.name} ({', '.join(colours)})"


def _profile(part: Mapping[str, Value]) -> str:
    look = part.get("Look")
    named, strength = ("", "") if isinstance(look, str | None) else (look.field("Name"), look.field("Amount"))
    name, amount = named or str(part.get("CameraProfile", "")), number(strength)
    return f"Profile {name}" + ("" if amount in (None, 1.0) else f" at {100 * (amount or 0):.0f} %")


def _curve(part: Mapping[str, Value]) -> str:
    points = {name.removeprefix("ToneCurvePV2012"): _count(value) for name, value in part.items() if _count(value)}
    if points.get("", 2) > 2 or len(points) < 2:
        return f"{points.get('', 0)} points"
    return ", ".join(f"{channel.lower()} {count} points" for channel, count in points.items() if channel)


def _count(value: Value | None) -> int:
    return sum(1 for _ in value.element().iter(f"{{{RDF}}}li")) if isinstance(value, Structure) else 0
