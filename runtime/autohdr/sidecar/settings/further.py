"""Reads what a document says of the sliders beside the eight, and of white balance.

A slider that is missing stands at its default, since Camera Raw need not write that down. As Shot is no number: the
camera's own choice. A named balance (Daylight, Cloudy, Auto) of a RAW file has its Temperature and Tint beside it, and
is those. What is relative to a finished picture's own colours (`Incremental...`) is no white balance here.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from autohdr.sidecar.record import Record
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import number
from autohdr.sidecar.xmp.values import Value
from autohdr.sliders import FURTHER

AsShot = Literal["as shot"]
AS_SHOT: AsShot = "as shot"
Balance = tuple[float, float] | AsShot | None
"""A photo's white balance: Temperature, kelvin, and Tint; as shot; or None where it is not known."""

WHITE_BALANCE = ("WhiteBalance", "Temperature", "Tint")
"""The `crs` names that are one white balance, in Camera Raw's order."""
NUMBERS = (*WHITE_BALANCE[1:], *(slider.key for slider in FURTHER))
"""The `crs` names that are read here as numbers."""
NAMES = frozenset((*WHITE_BALANCE, *NUMBERS))
"""All `crs` names that are read here."""
LEAST_KELVIN, MOST_KELVIN, MOST_TINT = 2000.0, 50000.0, 150.0
"""The range of Temperature, and of Tint on both sides of 0."""


def further_in(document: Document) -> dict[str, float]:
    """Values by `crs` name of the sliders of `sliders.FURTHER`, in Lightroom's units and within their ranges; without
    those that are no numbers, or that mean nothing in the document's mode."""
    found = {}
    for slider in FURTHER:
        if slider.hdr and not document.hdr:
            continue
        value = number(document.get(slider.key) or "") if document.has(slider.key) else slider.default
        if value is not None:
            found[slider.key] = min(max(value, -slider.limit), slider.limit)
    return found


def written_in(document: Document | None, changes: Iterable[str] = ()) -> dict[str, float]:
    """The numbers that a document holds under those of `NUMBERS` that a label of ours wrote, or that are `changes`."""
    record = None if document is None else Record.find(document)
    ours = {*changes, *(() if record is None else record.wrote)}
    found = {} if document is None else {name: number(document.get(name) or "") for name in NUMBERS if name in ours}
    return {name: value for name, value in found.items() if value is not None}


def without_balance(settings: Mapping[str, Value]) -> dict[str, Value]:
    """The settings for a photo of which nobody knows in what light it was shot, whatever its series has."""
    return {name: value for name, value in settings.items() if name not in WHITE_BALANCE}


def balance_in(document: Document) -> Balance:
    """The white balance of a RAW file's settings."""
    named = document.get("WhiteBalance")
    if document.has("IncrementalTemperature") or document.has("IncrementalTint"):
        return None
    if named == "As Shot":
        return AS_SHOT
    temperature, tint = (number(document.get(name) or "") for name in WHITE_BALANCE[1:])
    if temperature is None:
        return None if document.has("WhiteBalance") or document.has("Temperature") else AS_SHOT
    if not LEAST_KELVIN <= temperature <= MOST_KELVIN or (tint is None and document.has("Tint")):
        return None
    return temperature, min(max(tint or 0.0, -MOST_TINT), MOST_TINT)
