"""How much a style that was learnt again moves the photos that nobody has edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.photos import LabelledPhoto
from autohdr.edits.prepared import TensorCache, prepare_all
from autohdr.sliders import SLIDERS
from autohdr_train.checkpoint import Checkpoint
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.evaluate import predict

MOST = 100
"""Photos that are looked at; of more, a random choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """The difference between two styles."""

    photos: int
    """That were looked at."""
    change: NDArray[np.float64]
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
        return f"Against the style before, {count} not edited moved by (mean): {', '.join(parts)}."


def moves(before: Checkpoint, after: Checkpoint, photos: Sequence[Path], cache: Path) -> Moved | None:
    """What became of some photos; None where there are none, or the two styles see other inputs."""
    if before.spec != after.spec or not photos:
        return None
    chosen = np.sort(np.random.default_rng(0).permutation(len(photos))[:MOST])
    unknown = np.full(len(SLIDERS), np.nan, dtype=np.float32)
    asked = [LabelledPhoto(photos[index], unknown, hdr=True) for index in chosen]
    used, pixels, _ = prepare_all(asked, TensorCache(cache, after.spec))
    if not used:
        return None
    labels = np.tile(unknown, (len(used), 1))
    shown = TensorDataset(pixels, labels, [""] * len(used), np.full(len(used), np.nan))
    change = np.abs(predict(after.network, shown) - predict(before.network, shown)).mean(axis=0)
    return Moved(len(used), change)
