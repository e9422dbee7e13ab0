"""How folders are searched, for photos and for sidecars."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from autohdr.objects import listing, recent
from autohdr.objects.path import ObjectPath

_PACKAGES = (
    *(".lrdata", ".lrcat-data", ".lrlibrary", ".lrplugin"),  # Lightroom's previews, Smart Previews, catalog data
    *(".photoslibrary", ".photolibrary", ".aplibrary", ".migratedphotolibrary"),  # Apple Photos, iPhoto, Aperture
    *(".cocatalog", ".cosessiondb"),  # Capture One
)
"""How the names of folders end that are a program's own."""
_OWN = frozenset(
    (
        *("$recycle.bin", "recycler", "system volume information", "found.000"),  # Windows
        *("__macosx", "lost+found", "network trash folder", "temporary items"),  # macOS, Linux
        *("@eadir", "#recycle", "#snapshot", "@recycle", "@recently-snapshot", "@tmp"),  # Synology, QNAP
        "captureone",  # settings and proxies beside the photos
    )
)
"""Names of folders that systems and programs keep for themselves. Those that begin with a point are hidden anyway:
`.Trash-1000`, `.Trashes`, `.Spotlight-V100`, `.fseventsd`, `.dtrash`."""


_AT_ONCE = 100_000
"""Names of a bucket's folder that are held at once."""


def walk(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[tuple[Path, list[str]]]:
    """Each folder from this one down, and the names of the files in it; both in alphabetical order.

    Hidden files and folders are passed over, and so are folders that a system or a program keeps for itself, such as
    recycle bins and Lightroom's previews, whatever the letter case of their names. `folder` itself is searched whatever
    it is called. Each folder is searched once, however many links lead to it.

    Args:
        folder: where the search begins.
        on_error: told of each folder that cannot be searched, by an error with its `filename`.
    """
    if isinstance(folder, ObjectPath):
        yield from _walk_objects(folder, on_error)
        return
    seen: set[object] = set()
    waiting = [os.fspath(folder)]  # a stack: a tree may be deeper than calls can be
    while waiting:
        parent = waiting.pop()
        try:
            identity = _identity(parent)
            if identity in seen:
                continue
            seen.add(identity)
            with os.scandir(parent) as entries:
                found = [(entry.name, _is_folder(entry)) for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            error.filename = parent
            on_error(error)
            continue
        yield Path(parent), sorted(name for name, is_folder in found if not is_folder)
        below = (os.path.join(parent, name) for name, is_folder in found if is_folder)  # noqa: PTH118  # many
        waiting += sorted((path for path in below if not _is_own(path)), reverse=True)


def _walk_objects(folder: ObjectPath, on_error: Callable[[OSError], None]) -> Iterator[tuple[Path, list[str]]]:
    """The folders of a bucket and the names in them; those of a large folder in several lists, in order."""
    recent.forget_bucket(folder)
    waiting: list[Path] = [folder]
    while waiting:
        parent = waiting.pop()
        below: list[Path] = []
        names: list[str] = []
        told = False
        try:
            for listed in listing.names(folder.at(parent.key) if isinstance(parent, ObjectPath) else folder):
                if listed.name.startswith("."):
                    continue
                if listed.known is None:
                    below += [parent / listed.name] if not _is_own_name(listed.name) else []
                else:
                    names.append(listed.name)
                if len(names) == _AT_ONCE:
                    told = True
                    yield parent, names
                    names = []
        except OSError as error:
            error.filename = parent
            on_error(error)
        if names or not told:
            yield parent, names
        waiting += reversed(below)


def passed_over(path: Path, folder: Path) -> bool:
    """Tells whether `walk(folder)` passes over a file or folder below it."""
    below = path.relative_to(folder).parts
    if any(name.startswith(".") for name in below):
        return True
    if isinstance(folder, ObjectPath):
        return any(map(_is_own_name, below))
    return any(_is_own(os.fspath(folder.joinpath(*below[: count + 1]))) for count in range(len(below)))


def _identity(path: str) -> object:
    """What all names of a folder have in common: its number, or the way without links where a disk numbers no files."""
    status = os.stat(path)  # noqa: PTH116
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _is_own(path: str) -> bool:
    """Whether a folder, or what a link leads to, is one that a system or a program keeps for itself."""
    names = {os.path.basename(path)}  # noqa: PTH119  # as above
    if os.path.islink(path):  # noqa: PTH114
        names.update(Path(os.path.realpath(path)).parts)
    return any(map(_is_own_name, names))


def _is_own_name(name: str) -> bool:
    return name.casefold() in _OWN or name.casefold().endswith(_PACKAGES)
