"""A studio that runs as it does for a user, in threads of this process, and a page that asks it without a browser."""

import contextlib
import http.client
import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autohdr_studio.shoot.studio import Studio, open_studio
from autohdr_studio.web.server import Server, serve

PATIENCE = 120.0
"""Seconds after which a test that waits for an event fails: none should ever take so long."""


@dataclass
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.data)


@dataclass
class Page:
    """What a page does, without a browser: it holds the cookie, asks, and listens."""

    address: str
    cookie: str = ""
    given: str = ""
    """The cookie, with what the browser is told to do with it."""
    events: "queue.Queue[tuple[str, Any]]" = field(default_factory=queue.Queue)
    heard: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Host and port."""
        return self.address.split("/")[2]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request, with exactly these headers beside Host; underscores stand for hyphens."""
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            found = connection.getresponse()
            return Answer(found.status, {name.lower(): text for name, text in found.getheaders()}, found.read())
        finally:
            connection.close()

    def open(self) -> Answer:
        """Gives the token for the cookie."""
        answer = self.ask("GET", "/" + self.address.partition("/?")[2].join(["?", ""]))
        self.given = answer.headers["set-cookie"]
        self.cookie = self.given.partition(";")[0]
        return answer

    def get(self, path: str) -> Answer:
        """What the page reads."""
        return self.ask("GET", path, Cookie=self.cookie)

    def post(self, path: str, told: Any) -> Answer:
        """What the page asks to change."""
        headers = {"Cookie": self.cookie, "Origin": f"http://{self.host}", "X_Autohdr": "1"}
        return self.ask("POST", path, json.dumps(told).encode(), Content_Type="application/json", **headers)

    def listen(self) -> None:
        """Begins to hear events."""
        begun = threading.Event()
        threading.Thread(target=self._hear, args=(begun,), daemon=True).start()
        assert begun.wait(PATIENCE)

    def _hear(self, begun: threading.Event) -> None:
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        connection.request("GET", "/api/events", headers={"Cookie": self.cookie})
        answer, kind = connection.getresponse(), ""
        with contextlib.suppress(OSError, http.client.HTTPException):
            while line := answer.readline():
                text = line.decode().rstrip("\n")
                if text.startswith("retry:"):
                    begun.set()
                elif text.startswith("event: "):
                    kind = text.removeprefix("event: ")
                elif text.startswith("data: "):
                    self.events.put((kind, json.loads(text.removeprefix("data: "))))
        connection.close()

    def wait(self, kind: str, which: Callable[[Any], bool] = lambda told: True) -> Any:
        """The next event of this kind that is meant."""
        while True:
            found = self.events.get(timeout=PATIENCE)
            self.heard.append(found)
            if found[0] == kind and which(found[1]):
                return found[1]

    def photos(self) -> list[dict[str, Any]]:
        """All photos as they are now."""
        found: list[dict[str, Any]] = self.get("/api/shoot").json["photos"]
        return found

    def ready(self) -> list[dict[str, Any]]:
        """All photos, once all are prepared."""
        while not self._prepared():
            self.wait("progress", lambda told: told["done"] == told["total"])
        return self.photos()

    def learnt(self, edits: int) -> dict[str, Any]:
        """The style, once it is learnt from so many edits and all photos have its labels."""
        while True:
            shoot = self.get("/api/shoot").json
            style: dict[str, Any] | None = shoot["style"]
            if style is not None and style["learnt_from"]["photos"] == edits and not shoot["learning"]:
                return style
            self.wait("learnt")

    def _prepared(self) -> bool:
        told = self.get("/api/shoot").json["progress"]
        return bool(told["done"] == told["total"])


@dataclass
class Running:
    """A studio that is open, and its page."""

    studio: Studio
    server: Server
    page: Page


@contextlib.contextmanager
def running(shoot: Path, model: Path, cache: Path, *, open_page: bool = True, **settings: Any) -> Iterator[Running]:
    """A studio on a free port until the end of the block, and a page that has its cookie and listens, unless somebody
    else is to open it."""
    opened: queue.Queue[tuple[str, Server]] = queue.Queue()
    with open_studio([shoot], model=model, engine="cpu", cache=cache, threads=2, **settings) as studio:
        thread = threading.Thread(target=serve, args=(studio, 0, lambda address, server: opened.put((address, server))))
        thread.start()
        address, server = opened.get(timeout=PATIENCE)
        page = Page(address)
        try:
            if open_page:
                page.open()
                page.listen()
            yield Running(studio, server, page)
        finally:
            server.end()
            thread.join(PATIENCE)
        assert not thread.is_alive()
