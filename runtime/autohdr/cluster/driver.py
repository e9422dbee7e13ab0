"""Drives a run on a cluster: hands out the photos, and takes what comes of them. It stands where a labeller stands."""

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autohdr.cluster.connecting import connected
from autohdr.cluster.crew import Answer, Crew, Dead, Machine
from autohdr.cluster.messages import Job, Noted, Opened, Refused
from autohdr.cluster.shares import Shares
from autohdr.codes import Code
from autohdr.errors import AutohdrError, EngineError
from autohdr.files.whole import read_bytes
from autohdr.model.onnx_file import read_model
from autohdr.run.labeller import Remember, depends_on
from autohdr.run.results.notes import Note
from autohdr.run.results.report import Result
from autohdr.run.settings import Gathered, Settings
from autohdr.run.spread.parcels import Parcel
from autohdr.run.state.journal import Entry, Journal
from autohdr.run.stop import Stop
from autohdr.style.predict import mode_of

DEATHS = 5
"""Workers that may end one after the other on a machine, none of which has finished a share; then it is left out."""
FIRST = 4
"""Shares that a worker gets at once."""
WAIT = 0.5
"""Seconds for which answers are waited for before Ctrl-C is looked for."""
LOOK = 5.0
"""Seconds between two looks for machines that have joined."""
_NO_MACHINE = (
    "no machine of the cluster has processors for its work; let machines join it: ray start --address=HEAD:6379"
)
OPEN = 4096
"""Series that may still have photos, of which the number is kept."""


class Cluster:
    """Workers on the machines of a cluster, through which any number of photos pass. Of one caller at a time."""

    def __init__(self, crew: Crew, journal: Journal, stop: Stop, on_note: Callable[[Note], None]) -> None:
        self._crew = crew
        self._journal = journal
        self._stop = stop
        self._on_note = on_note
        self._engines: dict[str, dict[str, Any]] = {}
        self._model: dict[str, Any] = {}
        self._stopped = False
        self._shares: Shares | None = None
        self._numbers: dict[tuple[Path, str], int] = {}
        self._series = 0
        self._looked = time.monotonic()
        self._why: AutohdrError = EngineError(_NO_MACHINE, code=Code.CLUSTER_REFUSED)

    def begin(self) -> None:
        """Returns once a machine is ready.

        Raises:
            AutohdrError: what the last machine says of itself, where none can take part.
        """
        self._crew.look()
        nothing = Shares((), self._noted)
        while not self._engines and not self._stop.now:
            if not self._crew.machines:
                raise self._why
            for machine, answer in self._crew.answers(WAIT):
                for _ in self._heard(machine, answer, nothing):
                    raise AssertionError("nothing was given")

    @property
    def complete(self) -> bool:
        """Whether all has come of the parcels that it was given."""
        return self._shares is not None and self._shares.done

    def results(self, parcels: Iterable[Parcel]) -> Generator[Result]:
        """Yields the result of each photo, as they end; photos that were not begun when the run stopped have none."""
        shares = self._shares = Shares(parcels, self._noted)
        while not shares.done:
            if self._stop.now and not self._stopped:
                self._stopped = True
                self._crew.stop()
            if not self._crew.machines:
                self._stop.device = self._stop.device or f"no machine is left that could go on: {self._why}"
                return
            if self._stopped and all(machine.idle for machine in self._crew.machines):
                return
            for machine in self._crew.machines:
                if machine.opened and machine.call is None and not self._stopped:
                    self._give(machine, FIRST, shares)
            for machine, answer in self._crew.answers(WAIT):
                yield from self._heard(machine, answer, shares)
            self._look()

    def engine(self) -> dict[str, Any]:
        """Plain JSON: the engine of the first machine that was ready, and the engine of each."""
        machines = {host: str(engine.get("name")) for host, engine in self._engines.items()}
        return {**next(iter(self._engines.values()), {}), "machines": machines}

    def describe(self) -> dict[str, Any]:
        """Plain JSON: the network and the style."""
        return self._model

    def _noted(self, photo: Path) -> Noted | None:
        found = self._journal.noted(photo)
        return next((one for one in found if isinstance(one, Entry)), next(iter(found), None))

    def _numbered(self, result: Result) -> Result:
        """The result with the number of its series in this run: each worker counts its own."""
        if result.series is None:
            return result
        key = result.path.parent, result.series.first
        if (number := self._numbers.pop(key, None)) is None:
            self._series += 1
            number = self._series
        self._numbers[key] = number
        if len(self._numbers) > OPEN:
            del self._numbers[next(iter(self._numbers))]
        return replace(result, series=replace(result.series, number=number))

    def _look(self) -> None:
        if time.monotonic() - self._looked >= LOOK and not self._stopped:
            self._looked = time.monotonic()
            self._crew.look()

    def _heard(self, machine: Machine, answer: Answer, shares: Shares) -> Iterator[Result]:
        """The results that an answer holds, and what it says of the machine."""
        match answer:
            case Opened():
                machine.opened = True
                self._engines.setdefault(machine.host, answer.engine)
                self._model = self._model or answer.model
            case Refused():
                self._lose(machine, answer.error)
            case Dead():
                yield from self._died(machine, answer.why, shares)
            case _:
                for photo, noted in answer.noted:
                    self._journal.add(photo, noted)
                yield from (self._numbered(result) for number, result in answer.results if shares.told(number, result))
                for number in answer.finished:
                    shares.finish(number)
                    machine.given.remove(number)
                    machine.deaths = 0
                machine.idle = answer.idle
                if answer.broken is not None:
                    yield from self._died(machine, answer.broken, shares)
                elif answer.left is not None:
                    given = [*machine.given]
                    self._lose(machine, EngineError(answer.left))
                    yield from shares.lost(given, died=False)
                elif not (self._stopped and answer.idle):
                    self._give(machine, answer.room, shares)

    def _give(self, machine: Machine, room: int, shares: Shares) -> None:
        given = [] if self._stopped else shares.give(room, idle=machine.idle and not machine.given)
        self._crew.give(machine, given, ended=shares.ended or self._stopped)

    def _died(self, machine: Machine, why: str, shares: Shares) -> Iterator[Result]:
        """A worker has ended: what it had is done by others, and another one is started in its place."""
        given = [*machine.given]
        machine.deaths += 1
        if self._stopped:
            self._crew.leave(machine)
        elif machine.deaths >= DEATHS:
            self._lose(machine, EngineError(f"{DEATHS} workers have ended there, with nothing done: {_short(why)}"))
        elif not self._crew.restart(machine):
            self._lose(machine, EngineError("it has left the cluster"))
        yield from shares.lost(given)

    def _lose(self, machine: Machine, error: AutohdrError) -> None:
        """A machine does no more of this run, and that is said."""
        self._crew.leave(machine)
        self._why = type(error)(f"{machine.host}: {error}", code=error.code)
        self._on_note(Note(Code.MACHINE_LEFT, f"{machine.host} does no more of this run: {error}; others go on."))


@contextlib.contextmanager
def open_cluster(
    cluster: str,
    settings: Settings,
    gathered: Gathered,
    named: Sequence[Path],
    remember: Remember,
    on_note: Callable[[Note], None],
    stop: Stop,
) -> Iterator[Cluster]:
    """Opens a worker on each machine of a cluster, and the journal of the run, for a block.

    Args:
        cluster: `ray`, `ray:ADDRESS` or `ray://HOST:PORT`.
        settings: of the run, checked.
        gathered: what `gather` found for them.
        named: what the run works in, which all machines must see.
        remember: opens the journal, given what the labels depend on besides the RAW files.
        on_note: told of machines that cannot take part, or cannot go on.
        stop: what ends the run.

    Raises:
        SettingsError: the address is none, or another run works there.
        MissingError: Ray is not installed.
        EngineError: there is no cluster, or none of its machines can take part.
        ModelError: the model is not ours, or not the one that the style was learnt on.
    """
    model = read_model(gathered.model)
    style = gathered.style
    if style is not None:
        style.refuse_other(model)
    label = model.label if style is None else style.label
    depends = depends_on(settings, label, mode_of(style, model.info, sdr=settings.sdr))
    job = Job(
        version("autohdr"),
        settings,
        None if settings.style is None else read_bytes(settings.style),
        None if settings.model is None else model.data,
        tuple(named),
        depends,
    )
    with contextlib.ExitStack() as held:
        journal = held.enter_context(remember(depends))
        ray = held.enter_context(connected(cluster, len(job.style or b"") + len(job.model or b"")))
        crew = Crew(ray, job)
        held.callback(crew.kill)
        running = Cluster(crew, journal, stop, on_note)
        running.begin()
        yield running
        crew.close()


def _short(why: str) -> str:
    """What Ray says of a worker that has ended, in one line."""
    return " ".join(why.split())[:200]
