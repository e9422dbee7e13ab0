"""Makes the page of a run of `autohdr label` while it runs: each photo is decoded once, for its label and its pictures.

The run hands over the light of each photo, small, and goes on; the pictures are developed and written by threads of
the page's own. They hold a bounded number of photos: where they fall behind, the run waits for them.
"""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from autohdr.codes import Code
from autohdr.errors import AutohdrError
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.frame import RawFrame
from autohdr.raw.scene import scene_of
from autohdr.review.entry import Entry
from autohdr.review.folder import Folder
from autohdr.review.page_maker import PageMaker, Seen, failed
from autohdr.review.pictures import Light
from autohdr.review.standing import Standing, standing
from autohdr.run.results.report import Result
from autohdr.run.stop import Stop
from autohdr.sidecar import Document, Owners
from autohdr.words import Naming

PIXELS = 512
"""Longer edge of the large pictures: as many as a page may have that adds at most a quarter to labelling."""
WAITING = 8
"""Photos that are handed over and not begun yet, for each thread."""


class Alongside:
    """Makes the page of a run. `seen`, `labelled` and `ended` are called by the run's threads; as a context manager,
    it keeps other runs out of its folder, and waits for its own threads at the end."""

    def __init__(self, folder: Folder, decoder: Decoder, threads: int, naming: Naming) -> None:
        self._stop = Stop(threading.Event())
        self._page = PageMaker(folder, decoder, self._stop, PIXELS)
        self._owners = Owners(naming)
        self._pool = ThreadPoolExecutor(threads, "page")
        self._room = threading.BoundedSemaphore(threads * (1 + WAITING))
        self._held = contextlib.ExitStack()
        folder.make()

    def __enter__(self) -> "Alongside":
        self._held.enter_context(self._page.folder.alone())
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=kind is not None)
        self._held.close()

    def seen(self, frame: RawFrame) -> Seen | AutohdrError | None:
        """Returns what the page needs of a photo that is decoded, or why it cannot show it; None once the disk is
        full."""
        if self._stop.now:
            return None
        try:
            return Seen(Light.of(scene_of(frame, PIXELS)), frame.shot)
        except AutohdrError as error:
            return error

    def labelled(
        self, result: Result, document: bytes, seen: Seen | AutohdrError | None, note: str | None = None
    ) -> None:
        """Shows a photo with the label that a run has given it, or in a dry run would give; `note` is what to know of
        that."""
        self._begin(lambda: self._show(result, lambda: _standing(document, result), seen, note))

    def ended(self, result: Result) -> None:
        """Shows a photo that a run has passed over, with the settings that it has, or one that failed."""
        if result.status == "failed":
            self._page.add(Entry(result.path, failed=result.reason, code=result.code))
            return
        owns = self._owners.owner(result.path) == result.path
        passed_over = result.code != Code.LABELLED_ALREADY
        note = result.reason if passed_over else None
        self._begin(
            lambda: self._show(result, lambda: standing(result.path, owns), None, note, passed_over=passed_over)
        )

    def finish(self, found: list[Path]) -> Path:
        """Waits for the pictures, and writes the page.

        Raises:
            FileError: it cannot be written, or not all of it.
        """
        self._pool.shutdown()
        return self._page.finish(found)

    @property
    def stopped(self) -> str | None:
        """Says in one sentence why the page does not show all that the run has done."""
        return self._stop.reason

    def _show(
        self,
        result: Result,
        read: Callable[[], Standing],
        seen: Seen | AutohdrError | None,
        note: str | None,
        *,
        passed_over: bool = False,
    ) -> None:
        try:
            if isinstance(seen, AutohdrError):
                raise seen
            now = read()
        except AutohdrError as error:
            self._page.add(replace(failed(result.path, error), note=note, passed_over=passed_over))
            return
        expected = {
            "errors": result.errors,
            "difference": result.difference,
            "why": result.why,
            "series": result.series,
        }
        self._page.show(result.path, now, seen, note=note, passed_over=passed_over, **expected)

    def _begin(self, work: Callable[[], None]) -> None:
        """Has a thread do it, once there is room."""
        if self._stop.now:
            return
        self._room.acquire()

        def done() -> None:
            try:
                if not self._stop.now:
                    work()
            finally:
                self._room.release()

        self._pool.submit(done)


def _standing(document: bytes, result: Result) -> Standing:
    """The settings in the document of a photo that a run has labelled."""
    name = str(result.sidecar)
    return Standing.of(Document.parse(document, name), name)
