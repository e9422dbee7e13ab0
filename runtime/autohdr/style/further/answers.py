"""What a style answers for photos beside the eight sliders, in the words of a sidecar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec
from autohdr.style.further.inputs import describe_all_beside
from autohdr.style.further.labels import LEAST_MIRED, LEAST_TINT, TEMPERATURE, TINT, errors_of, spelled

if TYPE_CHECKING:
    from autohdr.style.further.model import Further

UNKNOWN_LIGHT = "white balance left alone: the file does not tell in what light it was shot"


@dataclass(frozen=True, slots=True)
class Beside:
    """The answer for one photo."""

    also: Mapping[str, str] = field(default_factory=dict)
    """What is written, value by `crs` name, in Camera Raw's order."""
    errors: Mapping[str, float] = field(default_factory=dict)
    """Mean absolute errors that are to be expected, by `crs` name, in Lightroom's units."""
    note: str | None = None
    """What the photographer should know of it, one sentence."""


def beside(
    further: "Further | None",
    pixels: Sequence[NDArray[np.floating]],
    spec: InputSpec,
    shots: Sequence[Shot],
    descriptions: NDArray[np.float64],
    captured: NDArray[np.float64],
) -> list[Beside]:
    """The answers for N photos; empty ones where a style sets nothing beside the eight.

    Args:
        further: of the style.
        pixels: the network's inputs.
        spec: how they were made.
        shots: what the photos' files say beside pixels.
        descriptions: (N, D), as of `description.describe_all`.
        captured: (N,), seconds; NaN where not known.
    """
    if further is None:
        return [Beside()] * len(shots)
    return beside_of(further, descriptions, describe_all_beside(pixels, spec, shots), shots, captured)


def beside_of(
    further: "Further",
    descriptions: NDArray[np.float64],
    more: NDArray[np.float64],
    shots: Sequence[Shot],
    captured: NDArray[np.float64],
) -> list[Beside]:
    """The answers for N photos that are described already: (N, D), and `more`, (N, E), as of `describe_all_beside`."""
    values, errors = further.answer(np.concatenate([descriptions, more], axis=1), captured)
    told = zip(values, errors, shots, strict=True)
    return [_answer(further.keys, value, error, shot) for value, error, shot in told]


def _answer(keys: Sequence[str], values: NDArray[np.float64], errors: NDArray[np.float64], shot: Shot) -> Beside:
    told = dict(zip(keys, values.tolist(), strict=True))
    stated = dict(zip(keys, errors.tolist(), strict=True))
    moves = abs(told.get(TEMPERATURE, 0.0)) > LEAST_MIRED or abs(told.get(TINT, 0.0)) > LEAST_TINT
    note = UNKNOWN_LIGHT if moves and (shot.kelvin is None or shot.tint is None) else None
    return Beside(spelled(told, shot), errors_of(stated, told, shot), note)
