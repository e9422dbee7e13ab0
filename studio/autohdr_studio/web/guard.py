"""Lets nobody in but the browser that was given the token: other sites, other programs' pages and other names for this
computer are refused before anything is read.

A page of another site, open in the same browser, has no cookie (SameSite=Strict); one of another local server, which
counts as the same site, has another Origin, and may not send the header that everything that changes something asks
for. A name that somebody has pointed here (DNS rebinding) is not in the Host that is expected.
"""

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
LARGEST = 1 << 20
"""Bytes of a request's body: the ids of 50,000 photos."""
REQUESTS = 64
"""Requests that are answered at once; a browser keeps six connections."""
MARK = "x-autohdr"
"""The header of every request that changes something: no other site may send it unasked."""
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}
"""The headers of every answer."""


class RefusedError(Exception):
    """A request is refused, with a status and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Guard:
    """Stands before an application, and refuses what does not come from the page."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{HOST}:{port}", f"localhost:{port}"}
        self._cookie = f"autohdr-{port}"
        self._secret = secrets.token_urlsafe(32)
        self.token: str | None = secrets.token_urlsafe(32)
        """What opens the page once; None when that has happened."""
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; see ASGI."""
        if scope["type"] != "http":
            return
        whole = _with_headers(send)
        try:
            answer = self._looked_at(scope)
        except RefusedError as refused:
            answer = JSONResponse({"error": str(refused)}, refused.status)
        if answer is None and self._open >= REQUESTS:
            answer = JSONResponse({"error": "too many requests at once; wait for some of them"}, 503)
        if answer is not None:
            await answer(scope, receive, whole)
            return
        self._open += 1
        try:
            await self._app(scope, _limited(receive), whole)
        finally:
            self._open -= 1

    def _looked_at(self, scope: Scope) -> Response | None:
        """The answer to a request that goes no further; None where it may."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            raise RefusedError(421, "this is autohdr studio, which answers to this computer's own address alone")
        self._refuse_other_sites(headers, hosts[0], scope["method"])
        if scope["path"] == "/" and scope["method"] == "GET":
            given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
            if given:
                return self._opened(given[-1], known=self._knows(headers))
        if not self._knows(headers):
            raise RefusedError(403, "open the address that the terminal shows; it works once, in one browser")
        if scope["method"] not in ("GET", "HEAD"):
            _refuse_form(headers)
        return None

    def _refuse_other_sites(self, headers: Headers, host: str, method: str) -> None:
        origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
        if any(origin != f"http://{host}" for origin in origins):
            raise RefusedError(403, "another site asks, and is refused")
        reading = method in ("GET", "HEAD")
        allowed = {"same-origin", "none"} if reading else {"same-origin"}
        if any(site not in allowed for site in sites):
            raise RefusedError(403, "another site asks, and is refused")
        if not reading and len(origins) != 1:
            raise RefusedError(403, "a request that changes something says where it comes from (Origin)")

    def _opened(self, given: str, *, known: bool) -> Response:
        """Takes the token, once, for a cookie."""
        if not known:
            token, right = self.token, False
            if token is not None:
                right = hmac.compare_digest(given.encode(), token.encode())
            if not right:
                raise RefusedError(403, "this address has been used, or is wrong; end the studio and start it again")
            self.token = None
        answer = RedirectResponse("/", 303, {"cache-control": "no-store"})
        answer.set_cookie(self._cookie, self._secret, path="/", httponly=True, samesite="strict")
        return answer

    def _knows(self, headers: Headers) -> bool:
        for text in headers.getlist("cookie"):
            try:
                found = SimpleCookie(text).get(self._cookie)
            except CookieError:
                continue
            if found is not None and hmac.compare_digest(found.value.encode(), self._secret.encode()):
                return True
        return False


def _refuse_form(headers: Headers) -> None:
    """Refuses what a form of another site could send."""
    if headers.get(MARK) != "1":
        raise RefusedError(403, "a request that changes something has the header X-Autohdr: 1")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "a request that changes something is JSON")
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST:
        raise RefusedError(413, f"a request holds at most {LARGEST} bytes")


def _limited(receive: Receive) -> Receive:
    """Receives a body of at most `LARGEST` bytes, whatever its header says."""
    total = 0

    async def received() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > LARGEST:
            raise HTTPException(413, f"a request holds at most {LARGEST} bytes")
        return message

    return received


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sent
