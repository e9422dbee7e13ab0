"""A shoot of thousands of RAWs, labelled by `autohdr label`: throughput and memory over time.

A few photos are generated, and each file of the shoot is one of them with its own number behind the end of the picture,
where no decoder looks: no two files are equal, so none can be read in another's place, but the pictures come again.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types

from autohdr.errors import SettingsError
from autohdr.files.folders import STATE, make_folder
from autohdr.system.processors import processors
from autohdr_bench.speed.method import watch
from autohdr_bench.speed.method.rounds import Conditions
from autohdr_bench.speed.results import Figure, Group, Stage
from autohdr_scenes import write_shoot
from autohdr_scenes.shoot import refuse_full

NAME = "scale"
ORIGINALS = 24
"""Different pictures."""
PARTS = 20
"""Equal parts of the shoot that throughput is told of, or fewer:"""
LEAST = 40
"""Photos in a part: they end in batches of eight, so that few photos say nothing of a speed."""
EVERY = 0.5
"""Seconds between two looks at the memory."""


@dataclass(slots=True)
class Seen:
    """The observations of one run."""

    ended: list[float] = field(default_factory=list)
    """(N,), seconds after its start at which each photo ended."""
    failed: int = 0
    memory: list[tuple[float, int]] = field(default_factory=list)
    """Seconds after its start, and bytes that its processes held."""
    summary: dict[str, Any] = field(default_factory=dict)


def measure(out: Path, count: int, size: tuple[int, int]) -> tuple[Stage, float]:
    """Writes a shoot and labels it; says how many seconds that took.

    Args:
        out: a folder, empty or not there yet; the shoot stays in it.
        count: photos.
        size: height and width of the sensor, pixels.

    Raises:
        SettingsError: the folder holds something, or photos failed.
    """
    begun = time.perf_counter()
    written = write_large_shoot(out, count, size)
    before = watch.read()
    seen = label(out)
    used = watch.foreign(before, watch.read(), processors())
    if seen.failed or len(seen.ended) != count:
        raise SettingsError(
            f"{out}: {len(seen.ended) - seen.failed} of {count} photos were labelled; run autohdr label on it"
        )
    facts = {"photos": count, "pictures": min(count, ORIGINALS), "gigabytes": round(written / 1e9, 2)}
    return stage(seen, used, facts), time.perf_counter() - begun


def write_large_shoot(out: Path, count: int, size: tuple[int, int]) -> int:
    """Writes the files, and says how many bytes they have.

    Raises:
        SettingsError: the folder holds something, or cannot be made.
    """
    refuse_full(out)
    make_folder(out, "--out")
    total = 0
    with TemporaryDirectory() as folder:
        pictures = [
            path.read_bytes() for path in write_shoot(Path(folder), min(count, ORIGINALS), size=size, xmp=False)
        ]
    for index in range(count):
        data = pictures[index % len(pictures)] + index.to_bytes(8, "little")
        (out / f"IMG_{index + 1:05d}.dng").write_bytes(data)
        total += len(data)
    return total


def label(folder: Path) -> Seen:
    """`autohdr label` over a folder, watched from outside."""
    seen = Seen()
    with TemporaryDirectory() as state:
        begun = time.perf_counter()
        over = threading.Event()
        with subprocess.Popen(
            [sys.executable, "-m", "autohdr", "label", "--json", str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {STATE: state},
        ) as process:
            watcher = threading.Thread(target=_watch, args=(process.pid, begun, over, seen.memory))
            watcher.start()
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    _note(json.loads(line), time.perf_counter() - begun, seen)
            finally:
                over.set()
                watcher.join()
    return seen


def _note(told: dict[str, Any], at: float, seen: Seen) -> None:
    """A line of what `autohdr label --json` prints."""
    if told["type"] == "summary":
        seen.summary = told
    if told["type"] != "photo":
        return
    seen.ended.append(at)
    seen.failed += told["status"] != "labelled"


def stage(seen: Seen, foreign: float, facts: dict[str, Any]) -> Stage:
    """What was seen, as a result: times of a photo by equal parts of the shoot, and the memory at their ends."""
    parts = max(1, min(PARTS, len(seen.ended) // LEAST))
    ends = [round(len(seen.ended) * part / parts) for part in range(1, parts + 1)]
    marks = [0.0, *(seen.ended[end - 1] for end in ends)]
    counts = [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
    wall = tuple(
        max(1e-9, (late - early) / count) for early, late, count in zip(marks, marks[1:], counts, strict=False)
    )
    memory = [_largest(seen.memory, early, late) for early, late in pairwise(marks)]
    quiet = foreign <= watch.FOREIGN
    figure = Figure(
        "autohdr-run", "ours", wall, (), max((held for _, held in seen.memory), default=None), "memory: most"
    )
    conditions = Conditions(parts, 0 if quiet else parts, round(foreign, 4), 0.0, quiet)
    extra = {
        "seconds": [round(mark, 3) for mark in marks[1:]],
        "raws_per_minute": [round(60 / one, 1) for one in wall],
        "memory_bytes": memory,
        "growth": growth(memory),
    }
    notes = ("one equal part of the shoot after the other; the first holds the start",)
    group = Group("a large shoot", "photo", (figure,), conditions, facts=facts, notes=notes)
    return Stage(NAME, (group,), extra=extra)


def growth(memory: list[int]) -> float:
    """How much more is held in the last quarter of a run than in the second: 0.01 is a hundredth; 0 of short ones."""
    quarter = len(memory) // 4
    if not quarter or not memory[quarter]:
        return 0.0
    early, late = statistics.median(memory[quarter : 2 * quarter]), statistics.median(memory[-quarter:])
    return round(late / early - 1, 4)


def _largest(memory: list[tuple[float, int]], early: float, late: float) -> int:
    """Most bytes held between two moments; else those of the look before."""
    inside = [held for at, held in memory if early < at <= late]
    before = [held for at, held in memory if at <= early]
    return max(inside, default=before[-1] if before else 0)


def _watch(process: int, begun: float, over: threading.Event, memory: list[tuple[float, int]]) -> None:
    """Notes what a process and its children hold, until `over`."""
    while not over.wait(EVERY):
        held = 0
        try:
            first = psutil.Process(process)
            for one in (first, *first.children(recursive=True)):
                held += one.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
        memory.append((time.perf_counter() - begun, held))
