"""Reads, creates, replaces and removes whole objects, on conditions that the server checks.

Every write is one request, so that nobody ever sees half an object. Where its answer is lost, the object is read again:
it holds what was to be written, or what was there before, and then the write is tried again or has failed.
"""

import contextlib
import errno
import time
from dataclasses import dataclass
from typing import Any

from autohdr.objects import recent
from autohdr.objects.path import ObjectPath
from autohdr.objects.store import (
    ChangedError,
    CredentialsError,
    NoWritingError,
    UnreachableError,
    asked,
    library,
    store_of,
)

TRIES = 5
"""How often a write is tried that a server refused, and whose condition still holds."""
_PAUSE = 0.1
"""Seconds before the second try; twice as many before each further one."""
_NOWHERE = '"autohdr-asks-whether-conditions-count"'
"""An ETag that no object has."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an object held at one moment."""

    data: bytes
    """Up to the limit that was asked for."""
    size: int
    e_tag: str | None
    version: str | None


def get(path: ObjectPath, limit: int = -1) -> Held | None:
    """What an object holds, up to `limit` bytes where that is not negative; None where there is none.

    Raises:
        OSError: the server cannot be asked, or refuses; `strerror` says why.
    """
    if not path.key:
        return None
    try:
        with asked(path):
            found = library().get(store_of(path), path.key)
            meta = found.meta
            data = _first(found, limit) if 0 <= limit < meta["size"] else bytes(found.bytes())
    except FileNotFoundError:
        return None
    return Held(data, meta["size"], meta["e_tag"], meta["version"])


def _first(found: Any, limit: int) -> bytes:
    data = b""
    for part in found.stream(min_chunk_size=1 << 16):
        data += bytes(part)
        if len(data) >= limit:
            break
    return data[:limit]


def create(path: ObjectPath, data: bytes) -> None:
    """Writes an object that is not there yet; one that comes meanwhile is not replaced.

    Raises:
        FileExistsError: there is one, which holds something else.
        OSError: the server cannot be asked, or refuses.
    """
    for again in range(TRIES):
        try:
            _put(path, data, "create")
        except OSError as error:
            held = _after(path, len(data), error)
            if held is not None and held.data == data:
                return  # of which the answer was lost, or somebody else has written the same
            if held is not None:
                raise FileExistsError(errno.EEXIST, "it is there already", str(path)) from None
            if not isinstance(error, FileExistsError | UnreachableError) or again == TRIES - 1:
                raise
            time.sleep(_PAUSE * 2**again)  # the request was lost, or another write was under way and failed
        else:
            with contextlib.suppress(UnreachableError):  # it is written; the next write asks again
                _refuse_heedless(path, data, "create")
            return


def replace(path: ObjectPath, data: bytes, original: bytes) -> None:
    """Writes over an object as long as it holds `original`.

    Raises:
        ChangedError: it holds something else, or is gone.
        OSError: the server cannot be asked, or refuses. The object is as it was.
    """
    longest = max(len(data), len(original))
    held = get(path, longest + 1)
    for again in range(TRIES):
        if held is not None and held.data == data:
            return
        if held is None or held.data != original:
            raise ChangedError(errno.EAGAIN, "it has changed in the meantime", str(path))
        if held.e_tag is None:
            raise OSError(errno.ENOTSUP, "the server cannot write on a condition", str(path))
        version = {} if held.version is None else {"version": held.version}
        try:
            _refuse_heedless(path, original, {"e_tag": _NOWHERE, "version": "1"})
            _put(path, data, {"e_tag": held.e_tag, **version})
        except OSError as error:
            held = _after(path, longest, error)
            passing = isinstance(error, ChangedError | FileExistsError | UnreachableError)
            if not passing and held is not None and held.data == original:
                raise
            if again == TRIES - 1 and (held is None or held.data != data):
                raise
            time.sleep(_PAUSE * 2**again)
        else:
            return


def remove(path: ObjectPath) -> None:
    """Removes an object. The server checks no condition, and whether it was there is not told.

    Raises:
        OSError: the server cannot be asked, or refuses.
    """
    recent.forget(path)
    try:
        with asked(path):
            library().delete(store_of(path), path.key)
    finally:
        recent.forget(path)


def _put(path: ObjectPath, data: bytes, mode: Any) -> None:
    recent.forget(path)
    try:
        with asked(path):
            library().put(store_of(path), path.key, data, mode=mode, use_multipart=False)
    except CredentialsError:
        raise
    except PermissionError as error:
        raise NoWritingError(errno.EACCES, "the server does not permit writing", str(path)) from error
    finally:
        recent.forget(path)


def _after(path: ObjectPath, longest: int, error: OSError) -> Held | None:
    """What an object holds after a write that may have failed.

    Raises:
        OSError: it cannot be read either; `error` itself.
    """
    try:
        return get(path, longest + 1)
    except OSError:
        raise error from None


_HEEDED: set[tuple[str, str, bool]] = set()
"""The buckets whose servers have been seen to refuse a write whose condition does not hold."""


def _refuse_heedless(path: ObjectPath, data: bytes, mode: Any) -> None:
    """Asks a server once whether it heeds conditions, by a write that has to be refused, and changes nothing if not.

    Raises:
        OSError: it does not: some old servers write whatever the condition.
    """
    kind = (path.scheme, path.bucket, mode == "create")
    if kind in _HEEDED:
        return
    try:
        _put(path, data, mode)
    except (FileExistsError, ChangedError):
        _HEEDED.add(kind)
        return
    raise OSError(errno.ENOTSUP, "the server does not heed conditions on writes, so others' work is at risk", str(path))
