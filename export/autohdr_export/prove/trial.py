"""Runs models on the runtime's own engines, as users do: their answers, and how fast they come."""

import platform
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.network import Network
from autohdr.engines.prove.difference import Difference
from autohdr.engines.prove.speed import Speed, in_turn
from autohdr.engines.registry import open_engine
from autohdr.model.onnx_file import check
from autohdr.system.processors import processor_name, processors
from autohdr_export.prove.samples import Samples

BATCHES = (1, 2, 7, 32)
"""1 and 2 catch a batch that was baked in while tracing; 7 one that is assumed to be even."""

Pixels = NDArray[np.float32]
Features = NDArray[np.float32]


@contextmanager
def opened(model: bytes, engine: str) -> Iterator[Network]:
    """A model that has no file yet, on an engine.

    Raises:
        EngineError: the engine cannot run here.
        ModelError: it cannot load the model.
    """
    found = check(model, Path("the exported model"))
    # Windows keeps a file that is mapped into memory, for a moment longer than the engine.
    with tempfile.TemporaryDirectory(prefix="autohdr-", ignore_cleanup_errors=True) as cache:
        network = Network(found, open_engine(engine, found, Path(cache)))
        try:
            yield network
        finally:
            network.engine.close()


def features(network: Network, pixels: Pixels) -> Features:
    """Features (N, F) of photos (N, 3, S, S), in batches of changing size."""
    found: list[Features] = []
    sizes, done = cycle(BATCHES), 0
    while done < len(pixels):
        batch = pixels[done : done + next(sizes)]
        found.append(network.features(batch))
        done += len(batch)
    return np.concatenate(found)


def machine() -> dict[str, str | int]:
    """What this machine is, plain JSON."""
    return {
        "processor": processor_name(),
        "cores": processors(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


class Compared(NamedTuple):
    """How far a model is from the float32 one."""

    photos: Difference
    extremes: Difference

    @property
    def sliders(self) -> NDArray[np.float64]:
        """(N, 8), of the photos and the extreme inputs."""
        return np.concatenate([part.sliders for part in self])


class Speeds(NamedTuple):
    """What a photo takes on the same engine, in turn."""

    float32: Speed
    model: Speed


class Yardstick:
    """A float32 model on one engine, with its features of samples, which are found once."""

    def __init__(self, float32: bytes, engine: str, over: Samples) -> None:
        """Args:
            float32: the model file.
            engine: where all is compared.
            over: photos and extreme inputs.

        Raises:
            EngineError: the engine cannot run here.
        """
        self._float32, self._over = float32, over
        self.engine = engine
        with opened(float32, engine) as network:
            self.head = network.model.head
            self._photos, self._extremes = features(network, over.photos), features(network, over.extremes)

    def compare(self, model: bytes) -> Compared:
        """Returns how far a model is from the float32 one."""
        with opened(model, self.engine) as network:
            photos, extremes = features(network, self._over.photos), features(network, self._over.extremes)
        return Compared(
            Difference.of_features(photos, self._photos, self.head),
            Difference.of_features(extremes, self._extremes, self.head),
        )

    def time(self, model: bytes) -> Speeds:
        """Returns what a photo takes both models."""
        with ExitStack() as stack:
            networks = [stack.enter_context(opened(data, self.engine)) for data in (self._float32, model)]
            return Speeds(*in_turn(networks, self._over.photos))

    def fewer(self, count: int) -> "Yardstick":
        """Returns one over so many of the photos and of the extreme inputs, or all, evenly spaced."""
        return Yardstick(self._float32, self.engine, self._over.fewer(count))
