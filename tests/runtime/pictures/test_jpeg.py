import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from autohdr.develop import NAME, VERSION
from autohdr.develop.picture import Picture
from autohdr.develop.rendering import Renditions
from autohdr.develop.spaces import DisplayPrimaries
from autohdr.errors import PhotoError
from autohdr.pictures import gain_map_jpeg, jpeg
from tests.runtime.pictures.conftest import middles, pixels, xmp


def test_patches_come_back_as_their_srgb_codes(both: Renditions) -> None:
    codes = middles(pixels(jpeg(both.sdr)))
    light = middles(both.sdr.light)
    expected = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    np.testing.assert_allclose(codes, expected, atol=1 / 255)


@pytest.mark.parametrize(("primaries", "name"), [("srgb", "sRGB"), ("display-p3", "Display P3")])
def test_it_holds_the_profile_of_its_primaries(primaries: DisplayPrimaries, name: str) -> None:
    opened = Image.open(io.BytesIO(jpeg(Picture(np.full((9, 7, 3), 0.5, np.float32), primaries))))
    assert opened.size == (7, 9)
    assert ImageCms.ImageCmsProfile(io.BytesIO(opened.info["icc_profile"])).profile.profile_description == name


def test_it_says_what_made_it(both: Renditions) -> None:
    tool = "{http://ns.adobe.com/xap/1.0/}CreatorTool"
    (said,) = [node.get(tool) for node in xmp(jpeg(both.sdr)).iter() if node.get(tool)]
    assert said == f"autohdr, {NAME}, version {VERSION}"


def test_colour_is_stored_at_full_size() -> None:
    """A column of red beside one of blue stays one: stored at half size, both would turn purple."""
    light = np.zeros((32, 32, 3), np.float32)
    light[:, ::2, 0] = light[:, 1::2, 2] = 0.5
    codes = pixels(jpeg(Picture(light, "srgb")))
    assert codes[:, ::2, 0].min() > 0.6
    assert codes[:, 1::2, 0].max() < 0.2


def test_light_above_white_is_clipped() -> None:
    assert pixels(jpeg(Picture(np.full((8, 8, 3), 9, np.float32), "srgb", 4.0))).min() == 1


def test_better_quality_takes_more_bytes() -> None:
    picture = Picture(np.random.default_rng(0).uniform(0, 1, (64, 64, 3)).astype(np.float32), "srgb")
    assert len(jpeg(picture, 60)) < len(jpeg(picture)) < len(jpeg(picture, 95))


def test_a_picture_that_is_not_finite_is_refused() -> None:
    with pytest.raises(PhotoError, match="not finite"):
        jpeg(Picture(np.full((8, 8, 3), np.nan, np.float32), "srgb"))


@pytest.mark.parametrize("shape", [(1, 65501, 3), (65501, 1, 3)])
def test_a_picture_too_large_for_a_jpeg_is_refused(shape: tuple[int, ...]) -> None:
    picture = Picture(np.zeros(shape, np.float32), "srgb")
    with pytest.raises(PhotoError, match="cannot be a JPEG, which has at most 65500 each way; make it smaller"):
        jpeg(picture)
    with pytest.raises(PhotoError, match=f"{shape[1]} x {shape[0]} pixels cannot be a JPEG"):
        gain_map_jpeg(picture, picture)
    largest = Picture(np.zeros((1, 65500, 3), np.float32), "srgb")
    assert Image.open(io.BytesIO(jpeg(largest))).size == (65500, 1)
