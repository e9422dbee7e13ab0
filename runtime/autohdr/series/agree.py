"""Makes the labels of a series agree: one value of each slider, and an Exposure that follows the light of each photo.

The value is the median of what was answered for each photo. Photos that are to be merged have all alike. Of a bracket
that is the answer for the photo in the middle, Exposure included: merging takes the differences that the camera made,
a slider that took them back would undo the bracket, and the photo in the middle looks as it would alone. A panorama's
photos have one exposure of one light, and any difference would show at the seams.

Otherwise Exposure makes up for how much brighter a photo is than the series' middle one where they overlap
(`glance.compare`), as far as both show the same. Where they do not, it makes up for half of what the camera exposed one
more and it is brighter by, whichever is less. On 52 pairs of edits that real people made of photos within three
minutes, of much the same tones and colours, the difference of Exposure is foretold to 0.27 EV so (0.35 by none, 0.33 by
making up for brightness wherever cells differ alike); on the 15 within one minute, to 0.19 (0.39, 0.25). The half and
the bounds of what is the same were set on these pairs; `docs/study/series.md` has simulated bursts beside them.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from autohdr.series.find import stops
from autohdr.series.glance import Glance, compare
from autohdr.series.join import Series
from autohdr.shot.shot import Shot
from autohdr.sidecar.settings.further import WHITE_BALANCE
from autohdr.sidecar.xmp.properties import number
from autohdr.sidecar.xmp.values import Value
from autohdr.sliders import LIMITS

Array = NDArray[np.float64]

ALIKE, OTHER = 0.25, 1.0
"""Spread of the cells' differences, in stops, up to which two pictures show the same, and from which something else."""
KNOWN, UNKNOWN = 0.7, 0.4
"""Their correlation, likewise."""
HALF = 0.5
"""Share that counts of what the camera exposed another picture more."""
SAME = 0.1
"""Stops of light that are no difference: a series of one light has one Exposure."""


def agree(
    series: Series, answers: Mapping[int, Array], shots: Sequence[Shot], glances: Sequence[Glance | None]
) -> dict[int, Array]:
    """Computes the labels (8,) of a series, scaled as the answers are, for each photo that was answered for.

    Args:
        series: numbers of photos.
        answers: by number, what was answered for each photo alone (8,), scaled to [-1, 1].
        shots: of all photos of the block, like the next.
        glances: None for a photo that nobody has looked at.
    """
    members = [member for member in series.members if member in answers]
    if not members:
        return {}
    told = np.stack([np.asarray(answers[member], dtype=np.float64) for member in tellers(series, members, shots)])
    look = np.median(told, axis=0)
    if series.kind != "series":
        return dict.fromkeys(members, look)
    exposures = _exposures(members, told[:, 0] * LIMITS[0], shots, glances) / LIMITS[0]
    return {member: np.r_[exposure, look[1:]] for member, exposure in zip(members, exposures, strict=True)}


def agree_beside(told: Sequence[Mapping[str, Value]]) -> Mapping[str, Value]:
    """What is written beside the eight sliders, by `crs` name, of all photos of a series, given the answers of those
    that count: the white balance of one of them, the middle one by Temperature, and of each other number the median."""
    ordered = sorted(told, key=lambda one: _number(one, "Temperature") or 0.0)
    found = dict(ordered[(len(ordered) - 1) // 2])
    for name in found:
        numbers = [(value, place) for place, one in enumerate(told) if (value := _number(one, name)) is not None]
        if name not in WHITE_BALANCE and len(numbers) == len(told):
            found[name] = told[sorted(numbers)[(len(numbers) - 1) // 2][1]][name]
    return found


def _number(told: Mapping[str, Value], name: str) -> float | None:
    value = told.get(name)
    return number(value) if isinstance(value, str) else None


def tellers(series: Series, members: Sequence[int], shots: Sequence[Shot]) -> list[int]:
    """The photos whose answers count, of those that have one: all, or of brackets the middle ones; where none of them
    has an answer, the one that is nearest to them."""
    told = [member for member in series.middles if member in members]
    if told:
        return told
    light = stops([shots[member] for member in (*members, *series.middles)])
    away = np.abs(light[: len(members)] - np.median(light[len(members) :]))
    return [members[int(away.argmin())]]


def _exposures(members: Sequence[int], own: Array, shots: Sequence[Shot], glances: Sequence[Glance | None]) -> Array:
    """Exposure (N,) of each photo, in stops, given the answers (N,). Those that cannot be compared keep theirs."""
    middle = len(members) // 2
    light = stops([shots[member] for member in members])
    brighter = np.array(
        [
            0.0 if place == middle else _brighter(glances[members[middle]], glances[member], light[middle] - more)
            for place, (member, more) in enumerate(zip(members, light, strict=True))
        ]
    )
    brighter = np.where(np.abs(brighter) < SAME, 0.0, brighter)
    level = np.nanmedian(own + brighter)
    return np.where(np.isfinite(brighter), level - brighter, own)


def _brighter(middle: Glance | None, other: Glance | None, exposed: float) -> float:
    """How many stops a photo is brighter than the middle one, as far as Exposure is to make up for it; NaN where they
    cannot be compared.

    Args:
        middle: what that shows.
        other: what the photo shows.
        exposed: stops by which the camera exposed the photo more; NaN where it is not known.
    """
    moved = None if middle is None or other is None else compare(middle, other)
    if moved is None or not np.isfinite(moved.stops):
        return float("nan")
    alike = np.clip((OTHER - moved.spread) / (OTHER - ALIKE), 0.0, 1.0)
    same = alike * np.clip((moved.correlation - UNKNOWN) / (KNOWN - UNKNOWN), 0.0, 1.0)
    both = min(abs(moved.stops), abs(exposed)) if moved.stops * exposed > 0 else 0.0
    return float(same * moved.stops + (1.0 - same) * HALF * np.copysign(both, moved.stops))
