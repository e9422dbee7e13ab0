"""Second teacher: delta-E ITP (ITU-R BT.2124) of what lies side by side, which sees shifts of tone and colour.

Light is averaged over blocks of 16 pixels first, so that noise and lost detail, which the first teacher sees better,
count for little; then the difference of each block is taken in ICtCp (ITU-R BT.2100) and averaged as a root mean
square. 1 is what can just be told apart at best.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.spaces import between
from autohdr.pictures.pixel_codes import pq_from_luminance

BLOCK = 16
"""Pixels of a block, each way: 0.4 degrees at the distance that the first teacher is told."""
_LMS = np.array([[1688, 2146, 262], [683, 2951, 462], [99, 309, 3688]]) / 4096
"""The matrix to LMS from BT.2020 (ITU-R BT.2100, table 7)."""
_ITP = np.array([[2048, 2048, 0], [6610 / 2, -13613 / 2, 7003 / 2], [17933, -17390, -543]]) / 4096
"""The matrix from PQ-encoded LMS to I, T and P: T is half of CT (ITU-R BT.2124, section 3)."""


def itp(light: NDArray[np.floating]) -> NDArray[np.float64]:
    """Returns I, T and P (..., 3) of light (..., 3) in cd/m2, BT.709 primaries."""
    lms = np.asarray(light, np.float64) @ (_LMS @ between("srgb", "bt2020")).T
    return pq_from_luminance(np.maximum(lms, 0.0)) @ _ITP.T


def delta_e(one: NDArray[np.floating], other: NDArray[np.floating]) -> NDArray[np.float64]:
    """Returns delta-E ITP (...) of light (..., 3) in cd/m2, BT.709 primaries (ITU-R BT.2124, section 3)."""
    difference: NDArray[np.float64] = 720 * np.linalg.norm(itp(one) - itp(other), axis=-1)
    return difference


def pooled(reference: NDArray[np.floating], distorted: NDArray[np.floating]) -> float:
    """Returns the root mean square of delta-E ITP over blocks of two pictures (H, W, 3) in cd/m2."""
    return float(np.sqrt(np.mean(delta_e(_blocks(reference), _blocks(distorted)) ** 2)))


def _blocks(light: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean light of each block that starts inside the picture; those at the edges are what is left."""
    rows, columns = (np.arange(0, length, BLOCK) for length in light.shape[:2])
    total = np.add.reduceat(np.add.reduceat(np.asarray(light, np.float64), rows, axis=0), columns, axis=1)
    sizes = [
        np.diff(np.append(starts, length)) for starts, length in zip((rows, columns), light.shape[:2], strict=True)
    ]
    mean: NDArray[np.float64] = total / (sizes[0][:, None] * sizes[1][None])[..., None]
    return mean
