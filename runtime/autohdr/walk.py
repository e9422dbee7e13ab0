"""How folders are searched, for photos and for sidecars."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path


def walk(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[tuple[Path, list[str]]]:
    """Each folder from this one down, and the names of the files in it; both in alphabetical order.

    Hidden files and folders are passed over, links to folders are followed once.

    Args:
        folder: where the search begins.
        on_error: told of each folder that cannot be searched, by an error with its `filename`.
    """
    seen: set[str] = set()
    for parent, folders, files in os.walk(folder, onerror=on_error, followlinks=True):
        seen.add(os.path.realpath(parent))
        folders[:] = sorted(
            name for name in folders if not _is_hidden(name) and os.path.realpath(Path(parent, name)) not in seen
        )
        yield Path(parent), sorted(name for name in files if not _is_hidden(name))


def _is_hidden(name: str) -> bool:
    return name.startswith(".")
