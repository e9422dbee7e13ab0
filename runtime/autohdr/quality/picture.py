"""Reads a picture as absolute luminance on a display, a window at a time, so that large ones need little memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import PhotoError
from autohdr.pictures.pixel_codes import DIFFUSE_WHITE, linear_from_srgb, luminance_from_pq
from autohdr.quality.decode import Decoded, decode, is_hdr
from autohdr.quality.display import HDR, SDR, Display

STRIP = 1 << 19
"""Pixels that are made luminance of at once where the whole picture is looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as a display shows it."""

    path: Path
    """The file, for sentences."""
    display: Display
    decoded: Decoded = field(repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        height, width = self.decoded.codes.shape[:2]
        return height, width

    @property
    def hdr(self) -> bool:
        """Whether the file holds HDR light, and not codes for an SDR display."""
        return self.decoded.hdr

    def window(self, row: int, column: int, height: int, width: int) -> NDArray[np.float32]:
        """Luminance (height, width, 3) of a part, cd/m2, BT.709 primaries.

        HDR light keeps its cd/m2 on an HDR display, and SDR codes have their white at 203 cd/m2 there (ITU-R BT.2408).
        On an SDR display diffuse white is the display's peak, and what is brighter is clipped. Colours outside BT.709
        are moved to its edge.
        """
        found = self.decoded
        codes = found.codes[row : row + height, column : column + width]
        sdr = self.display.curve == "gamma"
        if found.form == "encoded" and sdr:
            return _table(self.display, found.scale)[codes]
        scaled = codes.astype(np.float64) * found.scale
        if found.form == "encoded":
            light = DIFFUSE_WHITE * linear_from_srgb(scaled)
        else:
            light = luminance_from_pq(scaled) if found.form == "pq" else scaled
        if found.to_bt709 is not None:
            light = light @ found.to_bt709.T
        return self.display.shown(light * (self.display.peak / DIFFUSE_WHITE) if sdr else light)

    def luminance(self) -> NDArray[np.float32]:
        """Luminance (H, W, 3) of all of it, cd/m2: 12 bytes a pixel, and as much again while it is made."""
        height, width = self.shape
        out = np.empty((height, width, 3), np.float32)
        for rows in strips(height, width):
            out[rows] = self.window(rows.start, 0, rows.stop - rows.start, width)
        return out


@cache
def _table(display: Display, scale: float) -> NDArray[np.float32]:
    """Luminance of every code, cd/m2, on an SDR display."""
    return display.luminance(np.arange(round(1 / scale) + 1) * scale)


def read(path: Path, display: Display) -> Picture:
    """Reads a picture, whatever its name says: EXR, PQ AVIF, gain-map JPEG, JPEG, PNG, TIFF, WebP.

    Args:
        path: the file. EXR holds cd/m2, or says what 1 stands for (`whiteLuminance`).
        display: what shows it. Of a gain-map JPEG, an SDR display shows the base.

    Raises:
        PhotoError: it is missing, no such picture, damaged or truncated, or holds NaN, infinite or negative light.
        MissingError: the package that reads its kind is not installed.
        FileError: it cannot be read.
    """
    return Picture(path, display, decode(path, hdr=display.curve != "gamma"))


def read_pair(reference: Path, test: Path, display: Display | None = None) -> tuple[Picture, Picture]:
    """Reads two pictures to compare, for one display; None is HDR's where one of them is an HDR picture, else SDR's.

    Raises:
        PhotoError: as of `read`, or they are of different sizes.
        MissingError, FileError: as of `read`.
    """
    if display is None:
        display = HDR if is_hdr(reference) or is_hdr(test) else SDR
    one, other = read(reference, display), read(test, display)
    if one.shape != other.shape:
        sizes = [f"{path} has {p.shape[1]} x {p.shape[0]} pixels" for path, p in ((reference, one), (test, other))]
        raise PhotoError(f"{sizes[0]} and {sizes[1]}; save both at one size, without cropping")
    return one, other


def strips(height: int, width: int) -> Iterator[slice]:
    """Rows of a picture, in parts of about `STRIP` pixels, at least one row each."""
    step = max(1, STRIP // max(width, 1))
    return (slice(top, min(top + step, height)) for top in range(0, height, step))
