"""RAW files through LibRaw (rawpy): bytes in, `RawFrame` out."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import RawError
from autohdr.raw.decoders.base import matrix_from_xyz
from autohdr.raw.frame import RawFrame


@contextmanager
def _one_openmp_thread() -> Iterator[None]:
    """LibRaw's OpenMP reads this once, when it is loaded; more threads would fight with the pool that decodes."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        del os.environ["OMP_NUM_THREADS"]
        if before is not None:
            os.environ["OMP_NUM_THREADS"] = before


with _one_openmp_thread():
    import rawpy


class LibRawDecoder:
    """Everything that LibRaw unpacks to a Bayer mosaic or to three planes. Always there: the judge and the net."""

    name = "libraw"

    def decode(self, data: bytes, path: Path) -> RawFrame:
        """See `Decoder.decode`."""
        try:
            # From memory: rawpy gives the interpreter lock free while it opens a buffer, but not while it opens a file.
            raw = rawpy.RawPy()
            raw.open_buffer(io.BytesIO(data))
            raw.unpack()
            frame = _frame(raw, path)
        except rawpy.LibRawError as error:
            reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
            raise RawError(
                f"{path}: LibRaw cannot decode it ({reason}); copy it from the card again, or convert it to DNG"
            ) from error
        _refuse_incomplete(frame.data, path)
        return frame


def _refuse_incomplete(data: NDArray[np.uint16], path: Path) -> None:
    """Some truncated files unpack without an error: what is missing is 0, or one row (lossy ARW) or value repeated.

    The noise of a sensor never repeats a row of a mosaic, except where all of it is saturated. Planes may be drawn by
    hand and are trusted further.
    """
    tail = data[-4:]
    flat = tail.min() == tail.max()
    repeated = flat or (data.ndim == 2 and bool((tail[1:] == tail[:-1]).all()))
    if data.max() == 0 or (repeated and not (flat and tail.max() == data.max())):
        raise RawError(f"{path}: the last part of the picture is missing; copy it from the card again")


def _frame(raw: rawpy.RawPy, path: Path) -> RawFrame:
    # raw.close() is not called: `data` is a view of LibRaw's memory and keeps `raw` alive, whose end frees both.
    pattern = _pattern(raw, path)
    data = raw.raw_image_visible if pattern is not None else raw.raw_image_visible[..., :3]
    return RawFrame(
        data=data,
        pattern=pattern,
        black=np.array(raw.black_level_per_channel, dtype=np.float64),
        white=_white(raw),
        white_balance=_white_balance(raw),
        matrix=_matrix(raw),
        flip=raw.sizes.flip,
        decoder="libraw",
        captured=_captured(raw),
    )


def _pattern(raw: rawpy.RawPy, path: Path) -> NDArray[np.uint8] | None:
    """The filter's cell at the visible area's corner; None for planes."""

    def unsupported(kind: str) -> RawError:
        return RawError(f"{path}: {kind} is not supported yet; convert it to a linear DNG")

    if raw.num_colors == 1 and raw.raw_type == rawpy.RawType.Flat:
        return np.ones((1, 1), dtype=np.uint8)
    if raw.num_colors != 3 or not raw.color_desc.startswith(b"RGB"):
        raise unsupported(f"a sensor with the colours {raw.color_desc.decode(errors='replace')!r}")
    if raw.raw_type == rawpy.RawType.Stack:
        return None
    cell = raw.raw_pattern
    if cell is None:
        raise unsupported("a mosaic without a colour filter")
    if raw.raw_image_visible.shape != (raw.sizes.height, raw.sizes.width):
        raise unsupported("a rotated sensor (Fujifilm Super CCD)")
    if cell.shape not in ((2, 2), (6, 6)):
        raise unsupported(f"a {cell.shape[0]} x {cell.shape[1]} colour filter")
    top, left = raw.sizes.top_margin, raw.sizes.left_margin
    down, across = cell.shape
    return np.array([[raw.raw_color(top + y, left + x) for x in range(across)] for y in range(down)], dtype=np.uint8)


def _white(raw: rawpy.RawPy) -> float:
    white = float(raw.white_level)
    # An 8-bit file that LibRaw has stretched through its curve, its white level not.
    return max(white, float(raw.tone_curve[int(white)])) if white <= 255 else white


def _captured(raw: rawpy.RawPy) -> float | None:
    try:
        return raw.other.timestamp.timestamp() or None
    except (ValueError, OSError, OverflowError):  # a year 99999; or, on Windows, none at all
        return None


def _white_balance(raw: rawpy.RawPy) -> NDArray[np.float64]:
    """As shot; where the file does not say, LibRaw's daylight for the camera."""
    for gains in (raw.camera_whitebalance, raw.daylight_whitebalance):
        rgb = np.array(gains[:3], dtype=np.float64)
        if np.all(np.isfinite(rgb)) and np.all(rgb > 0):
            return rgb / rgb[1]
    return np.ones(3)


def _matrix(raw: rawpy.RawPy) -> NDArray[np.float64]:
    """From the file's own matrix, else from LibRaw's XYZ-to-camera matrix of the model, else none (identity)."""
    own = np.array(raw.color_matrix, dtype=np.float64)[:, :3]
    if own[0, 0] > 0:
        return own / own.sum(axis=1, keepdims=True)
    camera_from_xyz = np.array(raw.rgb_xyz_matrix, dtype=np.float64)[:3]
    if not camera_from_xyz.any():
        return np.eye(3)
    return matrix_from_xyz(camera_from_xyz)
