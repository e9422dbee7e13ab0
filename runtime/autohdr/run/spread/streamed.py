"""Labels photos of which nobody holds the list: names, results and rows of tables pass one by one."""

import contextlib
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol

from autohdr.errors import FileError
from autohdr.files.look import is_elsewhere
from autohdr.run.results.notes import Note, some_dngs_note
from autohdr.run.results.report import DngLabels, Report, Result
from autohdr.run.results.sums import Sums
from autohdr.run.results.table import Table, UnwrittenError
from autohdr.run.settings import Settings
from autohdr.run.spread.names import listed
from autohdr.run.spread.parcels import Name, Parcel, Shard, parcels
from autohdr.run.stop import Stop

COUNTED = 100_000
"""Photos that are counted before the first is labelled; where there are more, nobody says how many. Of a server's
names none are: it is asked for them once."""


class Labels(Protocol):
    """What labels parcels: this process, or a cluster."""

    @property
    def complete(self) -> bool:
        """Whether all has come of the parcels that it was given."""

    def results(self, parcels: Iterable[Parcel]) -> Generator[Result]:
        """Yields the results of the photos that the parcels answer for."""

    def engine(self) -> dict[str, Any]:
        """Plain JSON."""

    def describe(self) -> dict[str, Any]:
        """Plain JSON."""


@dataclass(frozen=True, slots=True)
class Told:
    """What ends a run, and who is told of it; as of `label`."""

    stop: threading.Event | None = None
    on_start: Callable[[int], None] = lambda photos: None
    """Called with how many photos there are about, where they are counted."""
    on_note: Callable[[Note], None] = lambda note: None
    on_result: Callable[[Result], None] = lambda result: None


class Streamed:
    """A run whose photos pass one by one."""

    def __init__(self, named: list[Path], settings: Settings, told: Told, shard: Shard | None = None) -> None:
        """Takes what the run goes by; nothing is begun.

        Args:
            named: files and folders, checked.
            settings: of the run, checked.
            told: of what happens.
            shard: the part that is labelled; None for all.
        """
        self._named, self._settings, self._told, self._shard = named, settings, told, shard
        self._stop = Stop(told.stop or threading.Event())
        self._begun = time.perf_counter()
        self._sums = Sums()
        self._taken = 0
        """Photos of the parcels that were handed over."""
        self._listed = False
        """Whether these were all."""
        self._dngs = False
        self._unwritten: FileError | None = None

    def run(self, opening: Callable[[Stop], AbstractContextManager[Labels]], table: Path | None) -> Report:
        """Labels the photos.

        Args:
            opening: opens what labels them, which `Stop` ends.
            table: a table that is written as well.

        Raises:
            AutohdrError: as `opening` does.
            UnwrittenError: the labels are written, and the table is not.
        """
        photos = self._count()
        with contextlib.ExitStack() as held:
            rows = None if table is None else held.enter_context(Table(table))
            labels = held.enter_context(opening(self._stop))
            for result in held.enter_context(contextlib.closing(labels.results(self._parcels()))):
                self._sums.add(result)
                self._write(rows, result)
                self._told.on_result(result)
            report = self._report(labels, photos)
            if rows is not None:
                self._write(rows, None)
        if self._unwritten is not None:
            raise UnwrittenError(str(self._unwritten), report) from self._unwritten
        return report

    def _count(self) -> int:
        """How many photos there are about, which is said; 0 where nobody knows."""
        if any(map(is_elsewhere, self._named)):
            return 0
        every = count = 0
        for parcel in parcels(takewhile(lambda name: not self._stop.now, listed(self._named))):
            every += len(parcel.photos)
            count += len(parcel.photos) if self._holds(parcel) else 0
            if every > COUNTED:
                return 0
        self._told.on_start(count)
        return count

    def _holds(self, parcel: Parcel) -> bool:
        return self._shard is None or self._shard.holds(parcel)

    def _names(self) -> Iterator[Name]:
        for name in listed(self._named):
            if self._stop.now:
                return
            yield name
        self._listed = True

    def _parcels(self) -> Iterator[Parcel]:
        for parcel in filter(self._holds, parcels(self._names())):
            self._taken += len(parcel.photos)
            if not self._dngs and any(photo.suffix.lower() == ".dng" for photo in parcel.photos):
                self._dngs = True
                self._told.on_note(some_dngs_note(self._settings.sidecar, embed=self._settings.embedded))
            yield parcel

    def _write(self, rows: Table | None, result: Result | None) -> None:
        """Writes a row of the table, or its end; what cannot be written is said once the labels are."""
        if rows is None or self._unwritten is not None:
            return
        try:
            rows.finish() if result is None else rows.add(result)
        except FileError as error:
            self._unwritten = error

    def _report(self, labels: Labels, photos: int) -> Report:
        done, complete = self._sums.photos, self._listed and labels.complete
        dng_labels: DngLabels | None = ("inside" if self._settings.embedded else "beside") if self._dngs else None
        return Report(
            [],
            time.perf_counter() - self._begun,
            labels.engine(),
            labels.describe(),
            done if complete else max(photos, self._taken, done + 1),
            None if complete else self._stop.reason,
            dng_labels,
            sums=self._sums,
            shard=None if self._shard is None else str(self._shard),
        )
