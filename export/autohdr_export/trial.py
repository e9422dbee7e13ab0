"""Runs models on the runtime's own engines, as users do: their answers, and how fast they come."""

import platform
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.network import Network, open_network
from autohdr.engines.registry import ON_GPU
from autohdr.processors import processor_name, processors
from autohdr.words import BATCH
from autohdr_export.parity import BATCHES

ROUNDS = 7
"""That every model takes in turn; one more comes before, and does not count."""

Pixels = NDArray[np.float32]
Features = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Speed:
    """What one photo takes; the median of rounds."""

    processor: float
    """Seconds of processor time, over all threads."""
    clock: float
    """Seconds."""

    @property
    def rate(self) -> float:
        """Photos a second by the clock."""
        return 1.0 / self.clock


@contextmanager
def opened(model: bytes, engine: str) -> Iterator[Network]:
    """A model that has no file yet, on an engine.

    Raises:
        EngineError: the engine cannot run here.
        ModelError: it cannot load the model.
    """
    # Windows keeps a file that is mapped into memory, for a moment longer than the engine.
    with tempfile.TemporaryDirectory(prefix="autohdr-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "model.onnx"
        path.write_bytes(model)
        with open_network(path, engine, Path(folder) / "cache") as network:
            yield network


def features(network: Network, pixels: Pixels) -> Features:
    """Features (N, F) of photos (N, 3, S, S), in batches of changing size."""
    found: list[Features] = []
    sizes, done = cycle(BATCHES), 0
    while done < len(pixels):
        batch = pixels[done : done + next(sizes)]
        found.append(network.features(batch))
        done += len(batch)
    return np.concatenate(found)


def in_turn(networks: Mapping[str, Network], photos: Pixels, rounds: int = ROUNDS) -> dict[str, Speed]:
    """What a photo takes each of them, in batches as `autohdr label` hands them over: A B A B, so that what else the
    machine does meanwhile meets all."""
    batch = np.resize(photos, (BATCH, *photos.shape[1:]))
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in networks}
    for _ in range(rounds + 1):
        for name, network in networks.items():
            processor, clock = time.process_time(), time.perf_counter()
            network.features(batch)
            times[name].append((time.process_time() - processor, time.perf_counter() - clock))
    return {name: _speed(taken[1:]) for name, taken in times.items()}


def _speed(taken: list[tuple[float, float]]) -> Speed:
    processor, clock = (median(column) / BATCH for column in zip(*taken, strict=True))
    return Speed(processor, clock)


def faster(engine: str, speed: Speed, than: Speed) -> float:
    """How many times as fast: by processor time, or by the clock where a device does the work."""
    return than.clock / speed.clock if engine in ON_GPU else than.processor / speed.processor


def machine() -> dict[str, str | int]:
    """What this machine is, plain JSON."""
    return {
        "processor": processor_name(),
        "cores": processors(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def open_all(models: Mapping[str, bytes], engine: str, stack: ExitStack) -> dict[str, Network]:
    """Several models on one engine, until `stack` is left.

    Raises:
        EngineError, ModelError: as `opened`.
    """
    return {name: stack.enter_context(opened(model, engine)) for name, model in models.items()}
