"""A local S3, and in front of it a proxy that lets things go wrong by a plan: a process that a test starts.

moto looks whether an object may be written and writes it in two steps, so that of two that create one at a time both
may be told that they did. S3 decides in one: the proxy lets only one request at a time write a key.

It prints its two ports and ends when its input does.
"""

import hashlib
import json
import logging
import os
import re
import signal
import socket
import struct
import sys
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import asdict
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from xml.sax.saxutils import unescape

from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from tests.s3.faults import ANYBODY, BUCKET, Fault, Kind, Plan, Request, first

WRITES = ("PUT", "POST", "DELETE")
KILLED = signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL
ERRORS: dict[Kind, tuple[int, str, str]] = {
    "busy": (503, "SlowDown", "Please reduce your request rate."),
    "error": (500, "InternalError", "Try again."),
    "conflict": (409, "ConditionalRequestConflict", "Another request has written this key meanwhile."),
    "denied": (403, "AccessDenied", "Access Denied"),
}


class Server(ThreadingHTTPServer):
    """The proxy."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind = behind
        self.plan = Plan()
        self.log: list[Request] = []
        self._locks = [threading.Lock() for _ in range(64)]

    def lock(self, key: str) -> threading.Lock:
        """What only one writer of the key holds."""
        return self._locks[hash(key) % len(self._locks)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: clients that were killed hang up."""


Answer = tuple[int, list[tuple[str, str]], bytes]


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, the library's name
        """Says nothing."""

    def do_GET(self) -> None:
        """Any request: a test's own, or one that goes to the server behind."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/_"):
            return self._answer((200, [], self._control(body)))
        method, key = _named(self.command, self.path)
        faults = self.server.plan.strikes(method, key)
        conditions = {name: self.headers[name] for name in ("Range", "If-Match", "If-None-Match") if self.headers[name]}
        digest = hashlib.sha256(body).hexdigest() if body else ""
        request = Request(method, key, conditions, digest, [fault.kind for fault in faults])
        self.server.log.append(request)
        time.sleep(self.server.plan.latency)
        answer = self._through(request, body, faults)
        if answer is not None:
            self._answer(answer, torn=first(faults, "torn") is not None)

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815

    def _through(self, request: Request, body: bytes, faults: list[Fault]) -> Answer | None:
        """The answer of the server or of a fault; None where the connection is cut."""
        came = self._interfered(faults, after=False)
        if came is not None:
            return came or None
        if request.method in WRITES:
            with self.server.lock(request.key):
                answer = self._ask(self.command, self._path(), body, _hop(self.headers.items()))
        else:
            answer = self._ask(self.command, self._path(), body, _hop(self.headers.items()))
        request.status = answer[0]
        request.etag = next((value for name, value in answer[1] if name.lower() == "etag"), "")
        came = self._interfered(faults, after=True)
        if came is not None:
            return came or None
        return _listed(answer, faults) if request.method == "LIST" else answer

    def _interfered(self, faults: list[Fault], *, after: bool) -> Answer | tuple[()] | None:
        """Does what others do before or after a request: an error that is the answer, or () where there is none."""
        other = first(faults, "meanwhile", after=after)
        for path, data in (other.value if other else {}).items():
            self._ask("DELETE" if data is None else "PUT", path, (data or "").encode(), ANYBODY)
        if (calling := first(faults, "call", after=after)) is not None:
            socket.create_connection(("127.0.0.1", calling.value)).recv(1)  # returns when the other end is closed
        killing, cut = first(faults, "kill", after=after), first(faults, "reset", "silent", after=after)
        if killing:
            os.kill(killing.value, KILLED)
        if cut and cut.kind == "silent":
            self.connection.recv(1)  # returns when the client hangs up
        if killing or cut:
            at_once = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            self.close_connection = True
            self.connection.close()
            return ()
        failing = first(faults, *ERRORS, after=after)
        return self._error(*ERRORS[failing.kind]) if failing else None

    def _error(self, status: int, code: str, message: str) -> Answer:
        """An error whose text repeats who asked, as S3's do at times."""
        said = f"<Code>{code}</Code><Message>{message}</Message><Signed>{self.headers['Authorization']}</Signed>"
        return status, [("Content-Type", "application/xml")], f'<?xml version="1.0"?><Error>{said}</Error>'.encode()

    def _path(self) -> str:
        """What is asked of the server behind: a listing with smaller pages where the plan says so."""
        where, _, query = self.path.partition("?")
        asked = parse_qs(query, keep_blank_values=True)
        if not self.server.plan.page or "list-type" not in asked:
            return self.path
        return f"{where}?{urlencode({**asked, 'max-keys': [str(self.server.plan.page)]}, doseq=True)}"

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.server.behind)
        try:
            connection.request(method, path, body, headers)
            answer: HTTPResponse = connection.getresponse()
            return answer.status, list(_hop(answer.getheaders()).items()), answer.read()
        finally:
            connection.close()

    def _answer(self, answer: Answer, *, torn: bool = False) -> None:
        status, headers, body = answer
        said = dict(headers)
        if self.command != "HEAD":
            said = {name: value for name, value in headers if name.lower() != "content-length"}
            said["Content-Length"] = str(len(body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        whole = f"HTTP/1.1 {status} \r\n{lines}\r\n".encode("latin-1") + (b"" if self.command == "HEAD" else body)
        if torn:
            self.close_connection = True
            whole = whole[: -(len(body) // 2) or None]
        self.wfile.write(whole)

    def _control(self, body: bytes) -> bytes:
        """What a test asks of the proxy itself, or of all objects at once."""
        if self.path == "/_plan":
            self.server.plan, self.server.log = Plan.of(json.loads(body)), []
            return b""
        backend = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]
        if self.path == "/_put":
            for key, data in json.loads(body).items():
                backend.put_object(BUCKET, key, b64decode(data))
            return b""
        if self.path == "/_contents":
            held = sorted(backend.get_bucket(BUCKET).keys.items())
            return json.dumps({key: b64encode(one.value).decode() for key, one in held}).encode()
        return json.dumps([asdict(request) for request in list(self.server.log)]).encode()


def _named(command: str, path: str) -> tuple[str, str]:
    """The method, LIST for a bucket's listing, and the key or the listing's prefix."""
    split = urlsplit(path)
    _, _, key = unquote(split.path).lstrip("/").partition("/")
    query = parse_qs(split.query)
    if command == "GET" and not key:
        return "LIST", query.get("prefix", [""])[0]
    return command, key


def _hop(headers: Any) -> dict[str, str]:
    """The headers that are not of one connection alone."""
    return {name: value for name, value in headers if name.lower() not in ("connection", "transfer-encoding", "host")}


def _listed(answer: Answer, faults: list[Fault]) -> Answer:
    """A listing that leaves keys out or says them twice."""
    missing, repeated = first(faults, "miss"), first(faults, "repeat")

    def again(entry: re.Match[str]) -> str:
        key = unescape(unquote(entry[1]))
        if missing and re.search(missing.value, key):
            return ""
        return entry[0] * 2 if repeated and re.search(repeated.value, key) else entry[0]

    status, headers, body = answer
    entries = re.compile(r"<Contents>\s*<Key>(.*?)</Key>.*?</Contents>", re.DOTALL)
    return status, headers, entries.sub(again, body.decode()).encode()


def moto() -> Callable[[dict[str, Any], Any], Any]:
    """moto's S3, and what resets it. `moto.server` would look through all of Amazon's services at each request."""
    s3, control = create_backend_app("s3"), create_backend_app("moto_api")

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        return (control if environ["PATH_INFO"].startswith("/moto-api/") else s3)(environ, start_response)

    return application


def main() -> None:
    """Serves until the input ends."""
    logging.getLogger("werkzeug").disabled = True
    behind = make_server("127.0.0.1", 0, moto(), threaded=True, request_handler=MotoRequestHandler)
    proxy = Server(behind.server_port)
    for server in (behind, proxy):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(proxy.server_address[1], proxy.behind, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
