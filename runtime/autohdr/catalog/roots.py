"""Turns the folders in a catalog into folders of this computer: of moved drives, and of other systems."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autohdr.errors import SettingsError

_WINDOWS = re.compile(r"[A-Za-z]:/|//")
_BACKSLASHED = re.compile(r"[A-Za-z]:\\|\\\\")


@dataclass(frozen=True, slots=True)
class Roots:
    """Where folders are now that the catalog names elsewhere."""

    moved: tuple[tuple[str, str], ...] = ()
    """Pairs of a folder as the catalog names it and as it is here; each ends in a slash. The longest comes first."""

    @classmethod
    def parse(cls, roots: Sequence[str]) -> "Roots":
        """What the user says with `--root OLD=NEW`; the longest that fits a folder counts.

        Raises:
            SettingsError: one of them is not two paths with `=` between them, or NEW is no folder.
        """
        moved = []
        for root in roots:
            old, _, new = root.partition("=")
            if not old.strip() or not new.strip():
                raise SettingsError(
                    f"--root {root} is not OLD=NEW; expected a folder as the catalog names it and where it is now, "
                    "such as D:/Photos=/Volumes/Photos"
                )
            if not os.path.isdir(new):  # noqa: PTH112  # Path.is_dir may raise
                raise SettingsError(f"--root {root}: {new} is no folder; name the folder where the photos are now")
            moved.append((_ended(old.strip()), _ended(os.path.abspath(new))))  # noqa: PTH100  # follows no links
        return cls(tuple(sorted(moved, key=lambda pair: -len(pair[0]))))

    def place(self, root: str, relative: str | None, below: str, catalog: Path) -> str:
        """Where a folder of the catalog is on this computer, with a slash behind; as the catalog names it where
        nothing is known.

        Args:
            root: the root folder's path, as the catalog has it.
            relative: the same from the catalog, where the catalog has it: of use where both were moved together.
            below: the way from the root folder down.
            catalog: the catalog's file.
        """
        named = _ended(_ended(root) + below)
        for old, new in self.moved:
            if (rest := _below(named, old)) is not None:
                return new + rest
        if relative and not _is_there(_ended(root)):
            beside = _ended(os.path.normpath(f"{os.path.abspath(catalog.parent)}/{relative}"))  # noqa: PTH100
            if _is_there(beside):
                return _ended(beside + below)
        return named

    def unused(self, folders: Iterable[str]) -> list[str]:
        """The folders that the user names and that none of these, as the catalog names them, is or is in."""
        there = list(folders)
        return [old for old, _ in self.moved if all(_below(folder, old) is None for folder in there)]


def is_foreign(path: str) -> bool:
    """Whether a path is of another system than this one, so that it leads nowhere here."""
    windows = _WINDOWS.match(path) is not None
    return not windows if os.name == "nt" else windows or not path.startswith("/")


def is_safe(*parts: str) -> bool:
    """Whether parts of a path are what they claim to be: no way up, and no character that no name has."""
    return not any("\0" in part or ".." in part.replace("\\", "/").split("/") for part in parts)


def _ended(path: str) -> str:
    slashed = path.replace("\\", "/") if os.name == "nt" or _BACKSLASHED.match(path) else path
    return slashed if slashed.endswith("/") or not slashed else f"{slashed}/"


def _below(path: str, folder: str) -> str | None:
    """The way from a folder down to another; None where it does not lead there. On Windows letter case is nothing."""
    windows = _WINDOWS.match(path) is not None
    within = path.casefold().startswith(folder.casefold()) if windows else path.startswith(folder)
    return path[len(folder) :] if within else None


def _is_there(path: str) -> bool:
    return not is_foreign(path) and os.path.isdir(path)  # noqa: PTH112  # Path.is_dir may raise
