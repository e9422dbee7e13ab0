"""Holds, while a run writes, the lock of its folders and their journal."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from autohdr.files.folders import state_folder
from autohdr.files.look import is_elsewhere
from autohdr.run.state.folder import roots
from autohdr.run.state.journal import Journal, warn
from autohdr.run.state.lock import hold


@contextlib.contextmanager
def alone(paths: list[Path], *, dry_run: bool = False, part: str = "") -> Iterator[tuple[list[Path], Path] | None]:
    """Holds the locks of the folders of `paths` for a block, so that nobody else works in them.

    Args:
        paths: files and folders that are there.
        dry_run: whether nothing will be written: then nobody is in the way, and nothing is locked.
        part: as of `lock.hold`.

    Returns:
        The folders, and the state folder; None where that cannot be used, after a warning where it is needed.

    Raises:
        SettingsError: another run works there.
    """
    with contextlib.ExitStack() as held:
        where = None
        try:
            folders, state = roots(paths), state_folder()
            if not dry_run:
                held.enter_context(hold([one for one in folders if not is_elsewhere(one)], state, part))
            where = folders, state
        except OSError as error:
            _warn(error, dry_run)
        yield where


@contextlib.contextmanager
def remembering(
    paths: list[Path], settings: Mapping[str, str | bool], *, dry_run: bool = False, part: str = ""
) -> Iterator[Journal]:
    """Opens the journal of the folders of `paths` for a block in which nobody else works in them.

    Where the state folder cannot be used, a warning says so, and the journal holds nothing.

    Args:
        paths: as in `alone`.
        settings: what the labels depend on, besides the RAW file.
        dry_run: whether the journal is only read: nothing is written, made or locked.
        part: of a run that does a part of the photos, the name of its own lock and journal, `shard-1-of-4`.

    Raises:
        SettingsError: another run works there.
    """
    with alone(paths, dry_run=dry_run, part=part) as where:
        journal = Journal((), Path(), settings)
        if where is not None:
            try:
                journal = Journal(*where, settings, write=not dry_run, part=part)
            except OSError as error:
                _warn(error, dry_run)
        with contextlib.closing(journal):
            yield journal


def _warn(error: OSError, dry_run: bool) -> None:
    """Warns that nothing is remembered, which a dry run does not do anyway."""
    if not dry_run:
        warn(error)
