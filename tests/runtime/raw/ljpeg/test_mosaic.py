"""Lossless JPEG decoded in sections: every sample of what another wrote, and nothing of what is damaged."""

import random
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.raw.ljpeg import sections, stream
from autohdr.raw.ljpeg.codes import AT_ONCE, CATEGORIES, LONGEST, MOST, NONE, PEEK, TABLE, WORD, build, symbol
from autohdr.raw.ljpeg.header import read_header
from autohdr.raw.ljpeg.mosaic import MOST_PARTS, Part, decode_parts
from autohdr.raw.ljpeg.words import BLOCK
from autohdr_scenes.ljpeg import encode

HEADER = 8
"""Bytes that stand before a stream in these tests' files."""


def picture(kind: str, shape: tuple[int, ...], seed: int = 0) -> NDArray[np.uint16]:
    rng = np.random.default_rng(seed)
    if kind == "noise":
        return rng.integers(0, 65536, shape, dtype=np.uint16)
    if kind == "flat":
        return np.full(shape, 700, dtype=np.uint16)
    if kind == "half blown":
        samples = rng.normal(3000, 400, shape)
        samples[: shape[0] // 2] = 4095
        return samples.clip(0, 4095).astype(np.uint16)
    if kind == "rare":  # differences of every size, some of which have the longest codes
        sizes = np.minimum(rng.geometric(0.35, shape), 16)
        return np.cumsum(1 << sizes, axis=1).astype(np.uint16)
    return rng.normal(4000, 60, shape).clip(0, 65535).astype(np.uint16)


def decoded(
    data: bytes, length: int, shape: tuple[int, int, int], slices: tuple[int, ...] = ()
) -> NDArray[np.uint16] | None:
    return decode_parts(data, [Part(HEADER, length, 0, 0, shape[1], shape[0])], shape, slices)


@pytest.mark.parametrize("kind", ["photo", "noise", "flat", "half blown", "rare"])
@pytest.mark.parametrize("components", [1, 2, 3, 4])
def test_every_sample_comes_back(kind: str, components: int) -> None:
    samples = picture(kind, (301, 259, components))
    code = encode(samples)
    found = decoded(bytes(HEADER) + code, len(code), (301, 259, components))
    assert found is not None
    np.testing.assert_array_equal(found, samples.reshape(301, -1))


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 4), (2, 3, 1), (3, 1, 2), (1, 5, 3), (40, 2, 2), (7, 33, 4)])
def test_small_pictures_come_back(shape: tuple[int, int, int]) -> None:
    samples = picture("photo", shape)
    code = encode(samples)
    found = decoded(bytes(HEADER) + code, len(code), shape)
    assert found is not None
    np.testing.assert_array_equal(found, samples.reshape(shape[0], -1))


def test_slices_stand_side_by_side() -> None:
    width, height, slices = 520, 96, (172, 172, 176)
    samples = picture("photo", (height, width))
    cuts = np.cumsum((0, *slices))
    follow = np.concatenate([samples[:, one:other].reshape(-1) for one, other in pairwise(cuts)])
    code = encode(follow.reshape(height, width // 4, 4))
    found = decoded(bytes(HEADER) + code, len(code), (height, width, 1), slices)
    assert found is not None
    np.testing.assert_array_equal(found, samples)
    assert decoded(bytes(HEADER) + code, len(code), (height, width, 1), (172, 172)) is None


def test_tiles_are_put_together() -> None:
    samples = picture("photo", (120, 200))
    data, parts = bytes(HEADER), []
    for top in (0, 60):
        for left in (0, 100):
            code = encode(samples[top : top + 60, left : left + 100].reshape(60, 50, 2))
            parts.append(Part(len(data), len(code), left, top, 100, 60))
            data += code
    found = decode_parts(data, parts, (120, 200, 1))
    assert found is not None
    np.testing.assert_array_equal(found, samples)
    for wrong in (parts[:3], parts[:3] + parts[:1], [*parts[:3], parts[3]._replace(left=90)]):
        assert decode_parts(data, wrong, (120, 200, 1)) is None
    assert decode_parts(data, [parts[0]] * (MOST_PARTS + 1), (120, 200, 1)) is None


@pytest.mark.parametrize("missing", [1, 2, 10, 1000])
def test_what_ends_early_is_refused(missing: int) -> None:
    samples = picture("photo", (200, 150, 2))
    code = encode(samples)[:-2]  # without the marker of the end
    assert decoded(bytes(HEADER) + code, len(code), (200, 300, 1)) is not None
    cut = code[:-missing]
    found = decoded(bytes(HEADER) + cut, len(cut), (200, 300, 1))
    assert found is None
    padded = cut + b"\xff\xd9" + bytes(missing)
    assert decoded(bytes(HEADER) + padded, len(padded), (200, 300, 1)) is None
    assert decoded(bytes(HEADER) + cut, len(code), (200, 300, 1)) is None


def test_samples_of_too_many_bits_are_refused() -> None:
    code = bytearray(encode(picture("noise", (30, 20, 2))))
    code[code.index(b"\xff\xc3") + 4] = 12
    assert decoded(bytes(HEADER) + code, len(code), (30, 40, 1)) is None


def test_damaged_streams_are_decoded_to_some_picture_or_refused() -> None:
    rng, whole = random.Random(3), encode(picture("photo", (150, 120, 2)))
    outcomes = set()
    for _ in range(300):
        code = bytearray(whole)
        for _ in range(rng.choice((1, 4, 40))):
            code[rng.randrange(len(code))] = rng.choice((0, 255, rng.randrange(256)))
        if rng.random() < 0.3:
            del code[rng.randrange(len(code)) :]
        found = decoded(bytes(HEADER) + code, max(1, len(code)), (150, 240, 1))
        assert found is None or found.shape == (150, 240)
        outcomes.add(found is None)
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    ("at", "byte"),
    [
        (b"\xff\xc3", 0xC1),  # another process
        (b"\xff\xda", 0xDD),
        (b"\xff\xc4", 0xCC),  # arithmetic coding
    ],
)
def test_other_forms_are_not_read(at: bytes, byte: int) -> None:
    code = bytearray(encode(picture("photo", (20, 20, 2))))
    assert read_header(memoryview(code)) is not None
    code[code.index(at) + 1] = byte
    assert read_header(memoryview(code)) is None


def test_other_predictors_and_transforms_are_not_read() -> None:
    code = encode(picture("photo", (20, 20, 2)))
    scan = code.index(b"\xff\xda")
    end = scan + 2 + int.from_bytes(code[scan + 2 : scan + 4], "big")
    for place in (end - 3, end - 1):
        other = bytearray(code)
        other[place] = 6
        assert read_header(memoryview(other)) is None
    for length in range(end):
        assert read_header(memoryview(code[:length])) is None


def test_more_codes_than_fit_are_not_read() -> None:
    code = bytearray(encode(picture("photo", (20, 20, 2))))
    counts = code.index(b"\xff\xc4") + 5
    code[counts : counts + 2] = b"\x02\x01"
    assert read_header(memoryview(code)) is None


def test_codes_of_every_length_say_their_difference() -> None:
    counts = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2], np.uint8)
    categories = np.array([3, 0, 16, 1, 5, 4, 8, 2, 6, 7, 9, 10, 11, 16, 0, 15], np.uint8)[: counts.sum()]
    table = np.empty(TABLE, np.uint32)
    build(counts, categories, table)
    code, place = 0, 0
    for length, many in enumerate(counts, start=1):
        for _ in range(many):
            size = int(categories[place])
            extra = size % 16
            for bits in {0, (1 << extra) - 1, (1 << extra) // 2, (1 << extra) // 3}:
                word = ((code << extra | bits) << (64 - length - extra)).to_bytes(8, "big")
                data = np.frombuffer(word + bytes(8), np.uint8)
                difference, used = symbol(np.uint64(data.ctypes.data), np.uint64(table.ctypes.data), np.uint64(0))
                low = bits if size == 0 or bits >> (extra - 1 if extra else 0) else bits - (1 << size) + 1
                assert (difference, used) == ((32768 if size == 16 else low) & 0xFFFF, length + extra), (length, size)
            code, place = code + 1, place + 1
        code <<= 1
    ones = np.full(16, 255, np.uint8)
    assert symbol(np.uint64(ones.ctypes.data), np.uint64(table.ctypes.data), np.uint64(0))[1] == 0


def test_kept_code_runs_without_numba() -> None:
    code = encode(picture("photo", (20, 20, 2)))
    assert decoded(bytes(HEADER) + code, len(code), (20, 40, 1)) is not None
    assert stream.decode.signatures
    assert build.signatures


def test_what_may_be_read_and_written_past_an_end_has_room() -> None:
    assert sections.SLACK >= (sections.ROUND * MOST + 7) // 8 + 8
    assert sections.CAPACITY % sections.ROUND == 0
    assert sections.ROOM >= sections.CAPACITY + sections.MEETING
    assert sections.ROUND % AT_ONCE == 0
    assert PEEK - 1 + LONGEST - 1 < NONE
    assert WORD < NONE
    assert AT_ONCE * NONE < 256  # the sum of as many entries' low bits
    assert BLOCK <= sections.SLACK
    assert stream.FEW + sections.SLACK < stream.PIECE
    assert CATEGORIES == 17
