"""Chromium decodes our files as HDR: their light is read from a canvas of 16-bit floats, with headroom and without.

A screenshot would not do: headless Chromium takes those without headroom, whatever its display can.
"""

import base64
import shutil
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from autohdr.develop.picture import Picture
from autohdr.develop.rendering import Renditions
from autohdr.pictures import avif, gain_map_jpeg, jpeg
from tests.runtime.pictures.conftest import LEVELS, middles, without_iso

FLAGS = (
    "--no-sandbox",
    "--force-color-profile=scrgb-linear",  # a display that can do HDR
    "--enable-experimental-web-platform-features",  # canvases of linear light, and their headroom
)
DRAW = """async ([source, headroom]) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext('2d', {colorSpace: 'srgb-linear', colorType: 'float16'});
    context.globalHDRHeadroom = headroom;
    context.drawImage(image, 0, 0);
    const shown = context.getImageData(0, 0, canvas.width, canvas.height, {pixelFormat: 'rgba-float16'});
    return [canvas.height, canvas.width, Array.from(shown.data)];
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page of a Chromium whose display can do HDR."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("needs Chromium (a program named chromium, chromium-browser or google-chrome)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page()
        if not page.evaluate("matchMedia('(dynamic-range: high)').matches && 'Float16Array' in window"):
            browser.close()
            pytest.skip(f"needs a Chromium that knows HDR canvases; this is {browser.version}")
        yield page
        browser.close()


def shown(page: Page, data: bytes, headroom: float, kind: str = "jpeg") -> NDArray[np.float64]:
    """Light (H, W, 3), linear sRGB, that Chromium draws for a display with so many stops above its white."""
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    height, width, values = page.evaluate(DRAW, [source, headroom])
    return np.array(values, np.float64).reshape(height, width, 4)[..., :3]


def test_a_gain_map_jpeg_is_hdr_where_there_is_headroom(page: Page, both: Renditions) -> None:
    assert both.hdr is not None
    light = middles(shown(page, gain_map_jpeg(both.sdr, both.hdr), 4))
    np.testing.assert_allclose(light, np.array(LEVELS)[:, None].repeat(3, 1), rtol=0.01)


def test_the_form_from_before_the_standard_is_hdr_as_well(page: Page, both: Renditions) -> None:
    assert both.hdr is not None
    light = middles(shown(page, without_iso(gain_map_jpeg(both.sdr, both.hdr)), 4))
    np.testing.assert_allclose(light, np.array(LEVELS)[:, None].repeat(3, 1), rtol=0.01)


def test_a_gain_map_jpeg_is_its_base_where_there_is_none(page: Page, both: Renditions) -> None:
    assert both.hdr is not None
    light = shown(page, gain_map_jpeg(both.sdr, both.hdr), 0)
    np.testing.assert_allclose(middles(light), middles(both.sdr.light), rtol=0.015)


def test_half_the_headroom_is_half_the_stops(page: Page, both: Renditions) -> None:
    assert both.hdr is not None
    light = middles(shown(page, gain_map_jpeg(both.sdr, both.hdr), 1))
    halfway = np.sqrt((middles(both.sdr.light) + 1 / 64) * (middles(both.hdr.light) + 1 / 64)) - 1 / 64
    np.testing.assert_allclose(light, halfway, rtol=0.015)


def test_an_avif_is_hdr_where_there_is_headroom(page: Page, both: Renditions) -> None:
    assert both.hdr is not None
    light = middles(shown(page, avif(both.hdr), 4, "avif"))
    np.testing.assert_allclose(light, np.array(LEVELS)[:, None].repeat(3, 1), rtol=0.01)


@pytest.mark.parametrize("kind", ["jpeg", "avif"])
def test_colours_of_wide_primaries_are_shown_as_they_are(page: Page, kind: str) -> None:
    """Pure red, green and blue of Display P3 lie outside sRGB: the canvas has negative light there."""
    light = np.zeros((64, 96, 3), np.float32)
    for channel in range(3):
        light[:, 32 * channel : 32 * channel + 32, channel] = 2
    hdr, sdr = Picture(light, "display-p3", 1.0), Picture((light / 4).astype(np.float32), "display-p3")
    data = avif(hdr, 100) if kind == "avif" else gain_map_jpeg(sdr, hdr)
    pure = shown(page, data, 4, kind)[32, 16::32]
    # From P3's chromaticities to sRGB's, W3C CSS Color 4.
    matrix = np.array([[1.2249, -0.2247, 0], [-0.0420, 1.0419, 0], [-0.0197, -0.0786, 1.0979]])
    np.testing.assert_allclose(pure, 2 * matrix.T, atol=0.05)


def test_a_plain_jpeg_has_no_headroom(page: Page, both: Renditions) -> None:
    light = shown(page, jpeg(both.sdr), 4)
    np.testing.assert_allclose(middles(light), middles(both.sdr.light), rtol=0.015)
