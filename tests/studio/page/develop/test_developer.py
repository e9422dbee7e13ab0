"""The developer in the page: HDR, histograms, bitmaps, many scenes, and what happens when something is lost."""

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop import Scene, Settings, renditions
from autohdr.develop.transfer import encode
from autohdr.mode import Mode
from autohdr_studio.shoot.prepared import scene_file
from tests.studio.page.develop.in_browser import Developing, differences, in_bytes, in_page
from tests.studio.page.develop.test_equality import SCENES, picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

EDIT = Settings(0.6, 12, -45, 38, 10, -8, 14, 3, mode=Mode(hdr=True, headroom=4.0))
HALVES = """async ([name, settings]) => {
  const { Screen } = await import("http://localhost/page/develop/screen.js");
  const screen = Object.create(Screen.prototype);
  let seen = null;
  screen.show = (pixels, width, height) => { seen = [width, height, new Uint8Array(pixels.buffer)]; };
  developer.draw(scenes[name], settings, screen);
  let text = "";
  for (let i = 0; i < seen[2].length; i += 32768) text += String.fromCharCode(...seen[2].subarray(i, i + 32768));
  return [seen[0], seen[1], btoa(text)];
}"""


@pytest.fixture
def developing(browser: "Browser") -> "Iterator[Developing]":
    made = Developing(browser)
    made.load("small", scene_file.write(SCENES["small"]))
    yield made
    made.page.close()


def test_the_hdr_rendition_is_pythons(developing: Developing) -> None:
    for settings in (EDIT, Settings(mode=EDIT.mode), Settings(1.5, mode=Mode(hdr=True, headroom=2.3))):
        width, height, text = developing.page.evaluate(HALVES, ["small", in_page(settings)])
        shown = np.frombuffer(base64.b64decode(text), np.float16).reshape(height, width, 4)[..., :3].astype(np.float64)
        hdr = renditions(scene_file.read(developing.files["small"]), settings, "srgb").hdr
        assert hdr is not None
        expected = encode(hdr.light)
        assert expected.max() > 1.5
        # Above white a step of half precision is larger.
        assert (np.abs(shown - expected) <= 2 / 255 * np.maximum(1, expected)).all()


def test_a_screen_shows_the_sdr_rendition_where_that_is_asked_for(developing: Developing) -> None:
    asked = {**in_page(EDIT), "rendition": "sdr"}
    width, height, text = developing.page.evaluate(HALVES, ["small", asked])
    shown = np.frombuffer(base64.b64decode(text), np.float16).reshape(height, width, 4)[..., :3]
    assert (
        differences(np.round(255 * shown.astype(np.float64)).astype(np.uint8), developing.draw("small", asked))[0] <= 1
    )


def test_a_wide_display_gets_its_own_primaries(browser: "Browser") -> None:
    made = Developing(browser, "display-p3")
    made.load("small", scene_file.write(SCENES["small"]))
    expected = in_bytes(renditions(scene_file.read(made.files["small"]), EDIT, "display-p3").sdr)
    assert differences(made.draw("small", in_page(EDIT)), expected)[0] <= 2
    made.page.close()


PIXELS = """([name, settings, size]) => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  developer.draw(scenes[name], settings, context, size);
  const { width, height } = context.canvas;
  return [height, width, Array.from(context.getImageData(0, 0, width, height).data)];
}"""


def sized(developing: Developing, name: str, size: dict[str, object]) -> NDArray[np.uint8]:
    """Draws a part of a scene, or all of it at another size."""
    height, width, pixels = developing.page.evaluate(PIXELS, [name, in_page(EDIT), size])
    return np.array(pixels, np.uint8).reshape(height, width, 4)[..., :3]


def test_a_part_is_cut_from_the_whole(developing: Developing) -> None:
    whole = developing.draw("small", in_page(EDIT))
    assert (sized(developing, "small", {"part": [40, 25, 100, 60]}) == whole[25:85, 40:140]).all()
    twice = sized(developing, "small", {"part": [40, 25, 100, 60], "width": 200, "height": 120})
    assert differences(reduced_by_two(twice), whole[25:85, 40:140])[1] <= 40, "between its pixels, about the same"


def test_half_of_the_pixels_are_drawn_from_means_of_four(developing: Developing) -> None:
    light = scene_file.read(developing.files["small"]).light[:170]
    halves = Scene(light.reshape(85, 2, 128, 2, 3).mean(axis=(1, 3)), 1.0)
    developing.load("even", scene_file.write(Scene(light, 1.0)))
    developing.files["halves"] = bytes(scene_file.write_light(halves))
    developing.page.evaluate(
        """async () => {
          const found = await fetch("http://localhost/scenes/halves");
          scenes.halves = developer.load(await found.arrayBuffer(), scenes.even);
        }"""
    )
    drawn = sized(developing, "even", {"width": 128, "height": 85})
    assert differences(drawn, developing.draw("halves", in_page(EDIT)))[0] <= 2, "what is measured is the larger one's"


def reduced_by_two(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Means of four."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    means: NDArray[np.float64] = pixels.reshape(height, 2, width, 2, 3).mean(axis=(1, 3))
    return means.round().astype(np.uint8)


def test_a_histogram_counts_what_was_drawn(developing: Developing) -> None:
    pixels = developing.draw("small", in_page(EDIT))
    counted = np.array(
        developing.page.evaluate("async () => Array.from(await developer.histogram(scenes.small))")
    ).reshape(4, 256)
    for channel in range(3):
        assert (counted[channel] == np.bincount(pixels[..., channel].ravel(), minlength=256)).all()
    assert counted[3].sum() == pixels.shape[0] * pixels.shape[1]
    assert (counted[3] * np.arange(256)).sum() / counted[3].sum() == pytest.approx(pixels.mean(), abs=20)


def test_after_the_memory_was_lost_it_draws_again(developing: Developing) -> None:
    before = developing.draw("small", in_page(EDIT))
    seen = developing.page.evaluate(
        """async (settings) => {
          const told = [];
          const heard = (name) => new Promise((done) => developer.addEventListener(name, done, { once: true }));
          const extension = developer.gl.getExtension("WEBGL_lose_context");
          const [lost, restored] = [heard("lost"), heard("restored")];
          extension.loseContext();
          await lost;
          const counts = await developer.histogram(scenes.small);
          told.push(developer.ready, developer.draw(scenes.small, settings), counts[0]);
          setTimeout(() => extension.restoreContext(), 50);
          await restored;
          return [...told, developer.ready];
        }""",
        in_page(EDIT),
    )
    assert seen == [False, False, 0, True]
    assert (developing.draw("small", in_page(EDIT)) == before).all()


def test_many_scenes_one_after_another_leave_nothing(developing: Developing) -> None:
    left = developing.page.evaluate(
        """async (settings) => {
          const file = await (await fetch("http://localhost/scenes/small")).arrayBuffer();
          const target = document.createElement("canvas");
          const textures = [];
          for (let k = 0; k < 50; k++) {
            const one = developer.load(file);
            developer.draw(one, settings, target);
            textures.push(one.texture);
            one.free();
            one.free();
          }
          return [textures.filter((one) => developer.gl.isTexture(one)).length, target.width, target.height];
        }""",
        in_page(EDIT),
    )
    assert left == [0, 256, 171]


def test_what_the_next_slider_needs_is_made_beforehand(developing: Developing) -> None:
    developing.load("tall", scene_file.write(SCENES["tall"]))
    developing.page.evaluate("(settings) => developer.draw(scenes.tall, settings)", in_page(Settings()))
    assert developing.page.evaluate("() => developer.gpu.programs.size") == 1, "none for thumbnails"
    developing.load("large", scene_file.write(picture(500, 600, 6)))
    developing.page.evaluate("(settings) => developer.draw(scenes.large, settings)", in_page(Settings()))
    developing.page.wait_for_function("() => developer.gpu.programs.size === 18")
    assert developing.said == []


def test_a_bitmap_is_made_where_one_is_asked_for(developing: Developing) -> None:
    size = developing.page.evaluate(
        """async (settings) => {
          const made = await developer.draw(scenes.small, settings, "bitmap");
          return [made.constructor.name, made.width, made.height];
        }""",
        in_page(EDIT),
    )
    assert size == ["ImageBitmap", 256, 171]


def test_a_screen_without_hdr_takes_the_picture_as_it_is(developing: Developing, tmp_path: Path) -> None:
    size = developing.page.evaluate(
        """(settings) => {
          const canvas = document.createElement("canvas");
          canvas.style.cssText = "position: fixed; inset: 0 auto auto 0";
          document.body.append(canvas);
          developer.draw(scenes.small, settings, developer.screen(canvas));
          return [developer.hdr, developer.without, canvas.width, canvas.height];
        }""",
        in_page(EDIT),
    )
    says = "HDR edit, shown as its SDR rendition: this screen shows no HDR as it is set up now."
    assert size == [False, says, 256, 171]
    developing.page.screenshot(path=tmp_path / "page.png")
    seen = np.asarray(Image.open(tmp_path / "page.png").convert("RGB"))[:171, :256]
    assert differences(seen, developing.draw("small", in_page(EDIT)))[0] <= 1


@pytest.mark.parametrize(("cut", "says"), [(3, "begin with AHS1"), (40, "cut off"), (5000, "do not fit")])
def test_a_damaged_scene_is_refused(developing: Developing, cut: int, says: str) -> None:
    message = developing.page.evaluate(
        """async (cut) => {
          const file = await (await fetch("http://localhost/scenes/small")).arrayBuffer();
          try { developer.load(file.slice(0, cut)); } catch (error) { return error.message; }
        }""",
        cut,
    )
    assert says in message


def test_without_webgl_it_says_so(browser: "Browser") -> None:
    made = Developing(browser)
    message = made.page.evaluate(
        """async () => {
          const { Developer } = await import("http://localhost/page/develop/index.js");
          const canvas = new OffscreenCanvas(1, 1);
          canvas.getContext("2d");
          try { await Developer.create(canvas); } catch (error) { return error.message; }
        }"""
    )
    assert message.startswith("Developing needs WebGL 2")
    made.page.close()
