"""Where a quality model looks: patches on a stratified grid with jitter, at the same places in both pictures.

VTAMIQ takes patches of 16 x 16 pixels and is told where they lie (A. Chubarau and J. Clark, "VTAMIQ: Transformers for
Attention Modulated Image Quality Assessment", 2021, arXiv:2110.01655); PieAPP takes 64 x 64 (E. Prashnani et al.,
"PieAPP: Perceptual Image-Error Assessment through Pairwise Preference", CVPR 2018, arXiv:1806.02067).
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from autohdr.errors import ModelError, PhotoError, SettingsError


class Places(NamedTuple):
    """Places of N patches in a picture of one size, row by row."""

    corners: NDArray[np.int64]
    """(N, 2), row and column of the upper left pixel."""
    uv: NDArray[np.float32]
    """(N, 2), the patch's middle, across and down, as a share of the picture: 0 to below 1."""


@dataclass(frozen=True, slots=True)
class Patches:
    """How many patches of which size, and how they are strewn. The same numbers give the same places everywhere."""

    side: int = 16
    """Side of a patch, pixels."""
    count: int = 384
    """How many patches are taken of a picture, however large it is."""
    jitter: float = 0.2
    """How far a patch may lie from the middle of its cell, in cells, 0 to 0.5."""
    seed: int = 0
    """The seed of the patches' jitter."""

    def __post_init__(self) -> None:
        if self.side < 1 or self.count < 1:
            raise SettingsError(f"{self.count} patches of {self.side} pixels; expected at least 1 of each")
        if not 0.0 <= self.jitter <= 0.5:
            raise SettingsError(f"jitter is {self.jitter}; expected 0 to 0.5 of a cell")

    def places(self, height: int, width: int, rng: np.random.Generator | None = None) -> Places:
        """Where the patches of a picture of `height` x `width` pixels lie.

        The picture is cut into rows of cells, as many a row as bring the cells near squares, one patch in each; a
        row may have one cell more than another, so that any count can be had.

        Args:
            height: pixels.
            width: pixels.
            rng: what the jitter is drawn from, in training; None draws the same every time, from the seed.

        Raises:
            PhotoError: the picture is smaller than a patch.
        """
        if min(height, width) < self.side:
            raise PhotoError(
                f"a picture of {width} x {height} pixels is too small to be scored; this model needs at least "
                f"{self.side} each way"
            )
        rng = np.random.default_rng(self.seed) if rng is None else rng
        middles = _middles(self.count, height / width)
        moved = middles.at + rng.uniform(-self.jitter, self.jitter, (self.count, 2)) * middles.cell
        size = np.array([height, width])
        corners = np.clip(np.floor(moved * size - self.side / 2 + 0.5), 0, size - self.side).astype(np.int64)
        uv = ((corners + self.side / 2) / size)[:, ::-1]
        return Places(corners, np.ascontiguousarray(uv, dtype=np.float32))

    def cut(self, pixels: NDArray[np.float32], places: Places) -> NDArray[np.float32]:
        """The patches (N, C, side, side) of a picture (C, H, W) at `places`."""
        windows = sliding_window_view(pixels, (self.side, self.side), axis=(1, 2))  # (C, H', W', side, side)
        rows, columns = places.corners.T
        return np.ascontiguousarray(windows[:, rows, columns].transpose(1, 0, 2, 3))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, for a model's metadata."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Patches":
        """The patches that `to_dict` wrote.

        Raises:
            ModelError: a field is missing, unknown or of another type.
        """
        try:
            return cls(**data)
        except (TypeError, SettingsError) as error:
            raise ModelError(f"the model's patches are {data!r}, which this autohdr cannot use: {error}") from error


class _Cells(NamedTuple):
    at: NDArray[np.float64]
    """(N, 2), middles of the cells, down and across, as shares of the picture."""
    cell: NDArray[np.float64]
    """(N, 2), their heights and widths."""


def _middles(count: int, aspect: float) -> _Cells:
    """Cells of `count` patches in a picture whose height is `aspect` of its width."""
    rows = min(max(round((count * aspect) ** 0.5), 1), count)
    in_row = np.diff(count * np.arange(rows + 1) // rows)  # patches in each row, equal or one apart
    row = np.repeat(np.arange(rows), in_row)
    column = np.arange(count) - np.repeat(np.cumsum(in_row) - in_row, in_row)
    across = in_row[row]
    at = np.stack([(row + 0.5) / rows, (column + 0.5) / across], axis=1)
    return _Cells(at, np.stack([np.full(count, 1.0 / rows), 1.0 / across], axis=1))
