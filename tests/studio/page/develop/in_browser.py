"""Develops in a page of a real browser, as the studio does, and compares with Python."""

import base64
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import autohdr_studio
from autohdr.develop import Picture, Settings
from autohdr.develop.transfer import encode
from autohdr.sliders import SLIDERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

FOLDER = Path(autohdr_studio.__file__).parent / "page"
ORIGIN = "http://localhost"
TYPES = {".js": "text/javascript", ".json": "application/json", ".html": "text/html"}
START = f"""async (primaries) => {{
  const {{ Developer }} = await import("{ORIGIN}/page/develop/index.js");
  window.developer = await Developer.create(undefined, {{ primaries }});
  window.scenes = {{}};
  window.load = async (name) => {{
    const found = await fetch("{ORIGIN}/scenes/" + name);
    window.scenes[name] = developer.load(await found.arrayBuffer());
  }};
  window.pixels = (name, settings) => {{
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext("2d", {{ colorSpace: primaries, willReadFrequently: true }});
    developer.draw(scenes[name], settings, context);
    const {{ data }} = context.getImageData(0, 0, canvas.width, canvas.height, {{ colorSpace: primaries }});
    let text = "";
    for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
    return [canvas.width, canvas.height, btoa(text)];
  }};
}}"""


class Developing:
    """Holds a page that develops, with a developer of its own; `said` is what the page wrote on its console."""

    def __init__(self, browser: "Browser", primaries: str = "srgb") -> None:
        self.files: dict[str, bytes] = {}
        self.said: list[str] = []
        self.page: Page = browser.new_page()
        self.page.set_default_timeout(120_000)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.route("**/*", self._answer)
        self.page.goto(f"{ORIGIN}/empty")
        self.page.evaluate(START, primaries)

    def _answer(self, route: "Route") -> None:
        kind, _, rest = route.request.url.removeprefix(f"{ORIGIN}/").partition("/")
        if kind == "page" and (FOLDER / rest).is_file():
            path = FOLDER / rest
            route.fulfill(body=path.read_bytes(), content_type=TYPES[path.suffix])
        elif kind == "scenes":
            route.fulfill(body=self.files[rest], content_type="application/octet-stream")
        elif kind == "empty":
            route.fulfill(body="<!doctype html><title>empty</title>", content_type="text/html")
        else:
            route.fulfill(status=404)

    def load(self, name: str, file: bytes) -> None:
        """Gives the page a scene file by a name."""
        self.files[name] = file
        self.page.evaluate("(name) => load(name)", name)

    def draw(self, name: str, settings: dict[str, Any]) -> NDArray[np.uint8]:
        """Draws a scene onto a 2D canvas, and returns its pixels (H, W, 3)."""
        width, height, text = self.page.evaluate("([name, settings]) => pixels(name, settings)", [name, settings])
        return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]


def in_page(settings: Settings) -> dict[str, Any]:
    """Spells settings as the page takes them."""
    return {
        "values": [getattr(settings, slider.name.lower()) for slider in SLIDERS],
        "hdr": settings.mode.hdr,
        "headroom": settings.mode.headroom,
        "temperature": settings.temperature,
        "tint": settings.tint,
        "sdr": asdict(settings.sdr),
        "curves": {
            "point": settings.point_curve,
            "red": settings.red_curve,
            "green": settings.green_curve,
            "blue": settings.blue_curve,
            "parametric": asdict(settings.parametric),
        },
    }


def in_bytes(picture: Picture) -> NDArray[np.uint8]:
    """Encodes a picture in SDR as 8 bits."""
    return np.round(255 * np.clip(encode(picture.light), 0, 1)).astype(np.uint8)


def differences(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[int, float]:
    """Returns the largest difference, and the 99.9th percentile, in steps of 8 bits."""
    apart = np.abs(one.astype(np.int16) - other)
    return int(apart.max()), float(np.percentile(apart, 99.9))
