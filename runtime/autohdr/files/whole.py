"""Reads and replaces whole files: at no moment does a half-written one stand under its own name.

What is an object in a bucket is read, created, replaced and removed as well, by `autohdr.objects.whole`.
"""

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from autohdr.errors import FileError
from autohdr.files.changing import attributes
from autohdr.files.changing.claims import claimed
from autohdr.objects import whole as objects
from autohdr.objects.path import ObjectPath
from autohdr.objects.store import CredentialsError, NoBucketError, UnreachableError

if sys.platform == "darwin":
    import fcntl

_LOCKED = "unlock the file and its folder, close any program that has it open"
"""What to do where the system forbids something."""


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


def write_atomically(path: Path, data: bytes | bytearray, like: Path | None = None) -> None:
    """Replaces a file by `data`, or creates it: whoever looks, and after any crash, finds all of the old or of the new.

    The new bytes are on the disk before they get the name. Permission bits are kept, owner and group where this process
    may, and what else `shutil.copystat` can copy: extended attributes on Linux, flags on macOS. A symbolic link stays
    one, and the file that it leads to is replaced.

    Args:
        path: the file.
        data: all that it will hold.
        like: a file whose permissions and attributes it gets where it is new.

    Raises:
        FileError: the file is marked read-only or locked, or the system refuses. The old file is untouched, no
            temporary file is left, and `__cause__` is the OSError.
    """
    target = Path(os.path.realpath(path))
    try:
        write(target, data, like, lambda temporary: take_place(temporary, target, data))
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
            write(path, data, like, lambda temporary: _take_free_name(temporary, path))
    except OSError as error:
        raise failure(path, "written", error) from error


def refuse_locked(path: Path, locked: str = _LOCKED) -> None:
    """Raises:
    FileError: a file is marked read-only or locked, so it will not be replaced; `locked` is what to do then.
    """
    if isinstance(path, ObjectPath):
        return
    try:
        if (status := attributes.status(path)) is not None:
            attributes.refuse_locked(status)
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
        attributes.refuse_locked(path.stat())
        path.unlink()
    except OSError as error:
        raise failure(path, "removed", error) from error
    sync_folder(path.parent)


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


def write(path: Path, data: bytes | bytearray, like: Path | None, take: Callable[[Path], None]) -> None:
    """Writes a temporary file beside `path`, and lets `take` give it that name. Raises OSError."""
    old = attributes.status(path)
    if old is not None:
        attributes.refuse_locked(old)
        like = path
    # Not derived from the file's name, which may already be as long as a name can be.
    temporary = path.with_name(f".autohdr-{secrets.token_hex(8)}.tmp")
    try:
        # Not mkstemp: its files are private, and a new sidecar is for whom the photographer's umask says.
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            if like is not None:
                attributes.dress(temporary, like, stat.S_IMODE((old or like.stat()).st_mode))
            sync(file.fileno())
        take(temporary)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def take_place(temporary: Path, path: Path, data: bytes | bytearray) -> None:
    """Gives a file that holds `data` the place of another one. Raises OSError."""
    try:
        temporary.replace(path)
    except OSError:
        # NFS asks again where an answer was lost, and is told the second time that the file is gone.
        if os.path.lexists(temporary) or read_bytes(path, len(data) + 1) != data:
            raise


def _take_free_name(temporary: Path, path: Path) -> None:
    """Gives a file a name that is free. Raises FileExistsError where it is not."""
    try:
        os.link(temporary, path)
    except OSError as error:
        if _is_same(temporary, path):  # the answer was lost
            pass
        elif isinstance(error, FileExistsError):
            raise
        else:
            return _rename_to_free_name(temporary, path)
    # It is in place already; a later run removes what is left.
    with contextlib.suppress(OSError):
        temporary.unlink()


def _rename_to_free_name(temporary: Path, path: Path) -> None:
    """Takes a free name on memory cards and some network disks, which know one name a file.

    Raises:
        FileExistsError, FileError: it is not free, or cannot be taken.
    """
    with claimed(path):
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.rename(path)  # which Windows refuses, too, where the name is taken


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names are of one file, as far as its disk numbers files."""
    with contextlib.suppress(OSError):
        status = one.lstat()
        return status.st_ino != 0 and os.path.samestat(status, other.lstat())
    return False


def sync_folder(folder: Path) -> None:
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
