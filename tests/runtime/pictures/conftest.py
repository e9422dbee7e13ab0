"""Pictures to write, and a reader of gain maps that shares no code with the writer."""

import io
import struct
from dataclasses import dataclass

import numpy as np
import pytest
from lxml import etree
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop.picture import Picture
from autohdr.develop.rendering import Renditions

LEVELS = (0.02, 0.18, 1.0, 4.0)
"""Light of the four patches: dark, mid-grey, diffuse white, peak."""
PATCH = 64
HDRGM = "{http://ns.adobe.com/hdr-gain-map/1.0/}"


def patches(levels: tuple[float, ...] = LEVELS) -> NDArray[np.float32]:
    """Grey squares side by side, (PATCH, 4 * PATCH, 3)."""
    return np.repeat(np.repeat(np.array([levels], np.float32), PATCH, 0), PATCH, 1)[..., None].repeat(3, 2)


def middles(light: NDArray[np.floating]) -> NDArray[np.float64]:
    """(4, 3), the middle pixel of each patch."""
    return np.array([light[PATCH // 2, PATCH * k + PATCH // 2, :3] for k in range(len(LEVELS))], np.float64)


@pytest.fixture
def both() -> Renditions:
    """Both renditions of grey patches."""
    hdr = patches()
    return Renditions(
        Picture((hdr * (1 + hdr / 16) / (1 + hdr)).astype(np.float32), "display-p3"),
        Picture(hdr, "display-p3", 4.0),
    )


@dataclass
class Segments:
    """The segments of a JPEG: their markers and data, and where each begins."""

    listed: list[tuple[int, bytes, int]]

    def starting(self, marker: int, mark: bytes) -> tuple[bytes, int]:
        """The data behind `mark` of the one segment that starts so, and where that data begins."""
        (match,) = [(data, start) for kind, data, start in self.listed if kind == marker and data.startswith(mark)]
        return match[0][len(mark) :], match[1] + 4 + len(mark)


def segments(data: bytes) -> Segments:
    """The segments before the scan."""
    assert data[:2] == b"\xff\xd8"
    listed, at = [], 2
    while data[at + 1] != 0xDA:
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        listed.append((data[at + 1], data[at + 4 : at + 2 + size], at))
        at += 2 + size
    return Segments(listed)


def second_image(data: bytes) -> bytes:
    """The picture that the MPF index points to."""
    block, start = segments(data).starting(0xE2, b"MPF\0")
    assert block[:8] == b"MM\0*\0\0\0\x08"
    (count,) = struct.unpack(">H", block[8:10])
    fields = {}
    for field in range(count):
        tag, _, _, value = struct.unpack(">HHI4s", block[10 + 12 * field : 22 + 12 * field])
        fields[tag] = value
    assert fields[0xB000] == b"0100"
    assert int.from_bytes(fields[0xB001], "big") == 2
    entries = int.from_bytes(fields[0xB002], "big")
    (_, first_size, first_at, _, _), (_, size, offset, _, _) = struct.iter_unpack(
        ">IIIHH", block[entries : entries + 32]
    )
    assert first_at == 0
    assert first_size == start + offset, "the second picture does not follow the first"
    assert start + offset + size == len(data)
    return data[start + offset :]


def xmp(data: bytes) -> etree._Element:
    """The XMP document of a JPEG."""
    return etree.fromstring(segments(data).starting(0xE1, b"http://ns.adobe.com/xap/1.0/\0")[0])


def pixels(data: bytes) -> NDArray[np.float64]:
    """The codes of a JPEG, 0 to 1."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float64) / 255


def applied(data: bytes) -> NDArray[np.float64]:
    """The HDR rendition, from the base and the hdrgm XMP of the map (same size as the map, by the nearest pixel)."""
    second = second_image(data)
    description = next(node for node in xmp(second).iter() if HDRGM + "Version" in node.attrib)

    def value(name: str) -> float:
        return float(description.get(HDRGM + name, "nan"))

    code, base = pixels(second), pixels(data)
    shrink = -(-base.shape[0] // code.shape[0])
    base = base[::shrink, ::shrink]
    sdr = np.where(base <= 0.04045, base / 12.92, ((base + 0.055) / 1.055) ** 2.4)
    gain = value("GainMapMin") + (value("GainMapMax") - value("GainMapMin")) * code
    return (sdr + value("OffsetSDR")) * 2**gain - value("OffsetHDR")


def without_iso(data: bytes) -> bytes:
    """The gain-map JPEG as it was before ISO 21496-1: without its two blocks, the index mended."""
    second = second_image(data)
    base, second = _without_block(data[: -len(second)]), _without_block(second)
    index = base.index(b"MPF\0") + 4
    entries = index + 8 + 2 + 3 * 12 + 4
    for at, size in {4: len(base), 20: len(second), 24: len(base) - index}.items():
        base = base[: entries + at] + size.to_bytes(4, "big") + base[entries + at + 4 :]
    assert second_image(base + second) == second
    return base + second


def _without_block(data: bytes) -> bytes:
    start = data.index(b"urn:iso:std:iso:ts:21496:-1\0") - 4
    size = 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    return data[:start] + data[start + size :]
