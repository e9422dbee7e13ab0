"""A worker: what one machine of a cluster does of a run. It holds an open labeller, and knows nothing of Ray."""

import contextlib
import os
import tempfile
import threading
import traceback
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from autohdr.cluster.carried import Carried
from autohdr.cluster.messages import Job, Opened, Refused, Share, Told
from autohdr.errors import AutohdrError, ModelError, SettingsError
from autohdr.files.look import exists, is_elsewhere
from autohdr.files.whole import next_step, write_atomically
from autohdr.run.labeller import Labeller, open_labeller
from autohdr.run.results.report import Result
from autohdr.run.settings import Settings
from autohdr.run.spread.parcels import Parcel
from autohdr.run.state.journal import Journal
from autohdr.run.stop import Stop
from autohdr.system.no_telemetry import ask_again

AHEAD = 2
"""Shares that wait beside those that are under way, so that nothing waits for the next to be handed over."""
PATIENCE = 1.0
"""Seconds after which a worker answers, even with nothing to tell."""
TOGETHER = 0.1
"""Seconds for which results are collected before they are told."""
MOST = 1000
"""Results that wait to be told; with more nothing goes on until they are."""


class Worker:
    """Labels what it is given, in a thread of its own. `exchange` is for one caller at a time, and `stop` for another
    meanwhile."""

    def __init__(self, job: Job, processors: int) -> None:
        """Takes the job, and how many processors are the worker's."""
        ask_again()
        os.environ["PYTHON_CPU_COUNT"] = str(processors)  # a machine may give a cluster a part of what it has
        self._job = job
        self._stop = Stop(threading.Event())
        self._changed = threading.Condition()
        self._waiting: deque[Share] = deque()
        self._taken: deque[Share] = deque()
        self._told = Told()
        self._ended = self._closed = self._busy = False
        self._held = contextlib.ExitStack()
        self._thread: threading.Thread | None = None

    def open(self) -> Opened | Refused:
        """Loads engine, model and style, once, and says what they are; or why this machine cannot take part."""
        try:
            labeller, journal = self._opened()
        except AutohdrError as error:
            self._held.close()
            return Refused(type(error)(str(error), code=error.code))  # without what led to it, which may not travel
        self._thread = threading.Thread(target=self._work, args=(labeller, journal), name="work", daemon=True)
        self._thread.start()
        return Opened(labeller.engine(), labeller.describe())

    def exchange(self, shares: list[Share], ended: bool) -> Told:
        """Takes in shares, and returns what has come of earlier ones: as soon as something has, or there is room for
        more; after a second in any case.

        Args:
            shares: to be done after those that were given before; where there are none, room is no news.
            ended: whether there will be none for now, so that nothing is held back that might go with them.
        """
        hungry = bool(shares) and not ended
        with self._changed:
            if not self._over:
                self._waiting += shares
            self._ended = ended
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._news or (hungry and self._room), PATIENCE)
            if not (hungry and self._room):
                self._changed.wait_for(lambda: self._over, TOGETHER)
            told, self._told = self._told, Told(left=self._told.left, broken=self._told.broken)
            self._changed.notify_all()
            return replace(told, room=self._room, idle=not self._busy and not self._waiting)

    def stop(self) -> None:
        """Lets no further photo be begun; what is under way is finished and told."""
        self._stop.asked.set()
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Gives the engine back, once what is under way is finished."""
        self.stop()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        self._held.close()

    @property
    def _news(self) -> bool:
        told = self._told
        return bool(told.results or told.finished or told.left or told.broken or (self._over and not self._busy))

    @property
    def _over(self) -> bool:
        """Whether no further photo is begun."""
        return self._stop.now or self._told.left is not None or self._told.broken is not None

    @property
    def _room(self) -> int:
        return 0 if self._over else max(0, AHEAD - len(self._waiting))

    def _opened(self) -> tuple[Labeller, Carried]:
        """Raises AutohdrError where this machine cannot take part."""
        job = self._job
        if (own := version("autohdr")) != job.version:
            raise SettingsError(f"it has autohdr {own}, and the run is of autohdr {job.version}; install the same one")
        if (away := self._away()) is not None:
            raise SettingsError(_unseen(away))
        journals: list[Carried] = []

        @contextlib.contextmanager
        def remember(depends: Mapping[str, str | bool]) -> Iterator[Journal]:
            if depends != job.depends:
                raise ModelError(f"it would label by {dict(depends)}, and the run is by {dict(job.depends)}")
            journals.append(Carried(depends))
            yield journals[0]

        with tempfile.TemporaryDirectory(prefix="autohdr-") as folder:  # what is loaded is not opened again
            settings = self._settings(Path(folder))
            labeller = self._held.enter_context(open_labeller(settings, remember=remember, stop=self._stop))
        return labeller, journals[0]

    def _settings(self, folder: Path) -> Settings:
        """The settings, with the style and the model that were sent in a folder."""
        settings = self._job.settings
        if self._job.style is not None:
            settings = replace(settings, style=folder / "sent.style")
            write_atomically(folder / "sent.style", self._job.style)
        if self._job.model is not None:
            settings = replace(settings, model=folder / "sent.onnx")
            write_atomically(folder / "sent.onnx", self._job.model)
        return settings

    def _work(self, labeller: Labeller, journal: Carried) -> None:
        try:
            while self._begin():
                with contextlib.closing(labeller.by_parcel(self._flow(journal))) as results:
                    for parcel, result in results:
                        self._tell(parcel, result, journal)
                self._rest()
        except BaseException:
            with self._changed:
                self._told.broken = traceback.format_exc()
                self._busy = False
                self._changed.notify_all()

    def _begin(self) -> bool:
        """Waits for a share; False once there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed or self._over)
            self._busy = bool(self._waiting) and not self._over
            return self._busy

    def _flow(self, journal: Carried) -> Iterator[Parcel]:
        """The parcel of one share after another, for as long as more are to come."""
        while (share := self._next()) is not None:
            journal.know(share.noted)
            yield share.parcel

    def _next(self) -> Share | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended or self._over)
            if not self._waiting:
                return None
            self._taken.append(self._waiting.popleft())
            self._changed.notify_all()  # there is room
            return self._taken[-1]

    def _tell(self, parcel: Parcel, result: Result | None, journal: Carried) -> None:
        """Takes in a result of a share, or None where there are no more of it."""
        away = self._away() if result is not None and result.status == "failed" else None
        with self._changed:
            self._changed.wait_for(lambda: len(self._told.results) < MOST or self._closed)
            if away is not None:  # all photos would fail that are still to come
                self._leave(f"{away} is not there any more")
            while self._taken[0].parcel is not parcel:  # the run was stopped in that one
                self._taken.popleft()
            if self._told.left is None:
                self._told.noted += journal.take()
                if result is not None:
                    self._told.results.append((self._taken[0].number, result))
                else:
                    self._told.finished.append(self._taken.popleft().number)
            self._changed.notify_all()

    def _away(self) -> Path | None:
        """What the run works in, and this machine does not see."""
        return next((path for path in self._job.seen if not _is_there(path)), None)

    def _leave(self, why: str) -> None:
        self._told.left = self._told.left or why
        self._stop.asked.set()
        self._waiting.clear()

    def _rest(self) -> None:
        """Ends what was taken, after its last result."""
        with self._changed:
            if (why := self._stop.disk or self._stop.device) is not None:
                self._leave(why)
            self._busy = False
            self._changed.notify_all()


def _is_there(path: Path) -> bool:
    try:
        return exists(path)
    except OSError:
        return False


def _unseen(path: Path) -> str:
    """Why a machine does not see what the run works in, and what to do, in one sentence."""
    if is_elsewhere(path):
        try:
            exists(path)
        except OSError as error:
            return f"{path} cannot be looked at from there ({error.strerror}); {next_step(error)}, on every machine"
    return f"{path} is not there; every machine must see the photos under the same name"
