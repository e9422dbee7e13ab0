"""Draws where two pictures differ: grey where they are alike, yellow and then red where they are not."""

import io
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from autohdr import pu21
from autohdr.develop.spaces import to_xyz
from autohdr.errors import SettingsError
from autohdr.files.whole import create
from autohdr.quality.picture import Picture, strips

LONGEST = 1024
"""Pixels of a map's longer side, at most."""
FULL_SSIM = 0.5
"""1 - SSIM that is drawn in full red."""
FULL_JOD = 3.0
"""Loss of quality, JOD, that is drawn in full red."""
_YELLOW, _RED = np.array([255.0, 221.0, 64.0]), np.array([214.0, 24.0, 40.0])
_WHITE = 256.0
"""PU21 units that the grey of a map shows as white."""


class Blocks:
    """Averages a picture's values over square blocks of pixels, as rows of it come."""

    def __init__(self, height: int, width: int) -> None:
        self._side = max(1, math.ceil(max(height, width) / LONGEST))
        size = math.ceil(height / self._side), math.ceil(width / self._side)
        self._sums, self._counts = np.zeros(size), np.zeros(size)

    def add(self, top: int, values: NDArray[np.floating]) -> None:
        """Adds whole rows (n, W), of which the first is row `top` of the picture."""
        starts = np.arange(0, values.shape[1], self._side)
        rows = (top + np.arange(len(values))) // self._side
        np.add.at(self._sums, rows, np.add.reduceat(values.astype(np.float64), starts, axis=1))
        np.add.at(self._counts, rows, np.diff(np.append(starts, values.shape[1])).astype(np.float64))

    def mean(self) -> NDArray[np.float32]:
        """The mean of each block (h, w)."""
        return (self._sums / self._counts).astype(np.float32)


def smoothed(
    corners: NDArray[np.int64], side: int, values: NDArray[np.float64], size: tuple[int, int]
) -> NDArray[np.float32]:
    """Spreads values of patches over a picture: at each block, their mean with weights that fall off as a Gaussian.

    Args:
        corners: (N, 2), row and column of the upper left pixel of each patch.
        side: of a patch, pixels.
        values: (N,).
        size: rows and columns of the picture.

    Returns:
        (h, w), at most `LONGEST` each way.
    """
    height, width = size
    step = max(1, math.ceil(max(size) / LONGEST))
    spacing = max(side / 2, math.sqrt(height * width / len(values)) / 2)
    near, across = (
        np.exp(-0.5 * (((np.arange(0, length, step) + step / 2)[:, None] - corners[:, axis] - side / 2) / spacing) ** 2)
        for axis, length in enumerate(size)
    )
    weights = near @ across.T + 1e-12
    return (((near * values) @ across.T + 1e-12 * values.mean()) / weights).astype(np.float32)


def grey(picture: Picture) -> NDArray[np.float32]:
    """A picture's luminance in PU21 units, averaged over blocks (h, w)."""
    height, width = picture.shape
    blocks = Blocks(height, width)
    for rows in strips(height, width):
        light = picture.window(rows.start, 0, rows.stop - rows.start, width)
        blocks.add(rows.start, pu21.encode(light @ to_xyz("srgb")[1]))
    return blocks.mean()


def drawn(difference: NDArray[np.floating], full: float, backdrop: NDArray[np.floating]) -> NDArray[np.uint8]:
    """A map (h, w, 3), 8-bit sRGB.

    Args:
        difference: (h, w), 0 where the pictures are alike.
        full: the difference that is drawn in full red; half of it is yellow.
        backdrop: (h, w), as `grey` gives it.
    """
    share = np.clip(np.nan_to_num(difference / full), 0, 1)[..., None]
    colour = np.where(share < 0.5, _YELLOW, _YELLOW + (2 * share - 1) * (_RED - _YELLOW))
    shade = 40 + 0.6 * 255 * np.clip(backdrop / _WHITE, 0, 1)[..., None] * (1 - 40 / 255)
    cover = np.minimum(2 * share, 0.9)
    return np.rint(np.clip(shade + cover * (colour - shade), 0, 255)).astype(np.uint8)


def check_name(path: Path) -> None:
    """Refuses a name under which no map can be written, before anything is computed.

    Raises:
        SettingsError: it does not end in .png, something is there, or its folder is not.
    """
    if path.suffix.lower() != ".png":
        raise SettingsError(f"--map {path} does not end in .png; a map is a PNG picture")
    if path.exists() or path.is_symlink():
        raise SettingsError(f"--map {path} is there already; name another file, or remove it first")
    if not path.parent.is_dir():
        raise SettingsError(f"--map {path} cannot be written; name a file in a folder that is there")


def write(path: Path, codes: NDArray[np.uint8]) -> None:
    """Writes a map (h, w, 3) as PNG; whoever looks finds a whole file or none.

    Raises:
        FileError: the file is there already, or the system refuses.
    """
    file = io.BytesIO()
    Image.fromarray(codes).save(file, "PNG", optimize=True)
    create(path, file.getvalue())
