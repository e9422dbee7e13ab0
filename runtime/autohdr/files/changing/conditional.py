"""Replaces and removes files that hold what somebody has looked at, and none that holds anything else by now."""

import contextlib
import os
import stat
from pathlib import Path

from autohdr.errors import FileError, SidecarError
from autohdr.files import whole
from autohdr.files.changing import attributes
from autohdr.files.changing.claims import Claim, claimed
from autohdr.files.whole import create, failure, read_bytes, sync_folder, take_place, write
from autohdr.objects import whole as objects
from autohdr.objects.path import ObjectPath
from autohdr.objects.store import ChangedError


def replace(path: Path, data: bytes, original: bytes, keep: Path | None = None) -> None:
    """Replaces a file that holds `original`, as `write_atomically` does, but not one that holds anything else by then.

    Between runs of autohdr that is certain, on whichever machines they are. Another program's save is seen up to the
    moment before the last step.

    Args:
        path: the file.
        data: all that it will hold.
        original: all that it holds.
        keep: a file beside it that keeps `original`: made before, where it is not there yet.

    Raises:
        FileError: as of `write_atomically`; or another run is at it. The file is untouched, and a `keep` that was made
            for it is gone; that of an object stays, since a write that failed may still come.
        SidecarError: it does not hold `original` any more, or another file has taken the name `keep`.
    """
    if isinstance(path, ObjectPath):
        _replace_object(path, data, original, keep)
        return
    target = Path(os.path.realpath(path))
    refuse_changed(path, original)  # before anything is written

    def take(temporary: Path) -> None:
        with claimed(target) as claim:
            made = keep is not None and _keep(keep, original, target, path)
            try:
                refuse_changed(path, original)
                claim.refuse_lost()
                take_place(temporary, target, data)
            except BaseException:
                if keep is not None and made and _is_needless(claim, target, data):
                    with contextlib.suppress(OSError):
                        keep.unlink()
                raise

    try:
        write(target, data, None, take)
    except OSError as error:
        raise failure(path, "written", error) from error


def move_over(source: Path, path: Path, original: bytes) -> None:
    """Gives a file the place of another in one step, with the other's permissions: after any crash, both or one.

    A symbolic link at `path` stays one, and the file that it leads to is replaced; `source` must be in its folder. Of
    objects, the other is replaced first and then `source` removed, so that a crash may leave both.

    Raises:
        FileError: `path` is marked read-only or locked, or the system refuses, or another run is at it. Both are
            untouched, and `__cause__` is the OSError, if there is one.
        SidecarError: `path` does not hold `original` any more.
    """
    if isinstance(path, ObjectPath):
        _move_object(source, path, original)
        return
    target = Path(os.path.realpath(path))
    try:
        with claimed(target) as claim:
            refuse_changed(path, original)
            old = target.stat()
            attributes.refuse_locked(old)
            attributes.dress(source, target, stat.S_IMODE(old.st_mode))
            data = source.read_bytes()
            claim.refuse_lost()
            take_place(source, target, data)
    except OSError as error:
        raise failure(path, "written", error) from error
    sync_folder(target.parent)


def remove(path: Path, original: bytes) -> None:
    """Removes a file for good, as long as it holds `original`.

    Raises:
        FileError: it is marked read-only or locked, or the system refuses, or another run is at it. It is untouched,
            and `__cause__` is the OSError, if there is one.
        SidecarError: it does not hold `original` any more.
    """
    if isinstance(path, ObjectPath):
        refuse_changed(path, original)
        whole.remove(path)
        return
    try:
        with claimed(path) as claim:
            refuse_changed(path, original)
            claim.refuse_lost()
            whole.remove(path)
    except OSError as error:
        raise failure(path, "removed", error) from error


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


def _replace_object(path: ObjectPath, data: bytes, original: bytes, keep: Path | None) -> None:
    held = read_bytes(path, max(len(data), len(original)) + 1)
    if held == data:
        return  # another machine has just written the same
    if held != original:
        raise changed_meanwhile(path)
    if keep is not None:
        _keep(keep, original, path, path)
    try:
        objects.replace(path, data, original)
    except ChangedError as error:
        raise changed_meanwhile(path) from error
    except OSError as error:
        raise failure(path, "written", error) from error


def _move_object(source: Path, path: ObjectPath, original: bytes) -> None:
    data = read_bytes(source)
    if data is None:
        raise changed_meanwhile(source)
    _replace_object(path, data, original, None)
    whole.remove(source)


def _keep(path: Path, data: bytes, like: Path, whose: Path) -> bool:
    """Makes the file that keeps what `whose` holds; False where it is there. Raises FileError and SidecarError."""
    try:
        create(path, data, like)
    except FileError as error:
        if not isinstance(error.__cause__, FileExistsError):
            raise
        if read_bytes(path, len(data) + 1) == data:
            return False
        sentence = f"{path} was made by another program in the meantime, so {whose} is left; run again"
        raise SidecarError(sentence) from error
    return True


def _is_needless(claim: Claim, path: Path, data: bytes) -> bool:
    """Whether nothing can rely on what was kept of a file: neither we replaced it nor a machine that took over."""
    try:
        return claim.is_held() and read_bytes(path, len(data) + 1) != data
    except FileError:
        return False
