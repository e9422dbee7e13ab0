"""Measures PSNR and SSIM on PU21 values, without a learnt model: what any learnt one must beat.

SSIM is that of Z. Wang, A. Bovik, H. Sheikh and E. Simoncelli, "Image Quality Assessment: From Error Visibility to
Structural Similarity", IEEE Transactions on Image Processing 13(4), 2004, on PU21 values of luminance, where every
window lies inside the picture. PSNR is over PU21 values of R, G and B. The range of both is 256, which PU21 gives an
SDR display, so that HDR and SDR pictures are measured alike (M. Azimi and R. Mantiuk, PCS 2021).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr import pu21
from autohdr.develop.spaces import to_xyz
from autohdr.errors import PhotoError
from autohdr.quality.map import Blocks
from autohdr.quality.picture import Picture, strips

RANGE = 256.0
"""PU21 units that count as the whole range."""
WINDOW = 11
"""Side of SSIM's Gaussian window, pixels; its standard deviation is 1.5."""
_HALF = WINDOW // 2
_GAUSSIAN = np.exp(-((np.arange(WINDOW) - _HALF) ** 2) / (2 * 1.5**2))
_WEIGHTS = (_GAUSSIAN / _GAUSSIAN.sum()).astype(np.float32)
_C1, _C2 = (0.01 * RANGE) ** 2, (0.03 * RANGE) ** 2


@dataclass(frozen=True, slots=True, eq=False)
class Classical:
    """How far two pictures are apart, by arithmetic."""

    psnr: float
    """Decibels; infinite where the two are the same."""
    ssim: float
    """1 where the two are the same."""
    difference: NDArray[np.float32]
    """(h, w), 1 - SSIM of each block of pixels, at most `map.LONGEST` each way."""


def compare(reference: Picture, test: Picture) -> Classical:
    """Measures two pictures of one size, a strip at a time.

    Raises:
        PhotoError: they are smaller than SSIM's window.
    """
    height, width = reference.shape
    if min(height, width) < WINDOW:
        raise PhotoError(
            f"{reference.path} has {width} x {height} pixels; pictures of at least {WINDOW} x {WINDOW} can be compared"
        )
    blocks, squares, total = Blocks(height, width), 0.0, 0.0
    for rows in strips(height - 2 * _HALF, width):
        top, bottom = rows.start, rows.stop + 2 * _HALF  # of the pixels that the windows of these rows see
        light = [picture.window(top, 0, bottom - top, width) for picture in (reference, test)]
        units = [pu21.encode(part) for part in light]
        own = slice(0 if rows.start == 0 else _HALF, None if bottom == height else -_HALF)  # each row once
        squares += float(((units[0][own] - units[1][own]) ** 2).sum())
        one, other = (pu21.encode(part @ to_xyz("srgb")[1]).astype(np.float32) for part in light)
        similar = ssim_map(one, other)
        total += float(similar.sum(dtype=np.float64))
        edges = (_HALF if rows.start == 0 else 0, _HALF if bottom == height else 0)
        blocks.add(top + _HALF - edges[0], 1 - np.pad(similar, (edges, (_HALF, _HALF)), mode="edge"))
    mean = squares / (3 * height * width)
    psnr = float(10 * np.log10(RANGE**2 / mean)) if mean else float("inf")
    return Classical(psnr, total / ((height - 2 * _HALF) * (width - 2 * _HALF)), blocks.mean())


def ssim_map(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """SSIM (H - 10, W - 10) of each window inside two pictures (H, W), in PU21 units."""
    mean_one, mean_other = _blurred(one), _blurred(other)
    both = mean_one * mean_other
    squares = mean_one**2 + mean_other**2
    spread = _blurred(one**2 + other**2) - squares
    shared = _blurred(one * other) - both
    similar = (2 * both + _C1) * (2 * shared + _C2) / ((squares + _C1) * (spread + _C2))
    return similar.astype(np.float32)


def _blurred(values: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = values.shape[0] - 2 * _HALF, values.shape[1] - 2 * _HALF
    down = sum(weight * values[k : k + height] for k, weight in enumerate(_WEIGHTS))
    return np.asarray(sum(weight * down[:, k : k + width] for k, weight in enumerate(_WEIGHTS)), np.float32)
