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
from autohdr.encoding import encode
from autohdr.engines.network import Network, open_network
from autohdr.errors import AutohdrError
from autohdr.spec import InputSpec

LIMIT = 600.0
"""Seconds that an engine may take, the building of a plan included; then its process is ended."""
SECONDS = 1.0
"""What the speed of an engine is measured for."""
LEVELS = (0.001, 0.02, 0.18, 0.9)
"""Brightness of the photos, where 1 is sensor saturation: from a night to a snowfield."""
SCENES = 4
"""Photos of each brightness."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of trying one engine: whether it ran, and how fast."""

    engine: str
    reason: str | None = None
    """Why it cannot run here, in one sentence; None where it can."""
    described: dict[str, Any] = field(default_factory=dict)
    """As `Engine.describe` has it."""
    opened: float | None = None
    """Seconds until the model was loaded."""
    photos_per_second: float | None = None
    sliders: list[list[float]] | None = None
    """Of `photos`, scaled to [-1, 1]."""
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


def photos(spec: InputSpec) -> NDArray[np.float32]:
    """Inputs (16, 3, size, size) like those of real photos: smooth light of all levels, the same each time."""
    random = np.random.default_rng(0)
    scenes = [_scene(random, spec.size) for _ in range(SCENES)]
    return np.stack([encode(level * scene, spec) for level in LEVELS for scene in scenes])


def _scene(random: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Relative light (size, size, 3) around 1: coarse and fine, more of it grey than coloured."""
    stops = np.zeros((size, size, 3))
    for cells, depth in ((2, 2.0), (7, 1.0), (23, 0.5)):
        stops += depth * (_smooth(random.normal(size=(cells + 1, cells + 1, 1)), size))
        stops += 0.2 * depth * _smooth(random.normal(size=(cells + 1, cells + 1, 3)), size)
    return np.exp2(stops)


def _smooth(coarse: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """A grid (n, n, c), interpolated to (size, size, c)."""
    at = np.linspace(0, len(coarse) - 1, size)
    low = np.minimum(at.astype(int), len(coarse) - 2)
    part = (at - low)[:, None, None]
    rows = coarse[low] * (1 - part) + coarse[low + 1] * part
    return rows[:, low] * (1 - part[:, 0]) + rows[:, low + 1] * part[:, 0]


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
