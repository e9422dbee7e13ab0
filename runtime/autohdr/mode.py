"""The mode that a style's edits are made in: Lightroom's HDR mode with its headroom, or SDR.

The same sliders make two pictures in the two modes, so that sliders learnt in one are written with that one.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

USUAL = 4.0
"""Headroom that Lightroom gives a photo when HDR is switched on, stops above SDR white."""
MOST = 16.0
"""Headroom above which a value is damage and no setting; Lightroom goes to 8."""


@dataclass(frozen=True, slots=True)
class Mode:
    """HDR with a headroom, or SDR, which has none."""

    hdr: bool = True
    headroom: float | None = USUAL
    """Stops above SDR white, above 0, in steps of 0.01; None of SDR."""

    def __post_init__(self) -> None:
        if self.hdr == (self.headroom is None):
            raise ValueError(f"HDR is {self.hdr} with a headroom of {self.headroom}; HDR needs one and SDR has none")
        if self.headroom is not None and not 0 < self.headroom <= MOST:
            raise ValueError(f"headroom is {self.headroom} stops; expected above 0, at most {MOST:g}")

    def __str__(self) -> str:
        return f"HDR, {self.headroom:g} stops" if self.hdr else "SDR"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"hdr": self.hdr, "headroom": self.headroom}

    @classmethod
    def from_dict(cls, data: dict[str, Any] | None) -> Self:
        """What `to_dict` wrote; None, of a model from before there was a choice, is HDR.

        Raises:
            ValueError, KeyError, TypeError: it is something else.
        """
        if data is None:
            return cls()
        hdr, headroom = data["hdr"], data["headroom"]
        if not isinstance(hdr, bool) or not isinstance(headroom, float | int | None) or isinstance(headroom, bool):
            raise TypeError(f"mode is {data}")
        return cls(hdr, None if headroom is None else float(headroom))

    @classmethod
    def of(cls, headrooms: Iterable[float | None]) -> Self:
        """The most frequent mode among HDR edits with these values of HDRMaxValue (None where one does not say), and
        the largest of several that are. Values that no setting can have do not count.
        """
        told = [USUAL if value is None else value for value in headrooms]
        found = Counter(round(value, 2) for value in told if math.isfinite(value) and 0 < round(value, 2) <= MOST)
        return cls(headroom=max(found, key=lambda value: (found[value], value), default=USUAL))

    def settings(self) -> dict[str, str]:
        """The `crs` properties that switch it on, as Camera Raw spells them."""
        if self.headroom is None:
            return {"HDREditMode": "0"}
        return {"HDREditMode": "1", "HDRMaxValue": f"{self.headroom:+.2f}"}


HDR = Mode()
"""HDR with Lightroom's own headroom: the mode of the default model, and of all models from before there was a choice.
"""
SDR = Mode(hdr=False, headroom=None)
