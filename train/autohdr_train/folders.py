"""Folders to write into: what is impossible is said before the work, and nothing is made before there is need."""

import os
from pathlib import Path

from autohdr.errors import SettingsError


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
