"""Chooses the place in the state folder where a run over some photos keeps its notes: never beside the photos."""

import hashlib
import os
from pathlib import Path

from autohdr.files.look import is_elsewhere, is_folder, real
from autohdr.raw.discover import EXTENSIONS


def folder_of(root: Path, state: Path) -> Path:
    """The folder in `state` that belongs to a folder of photos, which is resolved."""
    name = str(root).encode() if is_elsewhere(root) else os.fsencode(os.path.normcase(root))
    return state / hashlib.sha256(name).hexdigest()[:16]


def roots(paths: list[Path]) -> list[Path]:
    """The folders that a run over `paths` works in, resolved, none in another: of a file, the one that it is in."""
    found = {real(path if _is_folder(path) else path.parent) for path in paths}
    return sorted(root for root in found if not found.intersection(root.parents))


def _is_folder(path: Path) -> bool:
    """Whether a path is a folder's; of an object, its name says so, as no server need be asked for a note's place."""
    return path.suffix.lower() not in EXTENSIONS if is_elsewhere(path) else is_folder(path)
