"""Holds, while a run writes, the lock of its folders and their journal."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from autohdr.folders import state_folder
from autohdr.run.journal import Journal, warn
from autohdr.run.lock import hold
from autohdr.run.state import roots


@contextlib.contextmanager
def alone(paths: list[Path]) -> Iterator[tuple[list[Path], Path] | None]:
    """Holds the locks of the folders of `paths` for a block, so that nobody else works in them.

    Args:
        paths: files and folders that are there.

    Returns:
        The folders, and the state folder; None where that cannot be used, after a warning.

    Raises:
        SettingsError: another run works there.
    """
    with contextlib.ExitStack() as held:
        where = None
        try:
            folders, state = roots(paths), state_folder()
            held.enter_context(hold(folders, state))
            where = folders, state
        except OSError as error:
            warn(error)
        yield where


@contextlib.contextmanager
def remembering(paths: list[Path], settings: Mapping[str, str | bool]) -> Iterator[Journal]:
    """Opens the journal of the folders of `paths` for a block in which nobody else works in them.

    Where the state folder cannot be used, a warning says so, and the journal holds nothing.

    Args:
        paths: as in `alone`.
        settings: what the labels depend on, besides the RAW file.

    Raises:
        SettingsError: another run works there.
    """
    with alone(paths) as where:
        journal = Journal((), Path(), settings)
        if where is not None:
            try:
                journal = Journal(*where, settings)
            except OSError as error:
                warn(error)
        with contextlib.closing(journal):
            yield journal


@contextlib.contextmanager
def looking_back(paths: list[Path], settings: Mapping[str, str | bool]) -> Iterator[Journal]:
    """Opens the journal of the folders of `paths` to read alone: nothing is written, made or locked.

    Where the state folder cannot be read, the journal holds nothing.

    Args:
        paths: as in `alone`.
        settings: as in `remembering`.
    """
    try:
        journal = Journal(roots(paths), state_folder(), settings, write=False)
    except OSError:
        journal = Journal((), Path(), settings)
    yield journal
