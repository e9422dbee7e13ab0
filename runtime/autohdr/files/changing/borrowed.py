"""Changes an object in storage as if it were a file: it is copied here with what stands beside it, changed as any file
is, and what has changed is written back on the condition that nobody else has changed it meanwhile.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autohdr.errors import AutohdrError
from autohdr.files.changing.conditional import remove, replace
from autohdr.files.look import is_elsewhere
from autohdr.files.whole import create, failure, read_bytes

_STEM = "photo"
"""What the copy is called, since a key may be longer than the name of a file, or hold what no file's name does."""


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A file that is to be changed, or the copy of an object."""

    path: Path
    """Where the file or the copy is."""
    home: Path
    """The path of the file itself, or of the object that was copied."""

    def home_of(self, beside: Path) -> Path:
        """The path, where it belongs, of what stands beside the copy."""
        return (
            beside
            if self.home is self.path
            else self.home.with_name(beside.name.replace(self.path.name, self.home.name, 1))
        )

    def copy_of(self, beside: Path) -> Path:
        """The path of the copy of what stands beside the object."""
        return self.path.with_name(beside.name.replace(self.home.name, self.path.name, 1))


@contextlib.contextmanager
def borrowed(path: Path, beside: Callable[[Path], Sequence[Path]]) -> Iterator[Borrowed]:
    """Yields a file that holds what an object holds, and writes back what the block makes of it; a file is itself.

    First what is new or has changed beside it is written, then the object, in one step, then what is gone beside it is
    removed. So what leads back to an earlier state is there before that state goes, and goes after it is back.

    Args:
        path: the file or object.
        beside: given an object, what stands beside it and begins with its name, for the block to look at, change or
            remove. It may make more.

    Raises:
        FileError: one of them cannot be read or written, or the copies have no room.
        SidecarError: another program has changed one of them meanwhile; then the object is as that program left it.
    """
    if not is_elsewhere(path):
        yield Borrowed(path, path)
        return
    with tempfile.TemporaryDirectory(prefix="autohdr-", ignore_cleanup_errors=True) as folder:
        copy = Borrowed(Path(folder, _STEM + path.suffix), path)
        before = {one: data for one in (*beside(path), path) if (data := read_bytes(one)) is not None}
        for one, data in before.items():
            _write(copy.copy_of(one), data)
        with _naming(copy):
            yield copy
        after = {copy.home_of(one): one.read_bytes() for one in Path(folder).iterdir()}
    _write_back(path, before, after)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise failure(path, "written", error) from error


def _write_back(path: Path, before: dict[Path, bytes], after: dict[Path, bytes]) -> None:
    for one in sorted(after, key=lambda one: (one == path, one)):
        original = before.get(one)
        if original is None:
            create(one, after[one])
        elif original != after[one]:
            replace(one, after[one], original)
    for one in before.keys() - after.keys():
        remove(one, before[one])


@contextlib.contextmanager
def _naming(copy: Borrowed) -> Iterator[None]:
    """Lets the sentences of the block's errors name the object, and not its copy."""
    try:
        yield
    except AutohdrError as error:
        sentence = str(error).replace(str(copy.path), str(copy.home)).replace(copy.path.name, copy.home.name)
        raise type(error)(sentence, code=error.code) from error
