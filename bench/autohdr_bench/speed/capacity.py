"""How many RAWs a minute a machine would label, from stages measured on one: so that a studio can size its own.

A resource bounds a run at what it gives a second over what a photo takes of it: the cores at the processor time of all
stages, the disk at the file's bytes, and the thread that reads and the one that writes at one photo after the other.
The least of these bounds the whole. Many cores get in each other's way (memory, caches, clocks): n of them do n / (1 +
s (n - 1)), with `s` fitted to the measured scaling (Gunther's law of scalability, without its second term, which two
counts cannot tell).
"""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from autohdr_bench.speed.results import Group, Result

CORES = (2, 4, 8, 16, 32)
DISKS = {"hard disk, 0.15 GB/s": 0.15e9, "SATA SSD, 0.5 GB/s": 0.5e9, "NVMe SSD, 3 GB/s": 3e9}
"""Bytes a second; what such disks are sold as, not measured here."""
STAGES = ("read", "decode and prepare", "network", "write")


@dataclass(frozen=True, slots=True)
class Work:
    """The work that one photo takes."""

    cpu: dict[str, float]  # processor time by stage, seconds
    wall: dict[str, float]  # by stage alone, with the threads that it has in a run, seconds
    file_bytes: float

    @classmethod
    def of(cls, group: Group, file_bytes: float) -> "Work":
        """The work of a photo, from a group of `STAGES`."""
        found = {name: figure for name in STAGES if (figure := group.figure(name)) is not None}
        cpu = {name: figure.processor or figure.median for name, figure in found.items()}
        return cls(cpu, {name: figure.median for name, figure in found.items()}, file_bytes)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a studio can choose."""

    cores: int
    disk: float  # bytes a second
    contention: float = 0.0  # `s`: 0 where cores do not disturb each other

    @property
    def effective(self) -> float:
        """Cores, less what they lose to each other."""
        return self.cores / (1 + self.contention * (self.cores - 1))


def rates(work: Work, machine: Machine) -> dict[str, float]:
    """Photos a second that each resource allows, the least of which bounds the whole."""
    return {
        "cores": machine.effective / sum(work.cpu.values()),
        "disk": machine.disk / work.file_bytes,
        "the thread that reads": 1 / work.wall["read"],
        "the thread that writes": 1 / work.wall["write"],
    }


def predict(work: Work, machine: Machine) -> tuple[str, float]:
    """What bounds the whole, and photos a second."""
    found = rates(work, machine)
    name = min(found, key=lambda resource: found[resource])
    return name, found[name]


def contention(group: Group) -> float:
    """`s` of a group of thread counts, times a photo of all that the threads do together; 0 where only 1 was tried."""
    one = group.figure("1")
    if one is None:
        return 0.0
    found = []
    for figure in group.figures:
        if figure.name.isdigit() and (count := int(figure.name)) > 1:
            speed_up = one.median / figure.median
            found.append((count / speed_up - 1) / (count - 1))
    return max(0.0, statistics.fmean(found)) if found else 0.0


def bound(group: Group, work: Work, cores: int, disk: float) -> dict[str, Any]:
    """What bounds the measured run, plain JSON.

    `slowest_stage` is the stage that takes longest alone; `of_slowest` how many times as long a photo of the whole run
    takes. `limit` is the resource that allows the fewest photos; `of_limit` the same of it.
    """
    whole = group.figures[-1].median
    stage = max(work.wall, key=lambda name: work.wall[name])
    limit, rate = predict(work, Machine(cores, disk))
    return {
        "slowest_stage": stage,
        "of_slowest": round(whole / work.wall[stage], 4),
        "limit": limit,
        "of_limit": round(whole * rate, 4),
        "cpu_seconds": {name: round(seconds, 6) for name, seconds in work.cpu.items()},
        "wall_seconds": {name: round(seconds, 6) for name, seconds in work.wall.items()},
        "whole_seconds": round(whole, 6),
        "raws_per_minute": round(60 / whole, 1),
        "file_bytes": round(work.file_bytes),
    }


def table(work: Work, lost: float = 0.0) -> list[tuple[str, ...]]:
    """Rows of text: a number of cores, then for each of `DISKS` the RAWs a minute and what bounds them.

    Args:
        work: of a photo.
        lost: contention of the cores.
    """
    rows = []
    for cores in CORES:
        found = [predict(work, Machine(cores, rate, lost)) for rate in DISKS.values()]
        rows.append((f"{cores}", *(f"{60 * photos:,.0f} ({limit})" for limit, photos in found)))
    return rows


def lost_in(result: Result) -> float:
    """Contention of a result's threads; 0 where they were not measured."""
    prepare = result.stage("prepare")
    threads = prepare.group("threads") if prepare is not None else None
    return contention(threads) if threads is not None else 0.0


def checks(result: Result) -> list[dict[str, Any]]:
    """What the model says of this machine beside what was measured, plain JSON."""
    found = []
    prepare, run = result.stage("prepare"), result.stage("run")
    threads = prepare.group("threads") if prepare is not None else None
    if threads is not None:
        found += _scaling(threads)
    for name, told in (run.extra if run is not None else {}).items():
        found.append(_row(f"{name}, whole run", told["whole_seconds"] / told["of_limit"], told["whole_seconds"]))
    return found


def _scaling(threads: Group) -> list[dict[str, Any]]:
    """What the model says of the largest number of threads from the smaller ones, beside what was measured."""
    counts = sorted(int(figure.name) for figure in threads.figures if figure.name.isdigit())
    if len(counts) < 2:
        return []
    fewer = replace(threads, figures=tuple(figure for figure in threads.figures if figure.name != str(counts[-1])))
    one, most = threads.figure("1"), threads.figure(str(counts[-1]))
    assert one is not None
    assert most is not None
    seconds = one.median / Machine(counts[-1], 0.0, contention(fewer)).effective
    return [_row(f"decode and prepare, {counts[-1]} threads from fewer", seconds, most.median)]


def _row(name: str, predicted: float, measured: float) -> dict[str, Any]:
    return {
        "name": name,
        "predicted_raws_per_minute": round(60 / predicted, 1),
        "measured_raws_per_minute": round(60 / measured, 1),
        "off": round(measured / predicted - 1, 4),
    }


def work_of(told: Mapping[str, Any]) -> Work:
    """The work of a photo, from what `bound` told."""
    return Work(dict(told["cpu_seconds"]), dict(told["wall_seconds"]), float(told["file_bytes"]))
