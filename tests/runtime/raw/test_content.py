"""Of a photo only what decoding needs is read, and what is told of it is told of the whole file."""

import io
import os
import struct
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autohdr.errors import RawError
from autohdr.raw.content import HEAD, Content, read_without_previews
from autohdr.raw.decode import decode, open_decoder, read_for
from autohdr.raw.decoders.auto import AutoDecoder
from autohdr.raw.decoders.base import Alone
from autohdr.raw.frame import RawFrame
from autohdr.raw.previews import previews, rest
from tests.runtime.raw.dngs import LONG, dng, levels, mosaic, scene

RAWS = Path(os.environ.get("AUTOHDR_SHARED", Path(__file__).resolve().parents[3].parent / "shared")) / "raws"
PREVIEW = np.random.default_rng(0).bytes(1 << 20)


def with_preview(preview: bytes = PREVIEW, at: int | None = None, kind: int = 1) -> bytes:
    """A small DNG, behind which a preview stands and the directory that names it, or another place."""
    samples = levels(mosaic(scene(240, 320)))
    begin = len(dng(samples, {330: (LONG, [0])}))
    data = dng(samples, {330: (LONG, [begin + len(preview)])}) + preview
    entries = ((254, kind), (273, begin if at is None else at), (279, len(preview)))
    rows = b"".join(struct.pack("<HHII", tag, LONG, 1, value) for tag, value in entries)
    return data + struct.pack("<H", len(entries)) + rows + bytes(4)


def with_count(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[int], None] = lambda number: None) -> list[int]:
    """Counts the bytes of each read of the system's; `meanwhile` is told how many there have been."""
    counts: list[int] = []

    class Counted(io.FileIO):
        def readinto(self, buffer: Any) -> int:
            counts.append(super().readinto(buffer) or 0)
            meanwhile(len(counts))
            return counts[-1]

        def readall(self) -> bytes:
            data = super().readall() or b""
            counts.append(len(data))
            return data

    monkeypatch.setattr(io, "FileIO", Counted)
    return counts


def assert_same(one: RawFrame, other: RawFrame) -> None:
    for field in fields(RawFrame):
        assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name


def test_a_preview_is_not_read_and_the_frame_is_that_of_the_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, data = tmp_path / "IMG_1.dng", with_preview()
    path.write_bytes(data)
    counts = with_count(monkeypatch)
    content = read_for(path, open_decoder())
    ((start, end),) = content.left_out
    assert end - start == len(PREVIEW)
    assert sum(counts) <= len(data) - len(PREVIEW) + 4 * HEAD
    assert content.data == data[:start] + bytes(end - start) + data[end:]
    assert_same(decode(path, None, content), decode(path, None, data))
    assert sum(counts) <= len(data), "nor is it read afterwards"


@pytest.mark.parametrize("kind", [0, 4, 16])
def test_what_is_no_preview_is_read(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(with_preview(kind=kind))
    content = read_without_previews(path)
    assert content.data == path.read_bytes()
    assert content.left_out == []


def test_no_byte_is_left_out_that_anything_else_points_to(tmp_path: Path) -> None:
    """A preview that is said to begin where the sensor data do."""
    path = tmp_path / "IMG_1.dng"
    data = with_preview(at=8)
    path.write_bytes(data)
    picture = 240 * 320 * 2
    content = read_without_previews(path)
    assert content.left_out
    for start, end in content.left_out:
        assert start >= 8 + picture, "the picture, and the values of tags behind it"
        assert end <= 8 + len(PREVIEW)
    assert_same(decode(path, None, content), decode(path, None, data))


@pytest.mark.parametrize("path", sorted(RAWS.glob("*.*")), ids=lambda path: path.name)
def test_real_files_are_decoded_alike_whatever_stands_in_their_previews(path: Path) -> None:
    content = read_without_previews(path)
    if not content.left_out:
        pytest.skip("it is read as a whole")
    decoder, data = open_decoder(), bytearray(content.data)
    if not isinstance(decoder, Alone):
        pytest.skip("flashraw is not installed")
    for start, end in content.left_out:
        data[start:end] = np.random.default_rng(1).bytes(end - start)
    assert_same(decode(path, decoder, Content(bytes(data), content.left_out)), decode(path, decoder, path.read_bytes()))


@pytest.mark.skipif(not RAWS.is_dir(), reason=f"no real RAW files in {RAWS}; set AUTOHDR_SHARED")
def test_an_eighth_of_a_cr2_is_not_read() -> None:
    content = read_without_previews(RAWS / "canon_eos60d_photo_sample.CR2")
    assert sum(end - start for start, end in content.left_out) / len(content.data) == pytest.approx(0.135, abs=0.001)


class Both:
    """A decoder that asks LibRaw about all files, and remembers what it was given."""

    name = "both"

    def __init__(self, decoder: AutoDecoder) -> None:
        self.given: list[bytes] = []
        self._decoder = decoder

    def decode(self, data: bytes, path: Path) -> RawFrame:
        self.given.append(data)
        return self._decoder.decode(data, path)

    def decode_alone(self, data: bytes, path: Path) -> None:
        return None


def test_who_looks_at_previews_is_given_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(with_preview())
    decoder = open_decoder()
    if not isinstance(decoder, AutoDecoder):
        pytest.skip("flashraw is not installed")
    both = Both(decoder)
    decode(path, both)
    assert both.given == [path.read_bytes()]
    assert not read_for(path, open_decoder("libraw")).left_out


def zeros(data: bytes, start: int, end: int) -> bytes:
    return data[:start] + bytes(end - start) + data[end:]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "its second half": lambda data: zeros(data, len(data) // 2, len(data)),
    "the picture": lambda data: zeros(data, 8, 240 * 320 * 2),
    "the end of the picture and what follows": lambda data: zeros(data, 240 * 300 * 2, len(data) - 100),
    "a little of the picture, and its preview": lambda data: zeros(data, 240 * 315 * 2, len(data) - 60),
    "cut within the preview": lambda data: data[: len(data) // 2],
    "its levels": lambda data: data.replace(struct.pack("<HHI", 50717, LONG, 1), struct.pack("<HHI", 50717, LONG, 0)),
    "nothing": lambda data: data,
}


@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_said_of_a_damaged_file_is_said_of_all_of_it(tmp_path: Path, what: str) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(DAMAGE[what](with_preview()))
    told: list[str] = []
    for data in (None, path.read_bytes()):
        try:
            told.append(decode(path, None, data).kind)
        except RawError as error:
            told.append(f"{type(error)}: {error}")
    assert told[0] == told[1]


def test_a_file_that_changes_while_it_is_read_is_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(with_preview())

    def grow(number: int) -> None:
        if number == 2:
            with path.open("ab") as file:
                file.write(b"more")

    with_count(monkeypatch, grow)
    content = read_without_previews(path)
    assert content.data == path.read_bytes()
    assert content.data.endswith(b"more")
    assert not content.left_out


def test_a_file_that_ends_earlier_than_it_did_is_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(with_preview())
    with_count(monkeypatch, lambda number: os.truncate(path, 100_000) if number == 2 else None)
    assert read_without_previews(path).data == path.read_bytes()


def cr2(sizes: tuple[int, int, int, int], small: int = 1) -> bytes:
    """The four directories of a CR2, whose pictures stand behind them one after the other."""
    many = 2 + 3 * 12 + 4
    starts = [16 + number * many for number in range(4)]
    place, out = 16 + 4 * many, b"II*\0" + struct.pack("<I", 16) + b"CR\2\0" + struct.pack("<I", starts[3])
    for number, size in enumerate(sizes):
        rows = ((273, place), (279, size), (50885, small if number == 3 else 1))
        out += struct.pack("<H", 3) + b"".join(struct.pack("<HHII", tag, LONG, 1, value) for tag, value in rows)
        out += struct.pack("<I", starts[number + 1] if number < 3 else 0)
        place += size
    return out + bytes(sum(sizes))


def found(data: bytes) -> list[tuple[int, int]]:
    return previews(lambda start, size: data[start : start + size], len(data))


def test_of_a_cr2_the_fourth_picture_is_needed() -> None:
    data = cr2((300_000, 10_000, 200_000, 1_000_000))
    head = len(data) - 1_510_000
    assert found(data) == [(head, head + 510_000)]
    assert rest(len(data), found(data)) == [(0, head), (head + 510_000, len(data))]


def test_where_little_is_to_be_saved_or_libraw_is_asked_all_is_read() -> None:
    assert found(cr2((30_000, 1_000, 20_000, 10_000_000))) == []
    assert found(cr2((140_000, 1_000, 20_000, 10_000_000))) == []
    assert found(cr2((300_000, 10_000, 200_000, 1_000_000), small=4)) == []
    assert found(cr2((300_000, 10_000, 200_000, 1_000_000))[:-600_000]) != []
    assert found(cr2((300_000, 10_000, 200_000, 1_000_000))[:200_000]) == []
