"""Nobody gets in but the page: wrong names, other sites, requests without a cookie, and bodies that never end."""

import asyncio
import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from autohdr_studio.shoot.photo import Photo
from autohdr_studio.shoot.prepared.store import Size
from autohdr_studio.web.events import PAGES, WAITING, Events
from autohdr_studio.web.guard import HEADERS, LARGEST, REQUESTS
from tests.studio.opened import PATIENCE, Running, running


@pytest.fixture(scope="module")
def open_(edited: Path, small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A studio that only looks."""
    with running(edited, small_model, tmp_path_factory.mktemp("cache"), readonly=True) as found:
        found.page.ready()
        yield found


def raw(open_: Running, text: str, body: bytes = b"") -> bytes:
    """The whole answer to a request as it is spelled here."""
    host, port = open_.page.host.split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.sendall(text.replace("\n", "\r\n").encode() + body)
        connection.settimeout(PATIENCE)
        found = b""
        while b"\r\n\r\n" not in found and (part := connection.recv(65536)):
            found += part
        return found


def status(answer: bytes) -> int:
    return int(answer.split()[1])


def test_the_token_works_once(open_: Running) -> None:
    again = open_.page.ask("GET", "/" + open_.page.address.partition("/?")[2].join(["?", ""]))
    assert again.status == 403
    assert "set-cookie" not in again.headers


def test_a_wrong_token_does_not_work(open_: Running) -> None:
    for token in ("", "x", "é", "a" * 43):
        assert open_.page.ask("GET", f"/?token={token.encode('latin-1').decode('ascii', 'ignore')}").status == 403


@pytest.mark.parametrize("path", ["/", "/page/index.html", "/api/shoot", "/api/events", "/api/next", "/nothing"])
def test_without_the_cookie_nothing_is_told(open_: Running, path: str) -> None:
    for cookie in ("", "autohdr=1", open_.page.cookie[:-1]):
        answer = open_.page.ask("GET", path, Cookie=cookie)
        assert answer.status == 403
        assert b"IMG_" not in answer.data


def test_the_cookie_is_for_this_site_alone_and_not_for_scripts(open_: Running) -> None:
    assert set(open_.page.given.lower().split("; ")[1:]) == {"httponly", "path=/", "samesite=strict"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""])
def test_another_name_for_this_computer_is_refused(open_: Running, host: str) -> None:
    name = host.format(port=open_.page.host.split(":")[1])
    answer = raw(open_, f"GET /api/shoot HTTP/1.1\nHost: {name}\nCookie: {open_.page.cookie}\n\n")
    assert status(answer) in (400, 421)
    assert b"IMG_" not in answer


def test_two_hosts_or_none_are_refused(open_: Running) -> None:
    cookie = f"Cookie: {open_.page.cookie}"
    assert status(raw(open_, f"GET /api/shoot HTTP/1.1\n{cookie}\n\n")) == 400
    two = f"GET /api/shoot HTTP/1.1\nHost: {open_.page.host}\nHost: evil.example\n{cookie}\n\n"
    assert status(raw(open_, two)) in (400, 421)
    assert status(raw(open_, f"GET /api/shoot HTTP/1.0\n{cookie}\n\n")) == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://{host}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_origin_is_refused(open_: Running, origin: str, method: str) -> None:
    headers = {"Cookie": open_.page.cookie, "Origin": origin.format(host=open_.page.host), "X_Autohdr": "1"}
    answer = open_.page.ask(method, "/api/undo", b"{}", Content_Type="application/json", **headers)
    assert answer.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_the_browser_says_of_another_site_counts(open_: Running, site: str) -> None:
    answer = open_.page.ask("GET", "/api/shoot", Cookie=open_.page.cookie, Sec_Fetch_Site=site)
    assert answer.status == 403


@pytest.mark.parametrize(
    ("left_out", "expected"), [("Cookie", 403), ("Origin", 403), ("X_Autohdr", 403), ("Content_Type", 415)]
)
def test_a_change_asks_for_every_header(open_: Running, left_out: str, expected: int) -> None:
    headers = {
        "Cookie": open_.page.cookie,
        "Origin": f"http://{open_.page.host}",
        "X_Autohdr": "1",
        "Content_Type": "application/json",
    }
    assert open_.page.ask("POST", "/api/want", b'{"ids": []}', **headers).status == 200
    del headers[left_out]
    assert open_.page.ask("POST", "/api/want", b'{"ids": []}', **headers).status == expected


def test_a_form_is_refused(open_: Running) -> None:
    headers = {"Cookie": open_.page.cookie, "Origin": f"http://{open_.page.host}", "X_Autohdr": "1"}
    answer = open_.page.ask("POST", "/api/undo", b'{"ids":"all"}', Content_Type="text/plain", **headers)
    assert answer.status == 415


def head(open_: Running) -> str:
    return (
        f"POST /api/want HTTP/1.1\nHost: {open_.page.host}\nOrigin: http://{open_.page.host}\nX-Autohdr: 1\n"
        f"Content-Type: application/json\nCookie: {open_.page.cookie}\n"
    )


def test_a_large_body_is_refused_before_it_is_read(open_: Running) -> None:
    assert status(raw(open_, head(open_) + f"Content-Length: {LARGEST + 1}\n\n")) == 413
    assert status(raw(open_, head(open_) + "Content-Length: 99999999999999999999\n\n")) in (400, 413)


def test_a_body_that_goes_on_is_refused(open_: Running) -> None:
    part = b"10000\r\n" + b" " * 65536 + b"\r\n"
    assert status(raw(open_, head(open_) + "Transfer-Encoding: chunked\n\n", part * 17)) == 413


@pytest.mark.parametrize(
    "path",
    [
        "/page/../cli.py",
        "/page/%2e%2e/cli.py",
        "/page/..%2fcli.py",
        "/page//etc/passwd",
        "/page/%2fetc%2fpasswd",
        "/page/..%5ccli.py",
        "/page/index.html%00.js",
        "/api/photos/../../etc/passwd/scene?size=256",
        "/api/photos/%2e%2e%2f%2e%2e/scene?size=256",
        "/api/photos/IMG_0001.dng/scene?size=256",
    ],
)
def test_no_path_leads_out_of_the_page(open_: Running, path: str) -> None:
    answer = raw(open_, f"GET {path} HTTP/1.1\nHost: {open_.page.host}\nCookie: {open_.page.cookie}\n\n")
    assert status(answer) in (400, 404)
    assert b"root:" not in answer


@pytest.mark.parametrize("told", [b"[]", b"{", b"\xff", b"[" * 10000, b'{"ids": {}}', b'{"ids": [1]}'])
def test_what_is_no_request_is_refused(open_: Running, told: bytes) -> None:
    headers = {"Cookie": open_.page.cookie, "Origin": f"http://{open_.page.host}", "X_Autohdr": "1"}
    answer = open_.page.ask("POST", "/api/want", told, Content_Type="application/json", **headers)
    assert answer.status == 400
    assert json.loads(answer.data)["error"]


def test_ids_are_of_this_shoot(open_: Running) -> None:
    assert open_.page.post("/api/want", {"ids": ["0" * 16]}).status == 404
    assert open_.page.get(f"/api/photos/{'0' * 16}").status == 404


def test_every_answer_forbids_what_a_page_of_ours_does_not_need(open_: Running) -> None:
    photo = open_.page.photos()[0]["id"]
    for path in ("/", "/page/app.js", "/api/shoot", f"/api/photos/{photo}/scene?size=256", "/nothing"):
        answer = open_.page.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_no_path_of_this_computer_is_told(open_: Running, edited: Path) -> None:
    assert str(edited.parent).encode() not in open_.page.get("/api/shoot").data


def test_only_looking_changes_nothing(open_: Running) -> None:
    photo = open_.page.photos()[0]["id"]
    for path, told in (
        (f"/api/photos/{photo}/edit", {"values": [0] * 8}),
        (f"/api/photos/{photo}/restore", {}),
        (f"/api/photos/{photo}/exclude", {"excluded": True}),
        ("/api/write", {"ids": "all", "dry": False}),
        ("/api/undo", {"ids": "all"}),
        ("/api/style", {"name": "its.style"}),
    ):
        assert open_.page.post(path, told).status == 400


def test_a_scene_is_asked_for_once(open_: Running) -> None:
    photo = open_.page.photos()[0]["id"]
    path = f"/api/photos/{photo}/scene?size=1600"
    first = open_.page.get(path)
    assert first.data.startswith(b"AHS1")
    again = open_.page.ask("GET", path, Cookie=open_.page.cookie, If_None_Match=first.headers["etag"])
    assert again.status == 304
    assert not again.data
    assert open_.page.get(f"/api/photos/{photo}/scene?size=4000").status == 400


def test_few_pages_may_listen(open_: Running) -> None:
    with contextlib.ExitStack() as held:
        answers = []
        for _ in range(PAGES + 1):
            host, port = open_.page.host.split(":")
            connection = held.enter_context(socket.create_connection((host, int(port)), PATIENCE))
            text = f"GET /api/events HTTP/1.1\r\nHost: {open_.page.host}\r\nCookie: {open_.page.cookie}\r\n\r\n"
            connection.sendall(text.encode())
            answers.append(status(connection.recv(65536)))
    # The page of this test listens already.
    assert answers == [200] * (PAGES - 1) + [503] * 2


def test_many_requests_at_once_are_refused_and_the_server_lives(open_: Running) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(REQUESTS):
            host, port = open_.page.host.split(":")
            connection = held.enter_context(socket.create_connection((host, int(port)), PATIENCE))
            connection.sendall((head(open_) + "Content-Length: 9\n\n").replace("\n", "\r\n").encode())
        while (last := open_.page.get("/api/next")).status == 200:
            pass  # not all of them have arrived
        assert last.status == 503
    while open_.page.get("/api/next").status == 503:
        pass  # not all of them have gone


def test_a_page_that_does_not_read_takes_no_memory() -> None:
    """Of its events, few are held; then it is told to ask for everything again."""

    async def slow() -> list[str]:
        events = Events()
        events.begin(asyncio.get_running_loop())
        listening = events.listen()
        assert (await anext(listening)).startswith("retry")
        for number in range(3 * WAITING):
            events.publish("photo", {"number": number})
        await asyncio.sleep(0)
        events.close()
        return [text async for text in listening]

    told = asyncio.run(slow())
    assert len(told) <= WAITING + 1
    assert told[0] == "event: reload\ndata: {}\n\n"
    assert f'"number": {3 * WAITING - 1}' in told[-2]
    assert told[-1] == "event: stopped\ndata: {}\n\n"


def test_a_scene_that_is_renamed_while_it_is_asked_for_is_sent(open_: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit that goes into a DNG changes its stamp, and so the name of its scene."""
    photo = open_.page.photos()[0]["id"]
    shoot = open_.studio.shoot
    whole, real = open_.page.get(f"/api/photos/{photo}/scene?size=256").data, shoot.scene
    asked: list[Path] = []

    def renamed(wanted: Photo, size: Size) -> Path:
        place = real(wanted, size)
        asked.append(place)
        return place.with_name("gone.scene") if len(asked) == 1 else place

    monkeypatch.setattr(type(shoot), "scene", lambda own, wanted, size: renamed(wanted, size))
    assert open_.page.get(f"/api/photos/{photo}/scene?size=256").data == whole
    assert len(asked) == 2
