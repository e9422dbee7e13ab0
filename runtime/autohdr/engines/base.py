"""Defines an inference engine. Each has a file of its own; adding one touches no other."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autohdr.model.info import ModelFile


class Engine(Protocol):
    """One network, loaded on one device. Not safe to share between threads."""

    name: str
    """The engine's name, as `--engine` spells it."""

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Features (N, F) of prepared photos (N, 3, size, size), C-contiguous. The caller has checked shape and dtype.

        Raises:
            OutOfMemoryError: the device has too little memory for so many photos at once.
            DeviceLostError: the device has stopped answering.
            EngineError: the library refuses one of these photos.
        """

    def describe(self) -> dict[str, Any]:
        """Says what the engine really runs on, as plain JSON: library, version, device, threads."""

    def close(self) -> None:
        """Give back the device and its memory."""


class EngineFactory(Protocol):
    """How the registry opens an engine."""

    def __call__(self, model: ModelFile, cache: Path) -> Engine:
        """Load `model`.

        Args:
            model: what to load.
            cache: folder for what is costly to find out and holds for this machine only, such as plans and tuned
                settings; made when it is needed. Losing it costs time.

        Raises:
            EngineError: this engine cannot run here, or not this model; the sentence says what to install.
            ModelError: the file is damaged.
        """
