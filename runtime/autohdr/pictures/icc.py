"""Makes the ICC profile of a display's primaries, to embed in a picture.

A matrix profile of ICC.1:2022 (version 4): three colorants under D50, the adaptation from D65 (Bradford), and the sRGB
curve (IEC 61966-2-1) as a parametric curve of type 3 for all three channels. About 530 bytes, the same ones every time.
"""

import struct
from functools import cache

import numpy as np

from autohdr.develop.spaces import D50, D65, DisplayPrimaries, adaptation, between, to_xyz, xyz_of

_NAMES: dict[DisplayPrimaries, str] = {
    "srgb": "sRGB",
    "display-p3": "Display P3",
    "bt2020": "BT.2020 primaries, sRGB curve",
}
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


@cache
def profile(primaries: DisplayPrimaries) -> bytes:
    """Makes the ICC profile of these primaries with the sRGB curve."""
    colorants = to_xyz("prophoto") @ between(primaries, "prophoto")  # under D50, as profiles are
    curve = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + _fixed(*_SRGB_CURVE)
    tags = {
        b"desc": _text(_NAMES[primaries]),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": b"XYZ \0\0\0\0" + _fixed(*xyz_of(D50)),
        b"chad": b"sf32\0\0\0\0" + _fixed(*adaptation(D65, D50).ravel()),
        b"rXYZ": b"XYZ \0\0\0\0" + _fixed(*colorants[:, 0]),
        b"gXYZ": b"XYZ \0\0\0\0" + _fixed(*colorants[:, 1]),
        b"bXYZ": b"XYZ \0\0\0\0" + _fixed(*colorants[:, 2]),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    body = _tagged(tags)
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4sQI12s4s44x",
        128 + len(body),
        b"\0\0\0\0",
        0x04400000,
        *(b"mntr", b"RGB ", b"XYZ "),
        *(2026, 1, 1, 0, 0, 0),
        *(b"acsp", b"\0\0\0\0", 0, b"\0\0\0\0", b"\0\0\0\0", 0),
        0,  # perceptual
        _fixed(0.9642, 1.0, 0.8249),  # the white that the standard writes here
        b"\0\0\0\0",
    )
    return header + body


def _tagged(tags: dict[bytes, bytes]) -> bytes:
    """A profile's table of tags and their data; equal data stand there once."""
    table, data = struct.pack(">I", len(tags)), b""
    places: dict[bytes, int] = {}
    for name, value in tags.items():
        if value not in places:
            places[value] = 128 + 4 + 12 * len(tags) + len(data)
            data += value + bytes(-len(value) % 4)
        table += struct.pack(">4sII", name, places[value], len(value))
    return table + data


def _fixed(*values: float) -> bytes:
    """Numbers with 16 bits before the point and 16 behind it."""
    return struct.pack(f">{len(values)}i", *(int(np.rint(65536 * value)) for value in values))


def _text(words: str) -> bytes:
    encoded = words.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(encoded), 28) + encoded
