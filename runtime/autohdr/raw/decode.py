"""RAW files to sensor data, through the decoders that there are."""

import errno
import hashlib
import stat
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np

from autohdr.codes import Code
from autohdr.errors import RawError, SettingsError
from autohdr.files.look import status
from autohdr.files.whole import next_step
from autohdr.objects import listing, whole
from autohdr.objects.path import ObjectPath
from autohdr.objects.ranges import ObjectFile
from autohdr.objects.store import BadKeyError
from autohdr.raw.content import Content, read_all, read_without_previews
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.auto import AutoDecoder
from autohdr.raw.decoders.base import Alone, Decoder, is_failure
from autohdr.raw.decoders.contained import ContainedDecoder
from autohdr.raw.decoders.described import as_described
from autohdr.raw.decoders.dng import read_dng
from autohdr.raw.frame import MOST_STOPS, RawFrame, Thumbnail
from autohdr.raw.whole import refuse_incomplete, refuse_long_runs
from autohdr.shot.read import shot_in, shot_of
from autohdr.shot.shot import Shot
from autohdr.words import DecoderName

LARGEST = 2 << 30
"""Bytes: what else is called like a RAW file, a video or a disk image, is not read into memory."""
SMALLEST = 6
"""Pixels: one cell of the largest colour filter."""


def open_decoder(name: DecoderName = "auto") -> Decoder:
    """The decoder of that name; `auto` is flashraw where it is installed and was compared with LibRaw, else LibRaw.

    Raises:
        SettingsError: it is unknown, or not installed.
    """
    if name not in get_args(DecoderName):
        raise SettingsError(f"decoder is {name!r}; expected one of {', '.join(get_args(DecoderName))}")
    if name == "libraw" or (name == "auto" and not flashraw.installed()):
        return ContainedDecoder()
    fast = flashraw.FlashrawDecoder()
    return fast if name == "flashraw" else AutoDecoder(fast, ContainedDecoder())


def decode(path: Path, decoder: Decoder | None = None, data: bytes | Content | None = None) -> RawFrame:
    """The sensor data of one RAW file with its description.

    Where its previews were left out, only a plain success counts: all else, and every sentence, is of the whole file.

    Args:
        path: the file.
        decoder: who decodes it; None for `auto`.
        data: what the file holds, where that has been read already, or what `read_for` has read of it.

    Raises:
        IncompleteError: a part of its picture is missing or damaged.
        RawError: the file cannot be read, no decoder can decode it, or its kind is not supported.
    """
    decoder = decoder or _default()
    if data is None:
        data = read_for(path, decoder)
    if isinstance(data, Content):
        if data.left_out:
            frame = _decoded_alone(data, decoder, path)
            return _decoded(read(path), decoder, path) if frame is None else frame
        data = data.data
    return _decoded(data, decoder, path)


def _decoded(data: bytes, decoder: Decoder, path: Path) -> RawFrame:
    try:
        frame = decoder.decode(data, path)
    except RawError as error:
        raise type(error)(_one_line(str(error)), code=error.code) from error
    except BaseException as error:  # a decoder's own bug, or no memory for what a header promises: this photo's matter
        if not is_failure(error):
            raise
        reason = _one_line(f"{type(error).__name__}: {error}")
        raise RawError(f"{path}: its decoder failed ({reason}); copy it from the card again, or report it") from error
    _refuse_form(frame, path)
    refuse_incomplete(data, frame, path)
    return _described(frame, data, path)


def _decoded_alone(content: Content, decoder: Decoder, path: Path) -> RawFrame | None:
    """The frame where previews, which were not read, do not matter; None where the whole file is to be read."""
    if not isinstance(decoder, Alone):
        return None
    try:
        refuse_long_runs(content.data, content.left_out, path)
        frame = decoder.decode_alone(content.data, path)
        if frame is None:
            return None
        _refuse_form(frame, path)
        refuse_incomplete(None, frame, path)
        return _described(frame, content.data, path)
    except BaseException as error:
        if not is_failure(error):
            raise
        return None


def _described(frame: RawFrame, data: bytes, path: Path) -> RawFrame:
    """The frame with what the file's tags say beside samples."""
    if (dng := read_dng(data)) is not None:
        frame = as_described(frame, dng, path)
        _refuse_form(frame, path)
    _refuse_levels(frame, path)
    return replace(frame, shot=shot_of(data), dng=dng is not None)


def _one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def read(path: Path) -> bytes:
    """What a RAW file holds.

    Raises:
        RawError: it cannot be read.
    """
    with _readable(path):
        if not isinstance(path, ObjectPath):
            return read_all(path)
        held = whole.get(path, LARGEST)
        if held is None:
            deque(listing.names(path), maxlen=0)  # raises what is wrong with a folder that cannot be searched
            raise FileNotFoundError(errno.ENOENT, "there is no such object")
        _refuse_size(path, held.size)
        return held.data


def read_for(path: Path, decoder: Decoder) -> Content:
    """What a decoder needs of a RAW file.

    Raises:
        RawError: it cannot be read.
    """
    if isinstance(path, ObjectPath) or not isinstance(decoder, Alone):
        return Content(read(path), [])
    with _readable(path):
        return read_without_previews(path)


def content_of(path: Path) -> str:
    """What tells a RAW file's bytes from others', in hexadecimal: a digest of them; of an object, of what its server
    knows of it, since reading it costs a transfer.

    Raises:
        RawError: it cannot be read.
    """
    with _readable(path):
        if isinstance(path, ObjectPath):
            return hashlib.sha256(f"{path} {status(path)}".encode()).hexdigest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def read_thumbnail(path: Path) -> Thumbnail | None:
    """The largest picture embedded in a RAW file, of which only a small part is read; None where it has none.

    Raises:
        RawError: the file cannot be read, or LibRaw, which hands the picture over, refuses it.
    """
    with _readable(path):
        if isinstance(path, ObjectPath):
            return _thumbnail_of_object(path)
        path.open("rb").close()
        return ContainedDecoder().thumbnail(path)


def _thumbnail_of_object(path: ObjectPath) -> Thumbnail | None:
    """Reads the embedded picture of an object, which LibRaw is handed in a file."""
    data = read(path)
    with tempfile.TemporaryDirectory(prefix="autohdr-") as folder:
        file = Path(folder) / f"photo{path.suffix}"
        file.write_bytes(data)
        return ContainedDecoder().thumbnail(file)


def read_shot(path: Path) -> Shot:
    """What a RAW file says beside pixels, of which only headers are read.

    Raises:
        RawError: the file cannot be read.
    """
    with _readable(path), ObjectFile(path) if isinstance(path, ObjectPath) else path.open("rb") as file:
        return shot_in(file)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """One sentence on a file that cannot be read, with what the system says."""
    try:
        if not isinstance(path, ObjectPath):
            _refuse_kind(path)
        yield
    except BadKeyError as error:
        sentence = f"{path}: not all of it can be listed ({error.strerror}); give that object another key"
        raise RawError(sentence, code=Code.UNREADABLE) from error
    except OSError as error:
        step = next_step(error) if isinstance(path, ObjectPath) else "check that it exists and may be opened"
        raise RawError(f"{path}: cannot be read ({error.strerror}); {step}", code=Code.UNREADABLE) from error


def _refuse_kind(path: Path) -> None:
    """Refuses what is no file, or none of a photo."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise RawError(f"{path}: this folder cannot be searched; check its permissions", code=Code.UNREADABLE)
    if not stat.S_ISREG(found.st_mode):
        raise RawError(f"{path}: is neither a file nor a folder; name another", code=Code.UNREADABLE)
    _refuse_size(path, found.st_size)


def _refuse_size(path: Path, size: int) -> None:
    if size > LARGEST:
        sentence = f"{path}: is larger than {LARGEST >> 30} GiB, which no RAW file is; name another"
        raise RawError(sentence, code=Code.UNREADABLE)


def _refuse_form(frame: RawFrame, path: Path) -> None:
    """Refuses a frame whose parts do not go together, so that the arithmetic behind finds what it expects."""
    height, width = frame.data.shape[:2]
    if min(height, width) < SMALLEST:
        raise RawError(f"{path}: holds {width} x {height} pixels; expected at least {SMALLEST} x {SMALLEST}")
    colours = frame.white_balance.size
    form = (height, width) if frame.pattern is not None else (height, width, colours)
    if frame.data.shape != form or frame.matrix.shape != (3, colours):
        raise RawError(
            f"{path}: holds samples {frame.data.shape} of {colours} colours, which do not go together; it is damaged, "
            "copy it from the card again"
        )
    if frame.pattern is not None and frame.pattern.size > 1:
        seen = {1 if place == 3 and colours == 3 else int(place) for place in frame.pattern.flat}
        if seen != set(range(colours)):
            raise RawError(
                f"{path}: its colour filter lacks a colour ({frame.pattern.tolist()}); it is damaged, copy it from the "
                "card again"
            )


def _refuse_levels(frame: RawFrame, path: Path) -> None:
    """Refuses a frame whose levels, gains or matrix are impossible, so that nothing is divided by zero."""
    described = np.concatenate([frame.black, frame.white, frame.white_balance, frame.matrix.ravel(), [frame.exposure]])
    possible = np.isfinite(described).all() and (frame.white > frame.black).all() and frame.white_balance.min() > 0
    if not possible or abs(frame.exposure) > MOST_STOPS:
        raise RawError(
            f"{path}: its levels are impossible (black {frame.black}, white {frame.white}, white balance "
            f"{frame.white_balance}, exposure {frame.exposure}); it is damaged, copy it from the card again"
        )
    if frame.data.dtype.kind == "f" and not np.isfinite(frame.data).all():
        raise RawError(f"{path}: holds samples that are no finite numbers; it is damaged, copy it from the card again")


@cache
def _default() -> Decoder:
    return open_decoder()
