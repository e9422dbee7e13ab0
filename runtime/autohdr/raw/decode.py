"""RAW files to sensor data, through the decoders that there are."""

from functools import cache
from pathlib import Path
from typing import Literal, get_args

from autohdr.errors import RawError, SettingsError
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.auto import AutoDecoder
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.decoders.libraw import LibRawDecoder
from autohdr.raw.frame import RawFrame

SMALLEST = 6
"""Pixels: one cell of the largest colour filter."""

DecoderName = Literal["auto", "libraw", "flashraw"]


def open_decoder(name: DecoderName = "auto") -> Decoder:
    """The decoder of that name; `auto` is flashraw, checked by LibRaw, where it is installed, else LibRaw.

    Raises:
        SettingsError: it is unknown, or not installed.
    """
    if name not in get_args(DecoderName):
        raise SettingsError(f"decoder is {name!r}; expected one of {', '.join(get_args(DecoderName))}")
    if name == "libraw" or (name == "auto" and not flashraw.installed()):
        return LibRawDecoder()
    fast = flashraw.FlashrawDecoder()
    return fast if name == "flashraw" else AutoDecoder(fast, LibRawDecoder())


def decode(path: Path, decoder: Decoder | None = None) -> RawFrame:
    """The sensor data of one RAW file with its description.

    Args:
        path: the file.
        decoder: who decodes it; None for `auto`, which checks each kind of file once in a process.

    Raises:
        RawError: the file cannot be read, no decoder can decode it, or its kind is not supported yet.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RawError(f"{path}: cannot be read ({error.strerror}); check that it exists and may be opened") from error
    frame = (decoder or _default()).decode(data, path)
    height, width = frame.data.shape[:2]
    if min(height, width) < SMALLEST:
        raise RawError(f"{path}: holds {width} x {height} pixels; expected at least {SMALLEST} x {SMALLEST}")
    return frame


@cache
def _default() -> Decoder:
    return open_decoder()
