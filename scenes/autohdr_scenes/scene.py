"""What a simulated camera is pointed at: linear light with the range that the place really has."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.system.kernel import kernel

LUMINANCE: NDArray[np.float32] = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Weights of linear R, G, B with sRGB primaries in luminance (ITU-R BT.709)."""

FLOOR = 2.0**-13
"""Light below which a sensor tells nothing, of saturation at 1; added, so that the logarithm ends softly."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture of light, or a panorama of it."""

    linear: NDArray[np.float32]
    """(H, W, 3), linear light with sRGB primaries, zero or more, on a scale of its own."""
    name: str
    """The scene's name, which says what it shows."""
    group: str
    """The place. Two scenes of one place share it, so that a split by group never shows a place on both sides."""
    panorama: bool = False
    """Whether it is all that can be seen from a point, equirectangular, 2:1; else a flat picture."""


def luminance(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Luminance (..., ) of linear sRGB light (..., 3), on the same scale."""
    return linear @ LUMINANCE


def shrink(linear: NDArray[np.float32], longest: int) -> NDArray[np.float32]:
    """Averages of whole square blocks (h, w, C), so large that neither side exceeds `longest` pixels.

    Rows and columns that fill no whole block are left out, as many on each side as can be.
    """
    height, width, channels = linear.shape
    block = max(1, -(-max(height, width) // longest))
    tall, wide = min(block, height), min(block, width)
    out = np.zeros((height // tall, width // wide, channels), dtype=np.float32)
    _average(linear, tall, wide, out)
    return out


@kernel(nogil=True)
def _average(image, tall, wide, out):  # type: ignore[no-untyped-def]
    rows, columns = out.shape[0], out.shape[1]
    top, left = (image.shape[0] - rows * tall) // 2, (image.shape[1] - columns * wide) // 2
    for i in range(rows * tall):
        for j in range(columns * wide):
            for c in range(out.shape[2]):
                out[i // tall, j // wide, c] += image[top + i, left + j, c]
    for i in range(rows):
        for j in range(columns):
            for c in range(out.shape[2]):
                out[i, j, c] /= tall * wide
