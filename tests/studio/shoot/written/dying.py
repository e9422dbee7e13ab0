"""Saving in a process of its own that dies before a step on the disk, whichever that is."""

import contextlib
import multiprocessing
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autohdr.mode import HDR
from autohdr_studio.shoot.written.journal import Journal
from autohdr_studio.shoot.written.saving import Saving

CODE = 9
"""Exit code of a process that came to its step."""
STEPS: tuple[tuple[Any, str], ...] = ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "unlink"))
"""What changes a disk for good."""


def killed(photo: Path, state: Path, values: Mapping[str, float] | None, step: int) -> bool:
    """Saves an edit, or takes the last one back where there are no values, and dies before the step of that number;
    False where all was done before."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([__name__])
    process = context.Process(target=_work, args=(photo, state, values, step))
    process.start()
    process.join()
    assert process.exitcode in (0, CODE)
    return bool(process.exitcode == CODE)


def _work(photo: Path, state: Path, values: Mapping[str, float] | None, step: int) -> None:
    with contextlib.closing(Journal([photo.parent], state)) as journal:
        left = [step]
        for place, name in STEPS:
            _count(place, name, left)
        if values is None:
            Saving(journal).restore(photo)
        else:
            Saving(journal).save(photo, values, HDR)


def _count(place: Any, name: str, left: list[int]) -> None:
    call = getattr(place, name)

    def counted(*arguments: Any, **named: Any) -> Any:
        if left[0] == 0:
            os._exit(CODE)
        left[0] -= 1
        return call(*arguments, **named)

    setattr(place, name, counted)
