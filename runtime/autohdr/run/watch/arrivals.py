"""Tells which of the photos that arrive in a folder are whole, as far as that can be seen without understanding them.

A photo is ready once its size and time have stayed the same for `SETTLE` seconds. If it then fails, a part of it may
still be on its way, as on a network that stalls: it is tried again, after twice as long each time, and only once
nothing has changed for `PATIENCE` seconds has it failed. A photo that changes after it has ended is new again.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autohdr.run.results.report import Result
from autohdr.run.state.journal import Stamp

SETTLE = 2.0
"""Seconds: cameras and copying programs write more often than that."""
PATIENCE = 60.0
"""Seconds after which a file that cannot be read is taken for a damaged one."""
RECENT = 600.0
"""Seconds for which a photo that has ended is looked at again in each search, whether the system tells of changes or
not. A look at every photo of a large folder takes long on a network."""


@dataclass(slots=True)
class _Waiting:
    path: Path
    stamp: Stamp
    since: float
    """When it was first seen like this."""
    wait: float
    """Seconds that it has to stay so before it is tried."""
    failed: Result | None = None


@dataclass(frozen=True, slots=True)
class _Ended:
    path: Path
    stamp: Stamp | None
    at: float
    failed: bool


class Arrivals:
    """The photos of a run that goes on: those that wait, and those that have ended. Times are seconds of any clock."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._ended: dict[str, _Ended] = {}
        self._keys: dict[Path, str] = {}

    @property
    def count(self) -> int:
        """How many photos there are, ended or not."""
        return len(self._ended) + sum(key not in self._ended for key in self._waiting)

    @property
    def waiting(self) -> bool:
        """Whether there are photos that have not ended."""
        return bool(self._waiting)

    def found(self, photos: Iterable[Path], now: float) -> None:
        """Takes in photos that a search has found. Those that are there already are not looked at."""
        folders: dict[Path, str] = {}
        for path in photos:
            folder = folders.get(path.parent)
            if folder is None:
                folder = folders[path.parent] = os.path.realpath(path.parent)
            if os.path.join(folder, path.name) not in self._ended:  # noqa: PTH118  # many
                self.changed(path, now)

    def changed(self, path: Path, now: float) -> None:
        """Takes in a photo that is new or may have changed."""
        key = os.path.realpath(path)
        ended, stamp = self._ended.get(key), _stamp(path)
        if key not in self._waiting and stamp is not None and (ended is None or ended.stamp != stamp):
            self._waiting[key] = _Waiting(path if ended is None else ended.path, stamp, now, SETTLE)

    def look_again(self, now: float) -> None:
        """Looks whether photos that have ended lately, or have failed, have changed."""
        lately = [one for one in self._ended.values() if one.failed or now - one.at < RECENT]
        for one in lately:
            self.changed(one.path, now)

    def ready(self, now: float) -> list[Path]:
        """The photos that can be tried, sorted. Those that are gone are forgotten."""
        self._keys.clear()
        for key, one in list(self._waiting.items()):
            stamp = _stamp(one.path)
            if stamp is None:
                del self._waiting[key]
            elif stamp != one.stamp:
                self._waiting[key] = _Waiting(one.path, stamp, now, SETTLE)
            elif now - one.since >= (one.wait if stamp.size else PATIENCE):
                self._keys[one.path] = key
        return sorted(self._keys)

    def end(self, result: Result, now: float) -> bool:
        """Takes the result of a photo that was ready. False where it failed and will be tried again."""
        key = self._keys[result.path]
        one = self._waiting[key]
        if result.status == "failed" and now - one.since < PATIENCE:
            one.failed = result
            one.wait = min(2 * max(one.wait, now - one.since), PATIENCE)
            return False
        del self._waiting[key]
        # What is written into the photo itself changes its stamp.
        stamp = _stamp(result.path) if result.sidecar == result.path else one.stamp
        self._ended[key] = _Ended(one.path, stamp, now, result.status == "failed")
        return True

    def left(self) -> Iterator[Result]:
        """Yields, at the end of the run, the results of photos that would have been tried again."""
        for key, one in list(self._waiting.items()):
            if one.failed is not None:
                del self._waiting[key]
                self._ended[key] = _Ended(one.path, one.stamp, one.since, failed=True)
                yield one.failed


def _stamp(path: Path) -> Stamp | None:
    """The stamp of a file; None where it is not there."""
    try:
        return Stamp.of(path)
    except OSError:
        return None
