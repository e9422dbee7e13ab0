"""Where autohdr keeps what it remembers between runs: in a folder of the user's, never beside the photos."""

import hashlib
import os
import sys
from pathlib import Path

VARIABLE = "AUTOHDR_STATE"
"""Environment variable that names another folder."""


def state_folder() -> Path:
    """The folder, there or not: `AUTOHDR_STATE`, else `autohdr` where the system keeps such things.

    On Linux that is `XDG_STATE_HOME` or `~/.local/state`, on macOS `~/Library/Application Support`, on Windows
    `%LOCALAPPDATA%`.

    Raises:
        RuntimeError: the user has no home folder.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "autohdr"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "autohdr"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "autohdr"


def folder_of(root: Path, state: Path) -> Path:
    """The folder in `state` that belongs to a folder of photos, which is resolved."""
    return state / hashlib.sha256(os.fsencode(os.path.normcase(root))).hexdigest()[:16]


def roots(paths: list[Path]) -> list[Path]:
    """The folders that a run over `paths` works in, resolved, none in another: of a file, the one that it is in."""
    found = {Path(os.path.realpath(path if path.is_dir() else path.parent)) for path in paths}
    return sorted(root for root in found if not found.intersection(root.parents))
