"""Two decoders: equal on real files, each the other's net, and a difference that is never passed over."""

import dataclasses
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autohdr import IncompleteError, RawError, SettingsError
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.auto import VERIFIED, AutoDecoder, differences, form
from autohdr.raw.decoders.base import NoAnswerError
from autohdr.raw.frame import RawFrame
from autohdr_scenes import BODIES, OTHER_CELLS, PHASES, expose, random_scene, write_dng

needs_flashraw = pytest.mark.skipif(not flashraw.installed(), reason="needs flashraw, autohdr[fast]")

EQUAL = [
    "blackmagic_pocket4k.dng",
    "camera_640x480_10bit.dng",
    "canon_eos30d_IMG_0848.CR2",
    "canon_eos60d_photo_sample.CR2",
    "canon_eos_d30_RAW_CANON_D30_SRGB.CRW",
    "canon_kissx4_magiclantern_colorchart.dng",
    "kodak_c330_YRGB.raw",
    "kodak_dc50.KDC",
    "nikon_coolscan_iv_uncompressed.nef",
    "nikon_d5000_hdrmerge_sample1.dng",
    "nikon_d5000_hdrmerge_sample2.dng",
    "nikon_d5000_hdrmerge_sample3.dng",
    "sony_a7rm3_DSC2164.ARW",
]
# Of the Super CCD's black, which no masked pixel tells, they differ.
LIBRAWS = ["fuji_s5000_RAW_FUJI_S5000.RAF"]
# Their transforms round differently: a hundredth of the samples by a level.
LOSSY = ["canon_eos6d_lossy_linear.dng", "nikon_d500_lossy_linear_DSC8695.dng"]
# This build of LibRaw knows neither VC-5 nor JPEG XL; floating-point samples it scales by the brightest.
FLASHRAWS = ["bad/gopro_hero6.GPR", "bad/nikon_z9_jxl.dng", "adobe_14_hdr_sdr_profiles.dng"]


@needs_flashraw
@pytest.mark.parametrize("name", EQUAL)
def test_both_decoders_say_the_same_of_a_real_file(shared_raws: Path, name: str) -> None:
    fast, judged = (decode(shared_raws / name, open_decoder(which)) for which in ("flashraw", "libraw"))
    np.testing.assert_array_equal(fast.data, judged.data)
    assert not differences(fast, judged)
    assert form(fast) in VERIFIED
    assert decode(shared_raws / name).decoder == "flashraw"


@needs_flashraw
@pytest.mark.parametrize("name", LIBRAWS)
def test_what_they_differ_on_is_libraws(shared_raws: Path, name: str) -> None:
    assert decode(shared_raws / name, open_decoder("auto")).decoder == "libraw"


@needs_flashraw
@pytest.mark.parametrize("name", LOSSY)
def test_lossy_samples_are_the_same_but_for_rounding(shared_raws: Path, name: str) -> None:
    data, path = (shared_raws / name).read_bytes(), shared_raws / name
    fast, judged = (open_decoder(which).decode(data, path) for which in ("flashraw", "libraw"))
    assert form(fast) in VERIFIED
    difference = np.abs(fast.data.astype(float) - judged.data)[judged.data > fast.black[0] + 10]
    assert np.mean(difference > 2) < 0.001
    assert decode(path).decoder == "flashraw"


@needs_flashraw
@pytest.mark.parametrize("name", FLASHRAWS)
def test_what_libraw_cannot_open_goes_to_flashraw(shared_raws: Path, name: str) -> None:
    assert decode(shared_raws / name).decoder == "flashraw"


@needs_flashraw
@pytest.mark.parametrize("flip", range(8))
@pytest.mark.parametrize("phase", [*PHASES, *OTHER_CELLS, "linear"])
def test_both_decoders_say_the_same_of_every_filter_and_orientation(tmp_path: Path, phase: str, flip: int) -> None:
    body = dataclasses.replace(BODIES[0], phase=phase)
    rng = np.random.default_rng(0)
    frame = expose(random_scene(rng, (64, 96)), body, 1.0, rng, flip, 1.7e9)
    write_dng(tmp_path / "a.dng", frame, body)
    fast, judged = (decode(tmp_path / "a.dng", open_decoder(which)) for which in ("flashraw", "libraw"))
    assert not differences(fast, judged)
    assert fast.flip == judged.flip == flip
    assert fast.shot == judged.shot
    assert fast.shot.captured == 1.7e9


class Says:
    """A decoder that always says the same."""

    def __init__(self, name: str, answer: RawFrame | RawError) -> None:
        self.name = name
        self.answer = answer
        self.asked = 0

    def decode(self, data: bytes, path: Path) -> RawFrame:
        self.asked += 1
        if isinstance(self.answer, RawError):
            raise self.answer
        return self.answer


FRAME = RawFrame(
    data=np.arange(16, dtype=np.uint16).reshape(4, 4),
    pattern=np.array([[0, 1], [3, 2]], np.uint8),
    black=np.zeros(4),
    white=np.full(4, 15.0),
    white_balance=np.array([2.0, 1.0, 1.5]),
    matrix=np.eye(3),
    kind="a camera",
    decoder="fast",
)
JUDGED = dataclasses.replace(FRAME, kind="", decoder="judge")
OTHERWISE: dict[str, dict[str, Any]] = {
    "data": {"data": FRAME.data + 1},
    "pattern": {"pattern": np.array([[1, 0], [2, 3]], np.uint8)},
    "black": {"black": np.full(4, 2.0)},
    "white": {"white": np.full(4, 16.0)},
    "white_balance": {"white_balance": np.array([2.01, 1.0, 1.5])},
    "matrix": {"matrix": np.eye(3) * 1.01},
    "flip": {"flip": 3},
    "exposure": {"exposure": 1.0},
}
HERE = Path("a.dng")


def test_what_was_compared_on_real_files_is_the_fast_ones_alone() -> None:
    judge = Says("judge", JUDGED)
    auto = AutoDecoder(Says("fast", dataclasses.replace(FRAME, kind="a camera, DNG lossless-jpeg 14 bits")), judge)
    assert auto.decode(b"", HERE).decoder == "fast"
    assert judge.asked == 0


def test_each_file_of_another_form_goes_through_both() -> None:
    """The first of a kind decided for all: a label depended on the other photos of the run, and on their order."""
    fast, judge = Says("fast", FRAME), Says("judge", JUDGED)
    auto = AutoDecoder(fast, judge)
    found = []
    for answer in (JUDGED, dataclasses.replace(JUDGED, flip=3), JUDGED):
        judge.answer = answer
        found.append(auto.decode(b"", HERE).decoder)
    assert found == ["fast", "judge", "fast"]


@pytest.mark.parametrize("field", OTHERWISE)
def test_any_difference_makes_a_file_the_judges_with_one_warning(field: str, caplog: pytest.LogCaptureFixture) -> None:
    judge = Says("judge", dataclasses.replace(JUDGED, **OTHERWISE[field]))
    auto = AutoDecoder(Says("fast", FRAME), judge)
    with caplog.at_level(logging.WARNING):
        assert [auto.decode(b"", HERE).decoder for _ in range(3)] == ["judge"] * 3
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith(f"a.dng: fast and judge differ in {field}; this photo is read by judge")


def test_what_one_finds_incomplete_the_other_does_not_overrule() -> None:
    no, cut = RawError("a.dng: no"), IncompleteError("a.dng: cut")
    for fast, judge in ((cut, JUDGED), (FRAME, cut), (no, cut), (cut, no)):
        with pytest.raises(IncompleteError, match="cut"):
            AutoDecoder(Says("fast", fast), Says("judge", judge)).decode(b"", HERE)


def test_a_judge_that_does_not_answer_leaves_no_label_to_chance() -> None:
    """LibRaw is stopped after a while: on a busy machine the fast one's frame was taken instead."""
    late, no = NoAnswerError("a.dng: still at it"), RawError("a.dng: no")
    for fast in (FRAME, no):
        with pytest.raises(NoAnswerError, match="still at it"):
            AutoDecoder(Says("fast", fast), Says("judge", late)).decode(b"", HERE)


def test_what_one_refuses_goes_to_the_other_and_what_both_refuse_fails() -> None:
    no = RawError("a.dng: no")
    assert AutoDecoder(Says("fast", no), Says("judge", JUDGED)).decode(b"", HERE).decoder == "judge"
    assert AutoDecoder(Says("fast", FRAME), Says("judge", no)).decode(b"", HERE).decoder == "fast"
    with pytest.raises(RawError, match="no"):
        AutoDecoder(Says("fast", no), Says("judge", no)).decode(b"", HERE)


@needs_flashraw
def test_a_picture_that_one_of_them_finds_cut_is_refused(shared_cases: Path) -> None:
    """22 bytes of a picture of 11.7 MB: flashraw counts them, LibRaw fills up with zeros."""
    with pytest.raises(RawError, match=r"Panasonic\.rw2: .*truncated.*; copy it from the card again"):
        decode(shared_cases / "cut-rw2" / "exiftool_Panasonic.rw2")


@needs_flashraw
def test_a_lossless_jpeg_that_ends_in_zeros_is_refused(shared_raws: Path, tmp_path: Path) -> None:
    """flashraw decodes something of them."""
    data = bytearray((shared_raws / "canon_eos30d_IMG_0848.CR2").read_bytes())
    data[6_000_000:] = bytes(len(data) - 6_000_000)
    (tmp_path / "a.CR2").write_bytes(data)
    with pytest.raises(RawError, match=r"a\.CR2: .*missing.*; copy it from the card again"):
        decode(tmp_path / "a.CR2", open_decoder("auto"))


def test_a_bug_of_the_fast_one_is_the_others_matter() -> None:
    class Broken(Says):
        def decode(self, data: bytes, path: Path) -> RawFrame:
            raise ZeroDivisionError("oh")

    assert AutoDecoder(Broken("fast", FRAME), Says("judge", JUDGED)).decode(b"", HERE).decoder == "judge"
    with pytest.raises(RawError, match=r"a\.dng: fast failed: ZeroDivisionError: oh; .*"):
        AutoDecoder(Broken("fast", FRAME), Says("judge", RawError("a.dng: no"))).decode(b"", HERE)


def test_a_panic_of_the_fast_one_is_the_others_matter_and_the_end_of_the_program_is_not() -> None:
    class PanicException(BaseException):  # Rust's, through PyO3
        pass

    class Raises(Says):
        def __init__(self, error: BaseException) -> None:
            super().__init__("fast", FRAME)
            self.error = error

        def decode(self, data: bytes, path: Path) -> RawFrame:
            raise self.error

    assert AutoDecoder(Raises(PanicException("oh")), Says("judge", JUDGED)).decode(b"", HERE).decoder == "judge"
    with pytest.raises(KeyboardInterrupt):
        AutoDecoder(Raises(KeyboardInterrupt()), Says("judge", JUDGED)).decode(b"", HERE)


def test_a_decoders_own_bug_is_the_photos_matter_alone(tmp_path: Path) -> None:
    class Broken:
        name = "broken"

        def decode(self, data: bytes, path: Path) -> RawFrame:
            raise ZeroDivisionError("oh")

    (tmp_path / "a.dng").write_bytes(b"x")
    with pytest.raises(RawError, match=r"a\.dng: its decoder failed \(ZeroDivisionError: oh\)"):
        decode(tmp_path / "a.dng", Broken())


def test_without_flashraw_auto_is_libraw_and_asking_for_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flashraw, "find_spec", lambda name: None)
    assert open_decoder("auto").name == "libraw"
    with pytest.raises(SettingsError, match=r'pip install "autohdr\[fast\]"'):
        open_decoder("flashraw")
