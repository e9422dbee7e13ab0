"""RAW files to sensor data, through the decoders that there are."""

from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np

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
    data = _read(path)
    try:
        frame = (decoder or _default()).decode(data, path)
    except RawError:
        raise
    except (
        Exception
    ) as error:  # a decoder's own bug, or no memory for what a header promises: this photo's matter alone
        raise RawError(
            f"{path}: its decoder failed ({type(error).__name__}: {error}); copy it from the card again, or report it"
        ) from error
    _refuse_impossible(frame, path)
    return frame


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise RawError(f"{path}: this folder cannot be searched; check its permissions")
        if path.exists() and not path.is_file():
            raise RawError(f"{path}: is neither a file nor a folder; name another")
        return path.read_bytes()
    except OSError as error:
        raise RawError(f"{path}: cannot be read ({error.strerror}); check that it exists and may be opened") from error


def _refuse_impossible(frame: RawFrame, path: Path) -> None:
    """What holds for every decoder's frame, so that the arithmetic behind never divides by zero."""
    height, width = frame.data.shape[:2]
    if min(height, width) < SMALLEST:
        raise RawError(f"{path}: holds {width} x {height} pixels; expected at least {SMALLEST} x {SMALLEST}")
    described = np.concatenate([frame.black, [frame.white], frame.white_balance, frame.matrix.ravel()])
    if not np.isfinite(described).all() or frame.white <= frame.black.max() or frame.white_balance.min() <= 0:
        raise RawError(
            f"{path}: its levels are impossible (black {frame.black}, white {frame.white:g}, white balance "
            f"{frame.white_balance}); it is damaged, copy it from the card again"
        )


@cache
def _default() -> Decoder:
    return open_decoder()
