"""XMP inside DNGs: the picture and all else stay, and undo brings back every byte."""

import dataclasses
import hashlib
import io
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import tifffile

from autohdr import SidecarError
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.decoders import flashraw
from autohdr.raw.frame import RawFrame
from autohdr.sidecar import Document, merge
from autohdr.sidecar.dng.embedded import read_embedded, restore_embedded, write_embedded
from autohdr.sidecar.places import EMPTY_PACKET
from autohdr.sidecar.xmp.properties import CRS
from autohdr.words import DecoderName
from tests.runtime.sidecar.dngs import SAMPLES, by_tifffile, packet, tiff

needs_flashraw = pytest.mark.skipif(not flashraw.installed(), reason="needs flashraw, autohdr[fast]")

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def put(data: bytes | None = None, name: str = "IMG_1.dng") -> Path:
        path = tmp_path / name
        path.write_bytes(tiff() if data is None else data)
        return path

    return put


def kept(path: Path) -> list[str]:
    return sorted(other.name for other in path.parent.iterdir() if other != path)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [1, 7])
def test_a_packet_is_read_in_either_order_of_bytes(make: Make, order: str, kind: int) -> None:
    assert read_embedded(make(tiff(order, packet(), kind=kind))) == packet()


def test_where_there_is_no_packet_there_is_none(make: Make, tmp_path: Path) -> None:
    assert read_embedded(make()) is None
    assert read_embedded(make(tiff(xmp=b"\0" * 100))) is None
    assert read_embedded(make(b"no TIFF file")) is None
    assert read_embedded(tmp_path / "missing.dng") is None


def test_only_the_needed_parts_of_a_file_are_read(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tiff(xmp=packet()))
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    asked: list[int] = []
    read = io.FileIO.read

    class Counted(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(size or 0)
            return read(self, size)

    monkeypatch.setattr(Path, "open", lambda path, *_, **__: Counted(path))
    assert read_embedded(path) == packet()
    assert sum(asked) < len(packet()) + 200


def test_nuls_behind_a_packet_are_no_part_of_it_and_utf_16_stays(make: Make) -> None:
    assert read_embedded(make(tiff(xmp=packet() + b"\0\0\0"))) == packet()
    wide = packet().decode().encode("utf-16-le")
    assert read_embedded(make(tiff(xmp=wide))) == wide


def test_a_dng_is_known_by_its_content(make: Make) -> None:
    held = tiff(xmp=packet())
    assert read_embedded(make(held, "IMG_1.GPR")) == packet()
    assert read_embedded(make(held.replace(struct.pack("<H", 50706), struct.pack("<H", 50700)), "IMG_2.dng")) is None


def test_real_packets_are_those_that_tifffile_reads(shared_raws: Path) -> None:
    packets = {path.stem: read_embedded(path) for path in sorted(shared_raws.glob("*.dng"))}
    for name, found in packets.items():
        other = by_tifffile(shared_raws / f"{name}.dng")
        assert found == (None if other is None else other.rstrip(b"\0"))
    assert sum(found is not None for found in packets.values()) == 6
    edited = packets["canon_eos6d_lossy_linear"]
    assert edited is not None
    assert Document.parse(edited).settings()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("xmp", [None, packet("-1.00")])
@pytest.mark.parametrize("odd", [False, True])
def test_a_packet_is_written_and_taken_back(make: Make, order: str, xmp: bytes | None, odd: bool) -> None:
    path = make(tiff(order, xmp, odd=odd))
    before = path.read_bytes()
    assert len(before) % 2 == odd
    assert write_embedded(path, packet()) == path.with_name("IMG_1.dng_xmp_original")
    after = path.read_bytes()
    assert read_embedded(path) == by_tifffile(path) == packet()
    assert after[:4] + after[8 : len(before)] == before[:4] + before[8:]
    tags = [tag.code for tag in tifffile.TiffFile(io.BytesIO(after)).pages.first.tags]
    assert tags == sorted({*tags, 700})
    assert tifffile.imread(path).tolist() == SAMPLES.tolist()
    assert restore_embedded(path)
    assert path.read_bytes() == before
    assert kept(path) == []
    assert not restore_embedded(path)


def test_many_writings_lead_back_to_the_first_bytes_and_the_file_does_not_grow_on(make: Make) -> None:
    path = make(tiff(xmp=packet("-1.00")))
    before = path.read_bytes()
    rng = random.Random(0)
    lengths = []
    for index in range(40):
        data = packet(f"+0.{index:02}", rng.randrange(2000))
        write_embedded(path, data)
        assert read_embedded(path) == data
        assert path.read_bytes().endswith(data)
        assert path.read_bytes()[8 : len(before)] == before[8:]
        lengths.append(path.stat().st_size - len(before))
    assert max(lengths) < 4 * (len(packet()) + 2000 + 200)
    assert kept(path) == ["IMG_1.dng_xmp_original"]
    assert restore_embedded(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("decoder", ["libraw", pytest.param("flashraw", marks=needs_flashraw)])
@pytest.mark.parametrize("name", ["nikon_d5000_hdrmerge_sample3", "blackmagic_pocket4k", "camera_640x480_10bit"])
def test_a_real_dng_is_the_same_photo_to_each_decoder(
    shared_raws: Path, make: Make, name: str, decoder: DecoderName
) -> None:
    path = make((shared_raws / f"{name}.dng").read_bytes())
    before, photo = path.read_bytes(), described(decode(path, open_decoder(decoder)))
    for value in ("+0.55", "-0.55"):
        data = merge(read_embedded(path) or EMPTY_PACKET, {f"{{{CRS}}}Exposure2012": value})
        write_embedded(path, data)
        assert by_tifffile(path) == data
        assert described(decode(path, open_decoder(decoder))) == photo
        assert path.read_bytes()[8 : len(before)] == before[8:]
    assert restore_embedded(path)
    assert path.read_bytes() == before


def described(frame: RawFrame) -> dict[str, str]:
    """All that a decoder says, with a digest of the sensor data."""
    said = {field.name: repr(getattr(frame, field.name)) for field in dataclasses.fields(frame)}
    return {**said, "data": hashlib.sha256(frame.data.tobytes()).hexdigest()}


def test_real_dngs_of_each_form_come_back_to_the_byte(shared_raws: Path, make: Make) -> None:
    whole = [
        *shared_raws.glob("*.dng"),
        *(shared_raws / "bad" / name for name in ("nikon_z9_jxl.dng", "gopro_hero6.GPR")),
    ]
    for source in whole:
        path = make(source.read_bytes(), source.name)
        before = path.read_bytes()
        tags = other_tags(path)
        write_embedded(path, packet())
        assert read_embedded(path) == packet()
        assert other_tags(path) == tags
        assert path.read_bytes()[8 : len(before)] == before[8:]
        assert restore_embedded(path)
        assert path.read_bytes() == before
        path.unlink()
    assert len(whole) > 10


def other_tags(path: Path) -> list[str]:
    """Everything but XMP that tifffile reads in the first directory."""
    with tifffile.TiffFile(path) as file:
        return [repr((tag.code, tag.dtype, tag.value)) for tag in file.pages.first.tags if tag.code != 700]


def test_a_file_that_another_program_changed_is_left_alone(make: Make) -> None:
    original = tiff(xmp=packet("-1.00"))

    def moved_in_place(data: bytearray) -> None:
        place = data.rindex(b"+0.50")
        data[place : place + 5] = b"+0.75"

    def in_its_head(data: bytearray) -> None:
        data[9] ^= 1

    def longer(data: bytearray) -> None:
        data += b"a trailer"

    def rewritten(data: bytearray) -> None:
        data[:] = tiff(xmp=packet("+0.75"))

    def no_tiff(data: bytearray) -> None:
        data[:4] = b"none"

    for change in (moved_in_place, in_its_head, longer, rewritten, no_tiff):
        path = make(original, f"{change.__name__}.dng")
        name = write_embedded(path, packet()).name
        data = bytearray(path.read_bytes())
        change(data)
        path.write_bytes(data)
        with pytest.raises(SidecarError, match=rf"changed by another program .* is in {name}$"):
            restore_embedded(path)
        assert path.read_bytes() == data
        assert "-1.00" in path.with_name(name).read_text()


def test_what_another_program_made_of_our_packet_comes_back_too(make: Make) -> None:
    """As when Lightroom changes a packet in place: it becomes the original of what we write then."""
    path = make(tiff(xmp=packet("-1.00")))
    write_embedded(path, packet("+0.50"))
    path.write_bytes(changed := path.read_bytes().replace(b"+0.50", b"+0.75"))
    assert write_embedded(path, packet("+0.25")).name == "IMG_1.dng_xmp_original2"
    assert write_embedded(path, packet("+0.30")).name == "IMG_1.dng_xmp_original2"
    assert restore_embedded(path)
    assert path.read_bytes() == changed
    assert kept(path) == ["IMG_1.dng_xmp_original"]


@pytest.mark.parametrize("said", ["", "{}", "[", '{"blocks": 1}', '{"length": 1e999}', "[" * 100_000, "hostile"])
def test_a_kept_original_that_is_damaged_undoes_nothing(make: Make, said: str) -> None:
    path = make()
    held = path.read_bytes()
    name = path.with_name("IMG_1.dng_xmp_original")
    if said == "hostile":  # it would cut the file to nothing
        digest = hashlib.sha256(held[:4] + b"\5\0\0\0").hexdigest()
        fields = f'"directory": 5, "digest": "{digest}", "packet": null, "blocks": [], "end": {len(held)}'
        said = f'{{"length": -8, {fields}}}'
    name.write_text(said)
    with pytest.raises(SidecarError, match="is left alone"):
        restore_embedded(path)
    assert write_embedded(path, packet()).name == "IMG_1.dng_xmp_original2"
    assert restore_embedded(path)
    assert path.read_bytes() == held
    assert name.read_text() == said


def test_a_dry_run_of_undo_changes_nothing(make: Make) -> None:
    path = make()
    write_embedded(path, packet())
    written = path.read_bytes()
    assert restore_embedded(path, dry_run=True)
    assert path.read_bytes() == written
    assert kept(path) == ["IMG_1.dng_xmp_original"]
