"""The page of a large shoot in a real browser: scrolling through all of it takes as much as through a small one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from autohdr.model.onnx_file import read_model
from autohdr_studio.shoot.prepared.store import make_store
from tests.studio.opened import PATIENCE, running
from tests.studio.page.test_loop_in_browser import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

COUNT = 5000
STEP = 3000
"""Pixels from one look to the next: nothing of what was seen before is in view."""
WATCH = """async () => {
  const { state } = await import("/page/store.js"), photos = state.photos;
  window.seen = { made: 0, passes: 0, most: 0 };
  photos.values = () => { window.seen.passes += 1; return Map.prototype.values.call(photos); };
  new MutationObserver((all) => {
    for (const one of all) window.seen.made += one.addedNodes.length + one.removedNodes.length;
  }).observe(document.getElementById("grid"), { childList: true, subtree: true });
}"""
"""Counts the lines that come and go, and how often all photos are gone through."""
GO_THROUGH = """async (step) => {
  const scroller = document.getElementById("scroller"), frame = () => new Promise(requestAnimationFrame);
  let steps = 0, canvases = 0, tiles = 0;
  for (let top = 0; top < scroller.scrollHeight; top += step) {
    const before = window.seen.made;
    scroller.scrollTop = top;
    for (let index = 0; index < 2; index += 1) await frame();
    window.seen.most = Math.max(window.seen.most, window.seen.made - before);
    canvases = Math.max(canvases, document.querySelectorAll("canvas").length);
    tiles = Math.max(tiles, document.querySelectorAll(".tile").length);
    steps += 1;
  }
  const { held } = await import("/page/thumbs.js");
  return { ...window.seen, steps, canvases, tiles, scenes: held() };
}"""
DRAWN = """() => [...document.querySelectorAll(".tile canvas")].every((canvas) => canvas.width > 1)"""


class Size(NamedTuple):
    """What a page takes, once what nobody holds is gone."""

    heap: float
    """MB of its scripts."""
    nodes: int
    """Nodes of documents, and those that are held without being in one."""


@pytest.fixture
def many(edited: Path, small_model: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A shoot of thousands of photos, which are links to sixteen, and a cache in which all are prepared."""
    few, folder, cache = tmp_path / "few", tmp_path / "many", tmp_path / "cache"
    few.mkdir()
    folder.mkdir()
    for photo in edited.glob("*.dng"):
        os.link(photo, few / photo.name)
    with running(few, small_model, cache) as studio:
        studio.page.ready()
    store = make_store(cache, read_model(small_model))
    photos = sorted(few.iterdir())
    kept = [[*store.folder.glob(f"{store.key(photo)}*")] for photo in photos]
    for index in range(COUNT):
        link = folder / f"IMG_{index:04}.dng"
        os.link(photos[index % len(photos)], link)
        for file in kept[index % len(photos)]:
            os.link(file, file.with_name(store.key(link) + file.name[32:]))
    return folder, cache


@pytest.fixture
def shown(browser: "Browser", many: tuple[Path, Path], small_model: Path) -> "Iterator[Page]":
    """Its page, once everything has its label."""
    with (
        running(many[0], small_model, many[1], open_page=False) as studio,
        opened(browser, studio.page.address) as page,
    ):
        page.set_default_timeout(1000 * PATIENCE)
        page.wait_for_function("(words) => document.getElementById('progress').textContent === words", arg=ALL)
        page.wait_for_function("() => document.body.dataset.learnt")
        yield page


ALL = f"{COUNT} photos"


def size(session: "CDPSession") -> Size:
    """What the page takes now."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return Size(found["JSHeapUsedSize"] / 1e6, int(found["Nodes"]))


def test_scrolling_through_thousands_takes_as_much_as_through_few(shown: "Page") -> None:
    session = shown.context.new_cdp_session(shown)
    session.send("Performance.enable")
    shown.evaluate(WATCH)
    shown.wait_for_function(DRAWN)
    before = size(session)
    seen = shown.evaluate(GO_THROUGH, STEP)
    assert seen["steps"] > 50
    assert seen["passes"] == 0, "nothing goes through all photos while one scrolls"
    assert seen["tiles"] <= 60
    assert seen["canvases"] <= seen["tiles"] + 10
    assert seen["most"] <= 60, "a step replaces the lines in view, and no more"
    assert seen["scenes"] <= 240
    shown.wait_for_function(DRAWN)
    shown.evaluate(GO_THROUGH, STEP)
    shown.locator("#scroller").evaluate("(one) => { one.scrollTop = 0; }")
    shown.wait_for_function(DRAWN)
    after = size(session)
    assert after.nodes <= before.nodes + 500
    assert after.heap <= before.heap + 20
    assert after.heap <= 100
