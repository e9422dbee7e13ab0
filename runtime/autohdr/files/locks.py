"""Locks between processes, and threads, on a file of their own.

The system holds a lock, so it ends with the process that took it, however that ends.
"""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from autohdr.errors import FileError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}
"""What systems say of a lock that another holds."""
_PAUSE = 0.1
"""Seconds between two looks at a lock that is taken; a build takes seconds to minutes."""


@contextlib.contextmanager
def alone(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Waits until nobody else holds the lock at `path`, and holds it.

    Args:
        path: the lock's file; made, with its folder, where it is not there. It stays.
        on_wait: called once, if another holds it now.

    Raises:
        FileError: the file or its folder cannot be made, or cannot hold a lock.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = take(path)
        if descriptor is None:
            on_wait()
        while descriptor is None:
            time.sleep(_PAUSE)
            descriptor = take(path)
    except OSError as error:
        raise FileError(
            f"{path} cannot be locked ({error.strerror or error}); name another folder with --cache"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def take(path: Path) -> int | None:
    """A descriptor that holds the lock until it is closed; None where another one does.

    Raises:
        OSError: the file cannot be made, or cannot hold a lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in _TAKEN:
            return None
        raise
    return descriptor
