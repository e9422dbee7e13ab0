import struct

import imagecodecs
import numpy as np
import pytest

from autohdr.develop.picture import Picture
from autohdr.develop.rendering import Renditions
from autohdr.develop.spaces import DisplayPrimaries
from autohdr.errors import PhotoError, SettingsError
from autohdr.pictures import gain_map, gain_map_jpeg, jpeg
from autohdr.pictures.pixel_codes import srgb_codes, srgb_light
from tests.runtime.pictures.conftest import (
    HDRGM,
    LEVELS,
    applied,
    middles,
    patches,
    pixels,
    second_image,
    segments,
    without_iso,
    xmp,
)

ITEM = "{http://ns.google.com/photos/1.0/container/item/}"
ISO = b"urn:iso:std:iso:ts:21496:-1\0"


def written(both: Renditions, shrink: int = 2) -> bytes:
    assert both.hdr is not None
    return gain_map_jpeg(both.sdr, both.hdr, shrink=shrink)


def lively(height: int, width: int) -> Renditions:
    """A picture with edges, colours and light up to 4."""
    y, x = np.mgrid[:height, :width]
    hdr = (2.0 ** (9 * x / width - 7))[..., None] * np.array([1, 0.8, 0.6]) * (1 + 0.3 * np.sin(y / 9))[..., None]
    hdr[height // 3 : height // 2, : width // 3] = 4
    hdr = np.minimum(hdr, 4).astype(np.float32)
    return Renditions(Picture(hdr * (1 + hdr / 16) / (1 + hdr), "display-p3"), Picture(hdr, "display-p3", 4.0))


@pytest.mark.parametrize("shrink", [1, 2, 4])
def test_libultrahdr_reads_every_patch_within_1_percent(both: Renditions, shrink: int) -> None:
    light = middles(imagecodecs.ultrahdr_decode(written(both, shrink)))
    np.testing.assert_allclose(light, np.array(LEVELS)[:, None].repeat(3, 1), rtol=0.01)


@pytest.mark.parametrize("primaries", ["srgb", "display-p3", "bt2020"])
@pytest.mark.parametrize("peak", [1.2, 5.0, 16.0])
def test_peak_and_mid_grey_are_right_in_all_primaries(primaries: DisplayPrimaries, peak: float) -> None:
    hdr = patches((0.05, 0.18, 1.0, peak))
    data = gain_map_jpeg(Picture(np.minimum(hdr, 1), primaries), Picture(hdr, primaries, 4.0))
    np.testing.assert_allclose(middles(imagecodecs.ultrahdr_decode(data))[[1, 3], 0], [0.18, peak], rtol=0.01)


def test_the_hdrgm_form_says_the_same(both: Renditions) -> None:
    """Read by the specification's formula alone, from the XMP that older programs know."""
    light = applied(written(both))
    np.testing.assert_allclose(light[16, 16::32, 1], LEVELS, rtol=0.01)


def test_the_iso_block_says_the_same_as_the_xmp(both: Renditions) -> None:
    second = second_image(written(both))
    block, _ = segments(second).starting(0xE2, ISO)
    assert segments(written(both)).starting(0xE2, ISO)[0] == bytes(4)
    least, writer, flags = struct.unpack(">HHB", block[:5])
    assert (least, writer, flags) == (0, 0, 0xC0)
    numbers = [top / bottom for top, bottom in struct.iter_unpack(">iI", block[5:])]
    assert numbers[:2] == [0, pytest.approx(2)]  # of the peak, 4
    description = next(node for node in xmp(second).iter() if HDRGM + "Version" in node.attrib)
    for channel in range(3):
        lowest, highest, gamma, low_offset, high_offset = numbers[2 + 5 * channel : 7 + 5 * channel]
        said = [float(description.get(HDRGM + name, "nan")) for name in ("GainMapMin", "GainMapMax")]
        assert said == pytest.approx([lowest, highest], abs=1e-6)
        assert (gamma, low_offset, high_offset) == (1, 1 / 64, 1 / 64)
    assert float(description.get(HDRGM + "HDRCapacityMax", "nan")) == pytest.approx(2)


def test_the_container_says_how_long_the_map_is(both: Renditions) -> None:
    data = written(both)
    items = {node.get(ITEM + "Semantic"): node for node in xmp(data).iter() if node.get(ITEM + "Semantic")}
    assert set(items) == {"Primary", "GainMap"}
    assert int(items["GainMap"].get(ITEM + "Length", "0")) == len(second_image(data))


def test_programs_without_gain_maps_see_the_sdr_rendition(both: Renditions) -> None:
    np.testing.assert_array_equal(pixels(written(both)), pixels(jpeg(both.sdr)))


@pytest.mark.parametrize("size", [(1, 1), (17, 31), (64, 3), (40, 60)])
@pytest.mark.parametrize("shrink", [1, 2, 3])
def test_any_size_is_read_back(size: tuple[int, int], shrink: int) -> None:
    data = written(lively(*size), shrink)
    assert second_image(data)
    if min(size) > 8:  # libultrahdr's least
        assert imagecodecs.ultrahdr_decode(data).shape == (*size, 4)


def test_half_a_map_is_nearly_as_good_as_a_whole_one() -> None:
    both = lively(240, 360)
    assert both.hdr is not None
    errors = {}
    for shrink in (1, 2):
        light = imagecodecs.ultrahdr_decode(written(both, shrink)).astype(np.float64)[..., :3]
        errors[shrink] = np.median(np.abs(np.log2((light + 0.01) / (both.hdr.light + 0.01))))
    assert errors[1] < 0.015
    assert errors[1] < errors[2] < 0.02


def test_the_gain_is_the_ratio_of_the_blocks_means() -> None:
    random = np.random.default_rng(0)
    sdr, hdr = (random.uniform(0, top, (7, 9, 3)).astype(np.float32) for top in (1, 8))
    gain = gain_map.log_gain(srgb_codes(sdr), hdr, 2)
    assert gain.shape == (4, 5, 3)
    base = srgb_codes(sdr)[2:4, 4:6] / 255
    base = np.where(base <= 0.04045, base / 12.92, ((base + 0.055) / 1.055) ** 2.4)
    expected = np.log2((hdr[2:4, 4:6].mean((0, 1)) + 1 / 64) / (base.mean((0, 1)) + 1 / 64))
    np.testing.assert_allclose(gain[1, 2], expected, atol=1e-5)
    corner = np.empty_like(gain)
    gain_map._block_gain.py_func(srgb_codes(sdr), srgb_light(), hdr, 2, np.float32(1 / 64), corner)
    np.testing.assert_allclose(np.log2(corner), gain, atol=1e-5)


def test_the_map_uses_all_codes() -> None:
    gain = np.linspace(-1, 3, 30, dtype=np.float32)
    out = np.empty(gain.shape, np.uint8)
    gain_map._quantise.py_func(gain, np.float32(-1), np.float32(255 / 4), out)
    np.testing.assert_array_equal(out, np.rint((gain + 1) / 4 * 255))


def test_two_equal_renditions_are_written_and_read() -> None:
    picture = Picture(np.full((32, 32, 3), 0.5, np.float32), "srgb")
    light = imagecodecs.ultrahdr_decode(gain_map_jpeg(picture, picture))
    assert light[16, 16, :3] == pytest.approx([0.5] * 3, rel=0.01)


def test_renditions_of_two_photos_are_refused() -> None:
    picture = Picture(np.zeros((8, 8, 3), np.float32), "srgb")
    with pytest.raises(ValueError, match="the renditions differ"):
        gain_map_jpeg(picture, Picture(np.zeros((8, 9, 3), np.float32), "srgb"))
    with pytest.raises(ValueError, match="the renditions differ"):
        gain_map_jpeg(picture, Picture(np.zeros((8, 8, 3), np.float32), "display-p3"))


@pytest.mark.parametrize("shrink", [0, -2, 1.5, np.nan])
def test_a_map_of_no_size_is_refused(shrink: float) -> None:
    picture = Picture(np.zeros((8, 8, 3), np.float32), "srgb")
    with pytest.raises(SettingsError, match=rf"^shrink is {shrink}; expected a whole number of pixels, at least 1$"):
        gain_map_jpeg(picture, picture, shrink=shrink)  # type: ignore[arg-type]


def test_a_picture_that_is_not_finite_is_refused() -> None:
    good, bad = (Picture(np.full((8, 8, 3), value, np.float32), "srgb") for value in (0.5, np.inf))
    with pytest.raises(PhotoError, match="not finite"):
        gain_map_jpeg(good, bad)


def test_libultrahdr_reads_the_hdrgm_form_alone(both: Renditions) -> None:
    """Without the ISO blocks it goes by the XMP, as programs from before the standard do."""
    light = middles(imagecodecs.ultrahdr_decode(without_iso(written(both))))
    np.testing.assert_allclose(light, np.array(LEVELS)[:, None].repeat(3, 1), rtol=0.01)
