"""The orders and kinds of photos on a page, in a real browser."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from autohdr.raw.decode import open_decoder
from autohdr.review.folder import Folder
from autohdr.review.page_maker import PageMaker
from autohdr.review.standing import UNEDITED
from autohdr.run.results.report import InSeries
from autohdr.run.stop import Stop
from autohdr.style.confidence.doubt import difference_of
from autohdr.style.confidence.reason import Reason
from tests.runtime.review.in_browser import names, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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
    together = [None, None, InSeries(2, "bracket", 3, "b.x.NEF"), None, None]
    for number, photo in enumerate(photos):
        errors = {"Exposure2012": [0.2, 0.5, 0.1, 0.4, 0.6][number]}
        making.show(
            photo, UNEDITED, errors=errors, difference=difference_of(errors), why=whys[number], series=together[number]
        )
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
        bracket = "One of 3 photos of a bracket that begins with b.x: they have one look."
        assert shown.locator("#why").inner_text() == bracket
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
