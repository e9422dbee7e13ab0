"""Checks what a photographer has moved in the page, and spells what is written of it."""

import math
from collections.abc import Mapping, Sequence

from autohdr.errors import SettingsError
from autohdr.mode import Mode
from autohdr.sidecar.settings.further import WHITE_BALANCE
from autohdr.sliders import FURTHER, SLIDERS, spell
from autohdr_studio.shoot.beside import RANGES, TEMPERATURE, TINT

_FURTHER = {slider.key: slider for slider in FURTHER}


def eight(values: Sequence[object]) -> dict[str, float]:
    """Eight values by `crs` key.

    Raises:
        SettingsError: they are no numbers, or out of range.
    """
    if len(values) != len(SLIDERS):
        raise SettingsError(f"an edit has {len(values)} values; expected {len(SLIDERS)}")
    told = zip(SLIDERS, values, strict=True)
    return {slider.key: _number(slider.name, value, -slider.limit, slider.limit) for slider, value in told}


def beside(told: Mapping[str, object], mode: Mode, *, balance: bool) -> dict[str, str | None]:
    """What is written of white balance and further sliders: value by `crs` name, in Camera Raw's order, and None for
    what goes.

    Args:
        told: numbers by `crs` name, in Lightroom's units; Temperature and Tint go together, both None for As Shot.
        mode: of the edit.
        balance: whether white balance can be moved.

    Raises:
        SettingsError: a slider is unknown, means nothing in this mode or of this photo, is no number or out of range.
    """
    if unknown := sorted(told.keys() - _FURTHER.keys() - RANGES.keys()):
        raise SettingsError(f"{unknown[0]!r} is no slider; expected some of {', '.join((*RANGES, *_FURTHER))}")
    found: dict[str, str | None] = {}
    if not RANGES.keys().isdisjoint(told):
        found = _balance(told, known=balance)
    for key, slider in _FURTHER.items():
        if key not in told:
            continue
        if slider.hdr and not mode.hdr:
            raise SettingsError(f"{slider.name} is for HDR edits, and this edit is in SDR")
        found[key] = slider.spell(_number(slider.name, told[key], -slider.limit, slider.limit))
    return found


def _balance(told: Mapping[str, object], *, known: bool) -> dict[str, str | None]:
    both = [told.get(name) for name in (TEMPERATURE, TINT)]
    if both == [None, None] and RANGES.keys() <= told.keys():
        return dict(zip(WHITE_BALANCE, ("As Shot", None, None), strict=True))
    if not known:
        raise SettingsError("the white balance cannot be set: the file does not tell in what light it was shot")
    if None in both:
        raise SettingsError("Temperature and Tint are one white balance: set both of them, or none of them for As Shot")
    numbers = {name: _number(name, told[name], *RANGES[name]) for name in (TEMPERATURE, TINT)}
    return {"WhiteBalance": "Custom", **{name: spell(name, value) for name, value in numbers.items()}}


def _number(name: str, value: object, least: float, most: float) -> float:
    """
    Raises:
        SettingsError: a value is no number, or out of range.
    """
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise SettingsError(f"{name} is no number")
    if not least <= value <= most:
        raise SettingsError(f"{name} is {value:g}; expected {least:g} to {most:g}")
    return float(value)
