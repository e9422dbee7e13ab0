"""A hostile page, open in another tab of the same browser, can do nothing and learns nothing."""

import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.opened import Running, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
TRIES = """async (studio) => {
  const photo = "IMG_0001", change = { method: "POST", credentials: "include", body: '{"ids": "all"}' };
  const json = { "Content-Type": "application/json", "X-Autohdr": "1" };
  const asks = {
    reads: () => fetch(studio + "/api/shoot", { credentials: "include" }).then((one) => one.text()),
    "reads blindly": () => fetch(studio + "/api/shoot", { credentials: "include", mode: "no-cors" })
      .then(async (one) => one.type === "opaque" ? Promise.reject("opaque") : one.text()),
    changes: () => fetch(studio + "/api/undo", { ...change, headers: json }).then((one) => one.text()),
    "changes plainly": () => fetch(studio + "/api/undo", { ...change, mode: "no-cors" })
      .then(() => Promise.reject("opaque")),
    listens: () => new Promise((done, failed) => {
      const source = new EventSource(studio + "/api/events", { withCredentials: true });
      source.onopen = done; source.onerror = failed;
    }),
    "loads a script": () => new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = studio + "/page/app.js"; script.onload = done; script.onerror = failed;
      document.head.append(script);
    }),
    "loads a module": () => import(studio + "/page/api.js"),
    "loads a style": () => new Promise((done, failed) => {
      const link = document.createElement("link");
      link.rel = "stylesheet"; link.href = studio + "/page/style.css"; link.onload = done; link.onerror = failed;
      document.head.append(link);
    }),
  };
  const got = [];
  for (const [name, ask] of Object.entries(asks)) {
    await ask().then(() => got.push(name), () => {});
  }
  return got;
}"""
FRAME = """async (studio) => {
  const frame = document.createElement("iframe");
  frame.src = studio + "/";
  const loaded = new Promise((done) => { frame.onload = done; });
  document.body.append(frame);
  await loaded;
  try { return frame.contentDocument?.body.textContent ?? ""; } catch { return ""; }
}"""
READ = """() => { try { return window.other.document.body.textContent; } catch { return ""; } }"""
FORM = """(studio) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = studio + "/api/undo"; form.enctype = "text/plain";
  const field = document.createElement("input");
  field.name = '{"ids": "all", "x": "'; field.value = '"}';
  form.append(field); document.body.append(form); form.submit();
}"""


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    program = next((found for name in NAMES if (found := shutil.which(name)) is not None), None)
    if program is None:
        pytest.skip(f"needs Chromium (a program named {', '.join(NAMES)})")
    with api.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(params=["localhost", "127.0.0.1"])
def hostile(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a page of somebody else's: of another site, and of a server that counts as the same site."""

    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>hostile</title><body></body>")

        def log_message(self, *told: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{request.param}:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def labelled(wedding: Path, small_model: Path, tmp_path: Path) -> Iterator[Running]:
    """A studio whose cookie nobody has yet, with labels that could be undone."""
    with running(wedding, small_model, tmp_path / "cache", open_page=False) as found:
        yield found


def test_another_tab_can_do_nothing(labelled: Running, browser: "Browser", hostile: str) -> None:
    context = browser.new_context()
    mine = context.new_page()
    mine.goto(labelled.page.address)
    mine.wait_for_function("document.readyState === 'complete'")
    studio = f"http://{labelled.page.host}"
    assert mine.url == f"{studio}/"
    heard: list[str] = []
    labelled.studio.shoot.listener = lambda kind, told: heard.append(kind)
    theirs = context.new_page()
    theirs.goto(hostile)
    assert theirs.evaluate(TRIES, studio) == []
    assert "IMG_" not in theirs.evaluate(FRAME, studio)
    with context.expect_page() as opened:
        theirs.evaluate("(studio) => { window.other = window.open(studio + '/api/shoot'); }", studio)
    opened.value.wait_for_load_state()
    assert "IMG_" not in theirs.evaluate(READ)
    assert "IMG_" not in opened.value.content()
    with theirs.expect_navigation():
        theirs.evaluate(FORM, studio)
    assert "started" not in theirs.content()
    assert "wrote" not in heard
    assert mine.evaluate("fetch('/api/shoot').then((one) => one.status)") == 200
    context.close()
