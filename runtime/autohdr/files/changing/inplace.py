"""Changes files where they stand, step by step: each step is on the disk before the next one begins."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from autohdr.files.changing.claims import Claim, claimed
from autohdr.files.whole import failure, refuse_locked, sync
from autohdr.objects.path import ObjectPath
from autohdr.objects.ranges import ObjectFile

_CHUNK = 1 << 20
_LOCKED = "unlock the file, close any program that has it open, or "


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is open, and how long it was then."""

    file: FileIO | ObjectFile
    length: int
    claim: Claim | None = None
    """The claim on the file by whoever changes it."""

    def refuse_lost(self) -> None:
        """Raises:
        FileError: another machine may be changing it, because this one stood still for long; see `Claim`.
        """
        if self.claim is not None:
            self.claim.refuse_lost()

    def read(self, start: int, size: int) -> bytes:
        """Reads that many bytes from an offset on, fewer where the file ends."""
        return b"".join(self._parts(start, size))

    def digest(self, start: int, size: int, first: bytes = b"") -> str:
        """SHA-256, in hexadecimal, of bytes from an offset on, behind the bytes `first`."""
        digest = hashlib.sha256(first)
        for part in self._parts(start, size):
            digest.update(part)
        return digest.hexdigest()

    def put(self, start: int, data: bytes) -> None:
        """Writes bytes at an offset; behind the end, zeros fill what lies between. Raises FileError, OSError."""
        assert isinstance(self.file, FileIO), "objects are only read"
        self.refuse_lost()
        self.file.seek(start)
        rest = memoryview(data)
        while rest:
            rest = rest[self.file.write(rest) :]
        sync(self.file.fileno())

    def cut(self, length: int) -> None:
        """Ends the file at an offset. Raises FileError, OSError."""
        assert isinstance(self.file, FileIO), "objects are only read"
        self.refuse_lost()
        self.file.truncate(length)
        sync(self.file.fileno())

    def _parts(self, start: int, size: int) -> Iterator[bytes]:
        self.file.seek(start)
        # A damaged file may ask for gigabytes behind its end.
        left = min(size, self.length - start)
        while left > 0 and (part := self.file.read(min(left, _CHUNK))):
            left -= len(part)
            yield part


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[OpenFile]:
    """Opens a file to read parts of it.

    Raises:
        FileError: it is missing, or the system refuses to read it.
    """
    try:
        if isinstance(path, ObjectPath):
            opened = ObjectFile(path)
            yield OpenFile(opened, opened.length)
            return
        with path.open("rb", buffering=0) as file:
            yield OpenFile(file, os.fstat(file.fileno()).st_size)
    except OSError as error:
        raise failure(path, "read", error, locked=f"{_LOCKED}work on a copy") from error


@contextlib.contextmanager
def open_in_place(path: Path, otherwise: str = "work on a copy") -> Iterator[OpenFile]:
    """Opens a file to change it where it stands, while no other run of autohdr does, on whichever machine.

    Args:
        path: the file.
        otherwise: what the user may do where the file stays locked, as the end of a sentence.

    Raises:
        FileError: it is missing, marked read-only or locked, has a second name, another run is at it, or the system
            refuses.
    """
    refuse_locked(path, locked=_LOCKED + otherwise)
    try:
        with claimed(Path(os.path.realpath(path))) as claim, path.open("r+b", buffering=0) as file:
            status = os.fstat(file.fileno())
            if status.st_nlink > 1:
                raise PermissionError("it is a hard link, so that another file would change with it")
            yield OpenFile(file, status.st_size, claim)
    except OSError as error:
        raise failure(path, "changed", error, locked=_LOCKED + otherwise) from error
