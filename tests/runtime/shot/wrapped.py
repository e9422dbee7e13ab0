"""Writes one shot into each kind of file that holds one, without any picture, as small as the readers allow."""

import struct
from collections.abc import Callable

from autohdr.shot.shot import Shot

SHOT = Shot(
    iso=400.0,
    aperture=8.0,
    exposure_time=1 / 64,
    compensation=-1.5,
    flash=True,
    focal_length=35.0,
    captured=1_700_000_000.0,
    make="Maker",
    model="Maker Model 5",
)
"""Numbers that all kinds of files can hold exactly."""
TIME = "2023:11:14 22:13:20"

Entry = tuple[int, int, int, bytes]
"""Tag, type, number of values, and the bytes of all of them."""


def text(value: str) -> tuple[int, int, bytes]:
    return 2, len(value) + 1, value.encode() + b"\0"


def directory(order: str, start: int, entries: list[Entry]) -> bytes:
    """A TIFF directory at an offset, with the values that do not fit into it behind it."""
    rows, values, after = b"", b"", start + 2 + 12 * len(entries) + 4
    for tag, kind, count, content in entries:
        field = content.ljust(4, b"\0")
        if len(content) > 4:
            field = struct.pack(f"{order}I", after + len(values))
            values += content
        rows += struct.pack(f"{order}HHI4s", tag, kind, count, field)
    return struct.pack(f"{order}H", len(entries)) + rows + bytes(4) + values


def camera(order: str) -> list[Entry]:
    return [(271, *text("Maker")), (272, *text("Maker Model 5"))]


def exposure(order: str) -> list[Entry]:
    """Exif's tags of the shot."""
    return [
        (33434, 5, 1, struct.pack(f"{order}II", 10, 640)),
        (33437, 5, 1, struct.pack(f"{order}II", 80, 10)),
        (34855, 3, 1, struct.pack(f"{order}H", 400)),
        (36867, *text(TIME)),
        (37380, 10, 1, struct.pack(f"{order}ii", -3, 2)),
        (37385, 3, 1, struct.pack(f"{order}H", 9)),
        (37386, 5, 1, struct.pack(f"{order}II", 35, 1)),
    ]


def tiff(
    order: str = "<",
    mark: bytes = b"",
    first: Callable[[str], list[Entry]] = camera,
    below: Callable[[str], list[Entry]] | None = exposure,
) -> bytes:
    """A TIFF file with its first directory, and Exif's unless there is none."""
    head = (mark or (b"II*\0" if order == "<" else b"MM\0*")) + struct.pack(f"{order}I", 8)
    if below is None:
        return head + directory(order, 8, first(order))
    pointer: Entry = (34665, 4, 1, bytes(4))
    place = 8 + len(directory(order, 8, [*first(order), pointer]))
    pointer = (34665, 4, 1, struct.pack(f"{order}I", place))
    return head + directory(order, 8, [*first(order), pointer]) + directory(order, place, below(order))


def jpeg(exif: bytes) -> bytes:
    """A JPEG file with another segment before Exif's."""
    content = b"Exif\0\0" + exif
    other, size = b"\xff\xe0\0\x10JFIF\0" + bytes(9), struct.pack(">H", 2 + len(content))
    return b"\xff\xd8" + other + b"\xff\xe1" + size + content + b"\xff\xda\0\2picture\xff\xd9"


def rw2() -> bytes:
    """Panasonic's: a TIFF file with a mark and an ISO of its own, and Exif in the JPEG alone."""
    picture = jpeg(tiff())

    def first(order: str) -> list[Entry]:
        return [(23, 3, 1, struct.pack("<H", 400)), (46, 7, len(picture), picture), *camera(order)]

    return tiff("<", b"IIU\0", first, None)


def raf() -> bytes:
    return b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0") + struct.pack(">I", 100) + bytes(12) + jpeg(tiff())


def mrw() -> bytes:
    other, exif = b"\0PRD" + struct.pack(">I", 8) + bytes(8), tiff(">")
    return b"\0MRM" + struct.pack(">I", 999) + other + b"\0TTW" + struct.pack(">I", len(exif)) + exif


def box(kind: bytes, content: bytes, long: bool = False) -> bytes:
    if long:
        return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content
    return struct.pack(">I4s", 8 + len(content), kind) + content


def cr3() -> bytes:
    parts = box(b"CNCV", b"?") + box(b"CMT1", tiff(below=None)) + box(b"CMT2", tiff(first=exposure, below=None))
    canon = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + parts, long=True)
    return box(b"ftyp", b"crx isom") + box(b"moov", box(b"uuid", bytes(16)) + canon) + struct.pack(">I4s", 0, b"mdat")


def heap(records: list[tuple[int, bytes]]) -> bytes:
    """A heap of CIFF records; those of 0x4000 stand in the list."""
    content, rows = b"", b""
    for tag, data in records:
        if tag & 0x4000:
            rows += struct.pack("<H8s", tag, data)
        else:
            rows += struct.pack("<HII", tag, len(data), len(content))
            content += data
    return content + struct.pack("<H", len(records)) + rows + struct.pack("<I", len(content))


def crw() -> bytes:
    exposed = [0] * 33
    exposed[1:3] = 64, 160  # two stops above ISO 100
    exposed[6], exposed[21], exposed[22] = -48, 6 * 32, 6 * 32
    settings = [0] * 42
    settings[25], settings[29] = 2, 0x2000
    below = heap([(0x102A, struct.pack("<33h", *exposed)), (0x102D, struct.pack("<42h", *settings))])
    lens = struct.pack("<4H", 0, 70, 0, 0)
    camera = heap([(0x080A, b"Maker\0Maker Model 5\0")])
    time = struct.pack("<3I", 1_700_000_000, 0, 0)
    head = struct.pack("<2sI8s", b"II", 26, b"HEAPCCDR").ljust(26, b"\0")
    return head + heap([(0x2807, camera), (0x300B, below), (0x5029, lens), (0x180E, time)])


def sections(*parts: tuple[bytes, bytes]) -> bytes:
    """An X3F file of such sections."""
    data, rows = b"FOVb".ljust(72, b"\0"), b""
    for kind, content in parts:
        rows += struct.pack("<II4s", len(data), len(content), kind)
        data += content
    return data + b"SECd" + struct.pack("<II", 0x20000, len(parts)) + rows + struct.pack("<I", len(data))


def x3f() -> bytes:
    """An early one: properties."""
    properties = {"ISO": "400", "APERTURE": "8.00", "SHUTTER": "0.015625", "EXPCOMP": "-1.5", "FLASH": "ON"}
    properties |= {"FLENGTH": "35", "TIME": "1700000000", "CAMMANUF": "Maker", "CAMMODEL": "Maker Model 5"}
    characters, places = "", list[int]()
    for word in (word for pair in properties.items() for word in pair):
        places.append(len(characters))
        characters += word + "\0"
    head = b"SECp" + struct.pack("<5I", 0x20000, len(properties), 0, 0, len(characters))
    return sections((b"PROP", head + struct.pack(f"<{len(places)}I", *places) + characters.encode("utf-16-le")))


def late_x3f() -> bytes:
    """A later one: Exif in its picture."""
    return sections((b"CAMF", b"?"), (b"IMA2", b"SECi".ljust(28, b"\0") + jpeg(tiff(">"))))


FILES: dict[str, bytes] = {
    "TIFF, little-endian": tiff(),
    "TIFF, big-endian": tiff(">"),
    "TIFF/EP": tiff(first=lambda order: [*camera(order), *exposure(order)], below=None),
    **{f"ORF {mark.decode()}": tiff("<", mark) for mark in (b"IIRO", b"IIRS")},
    "ORF MMOR": tiff(">", b"MMOR"),
    "RW2": rw2(),
    "RAF": raf(),
    "MRW": mrw(),
    "CR3": cr3(),
    "CRW": crw(),
    "X3F": x3f(),
    "X3F with Exif": late_x3f(),
    "JPEG": jpeg(tiff()),
}
"""By kind, files that all speak of `SHOT`."""
