"""Shows a build, which takes seconds to minutes, and lets Ctrl-C end it.

There is a bar where standard error is a terminal.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from autohdr.engines.trt.library import Library
from autohdr.system.progress import Progress


@contextmanager
def shown(library: Library, what: str) -> Iterator[Any]:
    """The library's progress monitor, which moves a bar called `what`."""
    with Progress(desc=what, unit="step", leave=False, disable=None, dynamic_ncols=True) as bar:
        yield _monitor(library, bar)


def interruptible(monitor: Any, work: Callable[[], Any]) -> Any:
    """Runs `work` on another thread and returns its result: an exception that came while the library called us back on
    this one, as Ctrl-C does, would be lost in there.

    Args:
        monitor: the one that `work` reports to, as `shown` gave it; an exception here stops the work there.
        work: which ends soon after its monitor says so.
    """
    with ThreadPoolExecutor(1, "plan") as thread:
        done = thread.submit(work)
        try:
            return done.result()
        except BaseException:
            monitor.go_on = False
            raise


def say(text: str) -> None:
    """A line on standard error, above whatever bar there is; nothing where that is no terminal."""
    with Progress(disable=None, leave=False) as bar:
        if not bar.disable:
            bar.write(text, file=bar.fp)


def _monitor(library: Library, bar: "Progress[Any]") -> Any:
    class Monitor(library.trt.IProgressMonitor):  # type: ignore[name-defined]
        """Moves a progress bar as the library reports its progress, from its own threads, one at a time: it needs
        Python's lock for it.
        """

        def __init__(self) -> None:
            super().__init__()
            self.go_on = True

        def phase_start(self, phase: str, parent: str | None, steps: int) -> None:
            bar.total = (bar.total or 0) + steps
            bar.set_postfix_str(phase)

        def step_complete(self, phase: str, step: int) -> bool:
            bar.update()
            return self.go_on

        def phase_finish(self, phase: str) -> None:
            bar.refresh()

    return Monitor()
