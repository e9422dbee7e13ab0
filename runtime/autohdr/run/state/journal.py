"""Remembers which photos earlier runs have finished, so that a run that was stopped goes on where it was.

One file of JSON lines for each folder of photos. It saves time and nothing else: what was written stands in the
sidecars, and a photo counts as finished only as long as its RAW file, its sidecar and the settings are as they were.
"""

import contextlib
import hashlib
import json
import logging
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from autohdr.codes import Code
from autohdr.errors import FileError
from autohdr.files.look import real, status
from autohdr.files.records import records
from autohdr.files.whole import write_atomically
from autohdr.run.results.report import InSeries
from autohdr.run.state.folder import folder_of
from autohdr.style.confidence.doubt import difference_of
from autohdr.style.confidence.reason import Reason

NAME = "journal-1.jsonl"
"""The number is the format's."""
SYNC_PHOTOS = 100
SYNC_SECONDS = 5.0
"""A line reaches the system at once, and the disk after so many photos or seconds: a power cut loses these at most."""
SPARE_LINES = 1000
"""The file is written anew when it holds more than twice as many lines as photos, and so many besides."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size and times of a file, by which it is known to be unchanged without reading it."""

    size: int
    """Bytes."""
    mtime_ns: int
    """Only compared for equality, so that a clock may go as it likes."""

    @classmethod
    def of(cls, path: Path) -> "Stamp":
        """Raises:
        OSError: there is no such file, or it may not be looked at.
        """
        known = status(path)
        return cls(known.size, known.content)


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo, finished."""

    raw: Stamp
    sidecar: str
    """Digest of the document that holds the labels."""
    errors: Mapping[str, float] | None = field(default=None, compare=False)
    """`{crs key: mean absolute error that was expected}`, where a style labelled it."""
    difference: float | None = field(default=None, compare=False)
    """L* by which its picture was expected to differ from the photographer's own, where errors were."""
    why: Reason | None = field(default=None, compare=False)
    """Which edits its label goes by, where a style labelled it."""
    series: InSeries | None = field(default=None, compare=False)
    """The series that it is labelled with."""

    @classmethod
    def make(
        cls,
        raw: Stamp,
        sidecar: bytes,
        errors: Mapping[str, float] | None = None,
        difference: float | None = None,
        why: Reason | None = None,
        series: InSeries | None = None,
    ) -> "Entry":
        """The entry of a photo that had this stamp when it was read, and whose labels stand in this document."""
        return cls(raw, hashlib.sha256(sidecar).hexdigest()[:16], errors, difference, why, series)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: what a journal's line says of it."""
        told = {**asdict(self.raw), "sidecar": self.sidecar}
        if self.errors is not None:
            told |= {"errors": dict(self.errors), "difference": self.difference}
        if self.series is not None:
            told |= {"series": self.series.to_dict()}
        return told if self.why is None else {**told, "why": self.why.to_dict()}


Seen = tuple[int, int, int] | None
"""Of a file: its size, and when its content and its description were changed, in nanoseconds; None where it is not
there. Programs can set back the former, and not the latter."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One photo that was left alone, until one of the files that this was decided by changes."""

    files: tuple[Seen, ...]
    """The RAW file, the sidecar, and the other place where settings may stand."""
    reason: str
    code: Code

    @classmethod
    def make(cls, files: Iterable[Path | None], reason: str, code: Code) -> "Skipped":
        """What is noted of a photo that is decided by these files, as they are now."""
        return cls(tuple(map(_seen, files)), reason, code)

    def holds(self, files: Iterable[Path | None]) -> bool:
        """Whether these files are as they were then."""
        return self.files == tuple(map(_seen, files))


def _seen(path: Path | None) -> Seen:
    if path is None:
        return None
    try:
        return status(path)
    except FileNotFoundError:
        return None


class Journal:
    """The journals of the folders that a run works in. Read by any thread, added to by one."""

    def __init__(
        self, roots: Sequence[Path], state: Path, settings: Mapping[str, str | bool], *, write: bool = True
    ) -> None:
        """Opens the journals that are there.

        Args:
            roots: resolved, none inside another.
            state: the folder that `state_folder` names.
            settings: of the run; what was finished under others does not count.
            write: whether more will be written down; otherwise nothing on disk is touched.

        Raises:
            OSError: a journal cannot be read or written.
        """
        self._settings = dict(settings)
        self._folders: dict[Path, Path] = {}
        self._finished: dict[Path, dict[str, Entry | Skipped]] = {}
        self._files: dict[Path, FileIO] = {}
        self._unsynced = 0
        self._synced_at = time.monotonic()
        for root in roots:
            path = folder_of(root, state) / NAME
            if write:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._finished[root] = self._load(path, root, write=write)
            if write:
                self._files[root] = _open(path, root)

    def depend_on(self, **settings: str | bool) -> None:
        """Goes on under settings of which these have changed: nothing counts as finished under the new ones."""
        self._settings |= settings
        for finished in self._finished.values():
            finished.clear()

    def entry(self, photo: Path) -> Entry | None:
        """What is written down of a photo that was finished under these settings."""
        found = self._of(photo)
        return found if isinstance(found, Entry) else None

    def skipped(self, photo: Path) -> Skipped | None:
        """What is written down of a photo that was left alone under these settings."""
        found = self._of(photo)
        return found if isinstance(found, Skipped) else None

    def _of(self, photo: Path) -> Entry | Skipped | None:
        root, name = self._place(photo)
        return self._finished.get(root, {}).get(name)

    def add(self, photo: Path, entry: Entry | Skipped) -> None:
        """Write down a photo that is finished, or left alone. Where that fails the run goes on, and a warning says so
        once."""
        root, name = self._place(photo)
        if root not in self._files:
            return
        told = entry.to_dict() if isinstance(entry, Entry) else asdict(entry)
        line = json.dumps({"photo": name, **told, **self._settings}) + "\n"
        try:
            if self._files[root].write(line.encode()) != len(line):
                raise OSError("no room for a whole line")
            self._unsynced += 1
            if self._unsynced >= SYNC_PHOTOS or time.monotonic() - self._synced_at >= SYNC_SECONDS:
                self._sync()
        except OSError as error:
            warn(error)
            self._close_files()

    def close(self) -> None:
        """Closes the journals, with everything on the disk."""
        try:
            self._sync()
        except OSError as error:
            warn(error)
        self._close_files()

    def _sync(self) -> None:
        for file in self._files.values():
            os.fsync(file.fileno())
        self._unsynced, self._synced_at = 0, time.monotonic()

    def _close_files(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _place(self, photo: Path) -> tuple[Path, str]:
        """The root folder that a photo is in, and its name from there. A photo behind a link may be in none."""
        folder = self._folders.get(photo.parent)
        if folder is None:
            folder = self._folders[photo.parent] = real(photo.parent)
        above = (folder, *folder.parents)
        root = next((root for root in self._finished if root in above), folder)
        return root, (folder / photo.name).relative_to(root).as_posix()

    def _load(self, path: Path, root: Path, *, write: bool) -> dict[str, Entry | Skipped]:
        """The last line on each photo, where it was written under these settings."""
        found: dict[str, Entry | Skipped | None] = {}
        lines = 0
        for _, fields in _lines(path):
            lines += 1
            name = fields.pop("photo")
            found[name] = _entry(fields) if self._settings.items() <= fields.items() else None
        if write and lines > 2 * len(found) + SPARE_LINES:
            _rewrite(path, root)
        return {name: entry for name, entry in found.items() if entry is not None}


def warn(error: Exception) -> None:
    """Warns that the run goes on without what it cannot keep."""
    _LOG.warning(
        "autohdr cannot remember what is finished (%s), so a run that is stopped will start again from the first "
        "photo; let AUTOHDR_STATE name another folder for that",
        error,
    )


def _open(path: Path, root: Path) -> FileIO:
    file = FileIO(path, "a+")
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        file.write(_header(root))
        return file
    file.seek(size - 1)
    if file.read(1) != b"\n":  # a line that a power cut has torn; the next one must not become part of it
        file.write(b"\n")
    return file


def _header(root: Path) -> bytes:
    """The first line, for people: whose journal it is."""
    return (json.dumps({"root": str(root)}) + "\n").encode()


def _lines(path: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """The lines that are whole and speak of a photo, as they are and as fields."""
    return (one for one in records(path) if isinstance(one[1].get("photo"), str))


def _entry(fields: Mapping[str, Any]) -> Entry | Skipped | None:
    if isinstance(reason := fields.get("reason"), str):
        return _skipped(fields.get("files"), reason, fields.get("code"))
    size, mtime_ns, sidecar = (fields.get(name) for name in ("size", "mtime_ns", "sidecar"))
    if not isinstance(size, int) or not isinstance(mtime_ns, int) or not isinstance(sidecar, str):
        return None
    errors, difference = _errors(fields.get("errors")), fields.get("difference")
    if errors is None or not isinstance(difference, int | float):  # as in journals of before
        difference = difference_of(errors)
    why, series = Reason.of(fields.get("why")), InSeries.of(fields.get("series"))
    return Entry(Stamp(size, mtime_ns), sidecar, errors, difference, why, series)


def _errors(told: Any) -> Mapping[str, float] | None:
    """The expected errors of a line; None where there are none, as in journals of before, or where they are damaged."""
    if not isinstance(told, dict) or not all(isinstance(error, int | float) for error in told.values()):
        return None
    return {str(key): float(error) for key, error in told.items()}


def _skipped(files: Any, reason: str, code: Any) -> Skipped | None:
    def is_seen(one: Any) -> bool:
        return one is None or (isinstance(one, list) and len(one) == 3 and all(isinstance(part, int) for part in one))

    if not isinstance(files, list) or not all(map(is_seen, files)) or code not in list(Code):
        return None
    return Skipped(tuple(None if one is None else (one[0], one[1], one[2]) for one in files), reason, Code(code))


def _rewrite(path: Path, root: Path) -> None:
    """Leaves each photo its last line."""
    last = {fields["photo"]: line for line, fields in _lines(path)}
    with contextlib.suppress(FileError):  # it stays as long as it was
        write_atomically(path, _header(root) + b"".join(last.values()))
