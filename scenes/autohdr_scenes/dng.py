"""Writes RAW frames as DNG files (Adobe, DNG specification 1.4.0.0; TIFF 6.0; Exif 2.3).

One little-endian TIFF directory holds the picture in one strip, one more holds its Exif data. The same frame gives the
same bytes.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr.files.whole import write_atomically
from autohdr.raw.frame import RawFrame, Samples
from autohdr.shot.shot import Shot
from autohdr_scenes.camera import MAKE, Camera
from autohdr_scenes.ljpeg import encode

Compression = Literal["none", "ljpeg"]

_ORIENTATION = {0: 1, 1: 2, 3: 3, 2: 4, 4: 5, 6: 6, 7: 7, 5: 8}
"""TIFF's number of each of LibRaw's flips."""

_D65 = 21

# TIFF types.
_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _SRATIONAL = 1, 2, 3, 4, 5, 10
_FORMATS = {_BYTE: "B", _ASCII: "B", _SHORT: "H", _LONG: "I", _RATIONAL: "II", _SRATIONAL: "ii"}

_Entry = tuple[int, int, Sequence[float]]
"""Tag, type, values."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How a file holds its samples, where that is not the plainest way."""

    crop: tuple[int, int, int, int] | None = None
    """Default crop: top, left, height and width in the frame."""
    masked: tuple[int, int] = (0, 0)
    """Rows above and columns to the left of the frame that no light reaches, at black level."""
    table: NDArray[np.uint16] | None = None
    """Linearisation: (N,), rising; what the file holds are places in it."""
    black: NDArray[np.float64] | None = None
    """(P, Q), black of a cell of its own; None for one level a colour, as in the frame."""
    eight_bits: bool = False
    """Whole samples are bytes."""
    pixel_aspect: float = 1.0
    """Width of a pixel over its height."""
    as_shot: bool = True
    """The file names its white balance."""


PLAIN = Layout()


def write_dng(
    path: Path,
    frame: RawFrame,
    camera: Camera,
    *,
    compression: Compression = "ljpeg",
    layout: Layout = PLAIN,
) -> None:
    """Writes one frame as a DNG file, whole or not at all. A file of that name is replaced.

    Args:
        path: the file.
        frame: what the sensor recorded, how the camera was held, and what it wrote down of the shot.
        camera: its name and colour.
        compression: `none`, or `ljpeg`, lossless JPEG.
        layout: how the file holds them.

    Raises:
        SettingsError: an unknown compression, lossless JPEG of floating-point numbers, or a mosaic of odd width.
    """
    if compression not in get_args(Compression):
        raise SettingsError(f"compression is {compression!r}; expected one of {', '.join(get_args(Compression))}")
    if compression == "ljpeg" and frame.data.dtype.kind == "f":
        raise SettingsError("lossless JPEG holds no floating-point numbers; use no compression")
    if frame.pattern is not None and (frame.data.shape[1] + layout.masked[1]) % 2:
        raise SettingsError(f"a mosaic is {frame.data.shape[1]} pixels wide; expected an even number")
    samples = _samples(frame, layout)
    main = _directory(frame, camera, compression, layout, samples)
    write_atomically(path, _tiff(main, _exif(frame.shot), _strip(samples, compression, layout)))


def _samples(frame: RawFrame, layout: Layout) -> Samples:
    """What the file holds: the frame's samples, behind the linearisation table and the masked ones."""
    down, across = layout.masked
    rest = frame.data.shape[2:]
    whole = np.zeros((frame.data.shape[0] + down, frame.data.shape[1] + across, *rest), frame.data.dtype)
    whole[:] = round(frame.black.mean())
    whole[down:, across:] = frame.data
    if layout.table is None:
        return whole
    return np.searchsorted(layout.table, whole).clip(max=len(layout.table) - 1).astype(np.uint16)


def _bits(samples: Samples, layout: Layout) -> int:
    return 8 if layout.eight_bits else 8 * samples.dtype.itemsize


def _strip(samples: Samples, compression: Compression, layout: Layout) -> bytes:
    if compression == "none":
        kind = "f" if samples.dtype == np.float32 else "u"
        return samples.astype(f"<{kind}{_bits(samples, layout) // 8}").tobytes()
    # A mosaic's two columns are two components: each is predicted from its own colour.
    pairs = samples.reshape(len(samples), -1, 2) if samples.ndim == 2 else samples
    return encode(pairs.astype(np.uint16, copy=False))


def _directory(
    frame: RawFrame, camera: Camera, compression: Compression, layout: Layout, samples: Samples
) -> list[_Entry]:
    height, width = samples.shape[:2]
    planes = samples.shape[2] if samples.ndim == 3 else 1
    entries: list[_Entry] = [
        (254, _LONG, [0]),  # NewSubFileType: the main picture
        (256, _LONG, [width]),
        (257, _LONG, [height]),
        (258, _SHORT, [_bits(samples, layout)] * planes),  # BitsPerSample
        (259, _SHORT, [1 if compression == "none" else 7]),
        (262, _SHORT, [32803 if _has_filter(frame) else 34892]),  # PhotometricInterpretation: CFA, LinearRaw
        (271, _ASCII, _text(frame.shot.make or MAKE)),
        (272, _ASCII, _text(frame.shot.model or camera.name)),
        (274, _SHORT, [_ORIENTATION[frame.flip]]),
        (277, _SHORT, [planes]),  # SamplesPerPixel
        (278, _LONG, [height]),  # RowsPerStrip
        (284, _SHORT, [1]),  # PlanarConfiguration: interleaved
        (50706, _BYTE, [1, 4, 0, 0]),  # DNGVersion
        (50707, _BYTE, [1, 1, 0, 0]),  # DNGBackwardVersion
        (50708, _ASCII, _text(f"{MAKE} {camera.name}")),  # UniqueCameraModel
        (50717, _LONG, [round(level) for level in frame.white[:planes]]),  # WhiteLevel
        (50721, _SRATIONAL, _ratios(camera.xyz_to_camera.ravel())),  # ColorMatrix1
        (50778, _SHORT, [_D65]),  # CalibrationIlluminant1
        (50829, _LONG, [*layout.masked, height, width]),  # ActiveArea
    ]
    return entries + _filter(frame, layout, planes) + _optional(frame, layout, samples)


def _filter(frame: RawFrame, layout: Layout, planes: int) -> list[_Entry]:
    """The colour filter, and the black levels of its places."""
    if frame.pattern is None or not _has_filter(frame):
        return [(50714, _RATIONAL, _ratios(frame.black[:planes]))]  # BlackLevel
    colours = frame.matrix.shape[1]
    black = frame.black[frame.pattern] if layout.black is None else layout.black
    return [
        (33421, _SHORT, list(frame.pattern.shape)),  # CFARepeatPatternDim
        (33422, _BYTE, np.where(frame.pattern >= colours, 1, frame.pattern).ravel().tolist()),  # CFAPattern
        (50710, _BYTE, list(range(colours))),  # CFAPlaneColor: red, green, blue, cyan
        (50711, _SHORT, [1]),  # CFALayout: rectangular
        (50713, _SHORT, list(black.shape)),  # BlackLevelRepeatDim
        (50714, _RATIONAL, _ratios(black.ravel())),  # BlackLevel
    ]


def _has_filter(frame: RawFrame) -> bool:
    return frame.pattern is not None and frame.pattern.size > 1


def _optional(frame: RawFrame, layout: Layout, samples: Samples) -> list[_Entry]:
    """The tags that a file need not have."""
    entries: list[_Entry] = []
    if frame.shot.captured is not None:
        entries.append((306, _ASCII, _text(_time(frame.shot.captured))))  # DateTime
    if layout.as_shot:
        neutral = 1.0 / frame.white_balance
        entries.append((50728, _RATIONAL, _ratios(neutral / neutral.max())))  # AsShotNeutral
    if samples.dtype.kind == "f":
        entries.append((339, _SHORT, [3] * (samples.size // (samples.shape[0] * samples.shape[1]))))  # SampleFormat
    if layout.table is not None:
        entries.append((50712, _SHORT, layout.table.tolist()))  # LinearizationTable
    if layout.pixel_aspect != 1:
        entries.append((50718, _RATIONAL, _ratios([layout.pixel_aspect, 1.0])))  # DefaultScale
    if layout.crop is not None:
        top, left, height, width = layout.crop
        entries += [(50719, _LONG, [left, top]), (50720, _LONG, [width, height])]  # DefaultCropOrigin, DefaultCropSize
    if frame.exposure:
        entries.append((50730, _SRATIONAL, _ratios([frame.exposure])))  # BaselineExposure
    return entries


def _exif(shot: Shot) -> list[_Entry]:
    """What the camera wrote down of the shot."""
    entries: list[_Entry] = [(36864, _BYTE, list(b"0230"))]  # ExifVersion
    if shot.exposure_time is not None:
        entries.append((33434, _RATIONAL, _ratios([shot.exposure_time])))  # ExposureTime
    if shot.aperture is not None:
        entries.append((33437, _RATIONAL, _ratios([shot.aperture])))  # FNumber
    if shot.iso is not None:
        entries.append((34855, _SHORT, [min(round(shot.iso), 65535)]))  # PhotographicSensitivity
        if shot.iso > 65535:
            entries.append((34866, _LONG, [round(shot.iso)]))  # RecommendedExposureIndex
    if shot.captured is not None:
        entries.append((36867, _ASCII, _text(_time(shot.captured))))  # DateTimeOriginal
    if shot.compensation is not None:
        entries.append((37380, _SRATIONAL, _ratios([shot.compensation])))  # ExposureBiasValue
    if shot.flash is not None:
        entries.append((37385, _SHORT, [int(shot.flash)]))  # Flash
    if shot.focal_length is not None:
        entries.append((37386, _RATIONAL, _ratios([shot.focal_length])))  # FocalLength
    return entries


def _tiff(main: list[_Entry], exif: list[_Entry], strip: bytes) -> bytes:
    """Header, main directory, Exif directory, strip."""
    # Offsets do not change a directory's size: laid out once to measure, once to write.
    offsets = [8, 0, 0]
    for _ in range(2):
        pointers: list[_Entry] = [(273, _LONG, [offsets[2]]), (279, _LONG, [len(strip)]), (34665, _LONG, [offsets[1]])]
        first = _layout(main + pointers, offsets[0])
        second = _layout(exif, offsets[1])
        offsets = [8, 8 + len(first), 8 + len(first) + len(second)]
    return b"II*\0" + struct.pack("<I", offsets[0]) + first + second + strip


def _layout(entries: list[_Entry], start: int) -> bytes:
    """One directory, sorted by tag, then the values that do not fit into it, each at an even offset."""
    rows, values = [], b""
    after = start + 2 + 12 * len(entries) + 4
    for tag, kind, content in sorted(entries):
        packed = struct.pack(f"<{len(content)}{_FORMATS[kind][0]}", *content)
        count = len(content) // len(_FORMATS[kind])
        if len(packed) > 4:
            rows.append(struct.pack("<HHII", tag, kind, count, after + len(values)))
            values += packed + b"\0" * (len(packed) % 2)
        else:
            rows.append(struct.pack("<HHI4s", tag, kind, count, packed.ljust(4, b"\0")))
    return struct.pack("<H", len(rows)) + b"".join(rows) + b"\0\0\0\0" + values


def _text(text: str) -> list[int]:
    return list(text.encode("ascii") + b"\0")


def _time(captured: float) -> str:
    return datetime.fromtimestamp(captured, UTC).strftime("%Y:%m:%d %H:%M:%S")


def _ratios(values: Sequence[float] | NDArray[np.float64]) -> list[int]:
    """Numerators and denominators, to better than a millionth."""
    parts = (Fraction(float(value)).limit_denominator(1_000_000) for value in values)
    return [number for part in parts for number in (part.numerator, part.denominator)]
