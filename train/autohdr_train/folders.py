"""Folders to write into: what is impossible is said before the work, and nothing is made before there is need."""

import atexit
import logging
import os
import tempfile
from functools import cache
from pathlib import Path

from autohdr.errors import SettingsError
from autohdr.folders import refusal

_LOG = logging.getLogger(__name__)


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
    """A cache folder that nobody has named, or, where nothing can be written into it, one for as long as this process
    runs: then photos are prepared anew the next time, and a warning says so."""
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
