"""Measures the page of a large shoot: what it takes to make, and how fast a browser shows it.

    python scripts/measure_page.py --photos 2000 --of samples/shoot

The photos are links to the RAW files of a folder, each with a sidecar of its own. Three commands are timed, one after
the other: `autohdr page`, and `autohdr label --dry-run` without and with `--page`. Then Chromium opens the page and
scrolls through all of it, 120 pixels a frame. Needs Playwright and Chromium (extra `dev`).
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIDECAR = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:ProcessVersion="15.4"
 crs:Exposure2012="{exposure:+.2f}" crs:Highlights2012="-30" crs:Shadows2012="+25" crs:HDREditMode="1"
 crs:HDRMaxValue="+4.00"/></rdf:RDF></x:xmpmeta>"""
SCROLL = """() => new Promise((done) => {
  const intervals = [];
  let before = performance.now();
  const step = (now) => {
    intervals.push(now - before);
    before = now;
    scrollBy(0, 120);
    if (scrollY + innerHeight < document.documentElement.scrollHeight - 1) requestAnimationFrame(step);
    else done(intervals);
  };
  requestAnimationFrame(step);
})"""
SEEN = """() => {
  const first = [...document.querySelectorAll("#photos .after")].slice(0, 20);
  return first.length && first.every((one) => one.complete && one.naturalWidth);
}"""


def main() -> None:
    """Prints what was measured, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--of", type=Path, default=Path("samples/shoot"), help="folder of RAW files")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="autohdr-page-"))
    try:
        edited, plain = _shoot(folder / "edited", asked.of, asked.photos), folder / "plain"
        shutil.copytree(edited, plain, copy_function=os.link, ignore=shutil.ignore_patterns("*.xmp"))
        threads = ["--threads", str(asked.threads)]
        # What is compiled once, and kept, is there before anything is timed.
        few = sorted(plain.iterdir())[:12]
        _run("label", *few, "--dry-run", "--no-embed", "--page", folder / "first")
        dry = ("--dry-run", "--no-embed", *threads)
        told: dict[str, Any] = {
            "photos": asked.photos,
            "page": _run("page", edited, "--out", folder / "page", *threads),
            "label": _run("label", plain, *dry),
            "label with a page": _run("label", plain, "--page", folder / "labels", *dry),
        }
        files = [path.stat().st_size for path in (folder / "page").rglob("*") if path.is_file()]
        told["folder"] = {"MB": round(sum(files) / 1e6, 1), "kB a photo": round(sum(files) / 1e3 / asked.photos, 1)}
        told["index.html"] = {"MB": round((folder / "page" / "index.html").stat().st_size / 1e6, 2)}
        told["browser"] = _browse(folder / "page" / "index.html")
        print(json.dumps(told, indent=2))
    finally:
        shutil.rmtree(folder)


def _shoot(folder: Path, source: Path, count: int) -> Path:
    """A folder of that many photos, links to copies of a few, each with an edit of its own."""
    copies = shutil.copytree(source, folder.parent / "copies", ignore=shutil.ignore_patterns("*.xmp"))
    folder.mkdir()
    raws = sorted(path for path in Path(copies).iterdir() if path.is_file())
    for number in range(count):
        raw = raws[number % len(raws)]
        photo = folder / f"IMG_{number:04}{raw.suffix}"
        os.link(raw, photo)
        photo.with_suffix(".xmp").write_text(SIDECAR.format(exposure=(number % 41 - 20) / 10))
    return folder


def _run(verb: str, *arguments: str | Path) -> dict[str, float]:
    """Seconds, processor seconds and the largest memory of a verb. Workers of a decoder count with the seconds."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "autohdr", verb, *map(str, arguments), "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if status:
        raise SystemExit(f"autohdr {verb} failed")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"s": round(seconds, 1), "core s": round(processor, 1), "MB at most": round(used.ru_maxrss / 1e3)}


def _browse(index: Path) -> dict[str, Any]:
    """First paint and scrolling of a page."""
    from playwright.sync_api import sync_playwright

    program = next(found for name in ("chromium", "google-chrome") if (found := shutil.which(name)))
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        begun = time.perf_counter()
        page.goto(index.as_uri(), wait_until="commit")
        page.wait_for_function(SEEN)
        pictures = time.perf_counter() - begun
        paint = page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime")
        intervals = sorted(page.evaluate(SCROLL))
        page.locator(".card").nth(1000 % page.locator(".card").count()).click()
        nodes = page.evaluate("() => document.querySelectorAll('*').length")
        heap = page.evaluate("() => performance.memory.usedJSHeapSize")
        browser.close()
    return {
        "first paint, ms": round(paint),
        "first screen of pictures, ms": round(1000 * pictures),
        "frames": len(intervals),
        "ms a frame: median, 95 %, longest": [
            round(intervals[int(share * (len(intervals) - 1))], 1) for share in (0.5, 0.95, 1)
        ],
        "frames longer than 50 ms": sum(one > 50 for one in intervals),
        "elements": nodes,
        "MB of JavaScript": round(heap / 1e6, 1),
    }


if __name__ == "__main__":
    main()
