"""Opens a page in a real browser, and says what is wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

CONTRAST = """() => {
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const parts = (colour) => colour.startsWith("color(srgb")
    ? colour.match(/[\\d.]+/g).slice(0, 4).map((v, i) => i < 3 ? 255 * v : +v)
    : colour.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.9) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
    if (element.closest("script, style, noscript, .unseen, .corner, .skip, :disabled")) continue;
    if (getComputedStyle(element).display === "none") continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${walker.currentNode.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""
"""The texts whose contrast is below 4.5 to 1 (WCAG 2.2, 1.4.3)."""
NAMELESS = """() => [...document.querySelectorAll("button, select, input, a, [role=button]")].filter((one) => {
  const labels = [...(one.labels || [])].map((label) => label.textContent.trim()).join("");
  return !(one.ariaLabel || labels || one.textContent.trim() || one.querySelector("img[alt]:not([alt=''])"));
}).map((one) => one.outerHTML)"""


@contextmanager
def opened(browser: "Browser", folder: Path, **settings: Any) -> "Iterator[Page]":
    """The page as it opens from the disk. Whatever it says on the console, or asks of anybody else, fails the test."""
    shown = browser.new_page(viewport={"width": 1200, "height": 800}, **settings)
    wrong: list[str] = []

    def failed(request: "Request") -> None:
        # What a browser breaks off itself, say before it goes elsewhere, is no failure of the page's.
        if request.failure != "net::ERR_ABORTED":
            wrong.append(f"{request.failure} {request.url}")

    def asked(request: "Request") -> None:
        if not request.url.startswith(("file:", "data:")):
            wrong.append(request.url)

    shown.on("console", lambda message: wrong.append(message.text))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("requestfailed", failed)
    shown.on("request", asked)
    shown.goto((folder / "index.html").as_uri())
    yield shown
    assert wrong == []
    shown.close()


def names(shown: "Page") -> list[str]:
    """The photos, in the order on the page."""
    return shown.locator("#photos .name").all_text_contents()


def visible(shown: "Page", which: str) -> bool:
    """Whether the picture of before or after is seen in the large view."""
    return str(shown.locator(f"#{which}").evaluate("one => getComputedStyle(one).visibility")) == "visible"
