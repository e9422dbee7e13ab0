"""Points with names at which a process dies, as by a power cut, so that a test says where it died."""

import os
import stat
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any

from autohdr.files import whole as files
from autohdr.files.changing import claims
from autohdr.run.state import journal, noted

CODE = 9
"""Exit code of a process that came to its point."""


def die_at(point: str, time: int = 1) -> None:
    """From now on, this process dies when it comes to that point, a key of `POINTS`, for that time."""
    left = [time]

    def passed() -> bool:
        left[0] -= 1
        return left[0] == 0

    POINTS[point](passed)


def _instead(place: Any, name: str, passed: Callable[[], bool], *, after: bool) -> None:
    """Dies before or after a call."""
    call = getattr(place, name)

    def dies(*arguments: Any, **named: Any) -> Any:
        if not after and passed():
            os._exit(CODE)
        came = call(*arguments, **named)
        if after and passed():
            os._exit(CODE)
        return came

    setattr(place, name, dies)


def _half_a_file(passed: Callable[[], bool]) -> None:
    sync = files.sync

    def torn(descriptor: int) -> None:
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode) and passed():
            os.ftruncate(descriptor, status.st_size // 2)
            os._exit(CODE)
        sync(descriptor)

    files.sync = torn


def _half_a_line(passed: Callable[[], bool]) -> None:
    class Torn(FileIO):
        def write(self, data: Any) -> int:
            if b'"photo"' in data and passed():
                super().write(data[: len(data) // 2])
                os._exit(CODE)
            return super().write(data)

    noted.FileIO = Torn  # type: ignore[attr-defined]


def _lines_after_a_commit(passed: Callable[[], bool]) -> None:
    class Kept(FileIO):
        def truncate(self, size: int | None = None) -> int:
            if passed():
                os._exit(CODE)
            return super().truncate(size)

    noted.FileIO = Kept  # type: ignore[attr-defined]
    noted.SYNC_PHOTOS = 5


def _before(place: Any, name: str) -> Callable[[Callable[[], bool]], None]:
    return lambda passed: _instead(place, name, passed, after=False)


def _after(place: Any, name: str) -> Callable[[Callable[[], bool]], None]:
    return lambda passed: _instead(place, name, passed, after=True)


WRITING: dict[str, Callable[[Callable[[], bool]], None]] = {
    "half of a file is written": _half_a_file,
    "a file is written and has no name": _before(Path, "replace"),
    "a file has its name": _after(Path, "replace"),
}
"""While files are written or replaced."""
CREATING: dict[str, Callable[[Callable[[], bool]], None]] = {
    "half of a file is written": _half_a_file,
    "a file is written and has no name": _before(os, "link"),
    "a file has its name and a temporary one": _after(os, "link"),
}
"""While a file is made that must not replace another."""
REMOVING: dict[str, Callable[[Callable[[], bool]], None]] = {
    "a file is to be removed": _before(Path, "unlink"),
    "a file is removed": _after(Path, "unlink"),
}
CLAIMING: dict[str, Callable[[Callable[[], bool]], None]] = {
    "a file is to be claimed": _before(claims, "_make"),
    "a claim says nothing yet": _before(claims, "_write"),
    "a file is claimed": _after(claims, "_make"),
    "a claim is to be given up": _before(claims, "_unlink"),
    "a claim is given up": _after(claims, "_unlink"),
}
"""While a file is replaced or removed that another machine may be at."""
NOTING: dict[str, Callable[[Callable[[], bool]], None]] = {
    "a photo is done and not noted": _before(journal.Journal, "add"),
    "half of a line is noted": _half_a_line,
    "a photo is noted": _after(journal.Journal, "add"),
    "all notes are in the database and in their lines": _lines_after_a_commit,
    "all is noted and the journal is open": _before(journal.Journal, "close"),
}
"""While a run writes down what it has finished."""
POINTS = {
    **{f"written: {name}": point for name, point in WRITING.items()},
    **{f"created: {name}": point for name, point in CREATING.items()},
    **REMOVING,
    **CLAIMING,
    **NOTING,
}
