"""Measures how fast the page develops: `python scripts/measure_developing.py [RAW] [--gpu]`, in an environment that has
autohdr and Playwright, on a machine that has Chromium.

For each slider: from a new value to the finished picture in the page, as it is drawn while a slider moves (half of a
scene of 1,600 pixels), and then when it rests (all of it). By the fastest and the median of twenty moves, and the
processor time of a move, in the page and in graphics. Processor time does not depend on what else the machine does:
with graphics in software it is shared by all cores. Then the same for each of 60 pictures of 256 pixels.
Without --gpu, graphics are in software (SwiftShader), as on a machine without a GPU.
"""

import argparse
import shutil
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, Route, sync_playwright

from autohdr.develop import Scene
from autohdr.raw.scene import read_scene
from autohdr.sliders import SLIDERS
from autohdr_studio.shoot.prepared import scene_file

PAGE = Path(__file__).resolve().parents[1] / "studio" / "autohdr_studio" / "page"
ORIGIN = "http://localhost"
LARGE, SMALL, MOVES, THUMBNAILS = 1600, 256, 20, 60
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
HARDWARE = ("--enable-gpu", "--ignore-gpu-blocklist", "--use-gl=angle")
USUAL = (0.4, 12.0, -45.0, 38.0, 10.0, -8.0, 14.0, 3.0)
"""What stands on the other sliders while one moves."""

START = f"""async () => {{
  const {{ Developer }} = await import("{ORIGIN}/develop/index.js");
  const developer = await Developer.create();
  const {{ gl }} = developer;
  const canvas = () => document.createElement("canvas").getContext("2d", {{ alpha: false }});
  const shown = developer.screen(document.body.appendChild(document.createElement("canvas")));
  const file = async (name) => (await fetch("{ORIGIN}/scenes/" + name)).arrayBuffer();
  const done = () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  const scene = developer.load(await file("large"));
  const small = await file("small");
  const targets = Array.from({{ length: {THUMBNAILS} }}, canvas);
  const timed = async (settings, make) => {{
    const times = [];
    for (const one of settings) {{
      const start = performance.now();
      await make({{ hdr: true, headroom: 4, ...one }});
      done();
      times.push(performance.now() - start);
    }}
    return times;
  }};
  const fresh = (one, target) => {{
    const own = developer.load(small.slice());
    developer.draw(own, one, target);
    own.free();
  }};
  const large = (one) => developer.draw(scene, one, shown);
  const half = {{ width: scene.width >> 1, height: scene.height >> 1 }};
  Object.assign(window, {{
    large: (settings) => timed(settings, large),
    moving: (settings) => timed(settings, (one) => developer.draw(scene, one, shown, half)),
    counted: (settings) => timed(settings, (one) => {{ large(one); return developer.histogram(scene); }}),
    small: (settings) => timed(settings, (one) => targets.forEach((target) => fresh(one, target))),
  }});
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
}}"""


def main() -> None:
    """Measures, and prints what came out."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("raw", nargs="?", type=Path)
    options.add_argument("--gpu", action="store_true")
    chosen = options.parse_args()
    program = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("needs Chromium (a program named chromium or google-chrome)")
    whole = made() if chosen.raw is None else read_scene(chosen.raw, LARGE)
    files = {"large": scene_file.write(whole, LARGE), "small": scene_file.write(whole, SMALL)}
    arguments = ["--no-sandbox", *(HARDWARE if chosen.gpu else SOFTWARE)]
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=arguments)
        height, width = scene_file.read(files["large"]).light.shape[:2]
        page = opened(browser, files)
        print(f"{width} x {height} pixels; {page.evaluate(START)}")
        measure(page, used(browser))
        browser.close()


def made() -> Scene:
    """A scene of 1,600 pixels with levels and hues of all kinds."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:1067, 0:LARGE] / LARGE
    waves = np.sum([np.sin(k * (x * a + y * b) + c) / k for k, a, b, c in rng.uniform(1, 9, (8, 4))], axis=0)
    level = 2 ** (-3.5 + 2.2 * waves + 0.1 * rng.standard_normal(x.shape))
    hues = np.stack([1 + 0.6 * np.sin(7 * x + 5 * y + turn + waves) for turn in (0, 2.1, 4.2)], axis=2)
    return Scene((level[..., None] * hues).astype(np.float32), 2.0)


def opened(browser: Browser, files: dict[str, bytes]) -> Page:
    """A page that gets the developer from this folder, and scenes by name."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(f"{ORIGIN}/")
        if path.startswith("scenes/"):
            route.fulfill(body=files[path.removeprefix("scenes/")])
        elif (PAGE / path).is_file():
            kind = "application/json" if path.endswith("json") else "text/javascript"
            route.fulfill(body=(PAGE / path).read_bytes(), content_type=kind)
        else:
            route.fulfill(body="<!doctype html><title>empty</title><body>", content_type="text/html")

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/empty")
    return page


def used(browser: Browser) -> Callable[[], tuple[float, float]]:
    """Returns what tells the processor time, s, of pages and of graphics."""
    session = browser.new_browser_cdp_session()

    def told() -> tuple[float, float]:
        running = session.send("SystemInfo.getProcessInfo")["processInfo"]
        pages, graphics = (
            sum(one["cpuTime"] for one in running if one["type"] == kind) for kind in ("renderer", "GPU")
        )
        return pages, graphics

    return told


def measure(page: Page, times: Callable[[], tuple[float, float]]) -> None:
    """Prints times, ms."""
    print(f"{'ms':<34}{'fastest':>9}{'median':>9}{'page':>9}{'graphics':>9}")

    def row(name: str, what: str, settings: list[dict[str, object]], each: int = 1) -> None:
        page.evaluate(f"(settings) => {what}(settings)", settings[:2])
        before = times()
        found = page.evaluate(f"(settings) => {what}(settings)", settings[2:])
        own = [1000 * (z - a) / len(found) / each for a, z in zip(before, times(), strict=True)]
        numbers = (min(found) / each, statistics.median(found) / each, *own)
        print(f"{name:<34}" + "".join(f"{number:9.1f}" for number in numbers))

    for i, slider in enumerate(SLIDERS):
        step = slider.limit / 100
        moved = [[x + step * k * (j == i) for j, x in enumerate(USUAL)] for k in range(MOVES + 2)]
        row(f"{slider.name}, while it moves", "moving", [{"values": values} for values in moved])
        row(f"{slider.name}, at rest", "large", [{"values": values} for values in moved])
    alone: list[dict[str, object]] = [{"values": [0.02 * k] + [0.0] * 7} for k in range(MOVES + 2)]
    row("Exposure alone, while it moves", "moving", alone)
    row("Exposure alone, at rest", "large", alone)
    usual: dict[str, object] = {"values": USUAL}
    warmer: list[dict[str, object]] = [{**usual, "temperature": 5000 + 50 * k, "tint": 5} for k in range(12)]
    row("Temperature, while it moves", "moving", warmer)
    row("Temperature, at rest", "large", warmer)
    row("nothing", "large", [usual] * 12)
    row("nothing, and its histogram", "counted", [usual] * 12)
    row("a thumbnail", "small", [usual] * 5, THUMBNAILS)
    row("a thumbnail, all at rest", "small", [{"values": [0.0] * 8}] * 5, THUMBNAILS)


if __name__ == "__main__":
    main()
