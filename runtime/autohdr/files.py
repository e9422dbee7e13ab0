"""Files that are read whole and replaced whole: at no moment does a half-written one stand under its own name."""

import contextlib
import os
import secrets
import shutil
import stat
from pathlib import Path

from autohdr.errors import FileError

_LOCKS = stat.UF_IMMUTABLE | stat.UF_APPEND | stat.SF_IMMUTABLE | stat.SF_APPEND
"""Flags of macOS; Finder's "Locked" is the first."""


def read_bytes(path: Path, limit: int = -1) -> bytes | None:
    """What a file holds, up to `limit` bytes where that is not negative; None where there is no file.

    Raises:
        FileError: the file is there and cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failure(path, "read", error) from error


def write_atomically(path: Path, data: bytes) -> None:
    """Replaces a file by `data`, or creates it: whoever looks, and after any crash, finds all of the old or of the new.

    The new bytes are on the disk before they get the name. Permission bits are kept, and what else `shutil.copystat`
    can copy: extended attributes on Linux, flags on macOS. A symbolic link stays one, and the file that it leads to is
    replaced.

    Raises:
        FileError: the file is marked read-only or locked, or the system refuses. The old file is untouched, no
            temporary file is left, and `__cause__` is the OSError.
    """
    try:
        _write(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise _failure(path, "written", error) from error


def _write(path: Path, data: bytes) -> None:
    old = _status(path)
    # A rename would replace a read-only file on most systems, yet whoever locked it meant it.
    if old is not None and not old.st_mode & 0o222:
        raise PermissionError("it is marked read-only")
    # Such a flag on the temporary file would make it one that nobody can move or remove.
    if old is not None and getattr(old, "st_flags", 0) & _LOCKS:
        raise PermissionError("it is locked")
    # Not derived from the file's name, which may already be as long as a name can be.
    temporary = path.with_name(f".autohdr-{secrets.token_hex(8)}.tmp")
    try:
        # Not mkstemp: its files are private, and a new sidecar is for whom the photographer's umask says.
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            if old is not None:
                _dress(temporary, path, stat.S_IMODE(old.st_mode))
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _status(path: Path) -> os.stat_result | None:
    """What the system knows of a file; None where there is none."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _dress(temporary: Path, path: Path, mode: int) -> None:
    """Gives the temporary file what belongs to the old one, less its times: programs look at those for changes."""
    # Not every file system has room for all of it. Only permissions are worth a failure.
    with contextlib.suppress(OSError):
        shutil.copystat(path, temporary)
    temporary.chmod(mode)
    with contextlib.suppress(OSError):
        os.utime(temporary)


def _sync_folder(folder: Path) -> None:
    """Makes the new name last through a power cut, where folders can be opened (not on Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    # The file is in place already. Network file systems that cannot do this must not turn that into a failure.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _failure(path: Path, verb: str, error: OSError) -> FileError:
    """One sentence: the file, the system's reason, the next step."""
    if isinstance(error, PermissionError):
        step = "unlock the file and its folder, close any program that has it open, then run again"
    else:
        step = "check the disk and its free space, then run again"
    return FileError(f"{path} cannot be {verb} ({error.strerror or error}); {step}")
