"""Holds one row of the table of errors: a control at a setting, ours beside Camera Raw, the anchor and doing
nothing."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.transfer import encode

Basis = Literal["fitted", "form", "held out"]
"""What our figure rests on: values that were fitted; values that the form of a formula was chosen by, but no number
fitted to; or values that nothing was chosen by."""


@dataclass(frozen=True, slots=True)
class Row:
    """Holds errors of one control at one setting, on one set of values; all are differences of encoded values, 0 to
    1."""

    control: str
    """The name of the slider in Lightroom; `Default` for a photo that nobody has edited."""
    setting: str
    """The control's value, as Lightroom writes it: `-1`, `+50`."""
    on: str
    """What was rendered."""
    basis: Basis
    mean: float
    """Mean absolute difference from Camera Raw."""
    largest: float
    nothing: float | None = None
    """Mean absolute difference of Camera Raw's own rendering without the setting; None for a default."""
    anchor: float | None = None
    """What the anchor states for itself; None where it states nothing."""
    aim: float | None = None
    """What the mean should not exceed; None where there is no aim."""

    @property
    def reached(self) -> bool | None:
        """Tells whether the mean is within the aim; None without one."""
        return None if self.aim is None else self.mean <= self.aim

    @property
    def worse_than_nothing(self) -> bool | None:
        """Tells whether the picture without the setting is nearer to Camera Raw's; None for a default."""
        return None if self.nothing is None else self.mean > self.nothing

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "reached": self.reached, "worse_than_nothing": self.worse_than_nothing}


def errors(ours: NDArray[np.floating], theirs: NDArray[np.floating]) -> tuple[float, float]:
    """Computes mean and largest absolute difference of linear ProPhoto values, 0 to 1, under sRGB's transfer
    function."""
    off = np.abs(encode(np.clip(ours, 0, 1)) - encode(np.clip(theirs, 0, 1)))
    return float(off.mean()), float(off.max())
