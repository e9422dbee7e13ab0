"""What goes wrong between a program and object storage: a plan says at which requests, by a seed."""

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "busy", "error", "conflict", "denied", "silent", "reset", "torn", "kill", "meanwhile", "call", "miss", "repeat"
]


BUCKET = "archive"
"""The only bucket that there is."""
ANYBODY = {"Authorization": "AWS4-HMAC-SHA256 Credential=anybody/20260101/us-east-1/s3/aws4_request"}
"""The header of a request by a test: moto looks only whether there is one, and for which service."""


@dataclass
class Request:
    """One request, as it went, without its credentials. One that a fault kept from the server has no status."""

    method: str
    key: str
    conditions: dict[str, str]
    """Range, If-Match and If-None-Match, as far as they were said."""
    digest: str
    """What was sent: the SHA-256 of it, or nothing."""
    faults: list[str]
    status: int = 0
    etag: str = ""
    """The object's, as the server answered it."""


@dataclass(frozen=True)
class Fault:
    """What strikes those requests whose method and key it names: by default, the first of them.

    `busy` answers 503 SlowDown, `error` 500, `conflict` 409 and `denied` 403; `silent` says nothing until the client
    hangs up; `reset` cuts the connection. The request is not carried out or, with `after`, is, and its answer lost.
    `torn` sends half of the answer's body. `kill` ends the process whose id `value` is, before or after. `meanwhile` is
    another program, that puts and deletes objects before or after: `value` is its contents by key, None to delete. With
    `call` the request waits until what `S3.calling` was given has returned: `value` is the port that this yields.
    `miss` leaves keys out of a listing and `repeat` says them twice: those that match the pattern in `value`."""

    kind: Kind
    method: str = ""
    """GET, HEAD, PUT, DELETE, POST or LIST (a GET of a bucket), or several with a bar between; nothing means each."""
    key: str = ""
    """A pattern that is searched for in the object's key, or in a listing's prefix."""
    first: int = 1
    """Which of such requests is struck first, from 1 in their order of coming."""
    count: int = 1
    """How many are struck from there on; 0 means all."""
    chance: float = 1.0
    """The share of those that is struck in fact. Which ones is said by seed, method, key, and how often they came."""
    after: bool = False
    value: Any = None

    def names(self, method: str, key: str) -> bool:
        """Whether it is of such requests."""
        return (not self.method or method in self.method.split("|")) and re.search(self.key, key) is not None


@dataclass
class Plan:
    """All faults, of which more than one may strike a request. It may be asked by many threads."""

    faults: list[Fault] = field(default_factory=list)
    seed: int = 0
    latency: float = 0.0
    """Seconds that each answer takes longer."""
    page: int = 0
    """The most keys on a page of a listing; 0 leaves it to the server."""
    _seen: Counter[int] = field(default_factory=Counter)
    _came: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, said: dict[str, Any]) -> "Plan":
        """The plan that was sent as JSON."""
        return cls(**{**said, "faults": [Fault(**fault) for fault in said.get("faults", [])]})

    def strikes(self, method: str, key: str) -> list[Fault]:
        """The faults of a request that has just come."""
        with self._lock:
            self._came[method, key] += 1
            struck = [fault for index, fault in enumerate(self.faults) if self._strikes(index, fault, method, key)]
        # A request at which a process ends meets nothing else, that might keep it from its end.
        return [fault for fault in struck if fault.kind == "kill"] or struck

    def _strikes(self, index: int, fault: Fault, method: str, key: str) -> bool:
        if not fault.names(method, key):
            return False
        self._seen[index] += 1
        number = self._seen[index] - fault.first
        if number < 0 or (fault.count and number >= fault.count):
            return False
        return self._share(index, method, key) < fault.chance

    def _share(self, index: int, *request: str) -> float:
        """A number from 0 to 1 that the order among different keys does not change."""
        said = repr((self.seed, index, request, self._came[request[0], request[1]]))
        return int.from_bytes(hashlib.sha256(said.encode()).digest()[:6]) / 2**48


def first(faults: Iterable[Fault], *kinds: Kind, after: bool = False) -> Fault | None:
    """The first fault of these kinds that strikes before, or after, the request is carried out."""
    return next((fault for fault in faults if fault.kind in kinds and fault.after == after), None)
