"""Runs in processes of their own, that tests may kill and interrupt."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.runtime.crashes import die_at

_PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # ignored in a shell's background
    "from autohdr.cli.label import command; command()"
)


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """`autohdr label`, under way. It stands still once it has printed more than a pipe holds, until that is read."""
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


Crash = tuple[str, int]
"""The point at which a process dies, and at which of the times that it comes there: what `crashes.die_at` takes."""


def begin(folder: Path, crash: Crash | None = None, **settings: Any) -> BaseProcess:
    """`autohdr.label`, under way in a process that starts at once, where the system can fork."""
    return _begun(_label, folder, crash, settings)


def begin_undo(folder: Path, crash: Crash | None = None) -> BaseProcess:
    """Begins an undo in a process of its own."""
    return _begun(_undo, folder, crash)


def _begun(work: Callable[..., None], *arguments: Any) -> BaseProcess:
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload(["tests.runtime.run.preloaded"])
    process: BaseProcess = context.Process(target=work, args=arguments)
    process.start()
    return process


def _label(folder: Path, crash: Crash | None, settings: dict[str, Any]) -> None:
    from autohdr import label

    if crash is not None:
        die_at(*crash)
    label([folder], **settings)


def _undo(folder: Path, crash: Crash | None) -> None:
    from autohdr.run.undo import undo

    if crash is not None:
        die_at(*crash)
    undo(folder)


def wait_for_sidecars(run: "subprocess.Popen[str] | BaseProcess", folder: Path, count: int) -> None:
    """Returns when so many sidecars are there, or the run has ended."""

    def ended() -> bool:
        return not run.is_alive() if isinstance(run, BaseProcess) else run.poll() is not None

    while not ended() and len(list(folder.glob("*.xmp"))) < count:
        time.sleep(0.001)


def many(shoot: Path, count: int) -> Path:
    """The shoot's five photos under many names, in a folder of their own."""
    folder = shoot.parent / f"{count}-photos"
    folder.mkdir()
    for index in range(count):
        os.link(shoot / f"IMG_{index % 5}.dng", folder / f"IMG_{index}.dng")
    return folder
