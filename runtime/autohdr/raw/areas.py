"""Areas: which samples of a mosaic, or of planes, each pixel of a small picture averages, and how much of each."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from autohdr.raw.frame import Samples


class Shares(NamedTuple):
    """The rows or the columns, K at most and the same number for all, that each of N output pixels averages.

    A filter's cell repeats every P of them; each of its P phases, (position % P), has its own.
    """

    at: NDArray[np.uint32]
    """(P, K, N) where they are."""
    share: NDArray[np.float32]
    """(P, K, N) the part of each that lies in the pixel: 1, at the pixel's borders less, 0 to fill up."""

    def trimmed(self) -> "Shares":
        """Returns these shares with a smaller K, as far as only what fills up is left out."""
        most = int((self.share > 0).any(axis=(0, 2)).sum())
        return Shares(np.ascontiguousarray(self.at[:, :most]), np.ascontiguousarray(self.share[:, :most]))


def shares_of(length: int, size: int, period: int, at_least: int) -> Shares:
    """Equal parts of `length` samples for `size` output pixels, each widened to `at_least` samples."""
    part = length / size
    width = max(part, float(at_least))
    begin = np.clip((np.arange(size) + 0.5) * part - width / 2, 0.0, length - width)
    end = begin + width
    first = np.floor(begin + 1e-9).astype(np.int64)
    most = np.max(np.ceil(end - 1e-9) - first)
    fours = int(np.ceil(most / (4 * period)))
    start = first + (np.arange(period)[:, None] - first) % period
    at = start[:, None] + period * np.arange(4 * fours)[:, None]  # (P, K, N)
    share = np.maximum(np.minimum(end, at + 1) - np.maximum(begin, at), 0)
    return Shares(np.minimum(at, length - 1).astype(np.uint32), share.astype(np.float32))


class Layout(NamedTuple):
    """Where the samples of each output pixel are."""

    kinds: NDArray[np.int64]
    """(P,) which kind of row each of the cell's rows is; rows of one kind have the same colours."""
    colours: NDArray[np.int64]
    """(kinds, Q) the colours of each kind of row."""
    row: NDArray[np.int64]
    """(kinds, samples of a row) the colour of each sample."""
    rows: Shares
    cols: Shares


def _layout(cell: NDArray[np.int64], step: int, samples: int, rows: Shares, cols: Shares) -> Layout:
    """The layout for a cell (P, Q), `step` samples wide, in rows of that many samples."""
    colours, kinds = np.unique(cell, axis=0, return_inverse=True)
    row = np.take(colours, np.minimum(np.arange(samples) % step, cell.shape[1] - 1), axis=1)
    return Layout(kinds.reshape(-1), colours, row, rows, cols)


def mosaic_layout(
    height: int, width: int, shape: tuple[int, int], cell: tuple[tuple[int, ...], ...], least: tuple[int, int]
) -> Layout:
    """The layout for output pixels (rows, columns) that are at least that many samples high and wide."""
    down, across = len(cell), len(cell[0])
    rows, cols = shares_of(height, shape[0], down, least[0]), shares_of(width, shape[1], across, least[1])
    return _layout(np.array(cell), across, width, rows, cols)


def planes_layout(height: int, width: int, shape: tuple[int, int], planes: int, pixel: int) -> Layout:
    """The layout for planes whose pixels begin every `pixel` samples."""
    rows, cols = shares_of(height, shape[0], 1, 0), shares_of(width, shape[1], 1, 0)
    plane = np.arange(planes)
    at = (cols.at * pixel + plane[:, None, None]).astype(np.uint32)
    cols = Shares(at, np.repeat(cols.share, planes, axis=0))
    return _layout(plane[None], pixel, (width - 1) * pixel + planes, rows, cols)


class Flat(NamedTuple):
    """Samples as one flat array: pixel (y, x) begins at `y * pitch + x * pixel`."""

    flat: Samples
    pitch: int
    pixel: int


def flat_view(data: Samples) -> Flat:
    """A flat view of (H, W) or (H, W, C); a copy only where the rows do not each lie in one piece, in order."""
    channels = data.shape[2] if data.ndim == 3 else 1
    item = data.itemsize
    in_rows = data.strides[-1] == item and data.strides[1] >= channels * item
    if not in_rows or data.strides[0] < data.shape[1] * data.strides[1] or data.strides[0] % item:
        data = np.ascontiguousarray(data)
    pitch, pixel = data.strides[0] // item, data.strides[1] // item
    samples = (data.shape[0] - 1) * pitch + (data.shape[1] - 1) * pixel + channels
    return Flat(as_strided(data, (samples,), (item,), writeable=False), pitch, pixel)


def smallest_window(cell: NDArray[np.int64]) -> tuple[int, int]:
    """Height and width of the smallest square of samples that holds all channels wherever it lies in the filter."""
    (down, across), whole = cell.shape, len(np.unique(cell))
    wrapped = np.tile(cell, (2, 2))
    for side in range(1, min(cell.shape)):
        windows = (wrapped[y : y + side, x : x + side] for y in range(down) for x in range(across))
        if all(len(np.unique(window)) == whole for window in windows):
            return side, side
    return down, across
