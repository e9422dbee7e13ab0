"""Settings found by a short measurement and remembered: they change how fast features are found, never which.

Measured is the processor time of one thread. In a run the threads that decode share the cores with the network, so that
is what a photo costs; and time on the clock would measure the decoders as well.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import FileError
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.system.processors import processor_name, processors

Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Features (N, F) of photos (N, 3, size, size), all of it on the thread that calls."""

PHOTOS = 4
"""Photos that are measured, so many times over."""
ROUNDS = 2
WIN = 0.95
"""A setting is taken if it needs less than this share of the other's time: two measurements of one differ, too."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How ONNX Runtime is used; without arguments, as it is before anything was measured."""

    batch: int = 1
    """Photos in one call."""
    arena: bool = True
    """Whether memory is kept from one call to the next."""


CHALLENGERS = (Setting(arena=False), Setting(batch=4))
"""More threads for one photo are not among them: that costs more, see `CpuEngine`."""


def in_batches(pixels: NDArray[np.float32], batch: int) -> list[NDArray[np.float32]]:
    """Photos (N, ...) in arrays of exactly `batch`; the last photo is repeated to fill the last one.

    A library computes a batch of another size by another path, and its last bits differ.
    """
    missing = -len(pixels) % batch
    filled = np.concatenate([pixels, np.repeat(pixels[-1:], missing, axis=0)]) if missing else pixels
    return list(np.split(filled, len(filled) // batch))


def search(
    opened: Callable[[Setting], Run], pixels: NDArray[np.float32], clock: Callable[[], float] = time.thread_time
) -> Setting:
    """The fastest setting of those whose answers are, bit for bit, the same wherever in a batch a photo stands.

    Args:
        opened: the network with a setting. Two are open at a time.
        pixels: any photos, at least one.
        clock: seconds that this thread has worked.
    """
    photos = np.resize(pixels, (PHOTOS, *pixels.shape[1:]))
    best, run = Setting(), opened(Setting())
    answer = run(photos)
    for challenger in CHALLENGERS:
        other = opened(challenger)
        turned = np.roll(other(np.roll(photos, 1, axis=0)), -1, axis=0)
        if {other(photos).tobytes(), turned.tobytes()} == {answer.tobytes()}:
            own, its = _in_turn(run, other, photos, clock)
            if its < WIN * own:
                best, run = challenger, other
    return best


def _in_turn(first: Run, second: Run, photos: NDArray[np.float32], clock: Callable[[], float]) -> tuple[float, float]:
    """Seconds that each needs at its best, measured A B A B."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for run, measured in zip((first, second), seconds, strict=True):
            begun = clock()
            run(photos)
            measured.append(clock() - begun)
    return min(seconds[0]), min(seconds[1])


@dataclass(frozen=True, slots=True)
class Memory:
    """The setting that was found for one model on one machine, in a small JSON file."""

    path: Path
    key: dict[str, Any]
    """All that the finding depends on, plain JSON."""

    @classmethod
    def of(cls, cache: Path, engine: str, model: str, library: str) -> "Memory":
        """The file in the cache folder in which an engine remembers what it found for the model of this digest."""
        key = {
            "engine": engine,
            "model": model,
            "library": library,
            "processor": processor_name(),
            "cores": processors(),
            "photos": PHOTOS,
            "tried": [asdict(setting) for setting in CHALLENGERS],
        }
        return cls(cache / "tuned" / f"{engine}-{model}.json", key)

    def read(self) -> Setting | None:
        """The setting that was found; None where nothing is remembered, or something else: of another machine, or
        damaged.
        """
        with suppress(FileError, ValueError, KeyError, TypeError):
            found = json.loads(read_bytes(self.path) or b"null")
            known = {json.dumps(asdict(setting)): setting for setting in (Setting(), *CHALLENGERS)}
            if found["key"] == self.key:
                return known[json.dumps(found["setting"])]
        return None

    def write(self, setting: Setting) -> None:
        """Remembers the setting. It only saves a second, so nothing is said where it cannot be written."""
        text = json.dumps({"key": self.key, "setting": asdict(setting)}, indent=2) + "\n"
        with suppress(FileError, OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, text.encode())
