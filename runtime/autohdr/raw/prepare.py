"""RAW file to network input: the one preprocessing that training, export, runtime and benchmarks share."""

import math
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.stages.temperature import temperature_and_tint
from autohdr.develop.stages.white_balance import white_of
from autohdr.encoding import XYZ_FROM_SRGB, encode
from autohdr.errors import SettingsError
from autohdr.raw.baseline import baseline_exposure
from autohdr.raw.content import Content
from autohdr.raw.decode import decode, read_shot
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.frame import RawFrame, WhiteBalanceSource
from autohdr.raw.linear import to_linear
from autohdr.raw.scene import camera_of
from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec

READING = 3
"""The number of how files are read, raised whenever some files give another tensor because they are read more rightly,
though what a model has learnt from the others holds (else see `spec.VERSION`): for caches of prepared photos. 2: a
DNG's opcodes and black levels. 3: the white as shot."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A network's input, and where it comes from."""

    pixels: NDArray[np.float32]
    """(3, size, size)."""
    decoder: str
    """Name of the decoder that read the sensor data; `preview` for a preview."""
    white_balance: WhiteBalanceSource | None
    """Where the white balance comes from; None for a preview, which the camera has balanced."""
    shot: Shot
    """What the file says beside pixels."""
    brightness: float | None = None
    """log2 of the scene's median luminance, unedited, where 1 is the sensor's white as developing has it; None of a
    preview, or where it is 0."""


def prepare(path: str | PathLike[str], spec: InputSpec) -> NDArray[np.float32]:
    """The network input (3, size, size) of one RAW file, from the source that the spec names.

    Raises:
        RawError: the file cannot be read, decoded, or is of a kind not supported yet; or it lacks the preview that the
            spec asks for.
    """
    return prepare_photo(Path(path), spec).pixels


def prepare_photo(
    path: Path, spec: InputSpec, decoder: Decoder | None = None, data: bytes | Content | None = None
) -> Prepared:
    """The network input of one RAW file, and where it comes from; `decoder` and `data` as in
    `autohdr.raw.decode.decode`, not used for previews.

    Raises:
        RawError: as `prepare`.
    """
    if spec.source == "preview":
        from autohdr.raw.preview import read_preview  # brings LibRaw and Pillow, of which sensor data need none here

        linear = read_preview(path, spec.size)
        return Prepared(encode(linear, spec), "preview", None, read_shot(path))
    return prepare_decoded(decode(path, decoder, data), spec)


def prepare_decoded(frame: RawFrame, spec: InputSpec) -> Prepared:
    """The network input of decoded sensor data, and where it comes from.

    Raises:
        SettingsError: as `prepare_frame`.
    """
    linear = _linear(frame, spec)
    read = (frame.decoder, frame.white_balance_source, _with_white(frame))
    return Prepared(encode(linear, spec), *read, _brightness(linear, frame))


def prepare_frame(frame: RawFrame, spec: InputSpec) -> NDArray[np.float32]:
    """The network input (3, size, size) of decoded sensor data.

    Raises:
        SettingsError: the spec asks for previews, which sensor data do not hold.
    """
    return encode(_linear(frame, spec), spec)


def _linear(frame: RawFrame, spec: InputSpec) -> NDArray[np.float64]:
    if spec.source != "raw":
        raise SettingsError(f"input source is {spec.source!r}; sensor data can only be prepared for 'raw'")
    return to_linear(frame, spec.size)


def _with_white(frame: RawFrame) -> Shot:
    """What the file says of the shot, with the light that the camera balanced it for, where both are known."""
    camera = camera_of(frame) if frame.white_balance_source == "as shot" else None
    if camera is None:
        return frame.shot
    kelvin, tint = temperature_and_tint(white_of(camera))
    return Shot.from_dict({**frame.shot.to_dict(), "kelvin": kelvin, "tint": tint})


def _brightness(linear: NDArray[np.float64], frame: RawFrame) -> float | None:
    luminance = float(np.median(linear @ XYZ_FROM_SRGB[1]))
    return math.log2(luminance) + baseline_exposure(frame.shot, frame.dng) if luminance > 0 else None
