"""Damage to RAW files: cut, overwritten, and forged where the directories of a TIFF file stand."""

import random
import struct
from collections.abc import Callable

_EXTREMES = (
    0,
    1,
    2,
    3,
    7,
    15,
    255,
    256,
    32767,
    32768,
    60000,
    65535,
    65536,
    1 << 20,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of a value of each TIFF type."""
_POINTERS = (330, 34665, 34853, 40965, 50740)
"""Tags that lead to another directory, or to a maker's own."""

_Values = tuple[int, tuple[float, ...]]
"""TIFF type, and values: a rational is two."""
HOSTILE: dict[int, tuple[_Values, ...]] = {
    256: ((4, (60000,)), (4, (0,)), (4, (0xFFFFFFFF,)), (3, (65535,)), (9, (-1,))),  # ImageWidth
    257: ((4, (60000,)), (4, (0,)), (4, (0xFFFFFFFF,)), (3, (65535,)), (9, (-1,))),  # ImageLength
    258: ((3, (0,)), (3, (255,)), (3, (1,)), (3, (8,)), (3, (12,)), (3, (32,)), (3, (16, 8, 0))),  # BitsPerSample
    259: tuple((3, (kind,)) for kind in (0, 1, 2, 5, 6, 7, 8, 9, 99, 32767, 32773, 34713, 34892, 52546, 65535)),
    262: ((3, (0,)), (3, (2,)), (3, (6,)), (3, (32803,)), (3, (34892,)), (3, (51177,))),  # PhotometricInterpretation
    273: ((4, (0,)), (4, (8,)), (4, (0xFFFFFFFF,)), (4, tuple(range(64)))),  # StripOffsets
    274: ((3, (0,)), (3, (8,)), (3, (65535,))),  # Orientation
    277: ((3, (0,)), (3, (1,)), (3, (2,)), (3, (3,)), (3, (4,)), (3, (65535,))),  # SamplesPerPixel
    278: ((4, (0,)), (4, (1,)), (4, (0xFFFFFFFF,))),  # RowsPerStrip
    279: ((4, (0,)), (4, (1,)), (4, (0xFFFFFFFF,)), (4, (0x7FFFFFFF,) * 64)),  # StripByteCounts
    284: ((3, (0,)), (3, (2,)), (3, (65535,))),  # PlanarConfiguration
    317: ((3, (2,)), (3, (3,)), (3, (34892,))),  # Predictor
    322: ((4, (0,)), (4, (1,)), (4, (16,)), (4, (0x10000,)), (4, (0xFFFFFFFF,))),  # TileWidth
    323: ((4, (0,)), (4, (1,)), (4, (16,)), (4, (0x10000,)), (4, (0xFFFFFFFF,))),  # TileLength
    324: ((4, (8,)), (4, (0xFFFFFFFF,)), (4, tuple(range(8, 72)))),  # TileOffsets
    325: ((4, (0,)), (4, (0xFFFFFFFF,))),  # TileByteCounts
    339: ((3, (2,)), (3, (3,)), (3, (0,))),  # SampleFormat
    33421: ((3, (0, 0)), (3, (1, 1)), (3, (65535, 65535)), (3, (6, 6)), (3, (2, 4))),  # CFARepeatPatternDim
    33422: ((1, (255,) * 4), (1, (0, 0, 0, 0)), (1, (0, 1, 2, 3)), (1, (1,) * 36)),  # CFAPattern
    50711: ((3, (0,)), (3, (2,)), (3, (9,))),  # CFALayout
    50712: ((3, (0, 0)), (3, (65535, 0)), (3, tuple(range(0, 65536, 4)))),  # LinearizationTable
    50713: ((3, (0, 0)), (3, (65535, 65535)), (3, (3, 5))),  # BlackLevelRepeatDim
    50714: ((5, (0, 0)), (5, (1, 0)), (4, (0xFFFFFFFF,)), (3, (65535,) * 4), (10, (-1, 1) * 4)),  # BlackLevel
    50715: ((10, (0, 0)), (10, (-0x80000000, 1) * 72), (10, (5, 1))),  # BlackLevelDeltaH
    50717: ((4, (0,)), (4, (1,)), (3, (512,)), (4, (0xFFFFFFFF,)), (5, (0, 0))),  # WhiteLevel
    50719: ((4, (0xFFFFFFFF,) * 2), (9, (-8, -8)), (5, (0, 0, 0, 0)), (4, (40, 60))),  # DefaultCropOrigin
    50720: ((4, (0, 0)), (4, (0xFFFFFFFF,) * 2), (5, (0, 0, 1, 0)), (9, (-8, -8)), (4, (1, 1))),  # DefaultCropSize
    50721: ((10, (0, 0) * 9), (10, (1, 0) * 9), (10, (0, 1) * 9), (10, (1, 1) * 9), (10, (1, 1))),  # ColorMatrix1
    50728: ((5, (0, 0) * 3), (5, (1, 0) * 3), (5, (0, 1) * 3), (5, (0xFFFFFFFF, 1) * 3), (5, (1, 1))),  # AsShotNeutral
    50730: ((10, (0, 0)), (10, (1, 0)), (10, (0x7FFFFFFF, 1)), (10, (-1000, 1))),  # BaselineExposure
    50829: ((4, (0, 0, 0, 0)), (4, (0, 0, 60000, 60000)), (9, (-9, -9, 48, 72)), (4, (40, 60, 8, 9))),  # ActiveArea
    50830: ((4, (0, 0, 60000, 60000)), (9, (-9, -9, 48, 72)), (4, (0, 0, 1))),  # MaskedAreas
    50716: ((10, (0, 0)), (10, (-0x80000000, 1) * 48), (10, (5, 1) * 64)),  # BlackLevelDeltaV
    50729: ((5, (0, 0, 0, 0)), (5, (1, 1, 1, 1)), (5, (1, 3, 1, 3)), (5, (1, 1000000, 0xFFFFFFFF, 1))),  # AsShotWhiteXY
    50975: ((3, (0,)), (3, (2,)), (3, (65535,)), (4, (0xFFFFFFFF,))),  # RowInterleaveFactor
    52547: ((3, (0,)), (3, (2,)), (3, (65535,)), (4, (0xFFFFFFFF,))),  # ColumnInterleaveFactor
    51008: ((7, (255,) * 64), (7, (0, 0, 0, 1, 0, 0, 0, 9) * 8)),  # OpcodeList1
    51009: (
        (7, (255,) * 64),
        (7, tuple(struct.pack(">5I8I2I4dI", 1, 9, 0, 0, 80, 0, 0, 60, 60, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1) + bytes(4))),
        (7, tuple(struct.pack(">5I8II2d", 1, 8, 0, 0, 52, 0, 0, 60, 60, 0, 3, 1, 1, 1, 0.5, 0.5))),
        (7, tuple(struct.pack(">5I8III", 1, 10, 0, 0, 40, 0, 0, 1 << 31, 60, 0, 3, 1, 1, 1 << 31, 0))),
    ),  # OpcodeList2
}
"""What a forger writes into the directory of a TIFF file, by tag."""


def mutated(original: bytes, rng: random.Random) -> bytes:
    """A file with none to eight wounds."""
    data = bytearray(original)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 8))):
        rng.choice(_MUTATIONS)(data, rng)
    return bytes(data)


def _truncated(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data) + 1) :]


def _overwritten(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 2, 8))):
        place = rng.randrange(min(len(data), rng.choice((1024, 1024, len(data)))) + 1)
        data[place : place + 4] = rng.choice((b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", rng.randbytes(1)))


def _in_its_jpeg(data: bytearray, rng: random.Random) -> None:
    """Size, precision, components and tables stand at its start."""
    start = data.find(b"\xff\xd8\xff")
    if start >= 0:
        place = start + rng.randrange(2, 128)
        data[place : place + 2] = rng.choice((b"\0\0", b"\xff\xff", rng.randbytes(1), rng.randbytes(2)))


def _entry_forged(data: bytearray, rng: random.Random) -> None:
    """One field of one entry: its tag, type, count, or value (or where that stands)."""
    tiff = _Tiff(data)
    if not tiff.entries:
        return
    place = rng.choice(tiff.entries)
    field, code = rng.choice(((0, "H"), (2, "H"), (4, "I"), (8, "I"), (8, "I"), (8, "H")))
    value = rng.choice((*_EXTREMES, len(data), len(data) - 1, place, *HOSTILE, *_POINTERS, *_SIZES))
    tiff.write(place + field, code, value & (0xFFFF if code == "H" else 0xFFFFFFFF))


def _tag_forged(data: bytearray, rng: random.Random) -> None:
    """A tag's values become hostile ones; where there is no such tag, it takes another's place."""
    tag = rng.choice(list(HOSTILE))
    _Tiff(data).forge(tag, rng.choice(HOSTILE[tag]), rng)


def _huge(data: bytearray, rng: random.Random) -> None:
    """60000 x 60000 pixels in a few bytes."""
    tiff = _Tiff(data)
    for tag in (256, 257, *rng.choice(((278,), (322, 323), ()))):
        tiff.forge(tag, (4, (60000,)), rng)


def _looped(data: bytearray, rng: random.Random) -> None:
    """A directory that follows itself, or holds itself."""
    tiff = _Tiff(data)
    if not tiff.directories:
        return
    start, end = rng.choice(tiff.directories)
    if rng.random() < 0.5:
        tiff.write(end, "I", rng.choice([start for start, _ in tiff.directories]))
    else:
        tiff.forge(rng.choice(_POINTERS), (rng.choice((4, 13)), (start,) * rng.choice((1, 1, 1000))), rng)


_MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _truncated,
    _overwritten,
    _overwritten,
    _in_its_jpeg,
    _entry_forged,
    _entry_forged,
    _tag_forged,
    _tag_forged,
    _tag_forged,
    _huge,
    _looped,
)


class _Tiff:
    """Where the directories of a TIFF file and their entries stand; none in other files."""

    def __init__(self, data: bytearray) -> None:
        self._data = data
        self._order = ">" if data[:2] == b"MM" else "<"
        self.directories: list[tuple[int, int]] = []
        """Start, and where the next one's offset stands."""
        self.entries: list[int] = []
        if bytes(data[:2]) in (b"II", b"MM"):
            self._walk(self._read(4, "I"))

    def _walk(self, start: int) -> None:
        while 0 < start < len(self._data) and len(self.directories) < 16:
            if start in (known for known, _ in self.directories):
                return
            end = start + 2 + 12 * self._read(start, "H")
            if end + 4 > len(self._data):
                return
            self.directories.append((start, end))
            for place in range(start + 2, end, 12):
                self.entries.append(place)
                if self._read(place, "H") in _POINTERS[:3]:
                    self._walk(self._read(place + 8, "I"))
            start = self._read(end, "I")

    def _read(self, place: int, code: str) -> int:
        size = struct.calcsize(code)
        return int.from_bytes(self._data[place : place + size], "big" if self._order == ">" else "little")

    def write(self, place: int, code: str, value: int) -> None:
        """Overwrite one number."""
        packed = struct.pack(self._order + code, value)
        self._data[place : place + len(packed)] = packed

    def forge(self, tag: int, values: _Values, rng: random.Random) -> None:
        """Give a tag other values: at the file's end, where they do not fit into its entry."""
        if not self.entries:
            return
        kind, numbers = values
        code = {1: "B", 3: "H", 4: "I", 5: "I", 7: "B", 9: "i", 10: "i", 13: "I"}[kind]
        packed = struct.pack(f"{self._order}{len(numbers)}{code}", *numbers)
        place = next((p for p in self.entries if self._read(p, "H") == tag), None) or rng.choice(self.entries)
        self.write(place, "H", tag)
        self.write(place + 2, "H", kind)
        self.write(place + 4, "I", len(packed) // _SIZES[kind])
        if len(packed) > 4:
            self.write(place + 8, "I", len(self._data))
            self._data += packed
        else:
            self._data[place + 8 : place + 12] = packed.ljust(4, b"\0")
