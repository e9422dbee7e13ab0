"""What Sigma's X3F files say of the shot: properties as text (SD9 to SD14), or Exif in their JPEG picture (later ones).

The last four bytes say where the directory stands (Foveon's X3F format, version 2).
"""

import struct
from collections.abc import Iterator
from functools import reduce

from autohdr.shot.containers import MAX_PARTS, read_jpeg
from autohdr.shot.shot import NOTHING, Shot
from autohdr.tiff import Read

_PROPERTIES = {
    "iso": "ISO",
    "aperture": "APERTURE",
    "exposure_time": "SHUTTER",
    "compensation": "EXPCOMP",
    "focal_length": "FLENGTH",
    "captured": "TIME",
}
"""Names of the properties that hold numbers."""
_PICTURE_HEAD, _PROPERTIES_HEAD = 28, 24
MAX_PICTURES = 4
MAX_PROPERTIES = 256
MAX_CHARACTERS = 1 << 15
LONGEST = 128
"""Bounds for a hostile file: pictures, properties, characters of all together, and of one."""


def read_x3f(read: Read, size: int) -> Shot:
    """What the pictures and the properties of an X3F file say of the shot."""
    sections = list(_sections(read, size))
    pictures = [place for kind, place in sections if kind in (b"IMAG", b"IMA2")][:MAX_PICTURES]
    properties = [place for kind, place in sections if kind == b"PROP"][:1]
    shots = [
        *(read_jpeg(read, place + _PICTURE_HEAD) for place in pictures),
        *(_described(_properties(read, place)) for place in properties),
    ]
    return reduce(Shot.or_else, shots, NOTHING)


def _sections(read: Read, size: int) -> Iterator[tuple[bytes, int]]:
    """The kind of each section, and where it begins."""
    pointer = read(max(size - 4, 0), 4)
    place = int.from_bytes(pointer, "little")
    head = read(place, 12)
    if len(head) < 12 or head[:4] != b"SECd":
        return
    rows = read(place + 12, 12 * min(int.from_bytes(head[8:], "little"), MAX_PARTS))
    for at, _, kind in struct.iter_unpack("<II4s", rows[: len(rows) // 12 * 12]):
        yield kind, at


def _properties(read: Read, place: int) -> dict[str, str]:
    head = read(place, _PROPERTIES_HEAD)
    if len(head) < _PROPERTIES_HEAD or head[:4] != b"SECp":
        return {}
    count, _, _, characters = struct.unpack("<4I", head[8:])
    count = min(count, MAX_PROPERTIES)
    rows = read(place + len(head), 8 * count)
    content = read(place + len(head) + 8 * count, 2 * min(characters, MAX_CHARACTERS))

    def text(start: int) -> str:
        return content[2 * start : 2 * (start + LONGEST)].decode("utf-16-le", "replace").split("\0")[0]

    return {text(name): text(value) for name, value in struct.iter_unpack("<II", rows[: len(rows) // 8 * 8])}


def _described(properties: dict[str, str]) -> Shot:
    said: dict[str, object] = {name: _number(properties.get(key, "")) for name, key in _PROPERTIES.items()}
    flash = properties.get("FLASH")
    said |= {"make": properties.get("CAMMANUF"), "model": properties.get("CAMMODEL")}
    said["flash"] = flash != "OFF" if flash else None
    return Shot.from_dict(said)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
