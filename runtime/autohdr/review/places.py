"""Names the files of a shoot as a page shows them: without the folders above the shoot.

A page is made to be shown to others, and where its photos lie on this computer, often with somebody's name, is nobody's
business.
"""

import os
import re
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

from autohdr.files.look import absolute, is_elsewhere, is_folder, real
from autohdr.objects.path import named as path_of

_BEFORE = r"(?<![\w.\\/~-])"
"""A path in a sentence begins behind none of these."""
_ABOVE = re.compile(
    _BEFORE + r"(?<!https:)(?<!http:)(?:(?:s3|gs|az)://|[A-Za-z]:[\\/]+|[\\/]{1,2})(?:[^\s\\/'\"]+[\\/]+)+"
)
"""The folders of any other absolute path."""


class Places:
    """Leaves out of what a page tells where the shoot and the page lie."""

    def __init__(self, named: Sequence[Path], page: Path) -> None:
        """Takes the files and folders that a shoot was named by, and the folder of its page."""
        roots, home = [one if is_folder(one) else one.parent for one in named], [Path.home()]
        self._roots = [whole for root in roots for whole in _whole(root)]
        told = [(way + _slash(way), "") for way in _spelled([*roots, page])]
        told += [(way, name_of(path_of(way))) for way in _spelled([*roots, *home])]
        self._told = [(_pattern(way), name.replace("\\", r"\\")) for way, name in told]

    def folder(self, photo: Path) -> str:
        """Returns the way from the folder that was named to a photo's own, with slashes; it is empty where that is
        the same."""
        for parent, root in product(_whole(photo.parent), self._roots):
            if parent.is_relative_to(root):
                return "" if parent == root else parent.relative_to(root).as_posix()
        return ""

    def sentence(self, text: str) -> str:
        """Names the files of the shoot in a sentence by the way from it, and all others by their names."""
        for pattern, name in self._told:
            text = pattern.sub(name, text)
        return _ABOVE.sub("", text)


def name_of(folder: Path) -> str:
    """Returns the name of a folder to show to others: `~` for the home folder, whose name is somebody's."""
    return "~" if real(folder) == real(Path.home()) else folder.name or str(folder)


def _pattern(way: str) -> re.Pattern[str]:
    """Finds a path, as it is and as Python quotes it."""
    after = "" if way.endswith(_slash(way)) else r"(?![\w-])"
    ways = "|".join(re.escape(one) for one in sorted({way, repr(way)[1:-1]}))
    return re.compile(f"{_BEFORE}(?:{ways}){after}")


def _whole(folder: Path) -> tuple[Path, Path]:
    return absolute(folder), real(folder)


def _slash(way: str) -> str:
    """What ends the name of a folder: of one in object storage, on all systems the same."""
    return "/" if is_elsewhere(path_of(way)) else os.sep


def _spelled(folders: Iterable[Path]) -> list[str]:
    """The ways in which sentences name folders, the longest first: as they were given, whole, and without links."""
    ways = {str(way).rstrip(os.sep) for one in folders for way in (one, *_whole(one))}
    return sorted(ways - {"", ".", ".."}, key=len, reverse=True)
