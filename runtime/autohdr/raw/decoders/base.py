"""What a decoder is: bytes in, sensor data and its description out. Each has a file of its own."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from autohdr.encoding import XYZ_FROM_SRGB
from autohdr.raw.frame import RawFrame


class Decoder(Protocol):
    """Safe to share between threads."""

    name: str
    """As `--decoder` spells it."""

    def decode(self, data: bytes, path: Path) -> RawFrame:
        """The sensor data in a file's bytes; `path` names it in messages and is not opened.

        Raises:
            RawError: the file is damaged, or its kind is not supported.
        """


def matrix_from_xyz(camera_from_xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """White-balanced camera RGB to linear sRGB (3, 3), rows summing to 1, from an XYZ-to-camera matrix (3, 3)."""
    camera_from_srgb = camera_from_xyz @ XYZ_FROM_SRGB
    camera_from_srgb /= camera_from_srgb.sum(axis=1, keepdims=True)  # a neutral grey is 1, 1, 1 on both sides
    return np.linalg.inv(camera_from_srgb)


def daylight(camera_from_xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """White balance (3,) for D65, green 1, from a camera's XYZ-to-camera matrix (3, 3)."""
    gains: NDArray[np.float64] = 1.0 / (camera_from_xyz @ XYZ_FROM_SRGB).sum(axis=1)
    return gains / gains[1]
