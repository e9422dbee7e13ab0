"""The studio by keys, for screen readers, and enlarged: laptop screens at 100 to 200 %."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.runtime.review.in_browser import CONTRAST, NAMELESS
from tests.studio.opened import running
from tests.studio.page.access import CUT, OVERLAPPING, SMALL, spoken, tabbed
from tests.studio.page.test_loop_in_browser import DRAWN, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LAPTOP = (1366, 768)
SIZES = {
    "1366 x 768 at 100 %": LAPTOP,
    "at 125 %": (1093, 614),
    "at 150 %": (911, 512),
    "at 200 %": (683, 384),
    "1280 x 720 at 150 %": (853, 480),
    "a narrow window at 200 %": (400, 600),
}
"""Windows in pixels of the page: enlarged twice, a page has half of them."""
WHOLE = "() => document.getElementById('frame').dataset.drawn === 'whole'"
MODULES = """async () => {
  [window.painting, window.store] = await Promise.all([import("/page/painter.js"), import("/page/store.js")]);
}"""
HEARD = """() => {
  window.heard = [];
  const live = "[role=status], [role=alert], [aria-live]";
  new MutationObserver((all) => {
    for (const { target } of all) {
      const one = (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
      if (one) heard.push(`${one.id}: ${one.textContent}`);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def page(
    browser: "Browser", edited: Path, small_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[Page]":
    """A shoot whose photos are edited, all of them read; only looked at."""
    folder = tmp_path_factory.mktemp("access")
    shutil.copytree(edited, folder / "raws")
    with (
        running(folder / "raws", small_model, folder / "cache", open_page=False) as studio,
        opened(browser, studio.page.address) as shown,
    ):
        shown.wait_for_function("() => document.getElementById('progress').textContent.startsWith('16 photos')")
        shown.wait_for_function(DRAWN)
        shown.evaluate(MODULES)
        yield shown


@pytest.fixture(autouse=True)
def everything_closed(page: "Page") -> "Iterator[None]":
    """Begins with all photos, on a laptop's screen."""
    page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
    yield
    page.evaluate("() => document.querySelectorAll('dialog[open]').forEach((one) => one.close())")
    page.wait_for_function("() => !store.state.open")


def look(page: "Page") -> None:
    """Opens the first photo."""
    page.locator(".tile").first.click()
    page.wait_for_function(WHOLE)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_nothing_is_cut_off_small_or_hard_to_read(page: "Page", size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for open_ in (lambda _: None, look, keys):
        open_(page)
        for what in (CUT, SMALL, OVERLAPPING, NAMELESS, CONTRAST):
            assert page.evaluate(what) == []


def keys(page: "Page") -> None:
    """Leaves the photo, and opens the list of keys."""
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("#dialog-title").wait_for()


@pytest.mark.parametrize("size", [LAPTOP, SIZES["at 200 %"]])
def test_the_photo_is_the_largest_thing(page: "Page", size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    look(page)
    box = page.locator("#frame").bounding_box()
    assert box is not None
    assert box["width"] * box["height"] > 0.25 * size[0] * size[1]


def test_tab_goes_through_everything_and_is_seen(page: "Page") -> None:
    page.locator("#filter").focus()
    found = tabbed(page)
    assert {"sort", "next", "write", "help"} <= {name for name, *_ in found}
    assert sum("IMG_" in name for name, *_ in found) == 1, "one stop for all photos: arrows go among them"
    assert [one for one in found if not (one[1] and one[2])] == []


def test_tab_stays_in_a_photo_and_reaches_every_slider(page: "Page") -> None:
    look(page)
    found = tabbed(page)
    names = [name for name, *_ in found]
    sliders = page.evaluate("() => [...document.querySelectorAll('#sliders input[type=range]')].map((one) => one.id)")
    assert [name for name in names if name in sliders] == sliders
    assert names.index("close") < names.index(sliders[0])
    assert not {"filter", "sort", "next"} & set(names)
    assert [one for one in found if not (one[1] and one[2])] == []


def test_the_focus_returns_to_where_a_dialog_was_opened(page: "Page") -> None:
    page.locator("#help").focus()
    page.keyboard.press("Enter")
    page.locator("#dialog-title").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.id === 'help'")
    page.locator(".tile").nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_function(WHOLE)
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement === document.querySelectorAll('.tile')[2]")


def test_a_screen_reader_is_told_names_and_values(page: "Page") -> None:
    found = spoken(page)
    assert [one for one in found if one["role"] != "RootWebArea" and not one["name"]] == []
    cells = [one for one in found if one["role"] == "gridcell"]
    assert cells
    assert all(one["name"].startswith("IMG_") for one in cells)
    look(page)
    found = spoken(page)
    assert [one for one in found if one["role"] not in ("RootWebArea", "generic") and not one["name"]] == []
    exposure = next(one for one in found if one["role"] == "slider" and one["name"] == "Exposure")
    assert exposure["text"].endswith("EV")


def test_a_slider_that_moves_tells_nothing_but_its_value(page: "Page") -> None:
    look(page)
    page.evaluate(HEARD)
    page.locator("#slider-0, #sliders input[type=range]").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => painting.resting()")
    assert page.evaluate("() => heard") == []
    page.evaluate("() => store.state.drafts.clear()")


def test_before_can_be_had_by_keys_alone(page: "Page") -> None:
    look(page)
    page.locator("#hold").focus()
    page.keyboard.press("Space")
    assert page.locator("#before").is_visible()
    assert page.locator("#hold").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Space")
    assert not page.locator("#before").is_visible()


def test_who_wants_little_motion_sees_none(page: "Page") -> None:
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(
        """async () => {
          const ids = [...document.querySelectorAll(".tile")].map((one) => one.dataset.id);
          (await import("/page/grid.js")).flash(ids);
        }"""
    )
    assert page.evaluate("() => document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")


def test_what_surrounds_a_photo_is_a_dark_neutral_grey(page: "Page") -> None:
    look(page)
    for name in ("#look", ".panel", "body"):
        colour = page.locator(name).first.evaluate("(one) => getComputedStyle(one).backgroundColor")
        red, green, blue = (int(part) for part in colour.strip("rgb()").split(", "))
        assert red == green == blue
        assert red < 64
