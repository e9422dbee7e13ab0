"""The page of a Lightroom catalog says what is missing, which edits it cannot change, and what to do in Lightroom."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.catalogs import EDITED, Photo, make_catalog, snapshot
from tests.studio.opened import running
from tests.studio.page.test_loop_in_browser import DRAWN, ENDED, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_a_catalog_from_its_page(browser: "Browser", unedited: Path, small_model: Path, tmp_path: Path) -> None:
    photos = sorted(unedited.glob("*.dng"))
    listed = [Photo(path, EDITED if row == 0 else {}, unsaved=row == 1) for row, path in enumerate(photos[:4])]
    (tmp_path / "home").mkdir()
    catalog = make_catalog(tmp_path / "home" / "My.lrcat", [*listed, Photo("/nowhere/2024/IMG_1.dng", {})])
    before = snapshot(catalog.parent)
    with (
        running(catalog, small_model, tmp_path / "cache", open_page=False) as studio,
        opened(browser, studio.page.address) as page,
    ):
        page.wait_for_function("() => document.getElementById('progress').textContent === '4 photos'")
        page.wait_for_function(DRAWN)
        assert page.locator("#name").inner_text() == "My.lrcat"
        assert "1 photo of My.lrcat is not found" in page.locator("#notes").inner_text()
        page.locator(f".tile[aria-label^='{photos[0].name}']").click()
        page.wait_for_function("() => document.getElementById('whose').textContent.includes('My.lrcat alone')")
        page.locator("#slider-0").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("#save").is_disabled()
        page.locator("#label").click()
        page.keyboard.press("Escape")
        page.locator("#write").click()
        page.locator("#dialog-yes").click()
        page.wait_for_function("() => document.getElementById('dialog-title').textContent === 'What would change'")
        assert "1 photo of My.lrcat has metadata" in page.locator("#dialog-body .first").inner_text()
        page.locator("#dialog-yes").click()
        page.wait_for_function(ENDED, arg="write 3 labelled")
        assert "choose Read Metadata from Files" in page.locator("#sentence").inner_text()
        page.locator(f".tile[aria-label^='{photos[2].name}']").click()
        page.wait_for_function("() => document.getElementById('whose').textContent.includes('does not show this yet')")
    assert snapshot(catalog.parent) == before
