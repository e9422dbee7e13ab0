"""The sensor data of a file that holds them as lossless JPEG of the plainest form, in a few parts.

What is damaged, or of another form, is None here, and whoever asks asks another decoder: so no decoder's refusal is
lost, and nothing is read that it would not have read.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.ljpeg.header import Header, read_header
from autohdr.raw.ljpeg.memory import Memory
from autohdr.raw.ljpeg.samples import Target
from autohdr.raw.ljpeg.stream import Scratch, decode, new_scratch

MOST_HEADER = 4096
"""Bytes that are looked at for a stream's header."""
MOST_PARTS = 16
"""The most tiles of a picture that are decoded here: one in 204 tiles of 50 KB other decoders read as fast."""


class Part(NamedTuple):
    """A stream, and the place of the picture that it holds, in pixels."""

    offset: int
    length: int
    """Bytes of the file."""
    left: int
    top: int
    width: int
    height: int


def decode_parts(
    data: bytes,
    parts: Sequence[Part],
    shape: tuple[int, int, int],
    slices: Sequence[int] = (),
    memory: Memory | None = None,
) -> NDArray[np.uint16] | None:
    """Samples (H, W * planes) from all parts of a picture; None where one is not decoded here.

    Args:
        data: the file.
        parts: what fills the picture.
        shape: height, width and planes of the picture, a mosaic having one.
        slices: of a picture in one part, how wide the slices are, in pixels, in which its samples follow each other;
            empty for the whole width.
        memory: where they go, if not into memory of their own.
    """
    height, width, planes = shape
    if not _fill(len(data), parts, shape) or (slices and (len(parts) != 1 or planes != 1 or sum(slices) != width)):
        return None
    headers = [read_header(memoryview(data)[part.offset :][: min(part.length, MOST_HEADER)]) for part in parts]
    streams = [(part, header) for part, header in zip(parts, headers, strict=True) if header is not None]
    if len(streams) != len(parts) or not all(_fits(*stream, planes, bool(slices)) for stream in streams):
        return None
    out = (memory or Memory()).samples((height, width * planes))
    scratch = new_scratch()
    for part, header in streams:
        left, right = part.left * planes, (part.left + part.width) * planes
        into = out[part.top : part.top + part.height, left:right]
        if not _decode_part(np.frombuffer(data, np.uint8), part, header, into, slices or (right - left,), scratch):
            return None
    return out


def _fill(length: int, parts: Sequence[Part], shape: tuple[int, int, int]) -> bool:
    """Whether all parts lie in the file, and each in a place of its own of one grid, so that they fill the picture."""
    height, width, planes = shape
    if not 1 <= len(parts) <= MOST_PARTS or min(shape) < 1:
        return False
    across, down, covered = max(parts[0].width, 1), max(parts[0].height, 1), 0
    for part in parts:
        inside = part.left >= 0 and part.top >= 0 and 0 < part.width <= across and 0 < part.height <= down
        inside = inside and part.left + part.width <= width and part.top + part.height <= height
        stored = part.offset >= 0 and part.length > 0 and part.offset + part.length <= length
        if not inside or not stored or part.left % across or part.top % down:
            return False
        if part.width * part.height * planes > 8 * part.length:  # no code is shorter than a bit
            return False
        covered += part.width * part.height
    apart = len({(part.left, part.top) for part in parts}) == len(parts)
    return apart and covered == height * width


def _fits(part: Part, header: Header, planes: int, sliced: bool) -> bool:
    """Whether a stream has just the samples of its part; in slices, its rows may be of another width."""
    row, across = header.width * header.components, part.width * planes
    if sliced:
        return row * header.height == across * part.height
    return row == across and header.height == part.height


def _decode_part(
    data: NDArray[np.uint8],
    part: Part,
    header: Header,
    out: NDArray[np.uint16],
    slices: Sequence[int],
    scratch: Scratch,
) -> bool:
    """Decodes one stream to samples (H, W), which lie in rows of a larger picture; whether it was whole."""
    pitch, row = out.strides[0] // out.itemsize, header.width * header.components
    words = np.array([0, (1 << (header.bits - 1)) * 0x0001000100010001, 0, 0], np.uint64)
    target = Target(
        out=out.ctypes.data,
        place=np.zeros(5, np.int64),
        words=words,
        bits=words.ctypes.data + 2 * words.itemsize,
        widths=np.array(slices, np.int64),
        height=len(out),
        pitch=pitch,
        row=row,
        components=header.components,
    )
    table = header.table()
    addresses = tuple(held.ctypes.data for held in (data, table, scratch.piece, scratch.differences))
    begin, end = part.offset + header.begin, part.offset + part.length
    whole, bits = decode(data, begin, end, row * header.height, target, scratch, addresses)
    return bool(whole) and not int(bits) >> header.bits
