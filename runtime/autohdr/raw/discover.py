"""Finds the photos to label in files and folders."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from autohdr.errors import FileError, SettingsError
from autohdr.files.look import Identities, exists, identity, is_elsewhere, is_folder, lexists
from autohdr.files.walk import walk
from autohdr.files.whole import next_step
from autohdr.objects.path import named

# fmt: off
EXTENSIONS = frozenset((
    ".3fr", ".ari", ".arw", ".cap", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf",
    ".fff", ".gpr", ".iiq", ".k25", ".kdc", ".mef", ".mos", ".mrw", ".nef", ".nrw",
    ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f",
))
# fmt: on
"""RAW file names end so, in any letter case."""


# fmt: off
_OTHERS = frozenset((
    ".xmp", ".jpg", ".jpeg", ".jpe", ".heic", ".heif", ".hif", ".avif", ".png", ".gif", ".webp", ".psd", ".psb", ".pdf",
    ".mov", ".mp4", ".m4v", ".avi", ".mts", ".wav", ".mp3", ".thm", ".lrv", ".lrcat", ".lrtemplate", ".dop",
    ".pp3", ".arp",
    ".txt", ".md", ".csv", ".json", ".jsonl", ".xml", ".html", ".htm", ".log", ".ini", ".db", ".dat", ".zip", ".onnx",
))
# fmt: on
"""What else lies among photos: never a RAW file."""


def other_files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The paths, of several, that name files whose names say that they are no RAW files, as the shell's `folder/*`
    gives.

    One that is named alone is meant, so that it is none of these; nor is one of an unusual name, such as IMG_1.tif.
    """
    several = [named(path) for path in paths]
    if len(several) < 2:
        return []
    return [path for path in several if _is_another(path.name.lower()) and not is_folder(path)]


def _is_another(name: str) -> bool:
    return Path(name).suffix in _OTHERS or "_original" in Path(name).suffix


def find_photos(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The RAW files named, and those in the folders named, searched in depth: sorted within each, none twice.

    A file that is named is taken whatever its extension, less `other_files`. Hidden files and folders are passed over
    in a search, links to folders are followed once. A folder that cannot be searched stands in the result itself, so
    that decoding it fails with a reason instead of its photos being missed without a word.

    Raises:
        SettingsError: a path does not exist, or may not be looked at.
    """
    found: dict[str, Path] = {}
    identities = Identities()
    several = [named(path) for path in paths]
    others = set(other_files(several))
    for path in several:
        if path in others:
            continue
        if is_folder_named(path):
            for photo in search(path):  # which spells names as their folders do
                found.setdefault(identities.of(photo), photo)
        else:
            found.setdefault(identity(path), path)
    return list(found.values())


def is_folder_named(path: Path) -> bool:
    """Whether what is named is a folder, or a file.

    Raises:
        FileError: its server does not answer.
        SettingsError: it does not exist, or may not be looked at.
    """
    try:
        if is_elsewhere(path) and path.suffix.lower() in EXTENSIONS and _is_listed(path):
            return False  # a page of a listing tells of many that are named one by one
        if is_folder(path):
            return True
        if not exists(path):
            raise SettingsError(f"{path} does not exist; expected a RAW file or a folder of them")
    except OSError as error:
        step = next_step(error) if is_elsewhere(path) else "check its permissions"
        kind = FileError if isinstance(error, ConnectionError) else SettingsError
        raise kind(f"{path} cannot be looked at ({error.strerror}); {step}") from error
    return False


def _is_listed(path: Path) -> bool:
    with contextlib.suppress(FileError):  # which is said of what `is_folder` asks
        return lexists(path)
    return False


def search(folder: Path) -> Iterator[Path]:
    """Yields the RAW files of a folder, searched in depth, as `find_photos` finds them; then the folders that cannot be
    searched."""
    locked: list[Path] = []
    for parent, names in walk(folder, lambda error: locked.append(named(error.filename))):
        yield from (parent / name for name in names if Path(name).suffix.lower() in EXTENSIONS)
    yield from locked
