"""Reads and replaces whole files: at no moment does a half-written one stand under its own name.

What is an object in a bucket is read, created, replaced and removed as well, by `autohdr.objects.whole`.
"""

import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from autohdr.errors import FileError, SidecarError
from autohdr.objects import whole as objects
from autohdr.objects.path import ObjectPath
from autohdr.objects.store import ChangedError, CredentialsError, NoBucketError, UnreachableError

if sys.platform == "darwin":
    import fcntl

_LOCKS = stat.UF_IMMUTABLE | stat.UF_APPEND | stat.SF_IMMUTABLE | stat.SF_APPEND
"""Flags of macOS; Finder's "Locked" is the first."""
_LOCKED = "unlock the file and its folder, close any program that has it open"
"""What to do where the system forbids something."""
_STALE = 600.0
"""Seconds. Writing one file takes far less, and a run that still does has a lock on its folder."""


def read_bytes(path: Path, limit: int = -1) -> bytes | None:
    """What a file holds, up to `limit` bytes where that is not negative; None where there is no file.

    Raises:
        FileError: the file is there and cannot be read, or it is a symbolic link that leads nowhere: what it led to may
            be on a disk that is not connected.
    """
    try:
        if isinstance(path, ObjectPath):
            held = objects.get(path, limit)
            return None if held is None else held.data
        with path.open("rb") as file:
            return file.read(limit)
    except FileNotFoundError:
        if path.is_symlink():
            raise FileError(
                f"{path} is a link to a file that is not there; connect its disk or remove the link, then run again"
            ) from None
        return None
    except OSError as error:
        raise failure(path, "read", error) from error


def write_atomically(
    path: Path, data: bytes | bytearray, like: Path | None = None, check: Callable[[], None] = lambda: None
) -> None:
    """Replaces a file by `data`, or creates it: whoever looks, and after any crash, finds all of the old or of the new.

    The new bytes are on the disk before they get the name. Permission bits are kept, owner and group where this process
    may, and what else `shutil.copystat` can copy: extended attributes on Linux, flags on macOS. A symbolic link stays
    one, and the file that it leads to is replaced.

    Args:
        path: the file.
        data: all that it will hold.
        like: a file whose permissions and attributes it gets where it is new.
        check: called right before the new bytes get the name. What it raises is raised here, and nothing has changed.

    Raises:
        FileError: the file is marked read-only or locked, or the system refuses. The old file is untouched, no
            temporary file is left, and `__cause__` is the OSError.
    """
    target = Path(os.path.realpath(path))

    def take(temporary: Path) -> None:
        check()
        temporary.replace(target)

    try:
        _write(target, data, like, take)
    except OSError as error:
        raise failure(path, "written", error) from error


def create(path: Path, data: bytes, like: Path | None = None) -> None:
    """Writes a file that is not there yet, as `write_atomically` does. One that comes meanwhile is not replaced.

    Args:
        path: the file.
        data: all that it will hold.
        like: a file whose permissions and attributes it gets.

    Raises:
        FileError: there is such a file (then `__cause__` is a FileExistsError), or the system refuses. No temporary
            file is left.
    """
    try:
        if isinstance(path, ObjectPath):
            objects.create(path, data)
        else:
            _write(path, data, like, lambda temporary: _take_free_name(temporary, path))
    except OSError as error:
        raise failure(path, "written", error) from error


def replace(path: Path, data: bytes, original: bytes) -> None:
    """Writes over a file as long as it holds `original`, as `write_atomically` does.

    Raises:
        FileError: the file cannot be read or written. It is as it was.
        SidecarError: it does not hold `original` any more.
    """
    if not isinstance(path, ObjectPath):
        write_atomically(path, data, check=lambda: refuse_changed(path, original))
        return
    try:
        objects.replace(path, data, original)
    except ChangedError as error:
        raise changed_meanwhile(path) from error
    except OSError as error:
        raise failure(path, "written", error) from error


def refuse_changed(path: Path, data: bytes) -> None:
    """Raises:
    FileError: the file cannot be read.
    SidecarError: it does not hold `data` any more.
    """
    if read_bytes(path, len(data) + 1) != data:
        raise changed_meanwhile(path)


def changed_meanwhile(path: Path) -> SidecarError:
    """The error of settings that are no longer those that were looked at."""
    return SidecarError(f"{path} was changed by another program in the meantime and is left alone; run again")


def move_over(source: Path, path: Path) -> None:
    """Gives a file the place of another in one step, with the other's permissions: after any crash, both or one.

    A symbolic link at `path` stays one, and the file that it leads to is replaced; `source` must be in its folder.

    Raises:
        FileError: `path` is marked read-only or locked, or the system refuses. Both are untouched, and `__cause__` is
            the OSError.
    """
    target = Path(os.path.realpath(path))
    try:
        old = target.stat()
        _refuse_locked(old)
        _dress(source, target, stat.S_IMODE(old.st_mode))
        source.replace(target)
    except OSError as error:
        raise failure(path, "written", error) from error
    _sync_folder(target.parent)


def refuse_locked(path: Path, locked: str = _LOCKED) -> None:
    """Raises:
    FileError: a file is marked read-only or locked, so it will not be replaced; `locked` is what to do then.
    """
    if isinstance(path, ObjectPath):
        return
    try:
        if (status := _status(path)) is not None:
            _refuse_locked(status)
    except OSError as error:
        raise failure(path, "written", error, locked=locked) from error


def remove(path: Path) -> None:
    """Removes a file for good.

    Raises:
        FileError: it is marked read-only or locked, or the system refuses. It is untouched, and `__cause__` is the
            OSError.
    """
    try:
        if isinstance(path, ObjectPath):
            objects.remove(path)
            return
        _refuse_locked(path.stat())
        path.unlink()
    except OSError as error:
        raise failure(path, "removed", error) from error
    _sync_folder(path.parent)


def sync(descriptor: int) -> None:
    """Returns when what was written is on the disk.

    Raises:
        OSError: the system refuses.
    """
    if sys.platform == "darwin":
        # Its fsync leaves it to the disk what is written first. Disks on a network know no other call.
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def remove_leftovers(folder: Path) -> None:
    """Removes what a run that was killed while it wrote has left in a folder; what is younger than ten minutes stays.

    Such files have names of our own. Where one cannot be removed, it stays.
    """
    if isinstance(folder, ObjectPath):
        return
    # A clock that is wrong removes too much at worst, and then another run reports a file that it could not write.
    oldest = time.time() - _STALE
    with contextlib.suppress(OSError):
        for path in list(folder.glob(".autohdr-*.tmp")):
            with contextlib.suppress(OSError):
                if path.lstat().st_mtime < oldest:
                    path.unlink()


def _write(path: Path, data: bytes | bytearray, like: Path | None, take: Callable[[Path], None]) -> None:
    """Writes a temporary file beside `path`, and lets `take` give it that name."""
    old = _status(path)
    if old is not None:
        _refuse_locked(old)
        like = path
    # Not derived from the file's name, which may already be as long as a name can be.
    temporary = path.with_name(f".autohdr-{secrets.token_hex(8)}.tmp")
    try:
        # Not mkstemp: its files are private, and a new sidecar is for whom the photographer's umask says.
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            if like is not None:
                _dress(temporary, like, stat.S_IMODE((old or like.stat()).st_mode))
            sync(file.fileno())
        take(temporary)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _take_free_name(temporary: Path, path: Path) -> None:
    """Gives a file a name that is free. Raises FileExistsError where it is not."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # memory cards and some network disks know one name a file
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.rename(path)  # which Windows refuses, too, where the name is taken
    else:
        # It is in place already; a later run removes what is left.
        with contextlib.suppress(OSError):
            temporary.unlink()


def _status(path: Path) -> os.stat_result | None:
    """What the system knows of a file; None where there is none."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _refuse_locked(status: os.stat_result) -> None:
    """Raises PermissionError for a file that somebody has locked."""
    # A rename would replace a read-only file on most systems, yet whoever locked it meant it.
    if not status.st_mode & 0o222:
        raise PermissionError("it is marked read-only")
    # Such a flag on the temporary file would make it one that nobody can move or remove.
    if getattr(status, "st_flags", 0) & _LOCKS:
        raise PermissionError("it is locked")


def _dress(new: Path, old: Path, mode: int) -> None:
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


def _sync_folder(folder: Path) -> None:
    """Makes the new name last through a power cut, where folders can be opened (not on Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    # The file is in place already. Network file systems that cannot do this must not turn that into a failure.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)


def failure(path: Path, verb: str, error: OSError, *, locked: str = _LOCKED) -> FileError:
    """One sentence: the file, the system's reason, the next step; `locked` is that where the system forbids it."""
    if isinstance(path, ObjectPath):
        step = next_step(error)
    elif isinstance(error, PermissionError):
        step = locked
    elif isinstance(error, FileExistsError):
        step = "name another file, or move that one away"
    else:
        step = "check the disk and its free space"
    return FileError(f"{path} cannot be {verb} ({error.strerror or error}); {step}, then run again")


def next_step(error: OSError) -> str:
    """What to do where a server could not be asked, or refused, as a part of a sentence."""
    if isinstance(error, UnreachableError):
        return "check the network and the address of the server"
    if isinstance(error, CredentialsError):
        return "check the variables in the environment"
    if isinstance(error, PermissionError):
        return "check what these credentials permit"
    if isinstance(error, FileExistsError):
        return "name another, or move that one away"
    if isinstance(error, FileNotFoundError | NoBucketError):
        return "check the name"
    return "check the server"
