"""Small CR2s and DNGs of lossless JPEG, and damage to them: what our decoder makes of each, flashraw makes of it too.

The fuzzer's cases of lossless JPEG. Few have more than some 60 KB, so that thousands are decoded in a second; among
them are streams that are read at four places and in several pieces. Wounds are cut where it matters: in the codes, in
the tables of codes, in what the header says, in lengths, and in the layout of slices, strips and tiles.
"""

import random
import struct
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.decoders import lossless
from autohdr.raw.decoders.dng import read_dng
from autohdr_scenes.ljpeg import encode
from tests.runtime.raw.dngs import LONG, SHORT, Tags, dng
from tests.runtime.raw.forge import mutated

MOST_SAMPLES = 1 << 24
"""flashraw refuses more; ours takes at most 16 times the file's bytes."""
ORIGINALS = 64
_WOUNDED = 64
"""Bytes that are left of a file at least that is wounded once more."""
_OPTIONS: dict[str, Any] = {"threads": 1, "crop": False, "corruption_policy": "strict", "apply_opcodes": False}


def check(data: bytes) -> str:
    """`read` or `refused` by ours, or `unopened`.

    Raises:
        AssertionError: the samples are not flashraw's, or flashraw refuses what ours reads.
    """
    import flashraw

    try:
        file = flashraw.open(data, max_samples=MOST_SAMPLES)
        described = read_dng(data)
    except Exception:  # whatever flashraw finds wrong: nothing comes to our decoder then
        return "unopened"
    with file:
        mine = lossless.samples(data, file, described)
        if mine is None:
            return "refused"
        theirs = file.decode("raw-u16", **_OPTIONS).array
        assert mine.shape == theirs.shape, (mine.shape, theirs.shape)
        assert np.array_equal(mine, theirs), f"{np.count_nonzero(mine != theirs)} samples differ"
    return "read"


@cache
def originals() -> tuple[bytes, ...]:
    """Whole files of every layout that is decoded here, of pictures of several kinds and sizes."""
    rng = np.random.default_rng(0)
    return tuple(_MAKERS[number % len(_MAKERS)](rng) for number in range(ORIGINALS))


def case(seed: int, number: int) -> bytes:
    """The bytes of one case: the same whenever its seed and number are."""
    rng = random.Random(f"lossless {seed} {number}")
    data = rng.choice(originals())
    if rng.random() < 0.1:
        return mutated(data, rng)
    wounded = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if len(wounded) >= _WOUNDED:
            rng.choice(_WOUNDS)(wounded, rng)
    return bytes(wounded)


def _picture(rng: np.random.Generator, height: int, width: int) -> NDArray[np.uint16]:
    kind = rng.integers(6)
    if kind == 0:
        return rng.integers(0, 65536, (height, width), dtype=np.uint16)
    if kind == 1:
        return np.full((height, width), 700, dtype=np.uint16)
    if kind == 2:  # differences of every size, some of which have the longest codes
        sizes = np.minimum(rng.geometric(0.35, (height, width)), 16)
        return np.cumsum(1 << sizes, axis=1).astype(np.uint16)
    samples = rng.normal(3000, rng.choice([2, 30, 400]), (height, width))
    if kind == 3:
        samples[: height // 2] = 4095
    return samples.clip(0, 4095).astype(np.uint16)


def _size(rng: np.random.Generator) -> tuple[int, int]:
    """Mostly small; now and then more than one piece of a stream."""
    most = rng.choice([24, 64, 160, 200])
    height, width = rng.integers(6, most + 1), rng.integers(6, most + 1)
    return int(height), 4 * (int(width) // 4 + 1)


def _strip(rng: np.random.Generator) -> bytes:
    """A mosaic in one strip, or in some."""
    samples, components = _picture(rng, *_size(rng)), int(rng.choice([1, 2, 4]))
    rows = int(rng.choice([len(samples), max(1, len(samples) // 3)]))
    codes = [_encoded(samples[top : top + rows], components) for top in range(0, len(samples), rows)]
    return _dng(samples, codes, {278: (LONG, [rows])}, (273, 279))


def _tiled(rng: np.random.Generator) -> bytes:
    """A mosaic in whole tiles."""
    height, width = (16 * max(1, side // 16) for side in _size(rng))
    down, across = int(rng.choice([1, 2])), int(rng.choice([1, 2]))
    samples = _picture(rng, height * down, width * across)
    parts = [
        samples[top : top + height, left : left + width]
        for top in range(0, len(samples), height)
        for left in range(0, samples.shape[1], width)
    ]
    codes = [_encoded(part, int(rng.choice([1, 2, 4]))) for part in parts]
    tags = {273: (LONG, None), 278: (LONG, None), 279: (LONG, None), 322: (LONG, [width]), 323: (LONG, [height])}
    return _dng(samples, codes, tags, (324, 325))


def _planes(rng: np.random.Generator) -> bytes:
    """Three planes in one strip."""
    height, width = _size(rng)
    samples = _picture(rng, height, 3 * width).reshape(height, width, 3)
    return _dng(samples, [encode(samples)], {}, (273, 279))


def _encoded(samples: NDArray[np.uint16], components: int) -> bytes:
    return encode(samples.reshape(len(samples), -1, components))


def _dng(samples: NDArray[np.uint16], codes: list[bytes], tags: Tags, where: tuple[int, int]) -> bytes:
    """A DNG whose strips or tiles lie at its beginning; `where` names the tags of their offsets and lengths."""
    places = np.cumsum([8, *map(len, codes)])[:-1]
    said = {259: (SHORT, [7]), where[0]: (LONG, places.tolist()), where[1]: (LONG, [len(code) for code in codes])}
    return dng(samples, {**tags, **said}, stored=b"".join(codes))


def _cr2(rng: np.random.Generator) -> bytes:
    """A mosaic in slices, as Canon's cameras write it."""
    width, components, many = _size(rng)[1], int(rng.choice([2, 4])), int(rng.integers(1, 5))
    width = max(4, width // many // 4 * 4)
    slices = [int(rng.choice([width, width + 2]))] * (many - 1) + [width]
    slices[-1] += -sum(slices) % components
    height = sum(slices) * 2 // 3  # a wide one flashraw takes for two rows in one
    samples = _picture(rng, height, sum(slices))
    cuts = np.cumsum([0, *slices])
    follow = np.concatenate([samples[:, one:other].reshape(-1) for one, other in pairwise(cuts)])
    code = encode(follow.reshape(height, -1, components))
    said = [(0x103, "H", [6]), (0x111, "I", [0]), (0x117, "I", [len(code)]), (0xC5D8, "I", [1]), (0xC5E0, "I", [1])]
    said.append((0xC640, "H", [len(slices) - 1, slices[0], slices[-1]]))
    first = [(0x100, "H", [64]), (0x10F, "B", list(b"Canon\0")), (0x110, "B", list(b"Canon EOS 60D\0"))]
    begins = 16 + len(_directory(first, 16, 0))
    end = begins + len(_directory(said, begins, 0))
    said[1] = (0x111, "I", [end])
    head = b"II*\0" + struct.pack("<I", 16) + b"CR\x02\0" + struct.pack("<I", begins)
    return head + _directory(first, 16, begins) + _directory(said, begins, 0) + code


def _directory(entries: list[tuple[int, str, list[int]]], at: int, following: int) -> bytes:
    """One directory of a TIFF file at that place, with the values that do not fit into its entries behind it."""
    rows, behind, after = b"", b"", at + 2 + 12 * len(entries) + 4
    for tag, code, values in entries:
        packed = struct.pack(f"<{len(values)}{code}", *values)
        kind = 2 if code == "B" else {"H": 3, "I": 4}[code]
        if len(packed) > 4:
            place = struct.pack("<I", after + len(behind))
            behind += packed + bytes(len(packed) % 2)
            packed = place
        rows += struct.pack("<HHI4s", tag, kind, len(values), packed.ljust(4, b"\0"))
    return struct.pack("<H", len(entries)) + rows + struct.pack("<I", following) + behind


_MAKERS: tuple[Callable[[np.random.Generator], bytes], ...] = (_strip, _cr2, _tiled, _planes)


def _segment(data: bytearray, marker: int, rng: random.Random) -> int:
    """Where the content of one of the streams' segments begins."""
    mark, found, at = bytes((0xFF, marker)), list[int](), -1
    while (at := data.find(mark, at + 1)) >= 0 and len(found) < 16:
        found.append(at + 4)
    return rng.choice(found) if found else rng.randrange(len(data) + 1)


def _in_the_codes(data: bytearray, rng: random.Random) -> None:
    begin = _segment(data, 0xDA, rng)
    for _ in range(rng.choice((1, 1, 4, 40))):
        at = rng.randrange(min(begin, len(data) - 1), len(data))
        data[at] = rng.choice((0, 255, rng.randrange(256), data[at] ^ 1 << rng.randrange(8)))


def _run_of_codes(data: bytearray, rng: random.Random) -> None:
    """One byte or pattern fills a stretch: codes of one length only, which never fall into step."""
    at = rng.randrange(min(_segment(data, 0xDA, rng), len(data) - 1), len(data))
    pattern = rng.choice((b"\0", b"\xff\0", b"\xaa", rng.randbytes(2), rng.randbytes(3)))
    stretch = (pattern * rng.choice((4, 400, 4000)))[: len(data) - at]
    data[at : at + len(stretch)] = stretch


def _random_codes(data: bytearray, rng: random.Random) -> None:
    at = min(_segment(data, 0xDA, rng) + 10, len(data))
    data[at:] = rng.randbytes(len(data) - at).replace(b"\xff", b"\xff\0")[: len(data) - at]


def _other_table(data: bytearray, rng: random.Random) -> None:
    """A whole code of other lengths and categories, for the same number of categories: another picture."""
    at = _segment(data, 0xC4, rng) + 1
    many = sum(data[at : at + 16])
    if not 0 < many <= 17:
        return
    lengths = [1, 1] if many > 1 else [rng.choice((1, 2, 16))]
    while len(lengths) < many:
        longest = rng.choice([length for length in lengths if length < 16])
        lengths.remove(longest)
        lengths += [longest + 1, longest + 1]
    if rng.random() < 0.5:  # as the recommendation asks: the code of all ones is free
        lengths[lengths.index(max(lengths))] = min(16, max(lengths) + 1)
    data[at : at + 16] = bytes(lengths.count(length) for length in range(1, 17))
    categories = list(data[at + 16 : at + 16 + many])
    if rng.random() < 0.5:
        categories = rng.sample(range(17), many)
    rng.shuffle(categories)
    data[at + 16 : at + 16 + many] = bytes(categories)


def _in_a_table(data: bytearray, rng: random.Random) -> None:
    at = _segment(data, 0xC4, rng) - 2 + rng.randrange(36)
    data[at : at + 1] = bytes((rng.choice((0, 1, 2, 16, 17, 255, rng.randrange(256))),))


def _in_the_header(data: bytearray, rng: random.Random) -> None:
    at = _segment(data, rng.choice((0xC3, 0xDA)), rng) - 2 + rng.randrange(14)
    data[at : at + 1] = bytes((rng.choice((0, 1, 2, 3, 4, 12, 255, rng.randrange(256))),))


def _moved_in(data: bytearray, rng: random.Random) -> None:
    """Bytes are put in, left out, or said twice."""
    at, many = rng.randrange(len(data) + 1), rng.choice((1, 2, 7, 64))
    data[at : at + rng.choice((0, many))] = rng.choice((b"", rng.randbytes(many), bytes(data[at : at + many])))


def _in_the_layout(data: bytearray, rng: random.Random) -> None:
    """A number of one of the directories, which stand before the codes in a CR2 and behind them in a DNG."""
    begin = 16 if data[8:10] == b"CR" else int.from_bytes(data[4:8], "little")
    at = begin + rng.randrange(320)
    old = int.from_bytes(data[at : at + 2], "little")
    new = rng.choice((0, 1, 2, 16, 65535, old + 1, old - 1, 2 * old, old // 2, old + 16)) & 0xFFFF
    data[at : at + 2] = struct.pack("<H", new)[: len(data[at : at + 2])]


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data) + 1) :]


def _marker(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(min(_segment(data, 0xDA, rng), len(data) - 1), len(data))
    data[at : at + 2] = bytes((0xFF, rng.choice((0xD9, 0xD0, 0xD8, 0xFF, 0xFE, 0x01))))


_WOUNDS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _in_the_codes,
    _in_the_codes,
    _run_of_codes,
    _random_codes,
    _other_table,
    _other_table,
    _in_a_table,
    _in_the_header,
    _moved_in,
    _in_the_layout,
    _cut,
    _marker,
)
