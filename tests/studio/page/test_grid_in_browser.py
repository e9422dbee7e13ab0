"""The page's overview in a real browser: headings of days and series, what a neighbour lends, and what is counted."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.studio.opened import running
from tests.studio.page.test_loop_in_browser import edit_the_open_photo, opened
from tests.studio.series import write_series

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HEADINGS = """() => [...document.querySelectorAll("#grid :is(h2, h3)")].map(
  (one) => one.tagName + " " + one.textContent,
)"""
GROUPED = "() => [...document.querySelectorAll('#grid h3')].some((one) => one.textContent.includes('panorama'))"
NAMES = """() => [...document.querySelectorAll(".tile .caption span:first-child")].map((one) => one.textContent)"""

EDIT_FIVE = """async () => {
  const { post } = await import("/page/api.js"), { put, state } = await import("/page/store.js");
  for (const [index, photo] of [...state.photos.values()].slice(0, 5).entries()) {
    put([await post(`/api/photos/${photo.id}/edit`, { values: [index / 4, 5 * index, 0, 0, 0, 0, 0, 0] })]);
  }
}"""
SURE = """async () => {
  const { isOwn, state } = await import("/page/store.js");
  return [...state.photos.values()].filter((photo) => !isOwn(photo)).map((photo) => photo.difference);
}"""
TOLD = "() => [...document.querySelectorAll('.tag')].filter((one) => one.textContent.includes('±')).length === 10"


@pytest.fixture
def shown(browser: "Browser", small_model: Path, tmp_path: Path) -> "Iterator[Page]":
    """The page of a shoot of series, once all of its photos are read."""
    write_series(tmp_path / "shoot")
    with (
        running(tmp_path / "shoot", small_model, tmp_path / "cache", open_page=False) as studio,
        opened(browser, studio.page.address) as page,
    ):
        page.wait_for_function("() => document.getElementById('progress').textContent === '15 photos'")
        page.wait_for_function(GROUPED)
        yield page


def test_days_and_series_are_headings(shown: "Page") -> None:
    shown.set_viewport_size({"width": 1280, "height": 1600})
    shown.wait_for_function("() => document.querySelectorAll('#grid h2').length === 2")
    assert shown.evaluate(HEADINGS) == [
        *("H2 Saturday 14 June 2025", "H3 14:05 · burst of 4", "H3 14:15 · bracket of 3", "H3 14:25 · panorama of 3"),
        *("H3 14:35 to 14:45", "H2 Sunday 15 June 2025", "H3 14:05 · burst of 3"),
    ]
    named = shown.get_by_role("heading", name="14:15 · bracket of 3", exact=True)
    assert named.count() == 1, "a screen reader meets it as a heading"
    assert shown.get_by_role("heading", name="Sunday 15 June 2025", level=2).count() == 1
    for order in ("look", "change", "name"):
        shown.select_option("#sort", order)
        assert shown.evaluate(HEADINGS) == []
    assert len(shown.evaluate(NAMES)) == 15


def test_a_neighbour_is_an_own_edit_of_the_same_series_first(shown: "Page") -> None:
    shown.locator(".tile[aria-label^='IMG_0004']").click()
    assert shown.locator("#neighbour").is_disabled()
    shown.keyboard.press("u")
    assert "no other photo" in shown.locator("#message").inner_text()
    for name, steps in (("IMG_0001", 4), ("IMG_0005", -3)):
        shown.keyboard.press("Escape")
        shown.locator(f".tile[aria-label^='{name}']").click()
        edit_the_open_photo(shown, steps)
    shown.keyboard.press("Escape")
    shown.locator(".tile[aria-label^='IMG_0001']").click()
    lent = shown.locator("#sliders .value").first.input_value()
    shown.keyboard.press("Escape")
    shown.locator(".tile[aria-label^='IMG_0004']").click()
    shown.keyboard.press("u")
    assert "IMG_0001.dng, 3 seconds before" in shown.locator("#message").inner_text()
    assert shown.locator("#sliders .value").first.input_value() == lent
    shown.keyboard.press("Escape")
    shown.locator(".tile[aria-label^='IMG_0009']").click()
    shown.keyboard.press("u")
    assert "IMG_0005.dng, 10 minutes before" in shown.locator("#message").inner_text(), "nearest in time elsewhere"


def test_a_choice_says_how_many_photos_it_is(shown: "Page") -> None:
    shown.set_viewport_size({"width": 1280, "height": 1600})
    shown.evaluate(EDIT_FIVE)
    shown.wait_for_function(TOLD)
    differences = sorted(shown.evaluate(SURE))
    shown.locator("#write").click()
    count, limit = shown.locator("#dialog output"), shown.locator("#dialog input[type=text]")
    assert shown.locator("#dialog-body").get_by_text("all 10 photos").count() == 1
    limit.fill(str(differences[-1] + 1))
    assert count.inner_text() == "(10 photos)"
    middle = (differences[3] + differences[4]) / 2
    limit.fill(f"{middle}".replace(".", ","))
    assert count.inner_text() == "(4 photos)"
    limit.fill("many")
    assert shown.locator("#dialog-yes").is_disabled()
    limit.fill(str(middle))
    shown.locator("#dialog-yes").click()
    shown.wait_for_function("() => document.getElementById('dialog-title').textContent === 'What would change'")
    assert "4 photos would get the suggestion" in shown.locator("#dialog-body").inner_text()
    shown.locator("#dialog-no").click()
    shown.locator("#write").click()
    assert limit.input_value() == str(middle), "what was chosen last is chosen again"
    assert shown.locator("#dialog input[value=within]").is_checked()


def test_the_page_stays_where_it_is_while_photos_find_their_places(shown: "Page") -> None:
    shown.set_viewport_size({"width": 700, "height": 900})
    shown.wait_for_function("() => document.getElementById('grid').ariaColCount === '2'")
    shown.locator("#scroller").evaluate("(one) => { one.scrollTop = 900; }")
    shown.wait_for_function("() => document.getElementById('scroller').scrollTop === 900")
    before = shown.locator(".tile[aria-label^='IMG_0009']").bounding_box()
    shown.evaluate(
        """async () => {
          const { put, state } = await import("/page/store.js");
          const first = [...state.photos.values()].find((photo) => photo.name === "IMG_0001.dng");
          put([{ id: first.id, captured: first.captured + 200000, day: "2025-06-16", series: null }]);
        }"""
    )
    after = shown.locator(".tile[aria-label^='IMG_0009']").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) <= 1.0
