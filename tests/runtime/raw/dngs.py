"""Small DNGs with any tags (Adobe, DNG specification 1.7; TIFF 6.0), so that each thing that a DNG can say is tried."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL, DOUBLE = 1, 2, 3, 4, 5, 7, 10, 12
_FORMS = {BYTE: "B", ASCII: "B", SHORT: "H", LONG: "I", UNDEFINED: "B", DOUBLE: "d"}
Tags = Mapping[int, tuple[int, Any]]
"""TIFF type and values by tag."""

CAMERA = (0.9, -0.3, -0.1, -0.4, 1.3, 0.1, -0.05, 0.2, 0.6)
"""XYZ to camera."""
NEUTRAL = (0.5, 1.0, 0.6)
BLACK, WHITE = 256, 4095


def scene(height: int = 48, width: int = 64, seed: int = 0) -> NDArray[np.float64]:
    """Camera R, G, B (H, W, 3) of something smooth with noise, 0 to 1."""
    y, x = np.mgrid[0:height, 0:width] / [[[height]], [[width]]]
    planes = [0.05 + 0.5 * x * (1 - y), 0.05 + 0.4 * x * y + 0.15 * np.sin(6 * x) ** 2, 0.05 + 0.4 * (1 - x)]
    noise = np.random.default_rng(seed).normal(0, 0.004, (height, width, 3))
    return np.clip(np.stack(planes, -1) + noise, 0, 1)


def mosaic(picture: NDArray[Any]) -> NDArray[Any]:
    """(H, W): red, green; green, blue."""
    cell: NDArray[Any] = picture[..., 1].copy()
    cell[0::2, 0::2] = picture[0::2, 0::2, 0]
    cell[1::2, 1::2] = picture[1::2, 1::2, 2]
    return cell


def levels(light: NDArray[Any], black: float | NDArray[Any] = BLACK, white: float = WHITE) -> NDArray[np.uint16]:
    """Samples as a sensor holds light of 0 to 1."""
    whole: NDArray[np.uint16] = np.rint(light * (white - np.max(black)) + black).clip(0, 65535).astype(np.uint16)
    return whole


def dng(
    samples: NDArray[Any], tags: Tags | None = None, *, order: str = "<", bits: int = 0, stored: bytes | None = None
) -> bytes:
    """A DNG of a mosaic (H, W), or planes (H, W, 3), in one strip; `tags` add to, and replace, the usual, and leave out
    what has no values; `stored`: what stands from byte 8 on, where that is not the samples as they are.
    """
    planes = 1 if samples.ndim == 2 else samples.shape[2]
    bits = bits or 8 * samples.dtype.itemsize
    said: dict[int, tuple[int, Any]] = {
        **{254: (LONG, [0]), 256: (LONG, [samples.shape[1]]), 257: (LONG, [samples.shape[0]])},
        **{258: (SHORT, [bits] * planes), 259: (SHORT, [1]), 262: (SHORT, [32803 if planes == 1 else 34892])},
        **{271: (ASCII, b"autohdr\0"), 272: (ASCII, b"Simulated\0"), 274: (SHORT, [1]), 277: (SHORT, [planes])},
        **{278: (LONG, [samples.shape[0]]), 284: (SHORT, [1]), 306: (ASCII, b"2026:01:02 03:04:05\0")},
        **{50706: (BYTE, [1, 4, 0, 0]), 50707: (BYTE, [1, 1, 0, 0]), 50708: (ASCII, b"Simulated\0")},
        **{50714: (SHORT, [BLACK] * planes), 50717: (LONG, [WHITE] * planes), 50721: (SRATIONAL, CAMERA)},
        **{50728: (RATIONAL, NEUTRAL), 50778: (SHORT, [21])},
    }
    if planes == 1:
        said |= {33421: (SHORT, [2, 2]), 33422: (BYTE, [0, 1, 1, 2]), 50710: (BYTE, [0, 1, 2]), 50711: (SHORT, [1])}
    if samples.dtype.kind == "f":
        said[339] = (SHORT, [3] * planes)
    said |= tags or {}
    return _file(said, _packed(samples, bits, order) if stored is None else stored, order)


def _packed(samples: NDArray[Any], bits: int, order: str) -> bytes:
    if bits % 8 == 0:
        return samples.astype(f"{order}{samples.dtype.str[1:]}").tobytes()
    rows = samples.reshape(len(samples), -1)[..., None] >> np.arange(bits - 1, -1, -1) & 1
    return np.packbits(rows.reshape(len(samples), -1).astype(np.uint8), axis=1).tobytes()


def _file(said: dict[int, tuple[int, Any]], strip: bytes, order: str) -> bytes:
    out = bytearray(
        (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 0) + strip + b"\0" * (len(strip) % 2)
    )
    said = {273: (LONG, [8]), 279: (LONG, [len(strip)]), **said}
    rows = []
    for tag in sorted(said):
        kind, values = said[tag]
        if values is None:
            continue
        count, packed = _values(kind, values, order)
        if len(packed) > 4:
            place = len(out)
            out += packed + b"\0" * (len(packed) % 2)
            packed = struct.pack(order + "I", place)
        rows.append(struct.pack(order + "HHI4s", tag, kind, count, packed.ljust(4, b"\0")))
    struct.pack_into(order + "I", out, 4, len(out))
    return bytes(out + struct.pack(order + "H", len(rows)) + b"".join(rows) + bytes(4))


def _values(kind: int, values: bytes | Sequence[float], order: str) -> tuple[int, bytes]:
    if isinstance(values, bytes):
        return len(values), values
    if kind in (RATIONAL, SRATIONAL):
        sign = "I" if kind == RATIONAL else "i"
        return len(values), b"".join(struct.pack(order + 2 * sign, round(one * 1e6), 1_000_000) for one in values)
    return len(values), struct.pack(f"{order}{len(values)}{_FORMS[kind]}", *values)


def opcodes(*steps: tuple[int, bytes], optional: bool = False) -> bytes:
    """An opcode list of numbers and contents."""
    packed = (struct.pack(">4I", number, 0x01030000, optional, len(content)) + content for number, content in steps)
    return struct.pack(">I", len(steps)) + b"".join(packed)


def region(
    shape: Sequence[int], start: tuple[int, int] = (0, 0), pitch: int = 1, plane: tuple[int, int] = (0, 1)
) -> bytes:
    """The samples that an opcode is for: from a corner on, every n-th, of so many planes."""
    return struct.pack(">8I", *start, *shape[:2], *plane, pitch, pitch)


def gain_map(where: bytes, gains: NDArray[Any]) -> tuple[int, bytes]:
    """Opcode 9: gains (points down, across[, planes]) from border to border."""
    gains = gains[..., None] if gains.ndim == 2 else gains
    down, across, planes = gains.shape
    places = struct.pack(">2I4dI", down, across, 1 / max(down - 1, 1), 1 / max(across - 1, 1), 0.0, 0.0, planes)
    return 9, where + places + gains.astype(">f4").tobytes()
