"""Which files of a folder are photos to label."""

import os
from collections.abc import Iterable
from pathlib import Path

from autohdr.errors import SettingsError

# fmt: off
EXTENSIONS = frozenset((
    ".3fr", ".ari", ".arw", ".cap", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf",
    ".fff", ".gpr", ".iiq", ".k25", ".kdc", ".mef", ".mos", ".mrw", ".nef", ".nrw",
    ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f",
))
# fmt: on
"""RAW file names end so, in any letter case."""


def find_photos(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The RAW files named, and those in the folders named, searched in depth: sorted within each, none twice.

    A file that is named is taken whatever its extension. Hidden files and folders are passed over in a search.

    Raises:
        SettingsError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            found.update(dict.fromkeys(_search(path)))
        elif path.exists():
            found[path] = None
        else:
            raise SettingsError(f"{path} does not exist; expected a RAW file or a folder of them")
    return list(found)


def _search(folder: Path) -> Iterable[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS:
                yield Path(parent, name)
