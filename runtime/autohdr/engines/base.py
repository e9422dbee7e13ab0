"""What an inference engine is. Each has a file of its own; adding one touches no other."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Engine(Protocol):
    """One network, loaded on one device. Not safe to share between threads."""

    name: str
    """As `--engine` spells it."""

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sliders (N, 8) of prepared photos (N, 3, size, size). The caller has checked shape and dtype."""

    def describe(self) -> dict[str, Any]:
        """What it really runs on, as plain JSON: library, version, device, threads."""

    def close(self) -> None:
        """Give back the device and its memory."""


class EngineFactory(Protocol):
    """How the registry opens an engine."""

    def __call__(self, model: Path) -> Engine:
        """Load `model`.

        Raises:
            EngineError: this engine cannot run here; the sentence says what to install.
        """
