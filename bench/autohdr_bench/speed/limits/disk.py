"""Reading a file, with and without the help of the system's cache."""

import os
from pathlib import Path

CAN_BE_COLD = hasattr(os, "posix_fadvise")
"""Whether the cache of a file can be emptied: on Linux. Elsewhere every reading after the first is warm."""


def forget(path: Path) -> None:
    """Empties the system's cache of a file. What is not on the disk yet is written first."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
