"""A result that was never measured: numbers that anyone can check by hand."""

import pytest

from autohdr_bench.speed.method.rounds import Conditions
from autohdr_bench.speed.results import SCHEMA, Figure, Group, Result, Stage

QUIET = Conditions(rounds=6, disturbed=0, foreign=0.01, slowed=0.0, valid=True)
DISTURBED = Conditions(rounds=6, disturbed=6, foreign=0.8, slowed=0.2, valid=False)


def figure(name: str, role: str, seconds: float, *, spread: float = 0.01, memory: int | None = None) -> Figure:
    """Six rounds around some seconds."""
    wall = tuple(seconds * (1 + spread * step) for step in (-2, -1, 0, 0, 1, 2))
    return Figure(name, role, wall, wall, memory)  # type: ignore[arg-type]  # a literal


def result(*, slower: float = 1.0, conditions: Conditions = QUIET) -> Result:
    """Stages with a peer of 4 s, ours of 1 s times `slower`, and a floor of 0.5 s."""
    decode = Group(
        "IMG_1.CR2",
        "photo",
        (
            figure("libraw", "peer", 4.0),
            figure("flashraw", "ours", slower, memory=90_000_000),
            Figure.computed("floor", 0.5, "its codes"),
        ),
        conditions,
        "libraw",
        "floor",
        {"megapixels": 24.0},
    )
    threads = Group(
        "threads", "photo", (figure("1", "ours", 1.0), figure("2", "ours", 0.55)), conditions, "1", notes=("all",)
    )
    run = Group(
        "shoot",
        "photo",
        (figure("AutoHDR (2024)", "peer", 4.0), figure("autohdr, without its start", "ours", 0.2)),
        conditions,
        "AutoHDR (2024)",
    )
    told = {
        "slowest_stage": "decode and prepare",
        "of_slowest": 1.25,
        "limit": "cores",
        "of_limit": 1.0,
        "cpu_seconds": {"read": 0.01, "decode and prepare": 0.3, "network": 0.08, "write": 0.01},
        "wall_seconds": {"read": 0.01, "decode and prepare": 0.16, "network": 0.05, "write": 0.01},
        "whole_seconds": 0.2,
        "raws_per_minute": 300.0,
        "file_bytes": 25_000_000,
    }
    machine = {
        "system": "Linux x86_64",
        "processor": "Example <1>",
        "cores": 2,
        "physical_cores": 2,
        "memory_gb": 24.0,
        "gpus": [],
        "python": "3.11.7",
        "packages": {"autohdr": "0.1.0"},
    }
    stages = (
        Stage("decode", (decode,), ("bad.dng: is damaged",)),
        Stage("prepare", (threads,)),
        Stage("run", (run,), extra={"shoot": told}),
    )
    return Result(SCHEMA, "0123456789abcdef", False, "2026-11-22T12:00:00+00:00", "ci", machine, 61.5, stages)


@pytest.fixture
def measured() -> Result:
    """An undisturbed result."""
    return result()
