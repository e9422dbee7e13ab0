"""Labels what is in folders, and then what arrives there, until the run is stopped.

Where the system tells of changes (the library watchfiles), a photo is seen at once. Besides, the folders are searched
every few seconds, less often where a search takes long: that finds what comes over a network, of which systems do not
tell, and what was missed. Photos are labelled in rounds of what has arrived by then; engine and decoders stay open.
"""

import os
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from autohdr.catalog.named import is_catalog
from autohdr.codes import Code
from autohdr.errors import AutohdrError, SettingsError
from autohdr.files.look import is_elsewhere
from autohdr.files.walk import passed_over
from autohdr.raw.discover import EXTENSIONS, search
from autohdr.run.labeller import Labeller
from autohdr.run.results.notes import Note
from autohdr.run.results.report import Result
from autohdr.run.state.journal import Stamp
from autohdr.run.stop import Stop
from autohdr.run.watch.arrivals import Arrivals
from autohdr.style.file import load_style

TICK = 0.5
"""Seconds between looks at the photos that wait."""
SEARCH = 5.0
"""Seconds between searches, at least."""
SHARE = 1 / 40
"""The largest share of time that searches may take."""
AGAIN = 60.0
"""Seconds after which a system that would not tell of changes is asked again."""


def check_watched(folders: list[Path], **not_with: object) -> None:
    """Raises:
    SettingsError: one of the paths is no folder, or one of the other options is given, which do not go together.
    """
    for name, value in not_with.items():
        if value:
            raise SettingsError(
                f"--watch labels what arrives until it is stopped, which does not go with --{name.replace('_', '-')}; "
                "give that to another run, without --watch: photos that are labelled already are quick"
            )
    for folder in folders:
        if is_catalog(folder):
            raise SettingsError(f"{folder} is a catalog, and --watch watches folders; name the folder of its photos")
        if is_elsewhere(folder):
            raise SettingsError(
                f"{folder} is in object storage, which tells nobody what arrives; label it now and then"
            )
        if not folder.is_dir():
            raise SettingsError(f"{folder} is not a folder, and --watch watches folders; name the one that it is in")


class Watched:
    """A run over folders that fill up."""

    def __init__(
        self,
        folders: list[Path],
        labeller: Labeller,
        stop: Stop,
        *,
        on_count: Callable[[list[Path], int], None],
        on_note: Callable[[Note], None],
    ) -> None:
        """Takes what a run has; nothing is begun.

        Args:
            folders: to watch.
            labeller: that photos pass; its style's file is read again when it has changed.
            stop: what ends the run.
            on_count: told, before each round, of its photos, and how many there are by then.
            on_note: told what to know of the whole run.
        """
        self._folders = folders
        self._real = [Path(os.path.realpath(folder)) for folder in folders]
        self._labeller, self._stop = labeller, stop
        self._style = labeller.settings.style
        self._style_stamp = None if self._style is None else _stamp(self._style)
        self._on_count, self._on_note = on_count, on_note
        self._arrivals = Arrivals()
        self._told: dict[Path, tuple[str, Code, str | None]] = {}
        self._gone: set[Path] = set()
        self._search_at = 0.0

    @property
    def count(self) -> int:
        """How many photos have been found."""
        return self._arrivals.count

    def describe(self) -> dict[str, Any]:
        """Plain JSON: the network, and the style as it was last."""
        return self._labeller.describe()

    def results(self) -> Generator[Result]:
        """Yields the result of each photo, as often as there is another one, until the run is stopped."""
        self._on_note(_begun(self._folders))
        for changed in changes(self._folders, self._stop):
            self._look(changed)
            ready = self._arrivals.ready(time.monotonic())
            if ready and not self._stop.now:
                yield from self._round(ready)
            if self._stop.now:
                break
        yield from filter(self._is_news, self._arrivals.left())

    def _round(self, ready: list[Path]) -> Iterator[Result]:
        self._follow_style()
        self._on_count(ready, self.count)
        with closing(self._labeller.results(ready)) as results:
            for result in results:
                if self._arrivals.end(result, time.monotonic()) and self._is_news(result):
                    yield result

    def _is_news(self, result: Result) -> bool:
        """Whether a result says something that was not said of this photo before."""
        says = (result.status, result.code, result.reason)
        before, self._told[result.path] = self._told.get(result.path), says
        if before is not None and (before[1], result.code) == (Code.LABELLED, Code.LABELLED_ALREADY):
            return False
        return before != says or bool(result.changes)

    def _look(self, changed: set[str]) -> None:
        """Takes in the photos that changed files and folders are, and at times all that a search finds."""
        now = time.monotonic()
        for path in changed:
            self._take_in(Path(path), now)
        if now < self._search_at:
            return
        for folder in self._folders:
            if folder.is_dir():
                self._gone.discard(folder)
                self._arrivals.found(search(folder), now)
            elif folder not in self._gone:
                self._gone.add(folder)
                sentence = f"{folder} is not there any more; connect its disk or network, and its photos are labelled."
                self._on_note(Note(Code.NOTE, sentence))
        self._arrivals.look_again(now)
        took = time.monotonic() - now
        self._search_at = now + max(SEARCH, took / SHARE)

    def _take_in(self, path: Path, now: float) -> None:
        for folder, real in zip(self._folders, self._real, strict=True):
            below = next((above for above in (folder, real) if path.is_relative_to(above)), None)
            if below is None:
                continue
            named = folder / path.relative_to(below)  # some systems tell of a folder by another of its names
            with suppress(OSError):
                if passed_over(named, folder):
                    return
                if path.suffix.lower() in EXTENSIONS and not path.is_dir():
                    self._arrivals.changed(named, now)
                elif path.is_dir():
                    self._arrivals.found(search(named), now)
            return

    def _follow_style(self) -> None:
        """Takes the style anew where its file has changed; where that cannot be read, the one before stays."""
        if self._style is None or (stamp := _stamp(self._style)) in (None, self._style_stamp):
            return
        self._style_stamp = stamp
        stages = self._labeller.stages
        predictor = stages.predictor
        try:
            style = load_style(self._style)
            style.refuse_other(predictor.network.model)
        except AutohdrError as error:
            self._on_note(Note(Code.NOTE, f"The style has changed, and the one before is used on: {error}."))
            return
        if style.label != predictor.label:
            predictor = replace(predictor, style=style)
            stages.journal.depend_on(model=predictor.label)
            self._labeller = replace(self._labeller, stages=replace(stages, predictor=predictor))
            self._on_note(Note(Code.NOTE, f"{self._style} has changed: what arrives is labelled with it from now on."))


def changes(folders: list[Path], stop: Stop) -> Iterator[set[str]]:
    """Yields the files and folders that have changed since, a few times a second and often none, until `stop`."""
    from watchfiles import watch  # brings asyncio, which no other run needs

    def wanted(change: object, path: str) -> bool:
        return os.path.splitext(path)[1].lower() in EXTENSIONS or os.path.isdir(path)  # noqa: PTH112, PTH122  # many

    step = round(1000 * TICK)
    while not stop.now:
        with suppress(OSError, RuntimeError):  # a folder is gone, or the system watches no more of them
            told = watch(
                *folders,
                watch_filter=None,
                debounce=step,
                rust_timeout=step,
                yield_on_timeout=True,
                stop_event=stop.asked,
                ignore_permission_denied=True,
            )
            with closing(told):
                for some in told:
                    yield {path for change, path in some if wanted(change, path)}
                    if not all(folder.is_dir() for folder in folders):
                        break
        for _ in range(round(AGAIN / TICK)):
            if stop.now:
                return
            yield set()
            stop.asked.wait(TICK)


def _begun(folders: list[Path]) -> Note:
    names = ", ".join(map(str, folders))
    return Note(Code.WATCHING, f"Labelling what is in {names}, and then what arrives there, until Ctrl-C ends it.")


def _stamp(path: Path) -> Stamp | None:
    try:
        return Stamp.of(path)
    except OSError:
        return None
