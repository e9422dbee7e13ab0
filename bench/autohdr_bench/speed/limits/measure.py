"""All of this machine's limits, in one stage, and the floors that follow from them."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from autohdr_bench.speed.limits.bits import noisy_stream, walk
from autohdr_bench.speed.limits.disk import CAN_BE_COLD, forget
from autohdr_bench.speed.limits.products import products
from autohdr_bench.speed.method.rounds import Case, in_turn
from autohdr_bench.speed.results import Figure, Group, Stage

NAME = "limits"
_GIGA = 1e9
_COPIED = 128 << 20  # bytes, more than caches hold
_PIXELS = 1 << 21  # of the stream whose codes are walked through


@dataclass(frozen=True, slots=True)
class Limits:
    """Holds this machine's rates."""

    stage: Stage  # as they were measured
    warm: float  # bytes a second from the system's cache
    copy: float  # bytes a second that one thread copies in memory
    bits: float  # bits a second of a lossless JPEG's codes, one thread
    products: dict[str, float]  # operations a second by type and threads, as `float32, 1 thread`

    def decoding(self, file_bytes: int, mosaic_bytes: int) -> Figure:
        """Floor of decoding a file on one thread: its codes are walked through, or its samples copied as they are."""
        if file_bytes >= mosaic_bytes:
            seconds = mosaic_bytes / self.copy
            return Figure.computed("floor", seconds, f"its samples, copied at {self.copy / _GIGA:.1f} GB/s")
        seconds = 8 * file_bytes / self.bits
        return Figure.computed("floor", seconds, f"its codes, walked through at {self.bits / _GIGA:.2f} Gbit/s")

    def computing(self, operations: float, kind: str, what: str) -> Figure | None:
        """Floor of so many operations a unit, at the rate of `kind`; None where that was not measured."""
        rate = self.products.get(kind)
        if rate is None:
            return None
        note = f"{what}, {operations / _GIGA:.2f} GFLOP at {rate / _GIGA:.0f} GFLOP/s ({kind})"
        return Figure.computed("floor", operations / rate, note)


def measure(path: Path, *, threads: int, rounds: int) -> Limits:
    """Measures them.

    Args:
        path: a large file on the disk that photos lie on.
        threads: most to try.
        rounds: that count.
    """
    groups = [
        _group("disk", "GB", _disk(path), rounds, {"file_bytes": path.stat().st_size}),
        _group("memory", "GB", _memory(threads), rounds, {"bytes": _COPIED}),
        _group("codes", "Gbit", _codes(), rounds, {}),
        _group("products", "GFLOP", products(threads), rounds, {}),
    ]
    notes = () if CAN_BE_COLD else ("this system's cache cannot be emptied, so no file is read cold",)
    rates = {group.name: {figure.name: _GIGA / figure.median for figure in group.figures} for group in groups}
    return Limits(
        stage=Stage(NAME, tuple(groups), notes),
        warm=rates["disk"]["warm"],
        copy=rates["memory"]["1 thread"],
        bits=rates["codes"]["1 thread"],
        products=rates["products"],
    )


def _group(name: str, unit: str, cases: Mapping[str, Case], rounds: int, facts: dict[str, int]) -> Group:
    taken = in_turn(cases, rounds=rounds)
    figures = tuple(Figure.of(case, "floor", times) for case, times in taken.times.items())
    return Group(name, unit, figures, taken.conditions, facts=dict(facts))


def _disk(path: Path) -> dict[str, Case]:
    size = path.stat().st_size / _GIGA
    cases = {"warm": Case(path.read_bytes, size)}
    if CAN_BE_COLD and os.access(path, os.W_OK):
        # First in a round; what it leaves in the cache is what the warm one reads.
        cases = {"cold": Case(path.read_bytes, size, before=partial(forget, path)), **cases}
    return cases


def _memory(threads: int) -> dict[str, Case]:
    size = _COPIED // threads * threads
    source, target = np.ones(size, np.uint8), np.zeros(size, np.uint8)

    def copy(count: int) -> None:
        parts = [slice(size * part // count, size * (part + 1) // count) for part in range(count)]
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(lambda part: np.copyto(target[part], source[part]), parts))

    return {
        f"{count} thread{'s' if count > 1 else ''}": Case(partial(copy, count), size / _GIGA)
        for count in sorted({1, threads})
    }


def _codes() -> dict[str, Case]:
    stream = noisy_stream(_PIXELS)
    run: Callable[[], int] = partial(walk, stream)
    return {"1 thread": Case(run, run() / _GIGA)}
