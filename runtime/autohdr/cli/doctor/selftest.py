"""Tries one engine in a process of its own: a library that crashes takes nothing else with it.

`python -m autohdr.cli.doctor.selftest` reads the question from standard input and prints the answer, each one line of
JSON.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.codes import Code
from autohdr.engines.network import Network, open_network
from autohdr.engines.prove.inputs import photos
from autohdr.errors import AutohdrError

LIMIT = 600.0
"""Seconds that an engine may take, the building of a plan included; then its process is ended."""
SECONDS = 1.0
"""What the speed of an engine is measured for."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of trying one engine: whether it ran, and how fast."""

    engine: str
    reason: str | None = None
    """Why it cannot run here, in one sentence; None where it can."""
    described: dict[str, Any] = field(default_factory=dict)
    """What the engine runs on, as `Engine.describe` says it."""
    opened: float | None = None
    """Seconds until the model was loaded."""
    photos_per_second: float | None = None
    sliders: list[list[float]] | None = None
    """The sliders of `photos`, scaled to [-1, 1]."""
    code: str = Code.RUNS
    """Whether and why not, for programs."""


def attempt(engine: str, model: Path, cache: Path, batch: int, limit: float = LIMIT) -> Trial:
    """Tries an engine in a process of its own. What that process prints as an error goes where ours does.

    Args:
        engine: its name.
        model: the model file.
        cache: as `open_network` takes it.
        batch: photos at once that its speed is measured with.
        limit: seconds after which its process is ended.
    """
    question = json.dumps({"engine": engine, "model": str(model), "cache": str(cache), "batch": batch})
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "autohdr.cli.doctor.selftest"],
            input=question,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        late = f"engine {engine} did not answer within {limit:g} s and was ended; use another engine"
        return Trial(engine, late, code=Code.NO_ANSWER)
    try:
        return Trial(**json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError, TypeError):
        ended = f"engine {engine} ended its process with code {done.returncode}; use another engine"
        return Trial(engine, ended, code=Code.NO_ANSWER)


def run(engine: str, model: Path, cache: Path, batch: int) -> Trial:
    """The engine's answers to `photos`, and how fast they come, in this process."""
    try:
        begun = time.perf_counter()
        with open_network(model, engine, cache) as network:
            opened = time.perf_counter() - begun
            pixels = photos(network.info.spec)
            sliders = network.predict(pixels)
            speed = _speed(network, pixels[:batch])
            described = network.engine.describe()
    except AutohdrError as error:
        return Trial(engine, str(error), code=error.code)
    except Exception as error:
        bug = f"engine {engine}: {type(error).__name__}: {error}; this is a bug, please report it"
        return Trial(engine, bug, code=Code.BUG)
    return Trial(engine, None, described, opened, speed, sliders.tolist())


def _speed(network: Network, pixels: NDArray[np.float32]) -> float:
    """Photos a second; it has run before."""
    network.predict(pixels)  # kernels are chosen by the batch's size
    begun, done = time.perf_counter(), 0
    while (seconds := time.perf_counter() - begun) < SECONDS:
        network.predict(pixels)
        done += len(pixels)
    return done / seconds


def main() -> None:
    """Tries one engine and prints what it showed, as the process that `attempt` starts."""
    question = json.loads(sys.stdin.readline())
    trial = run(question["engine"], Path(question["model"]), Path(question["cache"]), question["batch"])
    print("\n" + json.dumps(asdict(trial)))


if __name__ == "__main__":
    main()
