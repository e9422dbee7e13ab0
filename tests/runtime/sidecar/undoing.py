"""Folders of sidecars that are labelled, undone and compared."""

import os
from pathlib import Path

from autohdr.sidecar import Existing, Naming, UndoResult, apply, plan, undo

Settings = dict[str, float]


def label(photo: Path, settings: Settings, existing: Existing = "skip", naming: Naming = "adobe") -> Path:
    """Labels a photo; where its sidecar is."""
    edit = plan(photo, settings, "m 1", existing, naming)
    apply(edit)
    return edit.path


def contents(folder: Path) -> dict[str, bytes]:
    """Each file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def undone(*paths: Path) -> list[tuple[str, str]]:
    """What came of each sidecar."""
    return [(result.path.name, result.status) for result in undo(paths)]


def only(results: list[UndoResult]) -> tuple[str, str]:
    """Status and reason of the one result."""
    (result,) = results
    return result.status, result.reason or ""


def leftover(folder: Path) -> Path:
    """What a run leaves that was killed long ago."""
    path = folder / ".autohdr-0123456789abcdef.tmp"
    path.write_bytes(b"half")
    os.utime(path, ns=(1, 1))
    return path
