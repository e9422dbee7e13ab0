"""The labels that further sliders and white balance are learnt from, and the text that is written of an answer.

White balance is learnt as a difference from the light as shot: in mired (1e6 / K), in which equal steps look alike at
any temperature, and in Tint. The light as shot is computed by us on both sides, when a style is learnt and when a photo
is labelled, from the same camera's matrices; so what a matrix errs by is in the learnt difference, and goes again.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autohdr.shot.shot import Shot
from autohdr.sidecar.settings.further import AS_SHOT, LEAST_KELVIN, MOST_KELVIN, MOST_TINT, Balance
from autohdr.sliders import BALANCE, FURTHER, Slider, slider_of, spell

if TYPE_CHECKING:
    from autohdr.edits.photos import LabelledPhoto

Array = NDArray[np.float64]

SLIDERS: tuple[Slider, ...] = (*BALANCE, *FURTHER)
"""The columns of labels, in Camera Raw's order."""
TEMPERATURE, TINT = BALANCE[0].key, BALANCE[1].key
LEAST_MIRED, LEAST_TINT = 2.5, 2.0
"""Differences from the light as shot up to which, both together, a photo stays As Shot: half of what LibRaw's single
matrix errs by, and less than what is seen."""


def labels_of(photos: "Sequence[LabelledPhoto]", shots: Sequence[Shot]) -> Array:
    """The labels (N, 16) of edited photos in Lightroom's units, in the order of `SLIDERS`; NaN where not known."""
    rows = []
    for photo, shot in zip(photos, shots, strict=True):
        values = [photo.further.get(slider.key, np.nan) for slider in FURTHER]
        rows.append([*offset_of(photo.balance, shot), *values])
    return np.array(rows, dtype=np.float64).reshape(-1, len(SLIDERS))


def offset_of(balance: Balance, shot: Shot) -> tuple[float, float]:
    """How far a white balance differs from the light as shot, in mired (above 0 is warmer) and Tint; NaN where one of
    the two is not known."""
    if balance == AS_SHOT:
        return 0.0, 0.0
    if not isinstance(balance, tuple) or shot.kelvin is None or shot.tint is None:
        return np.nan, np.nan
    return 1e6 / shot.kelvin - 1e6 / balance[0], balance[1] - shot.tint


def spelled(values: Mapping[str, float], shot: Shot) -> dict[str, str]:
    """The `crs` properties that say a photo's answer, in Camera Raw's order.

    Args:
        values: by key of `SLIDERS`, those of `BALANCE` as differences.
        shot: of the photo. Where its light is not known, or hardly differs, its white balance is left alone.
    """
    kelvin = kelvin_of(values, shot)
    found = {slider.key: slider.spell(values[slider.key]) for slider in FURTHER if slider.key in values}
    if kelvin is None or shot.tint is None:
        return found
    tint = min(max(shot.tint + values[TINT], -MOST_TINT), MOST_TINT)
    both = {TEMPERATURE: spell(TEMPERATURE, kelvin), TINT: spell(TINT, tint)}
    return {"WhiteBalance": "Custom", **both, **found}


def kelvin_of(values: Mapping[str, float], shot: Shot) -> float | None:
    """The Temperature that an answer gives a photo; None where its white balance is left alone."""
    if TEMPERATURE not in values or shot.kelvin is None or shot.tint is None:
        return None
    if abs(values[TEMPERATURE]) <= LEAST_MIRED and abs(values[TINT]) <= LEAST_TINT:
        return None
    mired = min(max(1e6 / shot.kelvin - values[TEMPERATURE], 1e6 / MOST_KELVIN), 1e6 / LEAST_KELVIN)
    return 1e6 / mired


def errors_of(errors: Mapping[str, float], values: Mapping[str, float], shot: Shot) -> dict[str, float]:
    """Expected errors by key in Lightroom's units: that of Temperature in kelvin, at what is written; none of a white
    balance that is left alone."""
    kelvin = kelvin_of(values, shot)
    found = {key: round(error, slider_of(key).decimals + 1) for key, error in errors.items()}
    if kelvin is None:
        return {key: error for key, error in found.items() if key not in (TEMPERATURE, TINT)}
    if TEMPERATURE in errors:
        found[TEMPERATURE] = round(errors[TEMPERATURE] * kelvin**2 / 1e6, 1)
    return found
