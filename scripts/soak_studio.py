"""Looks for leaks in a studio: a script works in its page, in a real browser, and prints what page and server hold.

    python scripts/soak_studio.py RAW... --photos 500 --minutes 60

It opens photos, moves sliders, saves, takes every other edit back, scrolls, filters and sorts, as fast as the page
answers; learning goes on beside. Needs Playwright and Chromium. The shoot is made as `measure_studio.py` makes one.
"""

import argparse
import itertools
import os
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from measure_studio import Studio, copies

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SOFTWARE = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
PATIENCE = 300
"""Seconds that one step may take, on a machine that does much else."""
SAVED = """(name) => document.getElementById("look-name").textContent !== name
  || document.getElementById("message").textContent === "Saved." """
ORDERS, FILTERS = ("look", "change", "name", "time"), ("doubtful", "edited", "labelled", "all")


def main() -> None:
    """Works in a studio, and prints a line every so often."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raws", nargs="+", type=Path)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--lines", type=int, default=12, help="how many lines are printed")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as held:
        os.environ["AUTOHDR_STATE"] = str(Path(held) / "state")
        shoot = copies(asked.raws, Path(held) / "shoot", asked.photos)
        with Studio(shoot, Path(held) / "cache") as studio, sync_playwright() as started:
            program = next(found for name in BROWSERS if (found := shutil.which(name)) is not None)
            browser = started.chromium.launch(executable_path=program, args=list(SOFTWARE))
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(1000 * PATIENCE)
            wrong: list[str] = []
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.goto(studio.address)
            ready = "(words) => document.getElementById('progress').textContent === words"
            page.wait_for_function(ready, arg=f"{asked.photos} photos", timeout=0)
            soak(studio, page, asked.minutes, asked.lines)
            print(f"errors of the page: {wrong or 'none'}")
            browser.close()


def soak(studio: Studio, page: "Page", minutes: float, lines: int) -> None:
    """Works in the page for so many minutes."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    draw, begun, told = random.Random(0), time.monotonic(), 0
    print("minutes | rounds | page heap, MB | DOM nodes | server, MB | learnt")
    for number in itertools.count():
        passed = (time.monotonic() - begun) / 60
        if passed * lines >= told * minutes:
            print(f"{passed:.1f} | {number} | {held(studio, page, session)}", flush=True)
            told += 1
        if passed >= minutes:
            return
        edit(page, draw, back=number % 2 == 1)
        wander(page, draw, number)


def edit(page: "Page", draw: random.Random, *, back: bool) -> None:
    """Opens a photo, moves some of its sliders, and saves; goes back and undoes it."""
    page.evaluate("() => document.activeElement?.blur()")
    tiles = page.locator(".tile")
    tiles.nth(draw.randrange(min(3, tiles.count()))).click()
    page.wait_for_function("() => document.getElementById('after').width > 1")
    name = page.locator("#look-name").inner_text()
    for _ in range(3):
        page.locator(f"#slider-{draw.randrange(8)}").focus()
        for _ in range(4):
            page.keyboard.press(draw.choice(["ArrowLeft", "ArrowRight", "Shift+ArrowLeft", "Shift+ArrowRight"]))
    if page.locator("#save").is_enabled():
        page.locator("#save").click()
        page.wait_for_function(SAVED, arg=name)
    if back:
        page.keyboard.press("Escape")
        page.evaluate(
            """async (name) => {
              const { state } = await import("/page/store.js"), { open } = await import("/page/look.js");
              await open([...state.photos.values()].find((photo) => photo.name === name).id);
            }""",
            name,
        )
        if page.locator("#restore").is_enabled():
            with page.expect_response("**/restore"):
                page.locator("#restore").click()
    page.keyboard.press("y")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.getElementById('look').open")


def wander(page: "Page", draw: random.Random, number: int) -> None:
    """Scrolls; at times filters, sorts, and looks at all photos unedited."""
    if number % 5 == 4:
        page.select_option("#sort", ORDERS[number // 5 % len(ORDERS)])
    if number % 7 == 6:
        page.select_option("#filter", FILTERS[number // 7 % len(FILTERS)])
    if number % 3 == 2:
        page.locator("#all-before").click()
    share = draw.random()
    page.evaluate(
        """async (share) => {
          const scroller = document.getElementById("scroller");
          for (let step = 0; step <= 8; step += 1) {
            scroller.scrollTop = (scroller.scrollHeight * share * step) / 8;
            await new Promise(requestAnimationFrame);
          }
        }""",
        share,
    )
    if not page.locator(".tile").count():
        page.select_option("#filter", "all")


def held(studio: Studio, page: "Page", session: "CDPSession") -> str:
    """What the page holds, once what nobody needs is gone, and what the server does."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    learnt = page.evaluate("() => document.body.dataset.learnt ?? 0")
    return f"{found['JSHeapUsedSize'] / 1e6:.1f} | {int(found['Nodes'])} | {studio.memory('VmRSS'):.0f} | {learnt}"


if __name__ == "__main__":
    main()
