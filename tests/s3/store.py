"""A local S3 as tests use it: what lies in it, what goes wrong on the way, and what was asked of it."""

import contextlib
import json
import socket
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from tests.s3.faults import ANYBODY, BUCKET, Fault, Request

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "an-id",
    "AWS_SECRET_ACCESS_KEY": "a-secret",
    "AWS_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "true",
}
"""What a client of it needs besides its address: made up, as moto takes any."""


class S3:
    """One bucket, `BUCKET`. What a test does by these methods goes past the faults and is not counted."""

    def __init__(self, proxy: int, behind: int) -> None:
        self.endpoint = f"http://127.0.0.1:{proxy}"
        self._proxy = proxy
        self._behind = behind

    @property
    def environment(self) -> dict[str, str]:
        """Variables by which obstore finds it."""
        return {**ENVIRONMENT, "AWS_ENDPOINT_URL": self.endpoint}

    def url(self, key: str) -> str:
        """What a user would name."""
        return f"s3://{BUCKET}/{key}"

    def clear(self) -> None:
        """An empty bucket, no faults and nothing counted."""
        self._ask("POST", "/moto-api/reset")
        self._ask("PUT", f"/{BUCKET}")
        self.plan()

    def put(self, key: str, data: bytes) -> None:
        """Writes an object, as another program does."""
        self._ask("PUT", _path(key), data)

    def get(self, key: str) -> bytes:
        """The object's bytes. Raises KeyError where there is none."""
        status, data = self._ask("GET", _path(key))
        if status != 200:
            raise KeyError(key)
        return data

    def delete(self, key: str) -> None:
        """Removes an object, if it is there."""
        self._ask("DELETE", _path(key))

    def keys(self, prefix: str = "") -> list[str]:
        """The keys of all objects whose keys begin so."""
        found: list[str] = []
        query = {"list-type": "2", "prefix": prefix}
        while True:
            page = ElementTree.fromstring(self._ask("GET", f"/{BUCKET}?{urlencode(query)}")[1])
            space = page.tag.partition("}")[0] + "}"
            found += [entry.findtext(f"{space}Key") or "" for entry in page.iter(f"{space}Contents")]
            following = page.findtext(f"{space}NextContinuationToken")
            if not following:
                return found
            query["continuation-token"] = following

    def contents(self, prefix: str = "") -> dict[str, bytes]:
        """All objects' bytes by their keys."""
        found = json.loads(self._ask("GET", "/_contents", port=self._proxy)[1])
        return {key: b64decode(data) for key, data in found.items() if key.startswith(prefix)}

    def put_all(self, contents: Mapping[str, bytes]) -> None:
        """Writes objects, as another program does."""
        said = {key: b64encode(data).decode() for key, data in contents.items()}
        self._ask("PUT", "/_put", json.dumps(said).encode(), self._proxy)

    def upload(self, folder: Path, prefix: str = "") -> None:
        """The files of a folder become objects."""
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        self.put_all({prefix + path.relative_to(folder).as_posix(): path.read_bytes() for path in files})

    def plan(self, *faults: Fault, seed: int = 0, latency: float = 0.0, page: int = 0) -> None:
        """From now on that goes wrong, and the count of requests begins anew."""
        said = {"faults": [_said(fault) for fault in faults], "seed": seed, "latency": latency, "page": page}
        self._ask("PUT", "/_plan", json.dumps(said).encode(), self._proxy)

    @contextmanager
    def calling(self, what: Callable[[], object]) -> Iterator[int]:
        """Yields a port for a `call`: when that fault strikes, `what` runs in a thread of this process, once.

        Raises, at the end of the block, what that raised.
        """
        called = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
            where = listening.getsockname()

            def wait() -> None:
                with listening.accept()[0] as connection:
                    if connection.getpeername() != ours:
                        called.set()
                        what()

            ours: object = None
            waiting = pool.submit(wait)
            try:
                yield where[1]
            finally:
                if not called.is_set():
                    with socket.socket() as ourselves:
                        ourselves.bind(("127.0.0.1", 0))
                        ours = ourselves.getsockname()
                        with contextlib.suppress(ConnectionError):
                            ourselves.connect(where)
            waiting.result()

    def log(self) -> list[Request]:
        """What was asked through the proxy since `plan`."""
        return [Request(**said) for said in json.loads(self._ask("GET", "/_log", port=self._proxy)[1])]

    def _ask(self, method: str, path: str, body: bytes | None = None, port: int = 0) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", port or self._behind)
        try:
            connection.request(method, path, body or b"", ANYBODY)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def _path(key: str) -> str:
    return f"/{BUCKET}/{quote(key)}"


def _said(fault: Fault) -> dict[str, object]:
    """A fault as JSON; what another program writes is sent as text, with the paths that the server knows."""
    said = asdict(fault)
    if fault.kind == "meanwhile":
        said["value"] = {_path(key): data.decode() if data is not None else None for key, data in fault.value.items()}
    return said


@contextmanager
def served() -> Iterator[S3]:
    """A local S3 in a process of its own, which ends with the block, or with us."""
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.s3.server"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ports = [int(port) for port in process.stdout.readline().split()]
        try:
            yield S3(*ports)
        finally:
            process.stdin.close()
