"""One photo, closely: zoomed by keys, pointer and wheel, moved, before beside after, and all of it again."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autohdr_scenes import write_shoot
from tests.studio.opened import running
from tests.studio.page.test_loop_in_browser import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MODULES = """async () => {
  [window.zooming, window.painting] = await Promise.all([import("/page/zoom.js"), import("/page/painter.js")]);
}"""
SEEN = """() => {
  const found = zooming.seen(), note = document.getElementById("zoom-note").textContent;
  return found && { ...found, canvas: [after.width, after.height], note };
}"""
SETTLED = """([whole, zoomed]) => {
  const found = zooming.seen(), size = found ? found.size : whole;
  const drawn = document.getElementById("frame").dataset.drawn === "whole";
  const right = drawn && after.width === size[0] && after.height === size[1];
  return right && painting.resting() && (!zoomed || (found && painting.refined()));
}"""
WHOLE = [1200, 800]


@pytest.fixture(scope="module")
def closely(browser: "Browser", small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Page]":
    """One photo of some size, open in a page."""
    folder = tmp_path_factory.mktemp("closely")
    write_shoot(folder / "raws", 1, seed=5, size=(1600, 2400))
    for sidecar in (folder / "raws").glob("*.xmp"):
        sidecar.unlink()
    with (
        running(folder / "raws", small_model, folder / "cache", open_page=False) as studio,
        opened(browser, studio.page.address) as page,
    ):
        page.wait_for_function("() => document.getElementById('progress').textContent === '1 photos'")
        page.evaluate(MODULES)
        page.locator(".tile").first.click()
        settled(page, zoomed=False)
        yield page


@pytest.fixture(autouse=True)
def whole(closely: "Page") -> "Iterator[None]":
    """Leaves all of the photo in view."""
    yield
    closely.evaluate("() => zooming.fit()")
    settled(closely, zoomed=False)


def settled(page: "Page", *, zoomed: bool = True) -> dict[str, Any]:
    """What is seen, once it is drawn with all of its details."""
    page.wait_for_function(SETTLED, arg=[WHOLE, zoomed])
    found: dict[str, Any] = page.evaluate(SEEN)
    return found


def test_a_key_shows_it_pixel_by_pixel_and_all_of_it_again(closely: "Page") -> None:
    closely.keyboard.press("z")
    found = settled(closely)
    assert found["whole"] == WHOLE
    assert found["part"][2:] == found["canvas"], "one pixel is one pixel"
    assert found["note"] == "100 % of the 1,200 \N{MULTIPLICATION SIGN} 800 pixels that are developed here"
    closely.keyboard.press("Escape")
    assert settled(closely, zoomed=False) is None
    assert closely.locator("#look").is_visible(), "and the photo is still open"


def test_keys_move_it_and_it_ends_at_its_borders(closely: "Page") -> None:
    closely.keyboard.press("z")
    middle = settled(closely)["part"]
    closely.keyboard.press("ArrowRight")
    assert settled(closely)["part"][0] > middle[0]
    for _ in range(4):
        closely.keyboard.press("Shift+ArrowRight")
        closely.keyboard.press("Shift+ArrowUp")
    left, top, width, _ = settled(closely)["part"]
    assert left + width == WHOLE[0]
    assert top == 0
    assert closely.locator("#position").inner_text() == "1 of 1"


def test_plus_and_minus_go_by_steps(closely: "Page") -> None:
    for key, percent in (("+", 100), ("+", 200), ("=", 400), ("-", 200)):
        closely.keyboard.press(key)
        assert settled(closely)["note"].startswith(f"{percent} %")
    closely.keyboard.press("-")
    closely.keyboard.press("-")
    assert settled(closely, zoomed=False) is None


def test_a_click_zooms_there_and_a_drag_moves(closely: "Page") -> None:
    box = closely.locator("#frame").bounding_box()
    assert box is not None
    closely.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
    left, top, *_ = settled(closely)["part"]
    assert left == 0, "the place that was clicked is in the middle, as far as the border allows"
    x, y = box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"]
    closely.mouse.move(x, y)
    closely.mouse.down()
    closely.mouse.move(x - 60, y + 20, steps=3)
    closely.mouse.up()
    moved = settled(closely)["part"]
    assert moved[0] == pytest.approx(left + 60, abs=1)
    assert moved[1] == pytest.approx(max(0, top - 20), abs=1)
    closely.mouse.click(x, y)
    assert settled(closely, zoomed=False) is None


def test_the_wheel_with_ctrl_zooms_about_the_pointer(closely: "Page") -> None:
    box = closely.locator("#frame").bounding_box()
    assert box is not None
    closely.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.5 * box["height"])
    closely.keyboard.down("Control")
    closely.mouse.wheel(0, -250)
    closely.keyboard.up("Control")
    left, _, width, _ = settled(closely)["part"]
    assert width < WHOLE[0]
    assert (0.9 * WHOLE[0] - left) / width == pytest.approx(0.9, abs=0.02)


def test_before_stands_beside_after_in_it(closely: "Page") -> None:
    closely.keyboard.press("z")
    closely.keyboard.press("y")
    settled(closely)
    closely.wait_for_function("() => before.width === after.width && before.height === after.height")
    closely.locator("#divider").focus()
    closely.keyboard.press("Home")
    closely.keyboard.press("PageUp")
    at = float(closely.locator("#divider").input_value())
    assert 0 < at < 50, "its own keys move the divider, not the photo"
    box = closely.locator("#frame").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * at / 100, box["y"] + 0.5 * box["height"]
    part = settled(closely)["part"]
    closely.mouse.move(x, y)
    closely.mouse.down()
    closely.mouse.move(x + 120, y, steps=3)
    closely.mouse.up()
    assert float(closely.locator("#divider").input_value()) > at + 5
    assert settled(closely)["part"] == part
    closely.keyboard.press("y")


def test_while_a_slider_moves_half_of_the_pixels_are_drawn_and_all_at_rest(closely: "Page") -> None:
    closely.evaluate(
        """() => {
          const frame = document.getElementById("frame");
          window.seen = [];
          const watch = new MutationObserver(() => seen.push(frame.dataset.drawn));
          watch.observe(frame, { attributeFilter: ["data-drawn"] });
        }"""
    )
    closely.evaluate("() => painting.measured(1000)")
    closely.locator("#slider-0").focus()
    closely.keyboard.press("ArrowRight")
    closely.wait_for_function("() => seen.includes('half') && seen.at(-1) === 'whole'")
    settled(closely, zoomed=False)
