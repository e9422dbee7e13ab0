"""Opens a Lightroom catalog so that nothing in it or beside it can change, and reads it whole.

A catalog is an SQLite database. SQLite itself writes beside a database that it reads, unless it is told that the file
is immutable; and then it passes over what Lightroom has written last, which stands in `NAME.lrcat-wal`. So a catalog
that is open in Lightroom, or that a crash has left, is copied with that file, and the copy is read.
"""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from autohdr.errors import CatalogError

T = TypeVar("T")

STEPS = 1_000_000_000
"""Steps of SQLite's machine for one catalog, some ten seconds. Listing 100,000 photos takes about a hundredth of it."""
_TICK = 100_000
VALUE_LIMIT = 64 << 20
"""Bytes of one value that SQLite hands over."""
TRIES = 4
"""Times that a catalog is read which changes meanwhile."""
_PAUSE = 0.5
_ROOM = 64 << 20
"""Bytes that are left free beside a copy."""
_HEADER = b"SQLite format 3\0"
_CHUNK = 4 << 20
_LOCK, _WAL, _JOURNAL = ".lock", "-wal", "-journal"
_BESIDE = (_WAL, _JOURNAL)
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}


class _Stamp(NamedTuple):
    """What tells that a file has been written to."""

    size: int
    time: int
    begin: bytes
    """The first 100 bytes: the header of a database; of a log, the marks that change when it starts again."""


Stamps = dict[str, _Stamp | None]
"""The stamp of each file of a catalog by the ending of its name; None where it is not there."""


def read_catalog(path: Path, read: Callable[[sqlite3.Connection], T]) -> T:
    """What `read` makes of a catalog, which it is given open; again, where the catalog has changed meanwhile.

    Nothing is written into the catalog or its folder. `read` may run several times, and must finish with the catalog.

    Raises:
        CatalogError: it is no catalog, is damaged, keeps changing, or a copy of it finds no room.
    """
    _check_kind(path)
    for attempt in range(TRIES):
        if attempt:
            time.sleep(_PAUSE)
        before, copied = stamps(path), is_open(path)
        try:
            with _opened(path, copied=copied) as connection:
                result = read(connection)
        except _ChangedError:
            continue
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a damaged name in SQLite's own message is no UTF-8
            if stamps(path) == before:
                raise _damaged(path, error) from error
        except OSError as error:
            raise CatalogError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
        else:
            if copied or (stamps(path) == before and not is_open(path)):  # a copy does not change
                return result
    raise CatalogError(f"{path} changes while it is read; close Lightroom, then run again")


def is_open(path: Path) -> bool:
    """Whether a catalog is open in Lightroom, or was when Lightroom or the computer stopped."""
    return os.path.lexists(f"{path}{_LOCK}") or any(_size(f"{path}{ending}") for ending in _BESIDE)


class _ChangedError(Exception):
    """A catalog has changed while it was copied."""


def _check_kind(path: Path) -> None:
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise CatalogError(f"{path} {what}; expected a Lightroom catalog, a file such as Lightroom.lrcat")
        with path.open("rb") as file:
            header = file.read(len(_HEADER))
    except OSError as error:
        raise CatalogError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    if header != _HEADER:
        raise CatalogError(f"{path} is no Lightroom catalog; expected a file such as Lightroom.lrcat")


@contextmanager
def _opened(path: Path, *, copied: bool) -> Iterator[sqlite3.Connection]:
    if not copied:
        with closing(_connect(path, "mode=ro&immutable=1")) as connection:
            _restrict(connection)
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix="autohdr-catalog-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "copy.lrcat"
        _copy(path, copy)
        with closing(_connect(copy, "mode=rw")) as connection:
            _restrict(connection)
            yield connection


def _copy(path: Path, copy: Path) -> None:
    """Copies a catalog with what belongs to it. What is appended to the log meanwhile is no harm; all else is a change.

    `NAME.lrcat-shm` is left out: it is an index of the log, which SQLite makes again.

    Raises:
        CatalogError: there is no room.
        _ChangedError: it has changed meanwhile.
    """
    before = stamps(path)
    wanted = sum(stamp.size for stamp in before.values() if stamp is not None)
    free = shutil.disk_usage(copy.parent).free
    if wanted + _ROOM > free:
        sentence = f"{path} is open in Lightroom, and a copy to read needs {wanted >> 20} MB in {copy.parent.parent}"
        raise CatalogError(f"{sentence}, where {free >> 20} MB are free; close Lightroom, then run again")
    for ending, stamp in before.items():
        if stamp is not None:
            _copy_file(f"{path}{ending}", f"{copy}{ending}", stamp.size)
    after = stamps(path)
    if any(_has_changed(ending, before[ending], after[ending]) for ending in before):
        raise _ChangedError


def _has_changed(ending: str, before: _Stamp | None, after: _Stamp | None) -> bool:
    if ending == _WAL and before is not None and after is not None:
        return after.begin[:32] != before.begin[:32] or after.size < before.size
    return before != after


def _copy_file(source: str, target: str, size: int) -> None:
    with open(source, "rb") as reader, open(target, "wb") as writer:  # noqa: PTH123  # names with an ending put behind
        while size > 0 and (data := reader.read(min(_CHUNK, size))):
            writer.write(data)
            size -= len(data)


def _connect(path: Path, how: str) -> sqlite3.Connection:
    name = os.path.abspath(path)  # noqa: PTH100  # without following links
    slashed = name.replace(os.sep, "/")
    slashed = slashed if slashed.startswith("/") else f"/{slashed}"  # C:/
    return sqlite3.connect(f"file://{quote(os.fsencode(slashed))}?{how}", uri=True, isolation_level=None)


def _restrict(connection: sqlite3.Connection) -> None:
    """Makes a connection read tables and nothing else, within bounds."""
    connection.text_factory = _text
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_LIMIT)
    for pragma in ("query_only=ON", "trusted_schema=OFF", "cell_size_check=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    connection.set_authorizer(_allow)
    ticks = iter(range(STEPS // _TICK))
    connection.set_progress_handler(lambda: next(ticks, None) is None, _TICK)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _allow(action: int, first: str | None, second: str | None, database: str | None, inside: str | None) -> int:
    """Lets plain queries of tables pass: no view and no trigger, no function, nothing that writes."""
    if inside is not None:
        return sqlite3.SQLITE_DENY
    if action in _ALLOWED or (action == sqlite3.SQLITE_PRAGMA and first == "table_info"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _damaged(path: Path, error: Exception) -> CatalogError:
    what = "its schema is no text" if isinstance(error, UnicodeDecodeError) else " ".join(str(error).split())[:100]
    if what == "interrupted":
        return CatalogError(f"{path} takes too long to read, as no catalog does; it is left alone")
    return CatalogError(f"{path} is damaged or no Lightroom catalog ({what}); open it in Lightroom, or take a backup")


def stamps(path: Path) -> Stamps:
    """The stamps of a catalog and what belongs to it: others where Lightroom has written since.

    Raises:
        OSError: one of them may not be read.
    """
    return {ending: _stamp(f"{path}{ending}") for ending in ("", *_BESIDE)}


def _stamp(name: str) -> _Stamp | None:
    try:
        with open(name, "rb") as file:  # noqa: PTH123  # a name with an ending put behind
            status = os.fstat(file.fileno())
            return _Stamp(status.st_size, status.st_mtime_ns, file.read(100))
    except FileNotFoundError:
        return None


def _size(name: str) -> int:
    try:
        return os.stat(name).st_size  # noqa: PTH116  # a name with an ending put behind
    except OSError:
        return 0
