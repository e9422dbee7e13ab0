"""The studio's page in a real browser: a photographer goes once around, by hand and by keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autohdr.sidecar import Document
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.record import owner
from tests.runtime.review.in_browser import CONTRAST, NAMELESS
from tests.studio.opened import PATIENCE, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHOTOS = """async () => {
  const { state } = await import("/page/store.js");
  return [...state.photos.values()].map(({ name, whose, label }) => ({ name, whose, label }));
}"""
DRAWN = """() => [...document.querySelectorAll(".tile canvas")].every((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return canvas.width > 1 && data.some((value, index) => index % 4 < 3 && value > 0);
})"""
IN_ORDER = """() => {
  const names = [...document.querySelectorAll(".tile .caption span:first-child")].map((one) => one.textContent);
  return names.length && names.every((name, index) => !index || name > names[index - 1]);
}"""
ENDED = "(words) => document.body.dataset.ended === words"
NOBODYS = """async (name) => {
  const { state } = await import("/page/store.js");
  return [...state.photos.values()].some((photo) => photo.name === name && photo.whose !== "photographer");
}"""
LEARNT = "(before) => Number(document.body.dataset.learnt ?? 0) > before"


@pytest.fixture
def shown(browser: "Browser", unedited: Path, small_model: Path, tmp_path: Path) -> "Iterator[Page]":
    """The page of a shoot that nobody has edited, once all of its photos are read."""
    with (
        running(unedited, small_model, tmp_path / "cache", open_page=False) as studio,
        opened(browser, studio.page.address) as page,
    ):
        page.wait_for_function("() => document.getElementById('progress').textContent === '16 photos'")
        yield page


@contextmanager
def opened(browser: "Browser", address: str) -> "Iterator[Page]":
    """A page, whose errors and whose requests to anybody else fail the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(1000 * PATIENCE)
    wrong: list[str] = []
    studio = address.partition("/?")[0]
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith(studio) else wrong.append(asked.url))
    page.goto(address)
    yield page
    assert wrong == []
    page.close()


def photos(page: "Page") -> dict[str, dict[str, Any]]:
    """What the page knows of each photo, by its name."""
    return {photo["name"]: photo for photo in page.evaluate(PHOTOS)}


def own(page: "Page") -> list[str]:
    """The photos that are the photographer's own."""
    return [name for name, photo in photos(page).items() if photo["whose"] == "photographer"]


def learnt(page: "Page") -> int:
    """How often a style was learnt since the page was opened."""
    return int(page.evaluate("() => document.body.dataset.learnt ?? 0"))


def edit_the_open_photo(page: "Page", steps: int) -> str:
    """Moves Exposure by so many steps by keys, and saves by Enter; returns the photo's name."""
    name = page.locator("#look-name").inner_text()
    page.wait_for_function("() => document.getElementById('after').width > 1")
    page.locator("#slider-0").focus()
    for _ in range(abs(steps)):
        page.keyboard.press("Shift+ArrowRight" if steps > 0 else "Shift+ArrowLeft")
    page.locator("#look").evaluate("(one) => one.focus()")
    page.locator("#slider-0").blur()
    page.locator("#save").click()
    page.wait_for_function("(name) => document.getElementById('look-name').textContent !== name", arg=name)
    return name


def document(photo: Path) -> Document | None:
    """The settings inside a DNG."""
    data = read_embedded(photo)
    return None if data is None else Document.parse(data)


def test_once_around(shown: "Page", unedited: Path) -> None:
    before = {path.name: path.read_bytes() for path in unedited.glob("*.dng")}
    shown.wait_for_function(DRAWN)
    shown.keyboard.press("n")
    edited = [edit_the_open_photo(shown, steps) for steps in (3, 5, 4, 6, 2)]
    assert len(set(edited)) == 5, "each time another photo is proposed"
    shown.wait_for_function(LEARNT, arg=0)
    assert sorted(own(shown)) == sorted(edited)
    assert shown.locator("#sentence").inner_text()

    shown.keyboard.press("Escape")
    first = {name: photo["label"] for name, photo in photos(shown).items()}
    other = next(name for name in first if name not in edited)
    seen = learnt(shown)
    shown.locator(f".tile[aria-label^='{other}']").click()
    assert edit_the_open_photo(shown, -9) == other
    shown.wait_for_function(LEARNT, arg=seen)
    after = photos(shown)
    moved = [name for name in after if name not in (*edited, other) and after[name]["label"] != first[name]]
    assert len(moved) == 10, "every photo that nobody has edited follows"

    shown.keyboard.press("Escape")
    seen = learnt(shown)
    shown.locator(f".tile[aria-label^='{other}']").click()
    shown.locator("#restore").click()
    shown.wait_for_function(NOBODYS, arg=other)  # what was learnt from the edit before may be told of meanwhile
    shown.wait_for_function(LEARNT, arg=seen)
    assert (unedited / other).read_bytes() == before[other], "an edit is taken back on disk, too"
    shown.keyboard.press("x")
    shown.wait_for_function("() => document.getElementById('exclude').ariaPressed === 'true'")
    shown.keyboard.press("Escape")

    shown.locator("#write").click()
    shown.locator("#dialog-yes").click()
    shown.wait_for_function("() => document.getElementById('dialog-title').textContent === 'What would change'")
    assert "10 photos would get the suggestion" in shown.locator("#dialog-body").inner_text()
    shown.locator("#dialog-yes").click()
    shown.wait_for_function(ENDED, arg="write 10 labelled")
    found = {path.name: document(path) for path in unedited.glob("*.dng")}
    whose = {name: None if one is None else owner(one) for name, one in found.items()}
    assert whose[other] in (None, "nobody"), "it is excluded"
    assert sorted(name for name in whose if whose[name] == "photographer") == sorted(edited)
    assert sum(one == "autohdr" for one in whose.values()) == 10

    shown.locator("#undo").click()
    shown.locator("#dialog-yes").click()
    shown.wait_for_function(ENDED, arg="undo 10 restored, 6 unchanged")
    same = [name for name in before if (unedited / name).read_bytes() == before[name]]
    assert sorted(same) == sorted(set(before) - set(edited)), "all but the photographer's own come back to the byte"


def test_texts_can_be_read_and_controls_have_names(shown: "Page") -> None:
    shown.wait_for_function(DRAWN)
    assert shown.evaluate(NAMELESS) == []
    assert shown.evaluate(CONTRAST) == []
    shown.locator(".tile").first.click()
    shown.wait_for_function("() => document.getElementById('after').width > 1")
    assert shown.evaluate(NAMELESS) == []
    assert shown.evaluate(CONTRAST) == []
    shown.keyboard.press("Escape")
    shown.keyboard.press("?")
    assert "Enter" in shown.locator("#dialog-body").inner_text()


def test_before_and_after(shown: "Page") -> None:
    shown.locator(".tile").first.click()
    shown.wait_for_function("() => document.getElementById('after').width > 1")
    assert not shown.locator("#before").is_visible()
    shown.keyboard.down("b")
    assert shown.locator("#before").is_visible()
    shown.keyboard.up("b")
    assert not shown.locator("#before").is_visible()
    shown.keyboard.press("y")
    assert shown.locator("#divider").is_visible()
    assert shown.locator("#frame").get_attribute("data-show") == "split"


def test_another_photo_is_seen_at_once_and_never_the_last_one_in_its_place(shown: "Page") -> None:
    shown.wait_for_function(DRAWN)
    shown.evaluate(
        """() => {
          const frame = document.getElementById("frame");
          window.seen = [];
          const told = () => seen.at(-1) !== frame.dataset.drawn && seen.push(frame.dataset.drawn);
          const watch = new MutationObserver(told);
          watch.observe(frame, { attributeFilter: ["data-drawn"] });
        }"""
    )
    shown.locator(".tile").first.click()
    shown.wait_for_function("() => document.getElementById('frame').dataset.drawn === 'whole'")
    shown.keyboard.press("ArrowRight")
    shown.wait_for_function("() => seen.length > 2 && seen.at(-1) === 'whole'")
    assert shown.evaluate("() => seen") == ["small", "whole", "small", "whole"], "by the grid's picture of it first"


def test_what_is_not_saved_is_kept_while_others_are_looked_at(shown: "Page") -> None:
    shown.locator(".tile").first.click()
    shown.wait_for_function("() => document.getElementById('after').width > 1")
    shown.locator("#slider-0").focus()
    shown.keyboard.press("Shift+ArrowRight")
    moved = shown.locator("#sliders .value").first.input_value()
    shown.locator("#following").click()
    shown.keyboard.press("Escape")
    assert "not saved" in shown.locator(".tile").first.inner_text()
    assert own(shown) == []
    shown.locator(".tile").first.click()
    assert shown.locator("#sliders .value").first.input_value() == moved


def test_the_grid_goes_by_keys_and_by_kind(shown: "Page") -> None:
    shown.wait_for_function(IN_ORDER)
    shown.locator(".tile").first.focus()
    shown.keyboard.press("ArrowRight")
    assert shown.evaluate("() => document.activeElement.ariaLabel.startsWith('IMG_0002.dng')")
    shown.keyboard.press("End")
    assert shown.evaluate("() => document.activeElement.ariaLabel.startsWith('IMG_0016.dng')")
    shown.keyboard.press("Enter")
    assert shown.locator("#look-name").inner_text() == "IMG_0016.dng"
    shown.keyboard.press("Escape")
    assert shown.evaluate("() => document.activeElement.ariaLabel.startsWith('IMG_0016.dng')"), "where it was"
    shown.select_option("#filter", "edited")
    assert shown.locator("#empty").inner_text() == "No photo is like that."
    shown.select_option("#filter", "all")
    assert shown.locator(".tile").count() > 0


def test_a_name_with_markup_is_text(browser: "Browser", unedited: Path, small_model: Path, tmp_path: Path) -> None:
    (unedited / "IMG_0001.dng").rename(unedited / "<img src=x onerror=alert(1)>.dng")
    with (
        running(unedited, small_model, tmp_path / "cache", open_page=False) as studio,
        opened(browser, studio.page.address) as page,
    ):
        page.wait_for_function("() => document.getElementById('progress').textContent === '16 photos'")
        page.select_option("#sort", "name")
        page.locator(".tile").first.click()
        assert page.locator("#look-name").inner_text() == "<img src=x onerror=alert(1)>.dng"
        assert page.locator("img").count() == 0
