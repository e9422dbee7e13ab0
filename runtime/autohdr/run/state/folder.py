"""Chooses the place in the state folder where a run over some photos keeps its notes: never beside the photos."""

import hashlib
import os
from pathlib import Path


def folder_of(root: Path, state: Path) -> Path:
    """The folder in `state` that belongs to a folder of photos, which is resolved."""
    return state / hashlib.sha256(os.fsencode(os.path.normcase(root))).hexdigest()[:16]


def roots(paths: list[Path]) -> list[Path]:
    """The folders that a run over `paths` works in, resolved, none in another: of a file, the one that it is in."""
    found = {Path(os.path.realpath(path if path.is_dir() else path.parent)) for path in paths}
    return sorted(root for root in found if not found.intersection(root.parents))
