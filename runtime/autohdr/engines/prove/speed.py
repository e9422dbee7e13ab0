"""Times networks in turn."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.network import Network
from autohdr.engines.registry import ON_GPU
from autohdr.words import BATCH

ROUNDS = 7
"""How many rounds every model takes in turn; one more comes before, and does not count."""


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


def in_turn(networks: Sequence[Network], photos: NDArray[np.float32], rounds: int = ROUNDS) -> list[Speed]:
    """What a photo takes each of them, in batches as `autohdr label` hands them over: A B A B, so that what else the
    machine does meanwhile meets all."""
    batch = np.resize(photos, (BATCH, *photos.shape[1:]))
    times: list[list[tuple[float, float]]] = [[] for _ in networks]
    for _ in range(rounds + 1):
        for taken, network in zip(times, networks, strict=True):
            processor, clock = time.process_time(), time.perf_counter()
            network.features(batch)
            taken.append((time.process_time() - processor, time.perf_counter() - clock))
    return [_speed(taken[1:]) for taken in times]


def _speed(taken: list[tuple[float, float]]) -> Speed:
    processor, clock = (median(column) / BATCH for column in zip(*taken, strict=True))
    return Speed(processor, clock)


def faster(engine: str, speed: Speed, than: Speed) -> float:
    """How many times as fast: by processor time, or by the clock where a device does the work."""
    return than.clock / speed.clock if engine in ON_GPU else than.processor / speed.processor
