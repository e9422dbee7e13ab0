"""What the photographers of the study do with the photos of a bank, and how near to that anyone can come."""

import hashlib
from collections.abc import Sequence
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import to_scaled
from autohdr.style.choose import choose
from autohdr.style.confidence.scores import SliderScore, mean_label, score
from autohdr.style.experts.prior import Prior
from autohdr_scenes.photographers import Photographer
from autohdr_train.data.bank import Bank, Part

Side = Literal["train", "held_out"]
SHOOT = 350
"""Photos that `pick` chooses from."""
_PROBED = 12


class Edits:
    """One photographer's edits of a bank's photos; each photo is edited once, when it is first asked for.

    A photo's inconsistency depends on the photographer and the photo alone.
    """

    def __init__(self, photographer: Photographer, bank: Bank) -> None:
        self.photographer = photographer
        self._parts: dict[Side, Part] = {"train": bank.train, "held_out": bank.held_out}
        self._done: dict[tuple[Side, int], tuple[NDArray[np.float64], NDArray[np.float64]]] = {}

    @property
    def digest(self) -> str:
        """A digest of how a photographer edits: another rule, or another constant, gives another."""
        probed = np.arange(min(_PROBED, len(self._parts["held_out"])))
        labels, clean = self.of("held_out", probed)
        return hashlib.sha256(np.stack([labels, clean]).round(6).tobytes()).hexdigest()[:12]

    def of(
        self, side: Side, rows: Sequence[int] | NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Labels as the photographer's sidecars would hold them, and the same without inconsistency, both (n, 8) in
        Lightroom's units; NaN where there is no label."""
        both = [self._one(side, int(row)) for row in rows]
        return np.array([labels for labels, _ in both]), np.array([clean for _, clean in both])

    def _one(self, side: Side, row: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if (side, row) not in self._done:
            clean = self.photographer.edit(self._parts[side].picture(row))
            rng = np.random.default_rng((crc32(self.photographer.name.encode()), side == "train", row))
            labels = self.photographer.inconsistent(clean, rng)
            self._done[side, row] = labels, np.where(np.isfinite(labels), clean, np.nan)
        return self._done[side, row]


def drawn(part: Part, draw: int, count: int) -> NDArray[np.int64]:
    """The photos that are edited in a draw: the first five of a draw's fifty are the same draw's five.

    Raises:
        ValueError: there are fewer photos than `count`.
    """
    if count > len(part):
        raise ValueError(f"{count} edits of {len(part)} photos")
    return np.random.default_rng((7, draw)).permutation(len(part))[:count]


def picked(part: Part, draw: int, count: int, prior: Prior, features: NDArray[np.float32]) -> NDArray[np.int64]:
    """The photos that are edited where `pick` may choose, of the `SHOOT` photos of a draw.

    Args:
        part: the photos.
        draw: which of them are there.
        count: how many are edited.
        prior: what is expected of photographers.
        features: of all the photos (N, F).

    Raises:
        ValueError: there are fewer photos than `count`.
    """
    shoot = drawn(part, draw, max(count, min(SHOOT, len(part))))
    return shoot[choose(prior, features[shoot].astype(np.float64), count)]


Row = dict[str, list[float]]
"""A number for each slider, in the order of `SLIDERS`, by what it is; NaN where the slider is not scored."""


def scored(
    predicted: NDArray[np.float64], labels: NDArray[np.float64], clean: NDArray[np.float64], train: NDArray[np.float64]
) -> Row:
    """How good predictions are, beside the mean label, and beside the photographer's own edit without inconsistency.

    Args:
        predicted: (M, 8), in Lightroom's units, like all of them.
        labels: (M, 8), what a user would compare with; NaN where a slider is not scored.
        clean: the same without inconsistency.
        train: (n, 8), the labels that were learnt from; their mean is the baseline.

    Returns:
        `mae`, `r2` against the labels; `clean_mae`, `clean_r2` against the labels without inconsistency; `mean_mae`,
        `mean_r2` of the mean label; `floor_mae`, `best_r2` of the photographer's own edit without inconsistency.
    """
    average = np.nan_to_num(mean_label(to_scaled(train)))
    noisy, exact = to_scaled(labels), to_scaled(np.where(np.isfinite(labels), clean, np.nan))
    found, ideal = score(predicted, noisy, average), score(clean, noisy, average)
    return {
        "mae": [row.mae for row in found],
        "r2": [row.r2 for row in found],
        **_of_clean(score(predicted, exact, average)),
        "mean_mae": [row.mean_mae for row in found],
        "mean_r2": [row.mean_r2 for row in found],
        "floor_mae": [row.mae for row in ideal],
        "best_r2": [row.r2 for row in ideal],
    }


def _of_clean(scores: list[SliderScore]) -> Row:
    return {"clean_mae": [row.mae for row in scores], "clean_r2": [row.r2 for row in scores]}
