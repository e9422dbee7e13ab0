"""What files say of their shots: each kind of file, real ones to the digit, and damaged ones."""

import dataclasses
import random
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from autohdr.raw.decode import decode, open_decoder, read_shot
from autohdr.raw.decoders import flashraw
from autohdr.shot.read import shot_in, shot_of
from autohdr.shot.shot import NOTHING, Shot
from autohdr_scenes import BODIES, expose, random_scene, write_dng
from tests.runtime.shot.wrapped import FILES, SHOT, box, camera, exposure, jpeg, sections, text, tiff


def taken(year: int, *rest: int) -> float:
    return datetime(year, *rest, tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]


D5000 = {
    **{"iso": 200.0, "aperture": 6.3, "flash": False, "focal_length": 24.0},
    **{"captured": taken(2014, 3, 9, 13, 25, 51), "make": "NIKON CORPORATION", "model": "NIKON D5000"},
}
KISS = {"compensation": 0.0, "flash": False, "make": "Canon", "model": "Canon EOS Kiss X4"}
REAL = {
    "adobe_14_hdr_sdr_profiles.dng": Shot(captured=taken(2023, 5, 22, 14, 39, 20), model="Test Camera"),
    "blackmagic_pocket4k.dng": Shot(model="Blackmagic Pocket Cinema Camera 4K"),
    "camera_640x480_10bit.dng": NOTHING,
    "canon_eos30d_IMG_0848.CR2": Shot(
        100.0, 7.1, 0.002, 0.0, False, 55.0, taken(2008, 2, 16, 13, 51, 56), "Canon", "Canon EOS 30D"
    ),
    "canon_eos60d_photo_sample.CR2": Shot(
        200.0, 2.0, 0.0125, 0.0, False, 50.0, taken(2014, 7, 7, 15, 38, 56), "Canon", "Canon EOS 60D"
    ),
    "canon_eos6d_lossy_linear.dng": Shot(
        1000.0, 5.6, 1 / 60, 0.0, False, 65.0, taken(2019, 6, 6, 7, 29, 51), "Canon", "Canon EOS 6D"
    ),
    "canon_eos_d30_RAW_CANON_D30_SRGB.CRW": Shot(
        *(100.0, 2.0**3.5, 2.0 ** (-23 / 3), 0.0, False, 100.0),
        *(taken(2002, 11, 24, 15, 11, 22), "Canon", "Canon EOS D30"),
    ),
    "canon_kissx4_magiclantern_colorchart.dng": Shot.from_dict(KISS),
    "fuji_s5000_RAW_FUJI_S5000.RAF": Shot(
        200.0, 2.8, 1 / 280, 0.0, False, 5.7, taken(2008, 6, 22, 3, 48, 5), "FUJIFILM", "FinePix S5000"
    ),
    "kodak_c330_YRGB.raw": NOTHING,
    "kodak_dc50.KDC": Shot(
        *(None, 6.2, 0.00435, None, False, 37.0, taken(1997, 4, 23, 8, 0, 47)),
        *("Eastman Kodak Company", "Kodak Digital Science DC50 Zoom Camera"),
    ),
    "nikon_coolscan_iv_uncompressed.nef": Shot(
        captured=taken(2021, 1, 11, 11, 18, 19), make="Nikon", model="Nikon COOLSCAN IV ED"
    ),
    "nikon_d5000_hdrmerge_sample1.dng": Shot.from_dict({**D5000, "exposure_time": 1 / 160, "compensation": 2.0}),
    "nikon_d5000_hdrmerge_sample2.dng": Shot.from_dict({**D5000, "exposure_time": 1 / 640, "compensation": 0.0}),
    "nikon_d5000_hdrmerge_sample3.dng": Shot.from_dict({**D5000, "exposure_time": 1 / 40, "compensation": 4.0}),
    "nikon_d500_lossy_linear_DSC8695.dng": Shot(
        *(400.0, 2.8, 1 / 1600, 2 / 3, False, 70.0),
        *(taken(2026, 7, 20, 22, 20, 59), "NIKON CORPORATION", "NIKON D500"),
    ),
    "sony_a7rm3_DSC2164.ARW": Shot(
        3200.0, 6.3, 1 / 640, -1.0, False, 129.0, taken(2018, 7, 11, 1, 18, 47), "SONY", "ILCE-7RM3"
    ),
}
"""As ExifTool has them."""
HEADERS = {
    "canon_r6_pruned.CR3": Shot(
        100.0, 25.0, 0.25, 0.0, False, 200.0, taken(2021, 5, 12, 12, 21, 21), "Canon", "Canon EOS R6"
    ),
    "canon_r6_truncated.cr3": Shot(
        25600.0, 2.8, 0.01, 1.0, False, 100.0, taken(2025, 9, 6, 20, 24, 47), "Canon", "Canon EOS R6"
    ),
    "canon_s90_truncated.cr2": Shot(
        80.0, 5.6, 1 / 125, 1 / 3, False, 8.557, taken(2011, 8, 24, 14, 41, 4), "Canon", "Canon PowerShot S90"
    ),
    "gopro_hero6.GPR": Shot(100.0, 2.8, 1 / 455, 0.0, False, 3.0, taken(2016, 1, 1, 23, 7, 27), "GoPro", "HERO6 Black"),
    "iphone12pro_proraw_truncated.dng": Shot(
        32.0, 1.6, 1 / 5556, 0.0, False, 4.2, taken(2020, 12, 29, 14, 24, 45), "Apple", "iPhone 12 Pro"
    ),
    "nikon_d70s_truncated.nef": Shot(
        *(200.0, 2.8, 1 / 60, 0.0, True, 50.0),
        *(taken(2010, 3, 1, 21, 50, 21), "NIKON CORPORATION", "NIKON D70s"),
    ),
    "nikon_z9_jxl.dng": Shot(
        *(102400.0, 1.2, 30.0, 0.0, False, 85.0),
        *(taken(2025, 8, 10, 19, 2, 53), "NIKON CORPORATION", "NIKON Z 9"),
    ),
    "not_a_raw_text.dng": NOTHING,
    "pentax_k3ii_truncated.pef": Shot(
        *(100.0, 7.1, 1 / 40, 0.0, False, 50.0),
        *(taken(2021, 2, 5, 10, 56, 53), "RICOH IMAGING COMPANY, LTD.", "PENTAX K-3 II"),
    ),
    "sony_a330_truncated.arw": Shot(
        100.0, 4.5, 1 / 160, 0.0, False, 100.0, taken(2009, 11, 13, 13, 33, 25), "SONY", "DSLR-A330"
    ),
}
"""The same of files without all of their pixels."""


class Asked(NamedTuple):
    """One read of a file."""

    start: int
    size: int


def same(one: Shot, other: Shot) -> None:
    """Fractions come in ten digits: 3571428571/1000000000 for 1/280."""
    for field in dataclasses.fields(Shot):
        mine, others = getattr(one, field.name), getattr(other, field.name)
        assert mine == (pytest.approx(others, rel=1e-8) if isinstance(others, float) else others), field.name


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_says_the_same_of_the_same_shot(kind: str, tmp_path: Path) -> None:
    assert shot_of(FILES[kind]) == SHOT
    (tmp_path / "file").write_bytes(FILES[kind])
    assert read_shot(tmp_path / "file") == SHOT


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_says_what_another_reader_reads(shared_raws: Path, name: str) -> None:
    same(read_shot(shared_raws / name), REAL[name])


@pytest.mark.parametrize("name", HEADERS)
def test_so_does_one_without_all_of_its_pixels(shared_raws: Path, name: str) -> None:
    same(read_shot(shared_raws / "bad" / name), HEADERS[name])


def test_real_rw2_headers_are_read(shared_cases: Path) -> None:
    shot = read_shot(shared_cases / "cut-rw2" / "exiftool_Panasonic.rw2")
    same(shot, Shot(80.0, 4.0, 1 / 250, 0.0, False, 5.1, taken(2008, 8, 6, 15, 21, 56), "Panasonic", "DMC-LX3"))


@pytest.mark.skipif(not flashraw.installed(), reason="needs flashraw, autohdr[fast]")
@pytest.mark.parametrize("name", [name for name in REAL if not name.startswith(("adobe", "fuji"))])
def test_both_decoders_have_the_same_shot(shared_raws: Path, name: str) -> None:
    fast, judged = (decode(shared_raws / name, open_decoder(which)) for which in ("flashraw", "libraw"))
    assert (fast.decoder, judged.decoder) == ("flashraw", "libraw")
    assert fast.shot == judged.shot == read_shot(shared_raws / name)


@pytest.mark.parametrize(
    "shot",
    [
        dataclasses.replace(SHOT, make="autohdr", exposure_time=1 / 250, compensation=-1 / 3),
        Shot(iso=102400.0, flash=False, make="autohdr", model="Simulated One"),
    ],
)
def test_a_simulated_photo_says_what_its_camera_did(tmp_path: Path, shot: Shot) -> None:
    rng = np.random.default_rng(0)
    frame = dataclasses.replace(expose(random_scene(rng, (64, 96)), BODIES[0], 1.0, rng), shot=shot)
    write_dng(tmp_path / "a.dng", frame, BODIES[0])
    same(decode(tmp_path / "a.dng").shot, shot)


def test_a_simulated_camera_writes_down_how_it_was_set(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = expose(random_scene(rng, (64, 96)), dataclasses.replace(BODIES[1], iso=800.0), 1.0, rng, captured=1.7e9)
    write_dng(tmp_path / "a.dng", frame, BODIES[1])
    expected = Shot(800.0, 8.0, 1 / 125, None, None, None, 1.7e9, "autohdr", "Simulated Two")
    assert decode(tmp_path / "a.dng").shot == frame.shot == expected


def test_an_apex_number_counts_only_where_the_plain_one_is_missing() -> None:
    """A lens without contacts has an f-number of 0, and cameras then write an APEX of 0, which would be f/1."""
    apex = [
        (37377, 10, 1, struct.pack("<ii", 6, 1)),  # 1/64 s
        (37378, 5, 1, struct.pack("<II", 6, 1)),  # f/8
    ]
    zero = [(tag, 5, 1, struct.pack("<II", 0, 1)) for tag in (33434, 33437)]
    assert shot_of(tiff(first=lambda _: apex, below=None)) == Shot(aperture=8.0, exposure_time=1 / 64)
    assert shot_of(tiff(first=lambda _: apex, below=lambda _: zero)) == NOTHING


@pytest.mark.parametrize(
    ("iso", "wider", "expected"), [(65535, 102400, 102400.0), (0, 50, 50.0), (65535, 0, 65535.0), (400, 800, 400.0)]
)
def test_a_wider_iso_counts_where_the_first_one_cannot_say_it(iso: int, wider: int, expected: float) -> None:
    tags = [(34855, 3, 1, struct.pack("<H", iso)), (34866, 4, 1, struct.pack("<I", wider))]
    assert shot_of(tiff(first=lambda _: tags, below=None)) == Shot(iso=expected)


def test_an_old_nikons_iso_is_in_its_notes() -> None:
    note = b"Nikon\0\2\x10\0\0" + tiff(">", first=lambda _: [(2, 3, 2, struct.pack(">HH", 0, 200))], below=None)
    assert shot_of(tiff(first=lambda _: [(37500, 7, len(note), note)], below=None)) == Shot(iso=200.0)


def test_the_first_time_that_is_one_counts() -> None:
    def dated(*times: str) -> float | None:
        tags = [(tag, *text(time)) for tag, time in zip((36867, 36868, 306), times, strict=True)]
        return shot_of(tiff(first=lambda _: tags, below=None)).captured

    one, two, three = "2001:01:01 00:00:00", "2002:01:01 00:00:00", "2003:01:01 00:00:00"
    assert dated(one, two, three) == taken(2001, 1, 1)
    assert dated("0000:00:00 00:00:00", two, three) == taken(2002, 1, 1)
    assert dated("", "    :  :     :  :  ", three) == taken(2003, 1, 1)
    assert dated("", "", "") is None


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_cut_off_says_what_it_still_holds(kind: str) -> None:
    whole = FILES[kind]
    for end in range(len(whole)):
        shot = shot_of(whole[:end])
        for field in dataclasses.fields(Shot):
            value = getattr(shot, field.name)
            cut_name = field.name in ("make", "model") and value is not None
            assert value in (None, getattr(SHOT, field.name)) or cut_name, (end, field.name, value)


@pytest.mark.parametrize("kind", FILES)
def test_hostile_files_are_read_in_bounds(kind: str) -> None:
    """Numbers of any size anywhere: no error, and few reads, each of few bytes."""
    whole = FILES[kind]
    rng = random.Random(kind)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(data))
            hostile = rng.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff", bytes([rng.randrange(256)])])
            data[place : place + len(hostile)] = hostile
        asked: list[Asked] = []
        checked(bytes(data), asked)
        assert sum(size for _, size in asked) < 4 << 20
        assert len(asked) < 5000


def checked(data: bytes, asked: list[Asked]) -> None:
    """Reads a file that notes what is asked of it."""

    class File:
        place = 0

        def seek(self, place: int, whence: int = 0) -> int:
            assert place >= 0
            self.place = len(data) if whence == 2 else place
            return self.place

        def read(self, size: int) -> bytes:
            asked.append(Asked(self.place, size))
            assert size >= 0
            return data[self.place : self.place + size]

    assert shot_in(File()) == shot_of(data)  # type: ignore[arg-type]


def test_many_directories_in_one_file_are_not_all_read() -> None:
    large = b"II*\0\x08\0\0\0\xff\xff"
    exif = jpeg(large)
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"CMT1", large) * 60
    for data in (
        box(b"ftyp", bytes(8)) + box(b"moov", box(b"uuid", canon) * 60) * 60,
        sections(*[(b"IMA2", bytes(28) + exif)] * 60),
    ):
        asked: list[Asked] = []
        checked(data + bytes(1 << 20), asked)
        checked(data, asked)
        assert sum(size for _, size in asked) < 8 << 20


def test_heaps_that_hold_each_other_end() -> None:
    ring = struct.pack("<2sI8s", b"II", 26, b"HEAPCCDR").ljust(26, b"\0")
    rows = b"".join(struct.pack("<HII", 0x2807, 0, 0) for _ in range(100))
    size = 26 + 2 + len(rows) + 4
    rows = b"".join(struct.pack("<HII", 0x2807, size - 26, 0) for _ in range(100))
    asked: list[Asked] = []
    checked(ring + struct.pack("<H", 100) + rows + struct.pack("<I", 0), asked)
    assert len(asked) < 1000


def test_a_directory_that_points_at_itself_ends() -> None:
    data = tiff(first=lambda order: [*camera(order), *exposure(order), (34665, 4, 1, struct.pack("<I", 8))], below=None)
    assert shot_of(data) == SHOT
