"""Writes a large file part by part: it has its name once it is whole, as those of `autohdr.files.whole` have."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from autohdr.files.whole import failure, refuse_locked, sync


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Replaces a file by one that is made of parts, or creates it; a link stays one. Permission bits are kept.

    Raises:
        FileError: the file is marked read-only or locked, or the system refuses. What stood there is untouched.
    """
    refuse_locked(path)
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".autohdr-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.writelines(parts)
            file.flush()
            sync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise failure(path, "written", error) from error
        raise
