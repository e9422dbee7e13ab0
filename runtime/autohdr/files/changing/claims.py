"""Keeps machines apart that write into one folder: whoever is about to replace a file claims it first.

A claim is a small file beside the other one, whose name follows from the other's name. It is created only if it is not
there, which NFS and SMB do in one step on the server, so it needs no locks of theirs. It says which process made it.
Only what replaces or removes a file needs a claim: a new file takes a free name in one step anyway.

A process that is killed leaves its claim. On the same machine the next one sees that by a lock of the system's, which
ends with its process; to other machines a claim is void when it is ten minutes old by the clock that dates the files,
which is the server's. Whoever was given up so and goes on all the same finds its claim gone, and changes nothing.
"""

import atexit
import contextlib
import hashlib
import json
import os
import re
import secrets
import socket
import threading
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

from autohdr.errors import FileError
from autohdr.files.folders import state_folder
from autohdr.files.locks import take

OLD = 600.0
"""Seconds. A claim and a file that is being written last far shorter, whatever is slow."""
_PATIENCE = 2.0
"""Seconds that another's claim is waited for."""
_PAUSE = 0.02
_DAY = 86400.0
_LIMIT = 4096
"""Bytes; more than a claim holds."""
_PREFIX = ".autohdr-claim-"
_TOKEN = re.compile(r"[0-9a-f]{16}")
_processes: dict[tuple[int, Path], str] = {}
"""The names under which processes are known, by number and state folder: a fork is a process of its own."""
_guard = threading.Lock()


class _Seen(NamedTuple):
    """A claim as somebody saw it."""

    said: bytes
    """Empty for a moment, until its process has written into it."""
    time: int
    number: int


@dataclass(frozen=True, slots=True)
class Claim:
    """The right of this process to change a file, for as long as a block runs."""

    path: Path
    file: Path
    said: bytes

    def is_held(self) -> bool:
        """Whether this process has the right still."""
        seen = _look(self.file)
        return seen is not None and seen.said == self.said

    def refuse_lost(self) -> None:
        """Raises where another machine has given this claim up; to be called right before the change.

        Raises:
            FileError: this process stood still for so long that others have given it up.
        """
        if not self.is_held():
            raise FileError(f"{self.path} may have been changed by another machine in the meantime; run again")

    def release(self) -> None:
        """Gives the right up. A claim that is another's by now stays."""
        with contextlib.suppress(OSError):
            if self.is_held():
                _unlink(self.file)


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[Claim]:
    """Holds the right to change a file for a block, on all machines that see its folder.

    Args:
        path: the file, which need not be there; where it may be a link, what that leads to.

    Raises:
        FileError: another process holds it, and still does after two seconds.
        OSError: the folder cannot be written to.
    """
    claim = _take(path)
    try:
        yield claim
    finally:
        claim.release()


def claim_of(path: Path) -> Path:
    """The file that claims `path`: beside it, however its name is spelled, and never too long."""
    name = unicodedata.normalize("NFC", path.name).casefold()
    return path.with_name(f"{_PREFIX}{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.tmp")


def is_claim(path: Path) -> bool:
    """Whether a file is a claim, by its name."""
    return path.name.startswith(_PREFIX)


def remove_void(file: Path, oldest: float) -> None:
    """Removes a claim whose process has ended on this machine, or that is older than `oldest`, as `now` tells it."""
    seen = _look(file)
    if seen is not None and (seen.time / 1e9 < oldest or _has_ended(seen)):
        _remove(file, seen)


def now(folder: Path) -> float:
    """The time by the clock that dates the files of a folder, in seconds: on a network disk, its server's.

    Raises:
        OSError: no file can be made there.
    """
    probe = folder / f".autohdr-{secrets.token_hex(8)}.tmp"
    try:
        probe.touch(exist_ok=False)
        return probe.stat().st_mtime
    finally:
        with contextlib.suppress(OSError):
            _unlink(probe)


def _take(path: Path) -> Claim:
    """The claim of a file. Raises FileError and OSError."""
    file, end, first = claim_of(path), time.monotonic() + _PATIENCE, None
    while True:
        said = _make(file, end)
        if said is not None:
            return Claim(path, file, said)
        seen = _look(file)
        first = first or seen
        late = time.monotonic() >= end
        void = seen is not None and (_has_ended(seen) or (late and seen == first and _is_void(file, seen)))
        if void and seen is not None and _remove(file, seen):
            continue
        if late:
            raise _busy(path, seen)
        time.sleep(_PAUSE)


def _make(file: Path, end: float) -> bytes | None:
    """What a claim says that was made; None where there is one. Raises OSError."""
    said = _signature()
    try:
        made = file.open("xb", buffering=0)
    except FileExistsError:
        return None
    except PermissionError:
        # Windows says so while another process removes it.
        if os.name != "nt" or time.monotonic() >= end:
            raise
        return None
    try:
        _write(made, said)
    except OSError:
        # The disk is full. An empty claim holds as well, so that this keeps nobody from undoing.
        return b"" if (seen := _look(file)) is None else seen.said
    return said


def _write(made: FileIO, said: bytes) -> None:
    with made:
        made.write(said)


def _look(file: Path) -> _Seen | None:
    """A claim as it is now; None where there is none. It is opened, since network disks look anew at what is."""
    try:
        with file.open("rb", buffering=0) as opened:
            status = os.fstat(opened.fileno())
            return _Seen(opened.read(_LIMIT), status.st_mtime_ns, status.st_ino)
    except FileNotFoundError:
        return None
    except OSError:  # another user's
        with contextlib.suppress(OSError):
            status = file.lstat()
            return _Seen(b"?", status.st_mtime_ns, status.st_ino)
    return None


def _is_void(file: Path, seen: _Seen) -> bool:
    """Whether a claim that stayed as it is while we waited is given up."""
    if not seen.said:  # its process was killed before it wrote into it
        return True
    with contextlib.suppress(OSError):
        return now(file.parent) - seen.time / 1e9 > OLD
    return False


def _has_ended(seen: _Seen) -> bool:
    """Whether a claim's process ran on this machine and runs no more: then its lock is free."""
    token = str(_parsed(seen).get("process"))
    if _TOKEN.fullmatch(token) is None or token in _processes.values():
        return False
    lock = _locks() / token
    with contextlib.suppress(OSError):
        if lock.is_file() and (descriptor := take(lock)) is not None:
            os.close(descriptor)
            return True
    return False


def _remove(file: Path, seen: _Seen) -> bool:
    """Removes a void claim; False where another process is about it.

    Of two that find it void, the slower must not remove the claim that the faster one makes then.
    """
    alone = file.with_name(f".autohdr-{hashlib.sha256(repr(seen).encode()).hexdigest()[:16]}.tmp")
    try:
        alone.touch(exist_ok=False)
    except OSError:
        return False
    try:
        if _look(file) == seen:
            _unlink(file)
    finally:
        with contextlib.suppress(OSError):
            _unlink(alone)
    return True


def _busy(path: Path, seen: _Seen | None) -> FileError:
    said = {} if seen is None else _parsed(seen)
    who = f" (process {said['pid']} on {said['host']})" if {"pid", "host"} <= said.keys() else ""
    return FileError(f"{path} is being changed by another run of autohdr{who} and is left alone; run again")


def _parsed(seen: _Seen) -> dict[str, Any]:
    try:
        said = json.loads(seen.said)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _unlink(path: Path) -> None:
    """Removes a file of ours. On Windows that waits for whoever reads it. Raises OSError."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return os.unlink(path)  # noqa: PTH108  # tests that count what becomes of files do not count these
        except PermissionError:
            if os.name != "nt" or time.monotonic() >= end:
                raise
            time.sleep(_PAUSE)


def _signature() -> bytes:
    """What the next claim says: no two say the same."""
    said = {"host": socket.gethostname(), "pid": os.getpid(), "process": _process(), "claim": secrets.token_hex(8)}
    return json.dumps(said).encode()


def _locks() -> Path:
    return state_folder() / "claims"


def _process() -> str:
    """The name of this process, under which it holds a lock until it ends; empty where no lock can be had."""
    with _guard:
        key = os.getpid(), _locks()
        if key not in _processes:
            _processes[key] = _begin(key[1])
        return _processes[key]


def _begin(folder: Path) -> str:
    token = secrets.token_hex(8)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _tidy(folder)
        descriptor = take(folder / token)
    except OSError:
        return ""
    if descriptor is None:
        return ""
    atexit.register(_end, os.getpid(), folder / token, descriptor)
    return token


def _end(process: int, lock: Path, descriptor: int) -> None:
    if os.getpid() == process:
        os.close(descriptor)
        with contextlib.suppress(OSError):
            lock.unlink()


def _tidy(folder: Path) -> None:
    """Removes locks of processes that were killed long ago."""
    for lock in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - lock.stat().st_mtime > _DAY and (descriptor := take(lock)) is not None:
                os.close(descriptor)
                lock.unlink()
