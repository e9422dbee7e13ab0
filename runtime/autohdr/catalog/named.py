"""Tells the catalogs among paths that the user has named; what reads them is imported where there is one."""

from collections.abc import Sequence
from pathlib import Path

from autohdr.errors import SettingsError
from autohdr.files.look import is_elsewhere


def is_catalog(path: Path) -> bool:
    """Whether a path names a Lightroom catalog, by its ending."""
    return path.suffix.lower() == ".lrcat"


def catalogs_of(named: Sequence[Path], only: Sequence[str], roots: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """The catalogs among what the user has named, and the rest.

    Raises:
        SettingsError: `only` or `roots` are given, and no catalog; or a catalog is in object storage.
    """
    catalogs = [path for path in named if is_catalog(path)]
    if (away := next((path for path in catalogs if is_elsewhere(path)), None)) is not None:
        raise SettingsError(f"{away} is in object storage, and a catalog is read on a disk; copy it to this machine")
    if not catalogs and (only or roots):
        flag = "--only" if only else "--root"
        raise SettingsError(f"{flag} is for the photos of a Lightroom catalog; name one, such as Lightroom.lrcat")
    return catalogs, [path for path in named if not is_catalog(path)]
