"""Undoing what autohdr wrote, with nobody else at work in the folders meanwhile."""

import os
from collections.abc import Callable, Iterable

from autohdr.run.arguments import check_paths, refuse_catalogs
from autohdr.run.state.resume import alone
from autohdr.sidecar import UndoResult
from autohdr.sidecar.undo import undo as take_back


def undo(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    dry_run: bool = False,
    on_result: Callable[[UndoResult], None] = lambda result: None,
) -> list[UndoResult]:
    """Take back what autohdr wrote into sidecars and DNGs. Those that hold nothing of autohdr's are not touched.

    Args:
        paths: RAW files, sidecars, and folders that are searched in depth; or a single one of them. In a folder, all
            sidecars are looked at, whether their RAW files are still there or not, and whichever way they are named.
        dry_run: say what would be done, and do nothing.
        on_result: told of each sidecar or DNG that autohdr wrote into, when it is done.

    Returns:
        One result for each of those, sorted within each of `paths`.

    Raises:
        SettingsError: a path does not exist, or another run works there.
    """
    named = check_paths(paths)
    refuse_catalogs(named, "undo")
    with alone(named, dry_run=dry_run):
        return take_back(named, dry_run=dry_run, on_result=on_result)
