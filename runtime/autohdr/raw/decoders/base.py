"""Defines a decoder: bytes in, sensor data and its description out. Each has a file of its own."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from autohdr.codes import Code
from autohdr.encoding import XYZ_FROM_SRGB
from autohdr.errors import RawError
from autohdr.raw.frame import RawFrame, WhiteBalanceSource


class Decoder(Protocol):
    """Decodes RAW files. Safe to share between threads."""

    name: str
    """The decoder's name, as `--decoder` spells it."""

    def decode(self, data: bytes, path: Path) -> RawFrame:
        """The sensor data in a file's bytes; `path` names it in messages and is not opened.

        Raises:
            IncompleteError: a part of the picture is missing or damaged; no other decoder need be asked.
            RawError: the file cannot be understood, or its kind is not supported.
        """


@runtime_checkable
class Alone(Decoder, Protocol):
    """Decodes some RAW files without a look at their previews, which then need not be read."""

    def decode_alone(self, data: bytes, path: Path) -> RawFrame | None:
        """The sensor data, as of `decode`, given a file with anything in the place of its previews.

        None where LibRaw is to be asked as well, which looks at them.

        Raises:
            Exception: of any kind, where the file cannot be decoded so.
        """


class NoAnswerError(RawError):
    """A decoder took too long, crashed or did not start: another machine, or another day, might have its answer.

    So no other decoder is asked instead: a label would depend on how busy a machine is.
    """

    code = Code.NO_ANSWER


def way_out(dng: bool) -> str:
    """Says what to try with a file that a decoder does not understand."""
    return "copy it from the card again, or convert it to " + ("another kind of DNG, uncompressed" if dng else "DNG")


def is_failure(error: BaseException) -> bool:
    """Whether an exception is a decoder's failure over a file, rather than the end of the program."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"  # Rust's, which has no base


def matrix_from_xyz(camera_from_xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """White-balanced camera colours to linear sRGB (3, C), rows summing to 1, from an XYZ-to-camera matrix (C, 3).

    Four colours have many answers; this is the one of least noise (the pseudo-inverse). A damaged matrix gives NaN.
    """
    grey = _grey(camera_from_xyz)
    if not np.isfinite(camera_from_xyz).all() or not grey.all():
        return np.full((3, len(grey)), np.nan)
    return np.linalg.pinv(camera_from_xyz @ XYZ_FROM_SRGB / grey[:, None])  # a neutral grey is 1 on both sides


def daylight(camera_from_xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """White balance (C,) for D65, green 1, from a camera's XYZ-to-camera matrix (C, 3); none of a damaged one."""
    grey = _grey(camera_from_xyz)
    with np.errstate(divide="ignore", invalid="ignore"):
        return grey[1] / grey


def _grey(camera_from_xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a camera (C, 3) makes of light that is white in sRGB, (C,)."""
    with np.errstate(invalid="ignore"):
        return (camera_from_xyz @ XYZ_FROM_SRGB).sum(axis=1)


def white_balance(
    known: Iterable[tuple[WhiteBalanceSource, Sequence[float]]], colours: int
) -> tuple[NDArray[np.float64], WhiteBalanceSource]:
    """The first usable of some white balances, (C,) with green 1, and where it comes from; else all gains are 1."""
    for source, gains in known:
        usable = np.array(gains[:colours], dtype=np.float64)
        if len(usable) == colours and np.all(np.isfinite(usable)) and np.all(usable > 0):
            return usable / usable[1], source
    return np.ones(colours), "none"


def black_of_colours(cell: NDArray[np.float64], pattern: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Average black level (4,) of each colour, where it varies in a cell of its own, both from the picture's corner.

    Args:
        cell: (P, Q), levels that repeat.
        pattern: as in `RawFrame`. A colour that it lacks gets the second one's level.
    """
    size = np.lcm(cell.shape, pattern.shape)
    levels, colours = np.tile(cell, size // cell.shape), np.tile(pattern, size // pattern.shape)
    green = levels[colours == 1].mean()
    return np.array([levels[colours == c].mean() if (colours == c).any() else green for c in range(4)])
