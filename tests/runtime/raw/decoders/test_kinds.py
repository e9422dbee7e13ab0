"""Every kind of RAW that the shoot generator writes, through each decoder that is to read it."""

import dataclasses
import struct
from pathlib import Path

import numpy as np
import pytest

from autohdr import RawError
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.auto import differences
from autohdr.raw.decoders.base import Decoder, daylight, matrix_from_xyz, white_balance
from autohdr.raw.decoders.flashraw import FlashrawDecoder
from autohdr.raw.decoders.libraw import LibRawDecoder
from autohdr.raw.linear import to_linear
from autohdr_scenes import KINDS

DECODERS: list[type[Decoder]] = [LibRawDecoder, FlashrawDecoder]
FLOATING = {"floating-point mosaic", "floating-point planes"}
REFUSED = {LibRawDecoder: FLOATING, FlashrawDecoder: {"four colours"}}
OF_ITS_OWN = {"default crop", "masked border and crop", "odd border and crop", "baseline exposure"}
"""Kinds that show another part of the scene, or another light."""


def opened(decoder: type[Decoder]) -> Decoder:
    if decoder is FlashrawDecoder and not flashraw.installed():
        pytest.skip("needs flashraw, autohdr[fast]")
    return decoder()


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_read_as_it_was_recorded(tmp_path: Path, kind: str, decoder: type[Decoder]) -> None:
    expected = KINDS[kind]().write(tmp_path / "a.dng")
    data = (tmp_path / "a.dng").read_bytes()
    if kind in REFUSED[decoder]:
        with pytest.raises(RawError, match=r"a\.dng: .*; .*"):
            opened(decoder).decode(data, tmp_path / "a.dng")
        return
    frame = opened(decoder).decode(data, tmp_path / "a.dng")
    # Where the file does not say, the white balance is the camera's daylight, not that of the scene.
    assert differences(frame, expected) == (["white_balance"] if kind == "no white balance" else [])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OF_ITS_OWN])
def test_every_kind_shows_the_same_scene(kind: str) -> None:
    """But for noise and for the light that a filter or eight bits lose, which is least in the average of luminance."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    one, other = (to_linear(KINDS[name]().frame, 12) @ weights for name in ("RGGB", kind))
    plain = (one > 0.02) & (one < 0.7)
    assert plain.sum() > 40
    assert np.median(np.abs(other[plain] / one[plain] - 1)) < (0.1 if kind == "monochrome" else 0.03)


@pytest.mark.parametrize("decoder", DECODERS)
def test_baseline_exposure_brightens_by_its_stops(tmp_path: Path, decoder: type[Decoder]) -> None:
    kind = KINDS["baseline exposure"]()
    kind.write(tmp_path / "a.dng")
    frame = opened(decoder).decode((tmp_path / "a.dng").read_bytes(), tmp_path / "a.dng")
    assert frame.exposure == 1.5
    np.testing.assert_allclose(to_linear(frame, 16), to_linear(KINDS["RGGB"]().frame, 16) * 2**1.5, rtol=1e-5)


@pytest.mark.parametrize(
    ("kind", "sources"),
    [("RGGB", {"as shot"}), ("no white balance", {"daylight", "matrix"})],
)
@pytest.mark.parametrize("decoder", DECODERS)
def test_the_frame_says_where_its_white_balance_is_from(
    tmp_path: Path, kind: str, sources: set[str], decoder: type[Decoder]
) -> None:
    expected = KINDS[kind]()
    expected.write(tmp_path / "a.dng")
    frame = opened(decoder).decode((tmp_path / "a.dng").read_bytes(), tmp_path / "a.dng")
    assert frame.white_balance_source in sources
    if kind == "no white balance":
        np.testing.assert_allclose(frame.white_balance, expected.camera.daylight, rtol=1e-4)


def test_a_damaged_matrix_gives_no_numbers() -> None:
    """So that a frame is refused for its levels, not with an exception from linear algebra."""
    for damaged in (np.zeros((3, 3)), np.full((3, 3), np.nan), np.array([[np.inf, 0, 0], [0, 1, 0], [0, 0, 1]])):
        assert not np.isfinite(matrix_from_xyz(damaged)).any()
        assert white_balance([("matrix", list(daylight(damaged)))], 3)[1] == "none"


@pytest.mark.parametrize("decoder", DECODERS)
def test_an_orientation_that_is_none_is_upright(tmp_path: Path, decoder: type[Decoder]) -> None:
    KINDS["RGGB"]().write(tmp_path / "a.dng")
    data = bytearray((tmp_path / "a.dng").read_bytes())
    place = data.index(struct.pack("<HHIH", 274, 3, 1, 1))
    for number in (0, 9, 77):
        struct.pack_into("<H", data, place + 8, number)
        assert opened(decoder).decode(bytes(data), tmp_path / "a.dng").flip == 0


@pytest.mark.parametrize("kind", ["linear", "RGGB"])
def test_what_ends_in_one_value_is_no_truncated_dng(tmp_path: Path, kind: str) -> None:
    """A panorama's black border, or a blown lower edge under one brighter sample."""
    whole = KINDS[kind]()
    data = whole.frame.data.copy()
    data[-8:] = 512 if kind == "linear" else 16000
    data[0, 0] = 16100
    dataclasses.replace(whole, frame=dataclasses.replace(whole.frame, data=data)).write(tmp_path / "a.dng")
    written = (tmp_path / "a.dng").read_bytes()
    np.testing.assert_array_equal(LibRawDecoder().decode(written, tmp_path / "a.dng").data, data)
    with pytest.raises(RawError, match=r"a\.dng: .*; copy it from the card again"):
        LibRawDecoder().decode(written[:-20], tmp_path / "a.dng")
