"""Remembers which photos earlier runs have finished, so that a run that was stopped goes on where it was.

One database for each folder of photos, and for each part of them that a run does. It saves time and nothing else: what
was written stands in the sidecars, and a photo counts as finished only as long as its RAW file, its sidecar and the
settings are as they were.
"""

import contextlib
import hashlib
import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from autohdr.codes import Code
from autohdr.files.look import Status, real, status
from autohdr.files.whole import failure
from autohdr.run.results.report import InSeries
from autohdr.run.state.folder import folder_of
from autohdr.run.state.noted import NAME, Noted
from autohdr.style.confidence.doubt import difference_of
from autohdr.style.confidence.reason import Reason

FOLDERS = 1000
"""Folders of photos whose true names are kept at once."""
PARTS = "shard-*"
"""What the folders are called in which runs over a part of the photos keep their notes."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size and times of a file, by which it is known to be unchanged without reading it."""

    size: int
    """Bytes."""
    mtime_ns: int
    """When the file was changed, which is only compared for equality, so that a clock may go as it likes."""

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
        """Plain JSON: what a journal says of it."""
        told: dict[str, Any] = {"size": self.raw.size, "mtime_ns": self.raw.mtime_ns, "sidecar": self.sidecar}
        if self.errors is not None:
            told |= {"errors": dict(self.errors), "difference": self.difference}
        if self.series is not None:
            told |= {"series": self.series.to_dict()}
        return told if self.why is None else {**told, "why": self.why.to_dict()}


Seen = tuple[int, int, int] | None
"""A file's size, and when its content and its description were changed, in nanoseconds; None where it is not there.
Programs can set back the former, and not the latter."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One photo that was left alone, until one of the files that this was decided by changes."""

    files: tuple[Seen, ...]
    """The RAW file, the sidecar, and the other place where settings may stand."""
    reason: str
    code: Code

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: what a journal says of it."""
        return {"files": self.files, "reason": self.reason, "code": self.code}


def seen_of(files: Iterable[Path | None], known: Mapping[Path, Status | None]) -> tuple[Seen, ...]:
    """What is noted of some files as they are now, of which some were just asked for.

    Raises:
        FileError: one may not be looked at.
    """
    return tuple((None if file is None else known.get(file)) or _seen(file) for file in files)


def _seen(path: Path | None) -> Seen:
    if path is None:
        return None
    try:
        return status(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failure(path, "looked at", error) from error


class Journal:
    """The journals of the folders that a run works in. Any thread may use it; memory does not grow with the photos."""

    def __init__(
        self,
        roots: Sequence[Path],
        state: Path,
        settings: Mapping[str, str | bool],
        *,
        write: bool = True,
        part: str = "",
    ) -> None:
        """Opens the journals that are there: the run's own, and those in which other runs may have noted its photos.

        Args:
            roots: resolved, none inside another.
            state: the folder that `state_folder` names.
            settings: of the run; what was finished under others does not count.
            write: whether more will be written down; otherwise nothing on disk is touched.
            part: of a run that does a part of the photos, the name of its folder, `shard-1-of-4`.

        Raises:
            OSError: a journal cannot be read or written.
        """
        self._settings: Mapping[str, str | bool] = dict(settings)
        self._below = lru_cache(FOLDERS)(self._root_of)
        self._own: dict[Path, Noted] = {}
        self._others: dict[Path, list[Noted]] = {}
        with contextlib.ExitStack() as failed:
            failed.callback(self.close)
            for root in roots:
                home = folder_of(root, state)
                self._own[root] = Noted(home / part, root, write=write)
                self._others[root] = [Noted(folder, root, write=False) for folder in _others(home, part)]
            failed.pop_all()

    def depend_on(self, **settings: str | bool) -> None:
        """Goes on under settings of which these have changed: what was finished under others does not count."""
        self._settings = {**self._settings, **settings}

    def noted(self, photo: Path) -> list[Entry | Skipped]:
        """All that is written down of a photo under these settings, by this run and by others: what still holds, holds
        whoever has noted it."""
        root, name = self._place(photo)
        if root not in self._own:
            return []
        told = (self._told(one, name) for one in (self._own[root], *self._others[root]))
        return [entry for one in told if one is not None and (entry := _entry(one)) is not None]

    def entry(self, photo: Path) -> Entry | None:
        """What is written down of a photo that was finished under these settings."""
        return next((one for one in self.noted(photo) if isinstance(one, Entry)), None)

    def skipped(self, photo: Path) -> Skipped | None:
        """What is written down of a photo that was left alone under these settings."""
        return next((one for one in self.noted(photo) if isinstance(one, Skipped)), None)

    def add(self, photo: Path, entry: Entry | Skipped) -> None:
        """Write down a photo that is finished, or left alone. Where that fails the run goes on, and a warning says so
        once."""
        root, name = self._place(photo)
        if root in self._own:
            try:
                self._own[root].add(name, self._settings, entry.to_dict())
            except OSError as error:
                warn(error)

    def close(self) -> None:
        """Closes the journals, with everything on the disk."""
        for one in itertools.chain(self._own.values(), *self._others.values()):
            try:
                one.close()
            except OSError as error:
                warn(error)

    def _told(self, noted: Noted, name: str) -> Mapping[str, Any] | None:
        """What one journal says of a photo under these settings."""
        try:
            found = noted.of(name)
        except OSError as error:
            warn(error)
            return None
        if found is None or not self._settings.items() <= found[0].items():
            return None
        return found[1] if isinstance(found[1], dict) else None

    def _place(self, photo: Path) -> tuple[Path, str]:
        """The root folder that a photo is in, and its name from there. A photo behind a link may be in none."""
        root, below = self._below(photo.parent)
        return root, below + photo.name

    def _root_of(self, folder: Path) -> tuple[Path, str]:
        """The root that a folder of photos is in, and what names of photos in it begin with."""
        folder = real(folder)
        root = next((root for root in (folder, *folder.parents) if root in self._own), folder)
        below = folder.relative_to(root).as_posix()
        return root, "" if below == "." else f"{below}/"


def _others(home: Path, part: str) -> list[Path]:
    """The folders of the other journals of a root in which photos of this part may be: none of the same division."""
    _, division, count = part.rpartition("-of-")
    ours = f"{division}{count}"
    names = sorted(path.parent.name for path in home.glob(f"{PARTS}/{NAME}") if path.parent.name != part)
    found = [home / name for name in names if not (ours and name.endswith(ours))]
    return [home, *found] if part else found


def warn(error: Exception) -> None:
    """Warns that the run goes on without what it cannot keep."""
    _LOG.warning(
        "autohdr cannot remember what is finished (%s), so a run that is stopped will start again from the first "
        "photo; let AUTOHDR_STATE name another folder for that",
        error,
    )


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
