"""Ending a run before all of its photos are done, with everything whole."""

import contextlib
import errno
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from autohdr.errors import AutohdrError, DeviceLostError, FileError, OutOfMemoryError
from autohdr.files.look import concerns_all
from autohdr.objects.store import NoWritingError

_NO_MORE = {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""What the system says where the next photo would fare no better."""


REFUSALS = 3
"""Writes that a server does not permit, and none that it does, end a run: single objects may be locked."""


@dataclass(slots=True)
class Stop:
    """Whether a run is to end now. Shared by its threads."""

    asked: threading.Event
    """Set from outside, once the run is to stop."""
    disk: str | None = None
    """Why nothing more can be written, or read, in one sentence."""
    device: str | None = None
    """Why nothing more can be predicted, in one sentence."""

    wrote: bool = False
    """Whether a label has been written."""
    refused: int = 0
    """How many writes a server has not permitted."""

    @property
    def now(self) -> bool:
        """Whether no further photo is to be begun."""
        return self.asked.is_set() or self.disk is not None or self.device is not None

    @property
    def reason(self) -> str | None:
        """Why, in one sentence; None while nothing stops the run."""
        return self.disk or self.device or ("it was interrupted" if self.asked.is_set() else None)

    def by(self, error: Exception) -> bool:
        """Whether this error concerns all photos, and not the one that met it; then the run stops."""
        if isinstance(error, OutOfMemoryError | DeviceLostError):
            self.device = self.device or str(error)
            return True
        cause = error.__cause__
        if not isinstance(error, AutohdrError) or not isinstance(cause, OSError):
            return False
        if isinstance(cause, NoWritingError) and not self._lets_nothing_be_written():
            return False
        full = isinstance(error, FileError) and cause.errno in _NO_MORE
        if not full and not concerns_all(cause):
            return False
        self.disk = self.disk or str(error)
        return True

    def _lets_nothing_be_written(self) -> bool:
        """Whether a server that does not permit a write has never permitted one, several times over."""
        self.refused += 1
        return not self.wrote and self.refused >= REFUSALS


@contextlib.contextmanager
def stop_on_interrupt() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets; a second Ctrl-C raises KeyboardInterrupt. For a program's main thread.

    Where the program was started with Ctrl-C ignored, it stays so.
    """
    asked = threading.Event()

    def interrupted(signal_number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        # print() must not be entered twice, and this may come in the midst of it.
        with contextlib.suppress(OSError):
            os.write(2, b"\nStopping: what is under way is finished first; Ctrl-C again stops at once.\n")

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield asked
        return
    signal.signal(signal.SIGINT, interrupted)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
