"""The page in a real browser: it asks nobody for anything, and hands and eyes of all kinds can use it."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autohdr import label
from autohdr.raw.decode import open_decoder
from autohdr.review.folder import Folder
from autohdr.review.page import page
from autohdr.review.page_maker import PageMaker
from autohdr.review.standing import UNEDITED
from autohdr.run.stop import Stop
from autohdr.style.confidence.doubt import difference_of
from autohdr.style.confidence.reason import Reason
from tests.runtime.review.pages import edit, many

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


@pytest.fixture
def made(shoot: Path, small_model: Path, tmp_path: Path) -> Path:
    """The page of a shoot with labels, an edit, and a photo that fails."""
    edit(shoot / "IMG_1.dng", Exposure2012="+1.00")
    (shoot / "IMG_2.dng").write_text("not a photo")
    label(shoot, model=small_model, page=tmp_path / "page")
    return tmp_path / "page"


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


def test_it_opens_from_the_disk_and_shows_every_photo(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        assert names(shown) == [f"IMG_{number}.dng" for number in range(5)]
        assert shown.locator("#count").inner_text() == "5 photos"
        shown.wait_for_function("() => [...document.querySelectorAll('.after')].every((one) => one.naturalWidth > 0)")
        assert shown.locator(".card", has_text="IMG_2").inner_text().count("Failed") == 1


def test_holding_b_shows_before_and_letting_go_after(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        card = shown.locator(".card").first
        shown.keyboard.down("b")
        assert card.locator(".before").is_visible()
        shown.keyboard.up("b")
        assert not card.locator(".before").is_visible()
        card.click()
        assert (visible(shown, "before"), visible(shown, "after")) == (False, True)
        shown.keyboard.down("b")
        assert visible(shown, "before")
        shown.keyboard.up("b")
        assert not visible(shown, "before")


def test_the_divider_moves_by_mouse_and_by_keys(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        shown.locator(".card").first.click()
        shown.keyboard.press("s")
        divider = shown.locator("#divider")
        box = divider.bounding_box()
        assert box is not None
        shown.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        shown.mouse.down()
        shown.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        shown.mouse.up()
        at = float(divider.input_value())
        assert at == pytest.approx(25, abs=2)
        clipped = shown.locator("#before").evaluate("one => getComputedStyle(one).clipPath")
        assert f"{100 - at:g}%" in clipped
        divider.focus()
        shown.keyboard.press("ArrowRight")
        assert float(divider.input_value()) == at + 0.5
        assert shown.locator("#name").inner_text() == "IMG_0.dng"


def test_the_orders(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        told = shown.evaluate("() => photos.map((one) => [one.name, one.change])")
        shown.select_option("#sort", "change")
        changes = sorted((pair for pair in told if pair[1] is not None), key=lambda pair: -pair[1])
        assert names(shown) == [*(name for name, _ in changes), "IMG_2.dng"]
        # A model without a style expects no errors.
        assert shown.locator("#sort option[value=doubt]").is_disabled()


def test_doubt_is_an_order_where_errors_are_expected(browser: "Browser", shoot: Path, tmp_path: Path) -> None:
    photos = sorted(shoot.glob("*.dng"))
    making = PageMaker(Folder(tmp_path / "page", [shoot]), open_decoder(), Stop(threading.Event()), 128)
    making.folder.make()
    dark = "None of your edits is of a photo this dark."
    whys = [
        Reason(("DSC_1.NEF", "b.x.DNG", "DSC_3.NEF")),
        Reason(unlike=dark),
        None,
        Reason(unlike=dark),
        Reason(("a.CR3",)),
    ]
    for number, photo in enumerate(photos):
        errors = {"Exposure2012": [0.2, 0.5, 0.1, 0.4, 0.6][number]}
        making.show(photo, UNEDITED, errors=errors, difference=difference_of(errors), why=whys[number])
    making.finish(photos)
    with opened(browser, tmp_path / "page") as shown:
        assert shown.locator("#sort").input_value() == "doubt"
        assert names(shown) == [f"IMG_{number}.dng" for number in (1, 3, 4, 0, 2)], "first those to check"
        assert "Check" in shown.locator(".card").first.inner_text()
        assert "Check" not in shown.locator(".card").last.inner_text()
        assert "Exposure 0.00 ± 0.10" in shown.locator(".card").last.inner_text()
        shown.locator("#filters input[value=doubt]").check()
        assert names(shown) == ["IMG_1.dng", "IMG_3.dng"]
        shown.locator("#filters input[value=all]").check()
        shown.locator(".card").first.click()
        assert "± 0.50" in shown.locator("#sliders").inner_text()
        assert "May look different from your own edit (by 8.4 L*;" in shown.locator("#changes").inner_text()
        assert shown.locator("#why").inner_text() == dark
        said = "In light and tones like your edits of DSC_1, b.x and DSC_3."
        for sentence in (dark, "In light and tones like your edit of a.", said):
            shown.keyboard.press("ArrowRight")
            assert shown.locator("#why").inner_text() == sentence
        assert "Should look much like your own edit" in shown.locator("#changes").inner_text()
        assert "the style expects" in shown.locator("#changes").inner_text()
        shown.keyboard.press("End")
        assert not shown.locator("#why").is_visible()
        assert "Should look much like what photographers usually do" in shown.locator("#changes").inner_text()
        assert "own edits are from such a label on average" in shown.locator("#changes").inner_text()


def test_a_page_on_which_nothing_is_worth_a_look_goes_by_time(browser: "Browser", shoot: Path, tmp_path: Path) -> None:
    photos = sorted(shoot.glob("*.dng"))
    making = PageMaker(Folder(tmp_path / "page", [shoot]), open_decoder(), Stop(threading.Event()), 128)
    making.folder.make()
    for number, photo in enumerate(photos):
        errors = {"Exposure2012": 0.1 + 0.01 * number}
        making.show(photo, UNEDITED, errors=errors, difference=difference_of(errors))
    making.finish(photos)
    with opened(browser, tmp_path / "page") as shown:
        assert shown.locator("#sort").input_value() == "time"
        assert shown.locator("#filters input[value=doubt]").count() == 0
        shown.select_option("#sort", "doubt")
        assert names(shown)[0] == "IMG_4.dng"


def test_kinds_are_chosen_and_counted(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        shown.locator("#filters input[value=passed]").check()
        assert names(shown) == ["IMG_1.dng"]
        assert shown.locator("#count").inner_text() == "1 of 5 photos"
        shown.locator(".card").click()
        assert "Passed over by the run" in shown.locator("#state").inner_text()
        assert "has edits that are not autohdr's" in shown.locator("#note").inner_text()


def test_the_keyboard_alone_is_enough(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        shown.keyboard.press("Tab")
        assert shown.evaluate("() => document.activeElement.textContent") == "Skip to the photos"
        shown.keyboard.press("Enter")
        shown.keyboard.press("Tab")
        assert "IMG_0" in shown.evaluate("() => document.activeElement.textContent")
        shown.keyboard.press("Enter")
        assert shown.locator("#large").is_visible()
        assert shown.evaluate("() => document.activeElement.id") == "name"
        shown.keyboard.press("ArrowRight")
        assert shown.locator("#name").inner_text() == "IMG_1.dng"
        assert shown.locator("#position").inner_text() == "2 of 5"
        shown.keyboard.press("End")
        assert shown.locator("#next").is_disabled()
        shown.keyboard.press("Escape")
        assert not shown.locator("#large").is_visible()
        shown.wait_for_function("() => document.activeElement.textContent.includes('IMG_4')")


def test_sliders_are_spelled_as_lightroom_shows_them(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        shown.locator(".card").nth(1).click()
        rows = [row.split("\t") for row in shown.locator("#sliders tbody tr").all_inner_texts()]
        told = {row[0]: row[2] for row in rows if len(row) > 2}
        assert list(told) == [
            *("Exposure", "Contrast", "Highlights", "Shadows", "Whites", "Blacks", "Vibrance", "Saturation")
        ]
        assert (told["Exposure"], told["Contrast"]) == ("+1.00", "0")


def test_hdr_is_switched_where_the_screen_has_it(hdr_browser: "Browser", made: Path) -> None:
    with opened(hdr_browser, made) as shown:
        assert shown.evaluate("() => matchMedia('(dynamic-range: high)').matches")
        shown.locator(".card").first.click()
        limit = "() => getComputedStyle(document.getElementById('after')).dynamicRangeLimit"
        assert shown.evaluate(limit) == "no-limit"
        shown.locator("#hdr").click()
        assert shown.evaluate(limit) == "standard"
        assert shown.locator("#hdr").get_attribute("aria-pressed") == "false"
        shown.keyboard.press("h")
        assert shown.evaluate(limit) == "no-limit"


def test_without_hdr_the_page_says_so(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        shown.locator(".card").first.click()
        assert shown.locator("#hdr").is_disabled()
        assert "SDR rendition" in shown.locator("#screen").inner_text()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_texts_can_be_read_and_controls_have_names(browser: "Browser", made: Path, scheme: str) -> None:
    with opened(browser, made, color_scheme=scheme) as shown:
        assert shown.evaluate(NAMELESS) == []
        assert shown.evaluate(CONTRAST) == []
        assert shown.locator("img:not([alt])").count() == 0
        assert shown.locator("#photos img[alt='']").count() == 0
        shown.locator(".card").nth(1).click()
        assert shown.evaluate(NAMELESS) == []
        assert shown.evaluate(CONTRAST) == []


def test_it_prints_every_photo_before_and_after(browser: "Browser", made: Path, tmp_path: Path) -> None:
    with opened(browser, made) as shown:
        shown.evaluate("() => prepared()")
        printed = shown.pdf(path=tmp_path / "page.pdf")
        shown.emulate_media(media="print")
        seen = shown.locator("#photos img").evaluate_all("all => all.map((one) => one.checkVisibility())")
        assert printed.startswith(b"%PDF")
        assert len(re.findall(rb"/Subtype\s*/Image\b", printed)) >= 8, "four photos, two pictures each"
        assert seen == [True] * 8
        assert shown.locator("#photos .print-only").first.is_visible()


def test_every_picture_is_there_before_it_prints(browser: "Browser", shoot: Path, tmp_path: Path) -> None:
    """Of a page of 2,000 photos, Chromium printed 672 pictures of 4,000 blank: they were loaded when looked at."""
    page(many(shoot, tmp_path / "many", 150), tmp_path / "page")
    with opened(browser, tmp_path / "page") as shown:
        shown.evaluate("() => { window.print = () => { window.printed = true; }; }")
        shown.keyboard.press("Control+p")
        shown.wait_for_function("() => window.printed")
        loaded = shown.locator("#photos img").evaluate_all(
            "all => all.map((one) => one.complete && one.naturalWidth > 0)"
        )
        assert loaded == [True] * 300


def test_arrows_go_from_card_to_card(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        shown.locator(".card").first.focus()
        for key, name in (
            ("ArrowRight", "IMG_1"),
            ("ArrowDown", "IMG_1"),
            ("ArrowLeft", "IMG_0"),
            ("ArrowLeft", "IMG_0"),
        ):
            shown.keyboard.press(key)
            assert name in shown.evaluate("() => document.activeElement.textContent")


def test_a_link_opens_a_photo(browser: "Browser", made: Path) -> None:
    with opened(browser, made) as shown:
        shown.goto(f"{(made / 'index.html').as_uri()}#IMG_3.dng")
        shown.reload()
        assert shown.locator("#name").inner_text() == "IMG_3.dng"


def test_a_name_that_is_no_text_and_one_that_turns_the_writing_are_shown(
    browser: "Browser", shoot: Path, tmp_path: Path
) -> None:
    try:
        (shoot / "IMG_0.dng").rename(shoot / os.fsdecode(b"IMG_\xff.dng"))
    except OSError:
        pytest.skip("needs a file system on which names may be any bytes")
    (shoot / "IMG_1.dng").rename(shoot / "a\u202eb <b>%.dng")
    page(shoot, tmp_path / "page")
    with opened(browser, tmp_path / "page") as shown:
        for number in range(5):
            shown.locator(".card").nth(number).click()
            shown.wait_for_function("() => document.getElementById('after').naturalWidth > 0")
            shown.keyboard.press("Escape")
        assert shown.locator("#photos b").count() == 0


def test_less_motion_is_no_motion(browser: "Browser", made: Path) -> None:
    with opened(browser, made, reduced_motion="reduce") as shown:
        card = shown.locator(".card").first
        assert card.evaluate("one => getComputedStyle(one).transitionDuration") == "0s"


def test_a_page_without_labels_needs_no_choice(browser: "Browser", shoot: Path, tmp_path: Path) -> None:
    page(shoot, tmp_path / "page")
    with opened(browser, tmp_path / "page") as shown:
        assert not shown.locator("#filters").is_visible()
