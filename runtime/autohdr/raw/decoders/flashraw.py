"""The fast decoder: flashraw (PyPI, Rust). Optional, `autohdr[fast]`; young, so `auto` checks it against LibRaw.

Its lossless JPEG of CR2 and DNG files is decoded here (`lossless`), where that is whole and of the plain form; it says
what the samples mean, and refuses what is damaged.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.codes import Code
from autohdr.errors import IncompleteError, RawError, SettingsError
from autohdr.raw.decoders import lossless
from autohdr.raw.decoders.base import black_of_colours, daylight, matrix_from_xyz, way_out, white_balance
from autohdr.raw.decoders.dng import Colour, Dng, read_dng
from autohdr.raw.decoders.dng_white import daylight_matrix, matrices_of
from autohdr.raw.frame import FLIPS, RawFrame, Samples, WhiteBalanceSource
from autohdr.raw.ljpeg.memory import Memory

MAX_SAMPLES = 512 << 20
"""A header that promises more is hostile: 1 GiB of samples, three times the largest camera's."""

_LAYOUTS = ("bayer", "x-trans", "other-cfa", "monochrome", "linear")
_SAMPLES = ("u16", "f32")


def installed() -> bool:
    """Whether flashraw can be imported; it is not imported here."""
    return find_spec("flashraw") is not None


class FlashrawDecoder:
    """Mosaics and planes of three colours through flashraw, one thread a file: the pool has one for each core."""

    name = "flashraw"

    def __init__(self) -> None:
        if not installed():
            raise SettingsError('flashraw is not installed; run: pip install "autohdr[fast]"')
        import flashraw

        self._flashraw: Any = flashraw
        self._memory = Memory()

    def decode(self, data: bytes, path: Path) -> RawFrame:
        """See `Decoder.decode`."""
        dng, opened = read_dng(data), False
        try:
            with self._flashraw.open(data, max_samples=MAX_SAMPLES) as file:
                info = file.frame_info
                _refuse_unsupported(info, path)
                opened = True
                samples = lossless.samples(data, file, dng, self._memory)
                if samples is not None:
                    return _described(info, samples, lossless.black(info, samples), file.metadata, dng, path)
                self._memory.clear()
                # Strict: a truncated file fails instead of coming back half empty.
                frame = file.decode(
                    "raw-f32" if info.sample_format == "f32" else "raw-u16",
                    threads=1,
                    crop=False,  # it would copy what is kept
                    corruption_policy="strict",
                    apply_opcodes=False,
                )
                return _described(frame, frame.array, frame.black_level, file.metadata, dng, path)
        except self._flashraw.FlashRawError as error:
            if isinstance(error, self._flashraw.CorruptFileError) and (opened or "truncated" in str(error)):
                raise IncompleteError(
                    f"{path}: a part of the picture is missing or damaged ({error}); copy it from the card again"
                ) from error
            raise RawError(f"{path}: flashraw cannot decode it ({error}); {way_out(dng is not None)}") from error

    def decode_alone(self, data: bytes, path: Path) -> RawFrame:
        """See `Alone.decode_alone`."""
        return self.decode(data, path)


def _refuse_unsupported(info: Any, path: Path) -> None:
    supported = info.layout in _LAYOUTS and info.sample_format in _SAMPLES and not info.white_balance_applied
    if not supported:
        kind = f"{info.layout}, {info.sample_format}, {info.compression}"
        raise RawError(
            f"{path}: flashraw cannot decode sensor data of this kind ({kind}); convert to an uncompressed linear DNG",
            code=Code.UNSUPPORTED,
        )


def _described(frame: Any, samples: Samples, black: Any, metadata: Any, dng: Dng | None, path: Path) -> RawFrame:
    """A frame of all samples (H, W) or (H, W, 3), by flashraw's description of them, before or after its decoding."""
    left, top, width, height = frame.active_area
    if dng and dng.interleave != (1, 1):
        left, top, height, width = 0, 0, frame.height, frame.width  # the picture is not yet in order
    elif dng:
        down, right, height, width = dng.cropped(height, width)
        left, top = left + right, top + down
    data = samples[top : top + height, left : left + width]
    pattern = None
    if data.ndim == 2:
        pattern = _pattern(frame, left, top, path)
    colour = _colour(frame.color_matrices)
    camera = daylight_matrix(colour, 3)
    kelvin, matrices = (None, None) if camera is None else matrices_of(colour, 3)
    compression = f"{metadata.format} {metadata.compression} {frame.bits_per_sample} bits"
    known: list[tuple[WhiteBalanceSource, Any]] = []
    if frame.white_balance is not None:
        known.append(("as shot", frame.white_balance))
    if camera is not None:
        known.append(("matrix", daylight(camera)))
    gains, source = white_balance(known, 3)
    return RawFrame(
        data=data,
        pattern=pattern,
        black=_black(black, samples, pattern, left, top),
        white=_white(frame, dng),
        white_balance=gains,
        white_balance_source=source,
        matrix=np.eye(3) if camera is None else matrix_from_xyz(camera),
        camera_from_xyz=matrices,
        kelvin=kelvin,
        exposure=dng.baseline_exposure if dng else 0.0,
        flip=FLIPS[frame.orientation],
        kind=f"{metadata.make} {metadata.model}, {compression}",
        decoder="flashraw",
    )


def _pattern(frame: Any, left: int, top: int, path: Path) -> NDArray[np.uint8]:
    """The filter's cell at that place of the sensor; one green place for a sensor without a filter."""
    if frame.cfa is None:
        return np.ones((1, 1), dtype=np.uint8)
    shifted = frame.cfa.shifted(left, top)
    cell = np.array(["RGB".find(letter) for letter in shifted.pattern]).reshape(shifted.height, shifted.width)
    if set(cell.flat) != {0, 1, 2}:
        sentence = f"{path}: flashraw cannot decode a filter of {shifted.pattern}; convert it to a linear DNG"
        raise RawError(sentence, code=Code.UNSUPPORTED)
    if cell.shape == (2, 2):  # as LibRaw has it: the green in the blue row is the second one
        cell[(cell == 1) & (cell == 2).any(axis=1)[:, None]] = 3
    return cell.astype(np.uint8)


def _black(level: Any, samples: Samples, pattern: NDArray[np.uint8] | None, left: int, top: int) -> NDArray[np.float64]:
    """Black of R, G, B, second G; in whole levels for whole samples, as LibRaw measures it from the masked pixels."""
    if pattern is None:
        planes = [level.at(left, top, sample % level.samples) for sample in range(3)]
        black = np.array([*planes, planes[1]])
    else:
        rows, columns = range(top, top + level.rows), range(left, left + level.cols)
        black = black_of_colours(np.array([[level.at(x, y) for x in columns] for y in rows]), pattern)
    return black if samples.dtype.kind == "f" else np.rint(black)


def _white(frame: Any, dng: Dng | None) -> NDArray[np.float64]:
    levels = np.array(frame.white_level, dtype=np.float64)
    return levels[[0, 1, 2, 1]] if dng and len(levels) == 3 else np.full(4, levels[0])


def _colour(matrices: Any) -> Colour:
    """The XYZ-to-camera matrices (3, 3) that there are."""
    whole = [matrix for matrix in matrices.color if matrix.rows == 3]
    return Colour((), (), tuple((int(one.illuminant or 0), np.asarray(one.as_array(), np.float64)) for one in whole))
