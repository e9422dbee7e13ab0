"""The machines of a Ray cluster that work on a run: a worker on each, called over Ray."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from autohdr.cluster.connecting import within
from autohdr.cluster.messages import Job, Opened, Refused, Share, Told
from autohdr.cluster.worker import Worker
from autohdr.codes import Code
from autohdr.errors import EngineError

SILENT = 30.0
"""Seconds after which the head of a cluster is taken to have gone."""
PATIENCE = 10.0
"""Seconds for which a worker may give its engine back at the end of a run."""


@dataclass(eq=False, slots=True)
class Machine:
    """A machine, and the call to its worker that it has not answered."""

    node: str
    """Ray's name of it."""
    host: str
    processors: int
    gpu: bool
    worker: Any = None
    call: Any = None
    given: list[int] = field(default_factory=list)
    """Numbers of the shares that its worker has, in order."""
    opened: bool = False
    """Whether the worker is ready."""
    idle: bool = True
    """Whether it has nothing to do."""
    deaths: int = 0
    """How many workers have died on the machine since one has finished a share."""


@dataclass(frozen=True, slots=True)
class Dead:
    """Instead of an answer: the worker has ended, or cannot be reached."""

    why: str


Answer = Opened | Refused | Told | Dead


class Crew:
    """Starts a worker on each machine, calls them, and hears them."""

    def __init__(self, ray: ModuleType, job: Job) -> None:
        self._ray = ray
        self._job = ray.put(job)
        self._worker = ray.remote(Worker)
        self._known: set[str] = set()
        self.machines: list[Machine] = []

    def look(self) -> None:
        """Starts a worker on each machine that has joined since this was last asked."""
        for node in sorted(self._nodes(), key=lambda node: str(node["NodeManagerAddress"])):
            if node["NodeID"] not in self._known:
                self._known.add(node["NodeID"])
                resources = node["Resources"]
                own = str(node["NodeManagerHostname"]), int(resources["CPU"]), resources.get("GPU", 0) >= 1
                self.machines.append(Machine(node["NodeID"], *own))
                self._start(self.machines[-1])

    def restart(self, machine: Machine) -> bool:
        """Starts another worker where one has ended; False where the machine is gone."""
        machine.given.clear()
        machine.opened, machine.idle = False, True
        with contextlib.suppress(Exception):
            self._ray.kill(machine.worker)  # one that cannot be reached may still work
        if all(node["NodeID"] != machine.node for node in self._nodes()):
            return False
        self._start(machine)
        return True

    def give(self, machine: Machine, shares: list[Share], *, ended: bool) -> None:
        """Calls a worker that has answered, with shares for it; as of `Worker.exchange`."""
        machine.given += [share.number for share in shares]
        machine.idle = machine.idle and not shares
        machine.call = machine.worker.exchange.remote(shares, ended)

    def answers(self, seconds: float) -> Iterator[tuple[Machine, Answer]]:
        """Yields the answers that are there, after waiting for one of them for at most so long."""
        calls = {machine.call: machine for machine in self.machines if machine.call is not None}
        if not calls:
            return
        self._ray.wait([*calls], num_returns=1, timeout=seconds)
        for call in self._ray.wait([*calls], num_returns=len(calls), timeout=0)[0]:
            machine, answer = calls[call], self._answer(call)
            machine.call = None
            yield machine, answer

    def leave(self, machine: Machine) -> None:
        """Ends a worker, and starts none there again."""
        self.machines.remove(machine)
        with contextlib.suppress(Exception):
            self._ray.kill(machine.worker)

    def stop(self) -> None:
        """Lets no worker begin another photo."""
        for machine in self.machines:
            machine.worker.stop.remote()

    def close(self) -> None:
        """Ends all workers; those that are at rest give their engines back before."""
        with contextlib.suppress(Exception):
            calls = [machine.worker.close.remote() for machine in self.machines if machine.idle]
            self._ray.wait(calls, num_returns=len(calls), timeout=PATIENCE)
        self.kill()

    def kill(self) -> None:
        """Ends all workers at once."""
        while self.machines:
            self.leave(self.machines[-1])

    def _nodes(self) -> list[dict[str, Any]]:
        """The machines that have processors for us: on the head of a cluster there often are none.

        Raises:
            EngineError: nobody says.
        """
        try:
            nodes = within(SILENT, self._ray.nodes)
        except TimeoutError:
            sentence = "the head of the Ray cluster does not answer any more; once it runs again, give the same command"
            raise EngineError(sentence, code=Code.CLUSTER_REFUSED) from None
        return [node for node in nodes if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]

    def _start(self, machine: Machine) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        there = self._worker.options(
            num_cpus=1,
            num_gpus=int(machine.gpu),
            max_concurrency=2,
            max_restarts=0,
            scheduling_strategy=NodeAffinitySchedulingStrategy(machine.node, soft=False),
        )
        machine.worker = there.remote(self._job, machine.processors)
        machine.call = machine.worker.open.remote()

    def _answer(self, call: Any) -> Answer:
        try:
            answer: Answer = self._ray.get(call)
        except self._ray.exceptions.RayError as error:
            return Dead(str(error))
        return answer
