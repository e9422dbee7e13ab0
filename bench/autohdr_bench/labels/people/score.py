"""Scores of one answer: sums over the predicted photos, slider by slider, from which all tables are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS
from autohdr.style.confidence.scores import in_use
from autohdr_bench.labels.people.photos import Answer

Array = NDArray[np.float64]

STEPS: Array = np.array([slider.step for slider in SLIDERS])
FIELDS = ("error", "square", "hit", "within", "within2", "photos", "stated")
"""Sums of: absolute error, its square, exact hits, errors within the stated one and within twice that; labels; labels
that an error is stated of."""

RENDERED = ("light", "colour", "ssim", "jod")
"""Means over rendered photos."""


def rounded(values: Array) -> Array:
    """Sliders (..., 8) as a sidecar would hold them, in Lightroom's units."""
    clipped = np.clip(values, -LIMITS, LIMITS)
    return np.round(clipped / STEPS) * STEPS


def usual_moves(labels: Array) -> Array:
    """Mean absolute deviations (8,) from the median of the sliders that a person moves, of all their labels (N, 8).

    Which are moved `autohdr.style.confidence.scores.in_use` says. The others are NaN.
    """
    found = []
    for column, used in zip(labels.T, in_use(labels / LIMITS), strict=True):
        known = column[np.isfinite(column)]
        found.append(float(np.abs(known - np.median(known)).mean()) if used else np.nan)
    return np.array(found)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over the predicted photos of one draw."""

    values: Array
    """(7, 8), `FIELDS` by slider."""
    light: float
    """Mean over rendered photos of the median absolute difference of L*; NaN where none was rendered."""
    colour: float
    """The sum of the CIE Delta E 2000, likewise."""
    ssim: float
    """Mean over rendered photos of SSIM on PU21 values."""
    jod: float
    """Mean over rendered photos of what a quality model finds lost, JOD; NaN without one."""

    @classmethod
    def of(cls, answer: Answer, labels: Array, rendered: Sequence[float]) -> Self:
        """The sums of an answer against true labels (M, 8) in Lightroom's units, NaN where there is none.

        Args:
            answer: what a method answered.
            labels: the true ones.
            rendered: a `rendered.Difference`.
        """
        known = np.isfinite(labels)
        errors = np.abs(rounded(answer.values) - labels)
        rows = [errors, errors**2, errors < 0.5 * STEPS]
        if answer.errors is None:
            rows += [np.zeros_like(errors)] * 2 + [known, np.zeros_like(errors)]
        else:
            reach = np.maximum(answer.errors, 0.0) + 0.5 * STEPS
            rows += [errors <= reach, errors <= reach + np.maximum(answer.errors, 0.0), known, known]
        return cls(np.array([np.where(known, row, 0.0).sum(axis=0) for row in rows]), *rendered)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        sums = {name: row.tolist() for name, row in zip(FIELDS, self.values.round(6), strict=True)}
        return {**sums, **{name: _plain(getattr(self, name)) for name in RENDERED}}


def _plain(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
