import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from autohdr.develop.spaces import DisplayPrimaries, between
from autohdr.pictures.icc import profile
from autohdr.pictures.pixel_codes import linear_from_srgb, srgb_codes


def opened(primaries: DisplayPrimaries) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile(primaries)))


@pytest.mark.parametrize(
    ("primaries", "name"), [("srgb", "sRGB"), ("display-p3", "Display P3"), ("bt2020", "BT.2020 primaries, sRGB curve")]
)
def test_little_cms_reads_the_profile(primaries: DisplayPrimaries, name: str) -> None:
    read = opened(primaries).profile
    assert read.profile_description == name
    assert read.version == 4.4
    assert len(profile(primaries)) == int.from_bytes(profile(primaries)[:4], "big")


@pytest.mark.parametrize("primaries", ["srgb", "display-p3", "bt2020"])
def test_little_cms_converts_to_srgb_as_our_matrices_do(primaries: DisplayPrimaries) -> None:
    codes = np.array([[[255, 255, 255], [128, 128, 128], [100, 90, 80], [60, 90, 140], [20, 20, 20]]], np.uint8)
    converted = ImageCms.profileToProfile(
        Image.fromarray(codes),
        opened(primaries),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    assert converted is not None
    light = linear_from_srgb(codes / 255.0) @ between(primaries, "srgb").T
    np.testing.assert_allclose(np.asarray(converted, int), srgb_codes(light.astype(np.float32)), atol=1)
