"""Says what a photo has beside the eight sliders: white balance and the further sliders, which a page shows and moves,
and all that its developer takes."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from operator import attrgetter
from typing import Any

from autohdr.develop import Settings
from autohdr.develop.left_out import UNDRAWN
from autohdr.develop.settings import LINEAR, Parametric, SdrSettings
from autohdr.sidecar import Document, develop, merge
from autohdr.sidecar.settings.further import LEAST_KELVIN, MOST_KELVIN, MOST_TINT, WHITE_BALANCE
from autohdr.sidecar.settings.groups import GROUPS
from autohdr.sidecar.xmp.properties import CRS, number
from autohdr.sidecar.xmp.values import Value
from autohdr.sliders import BALANCE, FURTHER, SLIDERS, slider_of

TEMPERATURE, TINT = WHITE_BALANCE[1:]
RANGES = {TEMPERATURE: (LEAST_KELVIN, MOST_KELVIN), TINT: (-MOST_TINT, MOST_TINT)}
"""The ranges of the sliders of white balance, by `crs` name."""
_TOOLS = frozenset(name for group in GROUPS for name in group.keys)
"""What a preset may hold."""
_MOVED = (*BALANCE, *FURTHER)


def tables() -> dict[str, list[dict[str, Any]]]:
    """The sliders that a page shows: the eight, white balance and the further ones; plain JSON."""
    return {
        "sliders": [
            {"key": one.key, "name": one.name, "limit": one.limit, "decimals": one.decimals, "unit": one.unit}
            for one in SLIDERS
        ],
        "balance": [
            {
                **{"key": one.key, "name": one.name, "least": RANGES[one.key][0], "most": RANGES[one.key][1]},
                **{"decimals": 0, "unit": "K" if one.key == TEMPERATURE else "", "mired": one.unit == "mired"},
                "develops": _place(one.key),
            }
            for one in BALANCE
        ],
        "further": [
            {
                **{"key": one.key, "name": one.name, "limit": one.limit, "decimals": one.decimals, "unit": one.unit},
                **{"default": one.default, "hdr": one.hdr, "develops": _place(one.key)},
                "drawn": one.key not in UNDRAWN,
            }
            for one in FURTHER
        ],
    }


def in_settings(settings: Settings) -> dict[str, float]:
    """Values by `crs` name of white balance, but As Shot, and of the further sliders that are not at their default."""
    found: dict[str, float] = {}
    if settings.temperature is not None:
        found = {TEMPERATURE: settings.temperature, TINT: settings.tint or 0.0}
    undeveloped = dict(settings.undeveloped)
    for slider in FURTHER:
        if slider.hdr and not settings.mode.hdr:
            continue
        known = slider.develops
        value = undeveloped.get(slider.key, slider.default) if known is None else attrgetter(known)(settings)
        if value != slider.default:
            found[slider.key] = value
    return found


def in_label(also: Mapping[str, Value]) -> dict[str, float]:
    """White balance and further sliders, out of what a label writes beside the eight sliders."""
    values = ((slider.key, number(text)) for slider in _MOVED if isinstance(text := also.get(slider.key), str))
    return {key: value for key, value in values if value is not None}


def errors_in(errors: Mapping[str, float] | None) -> dict[str, float]:
    """Picks a label's expected errors of white balance and the further sliders, by `crs` name."""
    return {slider.key: errors[slider.key] for slider in _MOVED if errors is not None and slider.key in errors}


def without_sliders(settings: Settings) -> Settings:
    """Settings without what the page's sliders show, white balance and the further ones."""
    return replace(settings, temperature=None, tint=None, parametric=Parametric(), sdr=SdrSettings())


def developed(settings: Settings) -> dict[str, Any]:
    """What developing takes beside the eight sliders, as the page's developer names it; what is at rest is left out."""
    found: dict[str, Any] = {}
    if settings.temperature is not None:
        found |= {"temperature": settings.temperature, "tint": settings.tint or 0.0}
    if any((sdr := asdict(settings.sdr)).values()):
        found["sdr"] = sdr
    names = {"point": "point_curve", "red": "red_curve", "green": "green_curve", "blue": "blue_curve"}
    curves = {name: curve for name, field in names.items() if (curve := getattr(settings, field)) != LINEAR}
    if settings.parametric != Parametric():
        curves["parametric"] = asdict(settings.parametric)
    return {**found, "curves": curves} if curves else found


def developed_of_label(also: Mapping[str, Value]) -> dict[str, Any]:
    """What developing takes beside the eight sliders, of what a label writes: of its preset, its white balance and its
    further sliders."""
    found = dict(_of_preset(tuple((name, value) for name, value in also.items() if name in _TOOLS)))
    for key, value in in_label(also).items():
        if (place := _place(key)) is not None:
            _put(found, place, value)
    return found


def _place(key: str) -> str | None:
    """Where the page's developer looks for a slider, with points between; None where it leaves it out."""
    if key in RANGES:
        return key.lower()
    develops = slider_of(key).develops
    return f"curves.{develops}" if develops is not None and develops.startswith("parametric.") else develops


def _put(found: dict[str, Any], place: str, value: float) -> None:
    """Puts a value at its place; what is there already is copied, not changed."""
    *groups, name = place.split(".")
    for group in groups:
        found[group] = dict(found.get(group, {}))
        found = found[group]
    found[name] = value


@cache
def _of_preset(settings: tuple[tuple[str, Value], ...]) -> dict[str, Any]:
    """What developing takes of a preset: read from the document that a label would make of it."""
    wanted = develop({}, also=dict(settings))
    document = Document.parse(merge(None, {f"{{{CRS}}}{name}": value for name, value in wanted.items()}), "the label")
    return developed(Settings.read(document, "the label"))
