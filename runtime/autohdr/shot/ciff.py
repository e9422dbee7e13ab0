"""What Canon's CRW files say of the shot: CIFF, heaps of records, with the camera's own numbers.

A heap's last four bytes say where in it its list of records stands. Times, apertures and sensitivities are powers of
two in steps of a 32nd, thirds as 12 and 20 of them. The numbers mean what they mean in Canon's notes of later files.
"""

import struct
from collections.abc import Iterator

from autohdr.shot.shot import Shot
from autohdr.tiff import Read

_CAMERA, _LENS, _EXPOSURE, _SETTINGS, _TIME = 0x080A, 0x1029, 0x102A, 0x102D, 0x180E
_WANTED = {_CAMERA: 96, _LENS: 8, _EXPOSURE: 64, _SETTINGS: 128, _TIME: 4}
"""Records, and how many bytes of each are read."""
_IN_PLACE, _KIND, _HEAPS = 0x4000, 0x3800, (0x2800, 0x3000)
_FLASHES = 0x6000
"""Bits of the settings' `flash bits`: the built-in flash, an external one."""
MAX_RECORDS = 512
MAX_HEAPS = 32
"""Bounds for a hostile file."""


def read_ciff(read: Read, size: int) -> Shot:
    """What a CRW file's records say of the shot."""
    head = read(0, 6)
    order = ">" if head[:2] == b"MM" else "<"
    records: dict[int, bytes] = {}
    heaps = [(int(struct.unpack(f"{order}I", head[2:])[0]), size)]
    for start, end in heaps:
        for tag, place, length in _records(read, order, start, end):
            if tag & _KIND in _HEAPS and len(heaps) < MAX_HEAPS:
                heaps.append((place, place + length))
            elif tag & ~_IN_PLACE in _WANTED:
                wanted = tag & ~_IN_PLACE
                records.setdefault(wanted, read(place, min(length, _WANTED[wanted])))
    return _described(records, order)


def _records(read: Read, order: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Tag, place and length of each record of a heap."""
    if not 0 <= start <= end - 4:
        return
    pointer = read(end - 4, 4)
    if len(pointer) < 4:
        return
    table = start + struct.unpack(f"{order}I", pointer)[0]
    head = read(table, 2)
    if len(head) < 2:
        return
    rows = read(table + 2, 10 * min(struct.unpack(f"{order}H", head)[0], MAX_RECORDS))
    for number, (tag, length, offset) in enumerate(struct.iter_unpack(f"{order}HII", rows[: len(rows) // 10 * 10])):
        in_place = bool(tag & _IN_PLACE)
        yield tag, *((table + 4 + 10 * number, 8) if in_place else (start + offset, length))


def _described(records: dict[int, bytes], order: str) -> Shot:
    exposure, settings = _numbers(records, _EXPOSURE, order), _numbers(records, _SETTINGS, order)
    lens = _numbers(records, _LENS, order)
    names = [name.decode("utf-8", "replace") for name in records.get(_CAMERA, b"").split(b"\0")]
    said: dict[str, object] = dict(zip(("make", "model"), names, strict=False))
    if len(exposure) > 22:
        said["iso"] = 100 * 2.0 ** (exposure[1] / 32) * 2.0 ** (exposure[2] / 32 - 5)
        said["compensation"] = _stops(exposure[6])
        said["aperture"] = 2.0 ** (_stops(exposure[21]) / 2) if exposure[21] else None
        said["exposure_time"] = 2.0 ** -_stops(exposure[22]) if exposure[22] else None
    if len(settings) > 29:
        said["flash"] = bool(settings[29] & _FLASHES)
        if len(lens) > 1:
            said["focal_length"] = lens[1] / (settings[25] or 1)
    time = records.get(_TIME, b"")
    said["captured"] = struct.unpack(f"{order}I", time)[0] if len(time) == 4 else None
    return Shot.from_dict(said)


def _numbers(records: dict[int, bytes], tag: int, order: str) -> tuple[int, ...]:
    data = records.get(tag, b"")
    return struct.unpack(f"{order}{len(data) // 2}h", data[: len(data) // 2 * 2])


def _stops(number: int) -> float:
    """Stops of a number of 32nds, of which 12 and 20 stand for thirds."""
    size, sign = abs(number), -1 if number < 0 else 1
    part = size % 32
    return sign * (size - part + {12: 32 / 3, 20: 64 / 3}.get(part, part)) / 32
