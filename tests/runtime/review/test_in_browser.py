"""The page in a real browser: it asks nobody for anything, and hands and eyes of all kinds can use it."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autohdr.review.page import page
from tests.runtime.review.in_browser import CONTRAST, NAMELESS, names, opened, visible
from tests.runtime.review.pages import many

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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
