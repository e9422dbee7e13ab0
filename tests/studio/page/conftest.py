"""A real browser, Chromium, with WebGL2 in software: the same on every machine."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
SOFTWARE = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--force-color-profile=srgb")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium, drawing in software."""
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    program = next((found for name in NAMES if (found := shutil.which(name)) is not None), None)
    if program is None:
        pytest.skip(f"needs Chromium (a program named {', '.join(NAMES)})")
    with api.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=program, args=list(SOFTWARE))
        yield launched
        launched.close()
