"""Attributes of files: what locks one, and what one that takes the place of another must get of it."""

import contextlib
import os
import shutil
import stat
from pathlib import Path

_LOCKS = stat.UF_IMMUTABLE | stat.UF_APPEND | stat.SF_IMMUTABLE | stat.SF_APPEND
"""Flags of macOS; Finder's "Locked" is the first."""


def status(path: Path) -> os.stat_result | None:
    """What the system knows of a file; None where there is none."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def refuse_locked(found: os.stat_result) -> None:
    """Raises PermissionError for a file that somebody has locked."""
    # A rename would replace a read-only file on most systems, yet whoever locked it meant it.
    if not found.st_mode & 0o222:
        raise PermissionError("it is marked read-only")
    # Such a flag on the temporary file would make it one that nobody can move or remove.
    if getattr(found, "st_flags", 0) & _LOCKS:
        raise PermissionError("it is locked")


def dress(new: Path, old: Path, mode: int) -> None:
    """Gives a new file the owner, permissions and attributes of the old one, but not its times: programs look at those
    for changes.
    """
    # Not every file system has room for all of it. Only permissions are worth a failure.
    with contextlib.suppress(OSError):
        shutil.copystat(old, new)
    if hasattr(os, "chown"):  # not on Windows; only root gives files away, others only to groups that they are in
        whose = old.stat()
        for owner in ((-1, whose.st_gid), (whose.st_uid, -1)):
            with contextlib.suppress(OSError):
                os.chown(new, *owner)
    new.chmod(mode)
    with contextlib.suppress(OSError):
        os.utime(new)
