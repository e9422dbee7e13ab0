"""A real browser, Chromium, that the tests of the page look at it with."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autohdr import label
from tests.runtime.review.pages import edit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
HDR = "--force-color-profile=scrgb-linear"
"""Makes Chromium take its screen for one that shows HDR."""


@pytest.fixture(scope="module")
def launch() -> "Iterator[Callable[..., Browser]]":
    """Starts Chromium with arguments of its own."""
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    program = next((found for name in NAMES if (found := shutil.which(name)) is not None), None)
    if program is None:
        pytest.skip(f"needs Chromium (a program named {', '.join(NAMES)})")
    with api.sync_playwright() as started:

        def launched(*arguments: str) -> "Browser":
            browser: Browser = started.chromium.launch(executable_path=program, args=["--no-sandbox", *arguments])
            return browser

        yield launched


@pytest.fixture(scope="module")
def browser(launch: "Callable[..., Browser]") -> "Iterator[Browser]":
    """Chromium on an SDR screen."""
    started = launch()
    yield started
    started.close()


@pytest.fixture(scope="module")
def hdr_browser(launch: "Callable[..., Browser]") -> "Iterator[Browser]":
    """Chromium on an HDR screen."""
    started = launch(HDR)
    yield started
    started.close()


@pytest.fixture
def made(shoot: Path, small_model: Path, tmp_path: Path) -> Path:
    """The page of a shoot with labels, an edit, and a photo that fails."""
    edit(shoot / "IMG_1.dng", Exposure2012="+1.00")
    (shoot / "IMG_2.dng").write_text("not a photo")
    label(shoot, model=small_model, page=tmp_path / "page")
    return tmp_path / "page"
