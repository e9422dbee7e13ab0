"""The fast decoder: flashraw (PyPI, Rust). Optional, `autohdr[fast]`; young, so `auto` checks it against LibRaw."""

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import RawError, SettingsError
from autohdr.raw.decoders.base import daylight, matrix_from_xyz
from autohdr.raw.frame import RawFrame

MAX_SAMPLES = 512 << 20
"""A header that promises more is hostile: 1 GiB of samples, three times the largest camera's."""

_LAYOUTS = ("bayer", "x-trans", "monochrome", "linear")
_D65 = 21
_FLIPS = {1: 0, 2: 1, 3: 3, 4: 2, 5: 4, 6: 6, 7: 7, 8: 5}
"""EXIF orientation to LibRaw's bits."""


def installed() -> bool:
    """Whether flashraw can be imported; it is not imported here."""
    return find_spec("flashraw") is not None


class FlashrawDecoder:
    """Bayer mosaics and 16-bit planes through flashraw, one thread a file: the pool already has one for each core."""

    name = "flashraw"

    def __init__(self) -> None:
        if not installed():
            raise SettingsError('flashraw is not installed; run: pip install "autohdr[fast]"')
        import flashraw

        self._flashraw: Any = flashraw

    def decode(self, data: bytes, path: Path) -> RawFrame:
        """See `Decoder.decode`."""
        try:
            with self._flashraw.open(data, max_samples=MAX_SAMPLES) as file:
                _refuse_unsupported(file.frame_info, path)
                # Strict: a truncated file fails instead of coming back half empty.
                frame = file.decode(
                    "raw-u16", threads=1, crop="active", corruption_policy="strict", apply_opcodes=False
                )
                return _described(frame, file.metadata, path)
        except self._flashraw.FlashRawError as error:
            raise RawError(
                f"{path}: flashraw cannot decode it ({error}); copy it from the card again, or convert it to DNG"
            ) from error


def _refuse_unsupported(info: Any, path: Path) -> None:
    if info.layout not in _LAYOUTS or info.sample_format != "u16" or info.white_balance_applied:
        kind = f"{info.layout}, {info.sample_format}"
        raise RawError(f"{path}: sensor data of this kind ({kind}) is not supported yet; convert it to a linear DNG")


def _described(frame: Any, metadata: Any, path: Path) -> RawFrame:
    data = frame.array
    pattern = None
    if data.ndim == 2:
        pattern = _pattern(frame, path)
    camera = _camera_from_xyz(frame.color_matrices)
    compression = f"{metadata.format} {metadata.compression} {frame.bits_per_sample} bits"
    return RawFrame(
        data=data,
        pattern=pattern,
        black=_black(frame, pattern),
        white=float(frame.white_level[0]),
        white_balance=_white_balance(frame.white_balance, camera),
        matrix=np.eye(3) if camera is None else matrix_from_xyz(camera),
        flip=_FLIPS[frame.orientation],
        kind=f"{metadata.make} {metadata.model}, {compression}",
        decoder="flashraw",
        captured=_captured(metadata.capture_time),
    )


def _pattern(frame: Any, path: Path) -> NDArray[np.uint8]:
    """The filter's cell at the frame's corner; one green place for a sensor without a filter."""
    if frame.cfa is None:
        return np.ones((1, 1), dtype=np.uint8)
    letters = [[frame.color_at(x, y) for x in range(frame.cfa.width)] for y in range(frame.cfa.height)]
    cell = np.array([["RGB".find(letter) for letter in row] for row in letters])
    if set(cell.flat) != {0, 1, 2}:
        raise RawError(f"{path}: a colour filter of {letters} is not supported yet; convert it to a linear DNG")
    if cell.shape == (2, 2):  # as LibRaw has it: the green in the blue row is the second one
        cell[(cell == 1) & (cell == 2).any(axis=1)[:, None]] = 3
    return cell.astype(np.uint8)


def _black(frame: Any, pattern: NDArray[np.uint8] | None) -> NDArray[np.float64]:
    """Black of R, G, B, second G in whole levels, as LibRaw measures it from the masked pixels."""
    level, (left, top) = frame.black_level, frame.origin
    if pattern is None:
        planes = [level.at(left, top, sample % level.samples) for sample in range(3)]
        return np.rint([*planes, planes[1]])
    places = np.array([[level.at(left + x, top + y) for x in range(pattern.shape[1])] for y in range(len(pattern))])
    green = places[pattern == 1].mean()
    return np.rint([places[pattern == colour].mean() if (pattern == colour).any() else green for colour in range(4)])


def _camera_from_xyz(matrices: Any) -> NDArray[np.float64] | None:
    """The XYZ-to-camera matrix (3, 3) for D65, else of the last illuminant, which is the coolest; None without any."""
    whole = [matrix for matrix in matrices.color if matrix.rows == 3]
    if not whole:
        return None
    best = next((matrix for matrix in whole if matrix.illuminant == _D65), whole[-1])
    return np.asarray(best.as_array(), dtype=np.float64)


def _white_balance(gains: Any, camera: NDArray[np.float64] | None) -> NDArray[np.float64]:
    if gains is not None:
        rgb = np.array(gains[:3], dtype=np.float64)
        if np.all(np.isfinite(rgb)) and np.all(rgb > 0):
            return rgb / rgb[1]
    return np.ones(3) if camera is None else daylight(camera)


def _captured(text: str | None) -> float | None:
    try:
        return None if text is None else datetime.fromisoformat(text[:19]).timestamp()
    except (ValueError, OSError, OverflowError):
        return None
