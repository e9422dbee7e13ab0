"""Removes what runs that were killed have left in folders of photos, and of our own."""

import contextlib
from pathlib import Path

from autohdr.files.changing import claims
from autohdr.objects.path import ObjectPath


def remove_leftovers(folder: Path) -> None:
    """Removes what a run that was killed while it wrote has left in a folder; what is younger than ten minutes stays.

    Such files have names of our own. Where one cannot be removed, it stays.
    """
    if isinstance(folder, ObjectPath):
        return
    with contextlib.suppress(OSError):
        if not (found := list(folder.glob(".autohdr-*.tmp"))):
            return
        oldest = claims.now(folder) - claims.OLD
        for path in found:
            with contextlib.suppress(OSError):
                if claims.is_claim(path):
                    claims.remove_void(path, oldest)
                elif path.lstat().st_mtime < oldest:
                    path.unlink()
