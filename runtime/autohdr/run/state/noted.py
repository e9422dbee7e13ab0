"""Keeps what is noted of the photos of one folder in one SQLite file, so that memory does not grow with their number.

A note goes to a line in a file beside it at once, and with a hundred others, or after five seconds, into the database,
where it is safe from a power cut; then the lines are dropped. So a process that is killed has lost no note, and a photo
costs no wait for the disk.

The database has a rollback journal, and no write-ahead log: the log's index is memory that the processes of one machine
share, and a home folder may lie on a file server. It is locked for the moment of a look-up or a commit, so that others
may read meanwhile, and even two runs over one bucket, which nothing keeps apart, may note what they finish.
"""

import contextlib
import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import Any

from autohdr.files.records import records

NAME, LINES, OLD, ASIDE = "journal-2.db", "journal-2.jsonl", "journal-1.jsonl", "journal-2.damaged"
"""The number is the format's. The old one, all in lines, is taken over once."""
SYNC_PHOTOS = 100
SYNC_SECONDS = 5.0
"""What is noted reaches the system at once, and the disk after so many photos or seconds: a power cut loses these at
most."""
MOST = 10_000
"""Notes that wait while another program keeps the database from being written; with more it is given up."""
CACHED = 8 << 10
"""KiB of the database that are kept in memory."""
WAIT = 5.0
"""Seconds for which another process may hold the database."""

_LOG = logging.getLogger(__name__)
_ENCODER = json.JSONEncoder(separators=(",", ":"))
_TOLD = frozenset(
    ("size", "mtime_ns", "sidecar", "errors", "difference", "series", "why", "files", "reason", "code"),
)
"""What a line of an old journal says of a photo; all else in it is settings."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS about (root TEXT NOT NULL)",
    "DELETE FROM about",
    "CREATE TABLE IF NOT EXISTS settings (id INTEGER PRIMARY KEY, told TEXT NOT NULL UNIQUE)",
    # The name is bytes, since one of a Linux disk may be no text. Rows are appended, and the index alone is in order.
    "CREATE TABLE IF NOT EXISTS photos (name BLOB NOT NULL UNIQUE, settings INTEGER NOT NULL, told TEXT NOT NULL)",
)
_PUT = (
    "INSERT INTO photos VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, told = excluded.told"
)
_DAMAGED = frozenset(
    (
        *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT),
        *(sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH),  # other tables than ours
    )
)
"""What SQLite says of a file that is not as we left it."""

Settings = Mapping[str, str | bool]
_Note = tuple[str, str]
"""The settings of a run, and what it has noted of a photo, both as JSON."""


class Noted:
    """What is noted of the photos of one folder. Any thread may use it."""

    def __init__(self, folder: Path, root: Path, *, write: bool) -> None:
        """Opens what is there; a damaged database is set aside, with a warning, and a new one begun.

        Args:
            folder: in the state folder, where the files are.
            root: whose photos they speak of; the database says so, for people.
            write: whether more will be noted; otherwise nothing is made, and what is damaged holds nothing.

        Raises:
            OSError: it cannot be read or written.
        """
        self._folder, self._root, self._write = folder, root, write
        self._one = threading.RLock()
        self._lines: FileIO | None = None
        self._waiting: dict[str, _Note] = {}
        self._said: tuple[Settings, str] = ({}, "{}")
        """Settings, and how they are written down: mostly those of the note before."""
        self._settings: dict[int, Settings] = {}
        self._synced_at = time.monotonic()
        self._database: sqlite3.Connection | None = None
        if write:
            folder.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as failed:
            failed.callback(self._close_files)
            try:
                self._open()
            except sqlite3.Error as error:
                self._break(error)
            failed.pop_all()

    def of(self, name: str) -> tuple[Settings, Any] | None:
        """What is noted of a photo, after the settings of the run that noted it; None where nothing is.

        Args:
            name: of the photo, from the root on.

        Raises:
            OSError: it cannot be read any more; from then on nothing is noted.
        """
        with self._one:
            try:
                if (waiting := self._waiting.get(name)) is not None:
                    return json.loads(waiting[0]), json.loads(waiting[1])
                if (row := self._row(name)) is not None:
                    return self._settings_of(row[0]), json.loads(row[1])
            except sqlite3.Error as error:
                self._break(error)
            except (ValueError, RecursionError):
                _LOG.debug("what is noted of %s in %s is damaged", name, self._root)
        return None

    def add(self, name: str, settings: Settings, told: Mapping[str, Any]) -> None:
        """Notes something of a photo, in place of what was noted of it before.

        Raises:
            OSError: it cannot be written down; from then on nothing is noted.
        """
        with self._one:
            if self._lines is None:
                return
            if self._said[0] is not settings:
                self._said = settings, _json(settings)
            note = self._said[1], _json(told)
            line = f'{{"photo":{_json(name)},"settings":{note[0]},"told":{note[1]}}}\n'.encode()
            try:
                if self._lines.write(line) != len(line):
                    raise OSError("no room for a whole line")
                self._waiting[name] = note
                if len(self._waiting) >= SYNC_PHOTOS or time.monotonic() - self._synced_at >= SYNC_SECONDS:
                    self._commit()
            except sqlite3.Error as error:
                self._break(error)
            except OSError:
                self._close_files()
                raise

    def close(self) -> None:
        """Closes the files, with everything on the disk.

        Raises:
            OSError: something could not be written down.
        """
        with self._one:
            try:
                if self._lines is not None:
                    self._commit()
            except sqlite3.Error as error:
                raise OSError(str(error)) from error
            finally:
                self._close_files()

    def _open(self) -> None:
        path, old = self._folder / NAME, self._folder / OLD
        if self._write or path.exists():
            self._database = _connect(path)
            is_new = not self._database.execute("SELECT name FROM sqlite_master").fetchone()
            if self._write and (is_new or old.exists()):
                self._fill(old)
        elif old.exists():  # who only looks takes nothing over
            self._database = _connect(Path(":memory:"))
            self._fill(old)
        self._waiting = {**dict(_notes(self._folder / LINES)), **self._waiting}
        if self._write:
            old.unlink(missing_ok=True)
            self._lines = FileIO(self._folder / LINES, "a+")
            self._commit()

    def _fill(self, old: Path) -> None:
        """Makes the tables where there are none, and takes a journal of before over."""
        database = self._begin()
        for statement in _TABLES:
            database.execute(statement)
        whose = os.fsencode(str(self._root)).decode(errors="replace")
        database.execute("INSERT INTO about VALUES (?)", (whose,))
        self._put(database, _old_notes(old))
        database.execute("COMMIT")

    def _row(self, name: str) -> tuple[int, bytes] | None:
        if self._database is None:
            return None
        try:
            row = self._database.execute("SELECT settings, told FROM photos WHERE name = ?", (os.fsencode(name),))
            found: tuple[int, bytes] | None = row.fetchone()
        except sqlite3.OperationalError as error:
            if _kind(error) == sqlite3.SQLITE_BUSY:  # for long; the photo is looked at as if it were new
                return None
            raise
        return found

    def _settings_of(self, number: int) -> Settings:
        """The settings of that number, which another process may have added."""
        if number not in self._settings and self._database is not None:
            rows = self._database.execute("SELECT id, told FROM settings").fetchall()
            self._settings = {key: told for key, text in rows if isinstance(told := json.loads(text), dict)}
        return self._settings.get(number, {})

    def _begin(self) -> sqlite3.Connection:
        assert self._database is not None, "it is open"
        self._database.execute("BEGIN IMMEDIATE")
        return self._database

    def _commit(self) -> None:
        """Puts what waits into the database, on the disk, and drops the lines; later, where another has it for long."""
        assert self._database is not None, "it is open"
        assert self._lines is not None, "it is for writing"
        self._synced_at = time.monotonic()
        if not self._waiting:
            return
        try:
            self._put(self._begin(), self._waiting.items())
            self._database.execute("COMMIT")
        except sqlite3.OperationalError as error:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            if _kind(error) == sqlite3.SQLITE_BUSY and len(self._waiting) < MOST:
                return
            raise
        self._waiting.clear()
        self._lines.truncate(0)

    @staticmethod
    def _put(database: sqlite3.Connection, notes: Iterable[tuple[str, _Note]]) -> None:
        numbers: dict[str, int] = {}

        def number(settings: str) -> int:
            if settings not in numbers:
                database.execute("INSERT OR IGNORE INTO settings (told) VALUES (?)", (settings,))
                found = database.execute("SELECT id FROM settings WHERE told = ?", (settings,)).fetchone()
                numbers[settings] = int(found[0])
            return numbers[settings]

        rows = ((os.fsencode(name), number(settings), told) for name, (settings, told) in notes)
        database.executemany(_PUT, rows)

    def _break(self, error: sqlite3.Error) -> None:
        """Goes on with a new database where this one is damaged, else without one.

        Raises:
            OSError: without one, and more was to be noted.
        """
        self._close_files()
        self._settings.clear()
        if not self._write:
            self._waiting.clear()
            return
        if _kind(error) not in _DAMAGED:
            raise OSError(str(error)) from error
        path = self._folder / NAME
        path.replace(path.with_name(ASIDE))
        path.with_name(f"{NAME}-journal").unlink(missing_ok=True)
        sentence = "what autohdr remembers of %s is damaged (%s), so its photos are looked at as if they were new"
        _LOG.warning(sentence, self._root, error)
        try:
            self._open()
        except sqlite3.Error as again:
            self._close_files()
            raise OSError(str(again)) from again

    def _close_files(self) -> None:
        if self._lines is not None:
            self._lines.close()
        if self._database is not None:
            self._database.close()
        self._lines = self._database = None


def _connect(path: Path) -> sqlite3.Connection:
    """A database of which a commit is on the disk, whatever kind of disk that is."""
    database = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
    try:
        database.text_factory = bytes  # what is damaged may be no text
        database.execute("PRAGMA journal_mode = TRUNCATE")  # nor a file that comes and goes, which a server is slow at
        database.execute("PRAGMA synchronous = FULL")
        database.execute(f"PRAGMA cache_size = -{CACHED}")
        database.execute("PRAGMA cell_size_check = ON")  # damage shows where it is, before it spreads
        database.execute("PRAGMA mmap_size = 0")  # a server that goes away would end the process
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        database.close()
        raise
    return database


def _notes(path: Path) -> Iterator[tuple[str, _Note]]:
    """What whole lines say: names of photos, the settings of the run, and what was noted."""
    for _, fields in records(path):
        name, settings, told = (fields.get(key) for key in ("photo", "settings", "told"))
        if isinstance(name, str) and isinstance(settings, dict) and told is not None:
            yield name, (_json(settings), _json(told))


def _old_notes(path: Path) -> Iterator[tuple[str, _Note]]:
    """What a journal of before says, in the same form."""
    for _, fields in records(path):
        if isinstance(name := fields.pop("photo", None), str):
            told = {key: fields.pop(key) for key in _TOLD if key in fields}
            yield name, (_json(fields), _json(told))


def _json(told: Any) -> str:
    return _ENCODER.encode(told)


def _kind(error: sqlite3.Error) -> int:
    """SQLite's own number of an error; of what Python's module says besides, that of a statement that cannot be."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF
