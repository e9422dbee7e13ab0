"""HDR on a screen that shows it: what stands on the canvas is the HDR rendition of Python, and who cannot says why."""

import base64
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from autohdr.develop import Settings, renditions
from autohdr.develop.transfer import encode
from autohdr.mode import Mode
from autohdr_studio.shoot.prepared import scene_file
from tests.studio.page.conftest import NAMES, SOFTWARE
from tests.studio.page.develop.in_browser import Developing, in_page
from tests.studio.page.develop.test_equality import SCENES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

EDIT = Settings(1.5, 12, -20, 38, 10, -8, 14, 3, mode=Mode(hdr=True, headroom=4.0))
BRIGHT = (
    "--force-color-profile=scrgb-linear",
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
    "--use-vulkan=swiftshader",
)
DRAWN = """async ([settings]) => {
  const canvas = document.createElement("canvas");
  document.body.append(canvas);
  const screen = developer.screen(canvas);
  developer.draw(scenes.small, settings, screen);
  const { width, height } = canvas;
  const context = new OffscreenCanvas(width, height).getContext("2d", { colorType: "float16" });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, width, height, { pixelFormat: "rgba-float16" });
  const bytes = new Uint8Array(new Float32Array(data).buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return [screen.constructor.name, width, height, btoa(text)];
}"""
WITHOUT = """async (change) => {
  const { Developer } = await import("http://localhost/page/develop/index.js");
  eval(change);
  const made = await Developer.create();
  return [made.hdr, made.without];
}"""


@pytest.fixture(scope="module")
def bright() -> "Iterator[Browser]":
    """Chromium as it is on a screen that shows HDR."""
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    program = next((found for name in NAMES if (found := shutil.which(name)) is not None), None)
    if program is None:
        pytest.skip(f"needs Chromium (a program named {', '.join(NAMES)})")
    started: Playwright
    with api.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=program, args=[*SOFTWARE[:-1], *BRIGHT])
        yield launched
        launched.close()


@pytest.fixture
def developing(bright: "Browser") -> "Iterator[Developing]":
    made = Developing(bright)
    if not made.page.evaluate("() => developer.hdr"):
        pytest.skip("needs a Chromium that shows HDR by WebGPU in software")
    made.load("small", scene_file.write(SCENES["small"]))
    yield made
    made.page.close()


@pytest.mark.parametrize("rendition", ["hdr", "sdr"])
def test_the_screen_shows_pythons_rendition(developing: Developing, rendition: str) -> None:
    asked = {**in_page(EDIT), "rendition": rendition}
    kind, width, height, text = developing.page.evaluate(DRAWN, [asked])
    assert kind == "Screen"
    seen = np.frombuffer(base64.b64decode(text), np.float32).reshape(height, width, 4)[..., :3].astype(np.float64)
    made = renditions(scene_file.read(developing.files["small"]), EDIT, "srgb")
    picture = made.hdr if rendition == "hdr" else made.sdr
    assert picture is not None
    expected = encode(picture.light)
    assert (expected.max() > 1.5) == (rendition == "hdr")
    # Above white a step of half precision is larger.
    assert (np.abs(seen - expected) <= 2 / 255 * np.maximum(1, expected)).all()
    assert developing.page.evaluate("() => developer.without") is None


def test_a_browser_that_leaves_tone_mapping_out_shows_sdr_and_says_so(developing: Developing) -> None:
    forget = """{
      const own = GPUCanvasContext.prototype.getConfiguration;
      GPUCanvasContext.prototype.getConfiguration = function () {
        return { ...own.call(this), toneMapping: undefined };
      };
    }"""
    for change in (forget, "Object.defineProperty(navigator, 'gpu', { value: undefined })"):
        shown, words = developing.page.evaluate(WITHOUT, change)
        assert not shown
        assert words.startswith("HDR edit, shown as its SDR rendition: this browser")


def test_a_device_that_is_gone_is_replaced_and_the_page_is_told(developing: Developing) -> None:
    found = developing.page.evaluate(
        """async () => {
          const old = developer.device;
          const told = new Promise((done) => developer.addEventListener("screen", done, { once: true }));
          old.destroy();
          await told;
          return [developer.hdr, developer.device !== old];
        }"""
    )
    assert found == [True, True]
