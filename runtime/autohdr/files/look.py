"""Asks what is there, on this machine's disks and in object storage alike."""

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from autohdr.files.whole import failure
from autohdr.objects import listing, recent
from autohdr.objects.path import ObjectPath, named
from autohdr.objects.store import CredentialsError, NoBucketError, NoWritingError, UnreachableError

_FOLDERS = 1000
"""Folders whose true names are kept at once."""


class Status(NamedTuple):
    """What a file is known by without being read."""

    size: int
    """Bytes."""
    content: int
    """When its content was changed, in nanoseconds; of an object, a digest of its ETag and of when it was written."""
    description: int
    """When its description was changed, which no program can set back; of an object, as `content`."""


def is_elsewhere(path: Path) -> bool:
    """Whether a path is an object's, so that no lock keeps others away from it, and a write that has failed may still
    come late."""
    return isinstance(path, ObjectPath)


def status(path: Path) -> Status:
    """What a file is known by.

    Raises:
        OSError: there is none, or it may not be looked at.
    """
    if isinstance(path, ObjectPath):
        return _status(recent.known(path))
    found = path.stat()
    return Status(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _status(known: listing.Known) -> Status:
    said = f"{known.e_tag} {known.modified_ns}".encode()
    mark = int.from_bytes(hashlib.sha256(said).digest()[:7])
    return Status(known.size, mark, mark)


def forget(path: Path) -> None:
    """Lets no listing of a bucket count any longer: what is there is asked anew."""
    if isinstance(path, ObjectPath):
        recent.forget_bucket(path)


def concerns_all(error: OSError) -> bool:
    """Whether what a server said, or did not say, of one object concerns all: credentials, the bucket, the network."""
    if isinstance(error, UnreachableError) and isinstance(error.filename, str):
        path = named(error.filename)
        return not (isinstance(path, ObjectPath) and listing.answers(path))
    return isinstance(error, CredentialsError | NoBucketError | NoWritingError)


def exists(path: Path) -> bool:
    """Whether there is a file or folder, at the end of a link as well.

    Raises:
        OSError: it may not be looked at.
    """
    if isinstance(path, ObjectPath):
        return listing.is_object(path) or listing.is_folder(path)
    return path.exists()


def lexists(path: Path) -> bool:
    """Whether there is a file, a folder or a link of this name, wherever the link leads.

    Raises:
        FileError: a server cannot be asked, or refuses.
    """
    if not isinstance(path, ObjectPath):
        return os.path.lexists(path)
    try:
        return recent.known(path) is not None
    except FileNotFoundError:
        return False
    except OSError as error:
        raise failure(path, "looked at", error) from error


def is_missing(path: Path) -> bool:
    """Whether it is known, without asking, that there was no object of this name some seconds ago."""
    try:
        return isinstance(path, ObjectPath) and recent.is_missing(path)
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder.

    Raises:
        OSError: a server cannot be asked, or refuses.
    """
    return listing.is_folder(path) if isinstance(path, ObjectPath) else path.is_dir()


def is_link(path: Path) -> bool:
    """Whether a name leads to another."""
    return not isinstance(path, ObjectPath) and path.is_symlink()


def real(path: Path) -> Path:
    """The path without links in it."""
    return path if isinstance(path, ObjectPath) else Path(os.path.realpath(path))


def absolute(path: Path) -> Path:
    """The path with all folders above it."""
    return path if isinstance(path, ObjectPath) else path.absolute()


def identity(path: Path) -> str:
    """What all names of a file have in common."""
    return str(path) if isinstance(path, ObjectPath) else os.path.realpath(path)


class Identities:
    """Tells the identities of many files that are spelled as their folders spell them; each folder is followed once.
    Any thread may use it."""

    def __init__(self) -> None:
        self._real = lru_cache(_FOLDERS)(os.path.realpath)

    def of(self, path: Path) -> str:
        """What all names of a file have in common."""
        if isinstance(path, ObjectPath) or path.is_symlink():
            return identity(path)
        folder, name = os.path.split(path)
        return os.path.join(self._real(folder), name)  # noqa: PTH118  # many


def is_same(one: Path, other: Path) -> bool:
    """Whether two names are of one file, as they may be where letter case does not count.

    Raises:
        OSError: one of them is not there, or may not be looked at.
    """
    return one == other if isinstance(one, ObjectPath) else one.samefile(other)


def inside(folder: Path) -> Iterator[Path]:
    """What is directly in a folder, in no order, one after the other.

    Raises:
        OSError: the folder cannot be searched.
    """
    if isinstance(folder, ObjectPath):
        forget(folder)
        yield from (folder / one.name for one in listing.names(folder))
        return
    with os.scandir(folder) as entries:  # `Path.iterdir` holds all names of a folder
        yield from (folder / entry.name for entry in entries)
