"""Folders to write into: those of the user's in which autohdr keeps things of its own, and those that the user names.

One rule says where its own are, for the three systems.

| | caches: losing them costs time | state: what runs have finished |
|---|---|---|
| Linux and others | `XDG_CACHE_HOME`, else `~/.cache`, and in it `autohdr` | `AUTOHDR_STATE`, else `autohdr` in `XDG_STATE_HOME`, else in `~/.local/state` |
| macOS | `~/Library/Caches/autohdr` | `AUTOHDR_STATE`, else `~/Library/Application Support/autohdr` |
| Windows | `%LOCALAPPDATA%\\autohdr\\cache` | `AUTOHDR_STATE`, else `%LOCALAPPDATA%\\autohdr` |

A variable of the system's that does not hold an absolute path does not count (XDG Base Directory Specification 0.8).
A user without a home folder has the root of the file system for one, as containers do it (`HOME=/`): mostly nothing can
be written there, which everything that uses these folders has to live with.
"""  # noqa: E501  # the rows of a table

import atexit
import logging
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

from autohdr.errors import SettingsError

_LOG = logging.getLogger(__name__)

STATE = "AUTOHDR_STATE"
"""Environment variable that names another folder for the state."""


def cache_folder() -> Path:
    """The folder of caches where the user names none; it may not be there yet."""
    if sys.platform == "win32":
        return _local() / "autohdr" / "cache"
    if sys.platform == "darwin":
        return _home() / "Library" / "Caches" / "autohdr"
    return (_named("XDG_CACHE_HOME") or _home() / ".cache") / "autohdr"


def state_folder() -> Path:
    """The folder in which runs note what they have finished; it may not be there yet."""
    if named := os.environ.get(STATE):
        return Path(named)
    if sys.platform == "win32":
        return _local() / "autohdr"
    if sys.platform == "darwin":
        return _home() / "Library" / "Application Support" / "autohdr"
    return (_named("XDG_STATE_HOME") or _home() / ".local" / "state") / "autohdr"


def refusal(folder: Path) -> OSError | None:
    """Why nothing can be written into a folder, which is made where it is not there; None where it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"a disk may be full")
    except OSError as error:
        return error
    return None


def is_there(path: Path) -> bool:
    """Whether a file or folder of this name exists, as far as the system lets us look."""
    return os.path.exists(path)  # noqa: PTH110  # Path.exists raises where a folder above may not be searched


def refuse_impossible(folder: Path, flag: str) -> None:
    """Raises:
    SettingsError: `folder`, named by the user with `flag`, or what stands above it is a file.
    """
    above = next(path for path in (folder, *folder.parents) if is_there(path))
    if not above.is_dir():
        raise SettingsError(f"{flag} {folder} cannot be made, because {above} is not a folder; name another folder")


def make_folder(folder: Path, flag: str) -> None:
    """Make `folder`, named by the user with `flag`, and those above it, where they are not there yet.

    Raises:
        SettingsError: the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{flag} {folder} cannot be made ({error.strerror}); name another folder") from error


@cache
def writable(folder: Path) -> Path:
    """Returns the cache folder where it can be written to, else a temporary one for as long as this process runs: then
    photos are prepared anew the next time, and a warning says so.
    """
    if (error := refusal(folder)) is None:
        return folder
    temporary = tempfile.TemporaryDirectory(prefix="autohdr-", ignore_cleanup_errors=True)
    atexit.register(temporary.cleanup)
    _LOG.warning(
        "%s cannot be written (%s), so what is prepared is not kept for the next time; --cache names another folder",
        folder,
        error.strerror or error,
    )
    return Path(temporary.name)


def _named(variable: str) -> Path | None:
    """The absolute path that a variable holds; None where it is not set, or holds anything else."""
    path = Path(os.environ.get(variable, ""))
    return path if path.is_absolute() else None


def _local() -> Path:
    return _named("LOCALAPPDATA") or _home() / "AppData" / "Local"


def _home() -> Path:
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and no account of this number
        home = Path()
    return home if home.is_absolute() else Path(os.path.abspath(os.sep))  # noqa: PTH100  # the current drive's
