"""How much a style that was learnt again moves the photos that nobody has edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autohdr.edits.photos import LabelledPhoto
from autohdr.sliders import SLIDERS, to_values
from autohdr.style.experts.prior import Array
from autohdr.style.file import Style
from autohdr.style.looking import Looking

MOST = 100
"""Photos that are looked at; of more, a random choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """The difference between two styles."""

    photos: int
    """How many photos were looked at."""
    change: Array
    """(8,), mean absolute difference of each slider over them, in Lightroom's unit."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: how many photos, and the mean change of each slider by its `crs` key."""
        change = {slider.key: float(by) for slider, by in zip(SLIDERS, self.change, strict=True)}
        return {"photos": self.photos, **change}

    def __str__(self) -> str:
        parts = (
            f"{slider.name} {value:.{slider.decimals}f}{' EV' if slider.unit == 'EV' else ''}"
            for slider, value in zip(SLIDERS, self.change, strict=True)
        )
        count = "1 photo that is" if self.photos == 1 else f"{self.photos} photos that are"
        return f"Compared with the style before, {count} not edited moved on average by: {', '.join(parts)}."


def moves(network: Looking, before: Style, after: Style, photos: Sequence[Path]) -> Moved | None:
    """What became of some photos; None where there are none, or the two styles belong to other networks."""
    if before.network != after.network or not photos:
        return None
    chosen = np.sort(np.random.default_rng(0).permutation(len(photos))[:MOST])
    unknown = np.full(len(SLIDERS), np.nan, dtype=np.float32)
    used, pixels, _ = network.prepared([LabelledPhoto(photos[index], unknown, hdr=True) for index in chosen])
    if not used:
        return None
    features = network.look(pixels, np.zeros(len(used), dtype=bool)).features
    descriptions, captured = network.describe(pixels), pixels.captured()
    old, new = (to_values(style.answer(features, descriptions, captured)[0]) for style in (before, after))
    return Moved(len(used), np.abs(new - old).mean(axis=0))
