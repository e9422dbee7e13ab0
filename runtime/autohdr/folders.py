"""The folders of the user's in which autohdr keeps things of its own: one rule for the three systems.

| | caches: losing them costs time | state: what runs have finished |
|---|---|---|
| Linux and others | `XDG_CACHE_HOME`, else `~/.cache`, and in it `autohdr` | `AUTOHDR_STATE`, else `autohdr` in `XDG_STATE_HOME`, else in `~/.local/state` |
| macOS | `~/Library/Caches/autohdr` | `AUTOHDR_STATE`, else `~/Library/Application Support/autohdr` |
| Windows | `%LOCALAPPDATA%\\autohdr\\cache` | `AUTOHDR_STATE`, else `%LOCALAPPDATA%\\autohdr` |

A variable of the system's that does not hold an absolute path does not count (XDG Base Directory Specification 0.8).
A user without a home folder has the root of the file system for one, as containers do it (`HOME=/`): mostly nothing can
be written there, which everything that uses these folders has to live with.
"""  # noqa: E501  # the rows of a table

import os
import sys
import tempfile
from pathlib import Path

STATE = "AUTOHDR_STATE"
"""Environment variable that names another folder for the state."""


def cache_folder() -> Path:
    """Where caches are kept unless the user names another folder; it may not be there yet."""
    if sys.platform == "win32":
        return _local() / "autohdr" / "cache"
    if sys.platform == "darwin":
        return _home() / "Library" / "Caches" / "autohdr"
    return (_named("XDG_CACHE_HOME") or _home() / ".cache") / "autohdr"


def state_folder() -> Path:
    """Where runs note what they have finished; it may not be there yet."""
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
