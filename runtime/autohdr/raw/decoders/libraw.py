"""RAW files through LibRaw (rawpy): bytes in, `RawFrame` out."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.codes import Code
from autohdr.errors import IncompleteError, RawError
from autohdr.raw.decoders import opcodes
from autohdr.raw.decoders.base import black_of_colours, matrix_from_xyz, way_out, white_balance
from autohdr.raw.decoders.dng import LOSSY, Dng, read_dng
from autohdr.raw.decoders.dng_white import KELVIN
from autohdr.raw.frame import FLIPS, RawFrame, Thumbnail, WhiteBalanceSource

_D65 = 21


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
    """Everything that LibRaw unpacks, floating-point DNGs excepted. Always there: the judge and the net."""

    name = "libraw"

    def decode(self, data: bytes, path: Path) -> RawFrame:
        """See `Decoder.decode`."""
        dng = read_dng(data)
        if dng and dng.floating:
            # LibRaw would scale them so that the brightest one of the picture is the white level.
            raise RawError(
                f'{path}: floating-point samples need flashraw; run pip install "autohdr[fast]", '
                "or convert the file to 16 bits",
                code=Code.UNSUPPORTED,
            )
        if dng and (dng.apart or (dng.gaps and dng.compression == 1)):
            # LibRaw would read on from the first strip, without an error.
            sentence = f"{path}: LibRaw cannot read a picture whose parts are stored apart; {way_out(dng=True)}"
            raise RawError(sentence, code=Code.UNSUPPORTED)
        try:
            # From memory: rawpy gives the interpreter lock free while it opens a buffer, but not while it opens a file.
            raw = rawpy.RawPy()
            raw.open_buffer(io.BytesIO(data))
            raw.unpack()
            frame = _frame(raw, dng, path)
        except (rawpy.LibRawIOError, rawpy.LibRawDataError) as error:
            raise IncompleteError(
                f"{path}: LibRaw finds its picture missing or damaged ({_reason(error)}); copy it from the card again"
            ) from error
        except rawpy.LibRawError as error:
            raise RawError(f"{path}: LibRaw cannot decode it ({_reason(error)}); {way_out(dng is not None)}") from error
        _refuse_incomplete(frame, dng, path)
        return frame


def read_thumbnail(path: Path) -> Thumbnail | None:
    """The embedded picture of a RAW file, of which only headers and that picture are read; None where it has none.

    Raises:
        RawError: LibRaw cannot read the file.
    """
    try:
        raw = rawpy.RawPy()
        raw.open_file(str(path))  # unlike from memory, LibRaw reads the headers alone, then the picture
        found = raw.extract_thumb()
        data = np.frombuffer(found.data, np.uint8) if found.format == rawpy.ThumbFormat.JPEG else found.data
        return Thumbnail(data, raw.sizes.flip, raw.sizes.width * raw.sizes.pixel_aspect / max(raw.sizes.height, 1))
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return None
    except rawpy.LibRawError as error:
        raise RawError(f"{path}: LibRaw cannot read it ({_reason(error)}); copy it from the card again") from error


def _reason(error: rawpy.LibRawError) -> str:
    return error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)


def _refuse_incomplete(frame: RawFrame, dng: Dng | None, path: Path) -> None:
    """Refuses truncated files that unpack without an error: what is missing is 0, or one row (lossy ARW) or value
    repeated.

    A DNG says where its picture lies. Of other files' mosaics the end is looked at: the noise of a sensor never repeats
    a row, except where all of it is saturated.
    """
    data, tail = frame.data, frame.data[-4:]
    missing = bool(data.max() == 0)
    if dng:
        missing = missing or not dng.complete
    elif tail.min() == tail.max():
        missing = missing or tail.max() < 0.9 * min(frame.white.min(), data.max())
    elif data.ndim == 2:
        missing = missing or bool((tail[1:] == tail[:-1]).all())
    if missing:
        raise IncompleteError(f"{path}: the last part of the picture is missing; copy it from the card again")


def _frame(raw: rawpy.RawPy, dng: Dng | None, path: Path) -> RawFrame:
    # raw.close() is not called: `data` is a view of LibRaw's memory and keeps `raw` alive, whose end frees both.
    colours = _colours(raw, path)
    (top, left, height, width), pattern = _area(raw, dng), None
    if raw.raw_type == rawpy.RawType.Flat:
        pattern = _pattern(raw, top, left, path)
    data = raw.raw_image[top : top + height, left : left + width]
    if dng and dng.compression == LOSSY:
        data = _unbent(data[..., :colours], dng, path)
    black, white = _levels(raw, dng, pattern, (top, left))
    gains, source = _white_balance(raw, colours)
    if len(set(white)) > 1:  # LibRaw's gains are then those of planes scaled to one white level
        gains = gains * (white - black)[:colours] / (white - black)[1]
    matrix, camera_from_xyz = _matrix(raw, colours)
    return RawFrame(
        data=data if pattern is not None else data[..., :colours],
        pattern=pattern,
        black=black,
        white=white,
        white_balance=gains,
        white_balance_source=source,
        matrix=matrix,
        camera_from_xyz=camera_from_xyz,
        kelvin=None if camera_from_xyz is None else np.array([KELVIN[_D65]]),
        exposure=dng.baseline_exposure if dng else 0.0,
        flip=FLIPS[dng.orientation] if dng else raw.sizes.flip,
        pixel_aspect=_pixel_aspect(raw),
        decoder="libraw",
    )


def _unbent(samples: NDArray[np.uint16], dng: Dng, path: Path) -> NDArray[np.float32]:
    """What a lossy DNG's file holds, 0 to 255: LibRaw has bent it by the polynomials of its opcodes, to whole levels.

    Where several numbers became one level, their mean comes back.
    """
    try:
        steps = list(opcodes.steps(dng.opcodes[1]))
    except ValueError as error:
        raise RawError(f"{path}: its list of opcodes is damaged ({error}); copy it from the card again") from error
    curves = [step for step in steps if isinstance(step, opcodes.Curve) and step.polynomial]
    if not curves:  # LibRaw then makes up a curve of its own
        sentence = f"{path}: LibRaw cannot decode lossy data without a curve; {way_out(dng=True)}"
        raise RawError(sentence, code=Code.UNSUPPORTED)
    out = samples.astype(np.float32)
    for curve in curves:
        for plane in range(curve.region.planes[0], min(sum(curve.region.planes), samples.shape[2])):
            bent = (curve.values[:: (opcodes.CURVE - 1) // 255] * 65535).astype(np.int64)  # (256,)
            levels, numbers = np.unique(bent, return_inverse=True)
            means = np.bincount(numbers, np.arange(256.0)) / np.bincount(numbers)
            out[..., plane] = np.interp(np.arange(65536), levels, means).astype(np.float32)[samples[..., plane]]
    return out


def _colours(raw: rawpy.RawPy, path: Path) -> int:
    """How many colours the camera tells apart; a sensor without a filter counts as one of three."""
    if raw.num_colors == 1 or (raw.num_colors == 3 and raw.color_desc.startswith(b"RGB")):
        return 3
    if raw.num_colors == 4 and len(set(raw.color_desc)) == 4:
        return 4
    colours = raw.color_desc.decode(errors="replace")
    sentence = f"{path}: a sensor with the colours {colours!r} is not supported; convert it to a linear DNG"
    raise RawError(sentence, code=Code.UNSUPPORTED)


def _area(raw: rawpy.RawPy, dng: Dng | None) -> tuple[int, int, int, int]:
    """Top, left, height and width of the picture in `raw_image`: a DNG's default crop, else the visible area."""
    sizes = raw.sizes
    if dng and dng.interleave != (1, 1):
        return 0, 0, *raw.raw_image.shape[:2]  # the picture is not yet in order
    if raw.raw_image.shape[1] < sizes.width:
        return _super_ccd(raw)
    top, left, height, width = _visible(raw, dng)
    if not dng:
        return top, left, height, width
    down, right, height, width = dng.cropped(height, width)
    return top + down, left + right, height, width


def _visible(raw: rawpy.RawPy, dng: Dng | None) -> tuple[int, int, int, int]:
    """Top, left, height and width of the visible area. LibRaw moves a DNG's to an even row."""
    sizes, whole = raw.sizes, raw.raw_image.shape
    if dng and dng.area:
        top, left, height, width = dng.area
        if min(top, left) >= 0 and min(height, width) > 0 and top + height <= whole[0] and left + width <= whole[1]:
            return dng.area
    return sizes.top_margin, sizes.left_margin, sizes.height, sizes.width


def _super_ccd(raw: rawpy.RawPy) -> tuple[int, int, int, int]:
    """The exposed part of a sensor turned by 45 degrees, in `raw_image`.

    LibRaw's sizes are of the picture on an upright grid, half of it empty. As stored, each row (or column) of such a
    sensor is shifted by half a sample against the one before, which averages over areas do not notice, and stands
    closer to it than samples stand in it, which a picture squashed to a square does not.
    """
    top, left = raw.sizes.top_margin, raw.sizes.left_margin
    height, width = raw.raw_image.shape
    return top, left, height - 2 * top, width - 2 * left


def _pixel_aspect(raw: rawpy.RawPy) -> float:
    """Width of a sample's place by its height: of a sensor turned by 45 degrees, 2 or a half (see `_super_ccd`)."""
    height, width = raw.raw_image.shape[:2]
    if width < raw.sizes.width:
        return 2.0 if height > width else 0.5
    return float(raw.sizes.pixel_aspect) or 1.0


def _pattern(raw: rawpy.RawPy, top: int, left: int, path: Path) -> NDArray[np.uint8]:
    """The filter's cell at that place of `raw_image`; one green place for a sensor without a filter."""
    try:
        cell = raw.raw_pattern
    except NotImplementedError as error:
        raise RawError(
            f"{path}: a colour filter of this kind ({error}) is not supported; convert it to a linear DNG"
        ) from error
    if raw.num_colors == 1 or cell is None:
        return np.ones((1, 1), dtype=np.uint8)
    down, across = cell.shape
    return np.array([[raw.raw_color(top + y, left + x) for x in range(across)] for y in range(down)], dtype=np.uint8)


def _levels(
    raw: rawpy.RawPy, dng: Dng | None, pattern: NDArray[np.uint8] | None, corner: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Black and white, both (4,). LibRaw's, and a DNG's own where LibRaw passes on but one of several."""
    black = np.array(raw.black_level_per_channel, dtype=np.float64)
    if dng and dng.compression == LOSSY:
        return np.full(4, dng.black.mean()), np.full(4, max(dng.white))
    white = float(raw.white_level)
    if white <= 255:  # an 8-bit file that LibRaw has stretched through its curve, its white level not
        white = max(white, float(raw.tone_curve[int(white)]))
    if dng and pattern is not None and max(dng.black.shape) > 2:
        from_area = np.subtract(_visible(raw, dng)[:2], corner)
        black = np.rint(black_of_colours(np.roll(dng.black[..., 0], from_area, axis=(0, 1)), pattern))
    if dng and pattern is None and len(dng.white) >= 3 and min(dng.white) > 0:
        return black, np.rint(white * np.array(dng.white[:3])[[0, 1, 2, 1]] / max(dng.white))
    return black, np.full(4, white)


def _white_balance(raw: rawpy.RawPy, colours: int) -> tuple[NDArray[np.float64], WhiteBalanceSource]:
    known: list[tuple[WhiteBalanceSource, list[float]]] = [("as shot", raw.camera_whitebalance)]
    if len(set(raw.daylight_whitebalance[:3])) > 1:  # of a camera that it does not know, LibRaw says 1, 1, 1
        known.append(("daylight", raw.daylight_whitebalance))
    return white_balance(known, colours)


def _matrix(raw: rawpy.RawPy, colours: int) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """The matrix (3, C) from the file's own, else from LibRaw's XYZ-to-camera matrix of the model, else none
    (identity); and that matrix of LibRaw's, for D65, (1, C, 3)."""
    own = np.array(raw.color_matrix, dtype=np.float64)[:, :colours]
    if own[0, 0] > 0:
        return own / own.sum(axis=1, keepdims=True), None
    camera_from_xyz = np.array(raw.rgb_xyz_matrix, dtype=np.float64)[:colours]
    if not camera_from_xyz.any():
        return np.eye(3), None
    return matrix_from_xyz(camera_from_xyz), camera_from_xyz[None]
