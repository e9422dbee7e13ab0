"""Lossless JPEG that is decoded here: of real files, what flashraw decodes, to the bit; of others, nothing."""

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autohdr.errors import RawError
from autohdr.raw.decoders import lossless
from autohdr.raw.decoders.dng import read_dng
from autohdr.raw.decoders.flashraw import FlashrawDecoder
from autohdr_scenes import BODIES, PHASES, expose, random_scene, write_dng
from autohdr_scenes.ljpeg import encode
from tests.runtime.raw.dngs import BYTE, LONG, SHORT, Tags, dng

flashraw = pytest.importorskip("flashraw", reason="needs flashraw, autohdr[fast]")

DECODED = ["canon_eos30d_IMG_0848.CR2", "canon_eos60d_photo_sample.CR2"]
"""What they hold is also compared with LibRaw's (`test_auto.py`)."""
LEFT = [
    "nikon_d5000_hdrmerge_sample1.dng",  # tiles with a table for each component
    "blackmagic_pocket4k.dng",  # another process of JPEG, under the same number
    "camera_640x480_10bit.dng",  # uncompressed
    "sony_a7rm3_DSC2164.ARW",
]


def theirs(file: Any) -> Any:
    return file.decode("raw-u16", threads=1, crop=False, corruption_policy="strict", apply_opcodes=False)


@pytest.mark.parametrize("name", DECODED)
def test_real_files_are_decoded_as_flashraw_decodes_them(shared_raws: Path, name: str) -> None:
    data = (shared_raws / name).read_bytes()
    with flashraw.open(data) as file:
        mine, frame = lossless.samples(data, file, read_dng(data)), theirs(file)
        assert mine is not None
        np.testing.assert_array_equal(mine, frame.array)
        black = lossless.black(file.frame_info, mine)
        for y in (0, 1):
            assert [black.at(x, y) for x in (0, 1)] == pytest.approx(
                [frame.black_level.at(x, y) for x in (0, 1)], abs=1e-3
            )


@pytest.mark.parametrize("name", LEFT)
def test_other_forms_are_left_to_flashraw(shared_raws: Path, name: str) -> None:
    data = (shared_raws / name).read_bytes()
    with flashraw.open(data) as file:
        assert lossless.samples(data, file, read_dng(data)) is None


@pytest.mark.parametrize("phase", [*PHASES, "linear"])
def test_dngs_are_decoded_as_flashraw_decodes_them(tmp_path: Path, phase: str) -> None:
    rng = np.random.default_rng(0)
    camera = replace(BODIES[0], phase=phase)
    frame = expose(random_scene(rng, (96, 144)), camera, 1.0, rng)
    write_dng(tmp_path / "a.dng", frame, camera)
    data = (tmp_path / "a.dng").read_bytes()
    with flashraw.open(data) as file:
        mine = lossless.samples(data, file, read_dng(data))
        assert mine is not None
        np.testing.assert_array_equal(mine, theirs(file).array)


@pytest.mark.parametrize(
    ("tags", "left"),
    [
        ({}, False),
        ({50706: (BYTE, [1, 0, 0, 0])}, True),  # says 16 bits more behind a difference of 16
        ({50712: (SHORT, [0] * 9)}, True),
        ({330: (SHORT, [])}, True),  # without values
        ({322: (LONG, [272]), 323: (LONG, [48])}, True),  # tiles that are wider than the picture
    ],
)
def test_dngs_of_a_rare_kind_are_left_to_flashraw(tags: Tags, left: bool) -> None:
    samples = np.random.default_rng(0).integers(0, 65536, (48, 64), np.uint16)
    code = encode(samples.reshape(48, 32, 2))
    places: Tags = {324: (LONG, [8]), 325: (LONG, [len(code)]), 273: (LONG, None), 278: (LONG, None), 279: (LONG, None)}
    plain: Tags = {259: (SHORT, [7]), 322: (LONG, [64]), 323: (LONG, [48]), **places}
    data = dng(samples, {**plain, **tags}, stored=code)
    with flashraw.open(data) as file:
        assert (lossless.samples(data, file, read_dng(data)) is None) is left


def test_a_dng_that_says_a_thing_twice_is_left_to_flashraw() -> None:
    samples = np.random.default_rng(0).integers(0, 4096, (48, 64), np.uint16)
    code = encode(samples.reshape(48, 32, 2))
    data = dng(samples, {259: (SHORT, [7]), 279: (LONG, [len(code)])}, stored=code)
    date, height = (struct.pack("<HH", tag, kind) for tag, kind in ((306, 2), (257, 4)))
    for changed, left in ((data, False), (data.replace(date, height), True)):
        with flashraw.open(changed) as file:
            assert (lossless.samples(changed, file, read_dng(changed)) is None) is left


def test_what_is_cut_is_refused_with_flashraws_reason(shared_raws: Path) -> None:
    path = shared_raws / DECODED[0]
    data = path.read_bytes()
    with pytest.raises(RawError, match=r"flashraw|missing or damaged"):
        FlashrawDecoder().decode(data[: len(data) * 2 // 3], path)
