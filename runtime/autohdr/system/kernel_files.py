"""The files in which compiled kernels are kept: where they are, what they are called, and when one is of an old source.

numba's own cache on disk raises where nothing can be written, makes a folder called `~` in the current one for a user
without a home, and mixes up the code of two types of samples that two processes keep at the same time: both give their
file the number 1 (`IndexDataCacheFile.save` in numba 0.68). So its places and its files are ours. It also keeps a
kernel's code when another module's kernel or number that went into it has changed; here those belong to its name.
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from autohdr.files.folders import cache_folder, refusal
from autohdr.model.checked import read_checked, write_checked


class KernelFiles:
    """One file for each function, source and signature, under a name that says all of that: processes that keep their
    code at the same time never write into each other's, and a damaged file does not count.
    """

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        """Names the files of one kernel; the disk is only looked at when they are read or written.

        Args:
            function: the kernel as Python has it.
            options: of its compiler.
        """
        self._function, self._options = function, options
        self._file = Path(function.__code__.co_filename).absolute()
        name = f"{self._file.stem}.{function.__qualname__}".replace("<", "").replace(">", "")
        place, python = function.__code__.co_firstlineno, f"py{sys.version_info[0]}{sys.version_info[1]}"
        self._name = f"{name}-{place}.{python}{getattr(sys, 'abiflags', '')}"

    @cached_property
    def source(self) -> str:
        """What tells one state of the kernel's source, and of all that is compiled into it, from others.

        Raises:
            OSError: the source is no file, or cannot be read.
        """
        code = self._function.__code__
        options = sorted((name, _spelled(value)) for name, value in self._options.items())
        return _digest((_stamp(self._file), code.co_code.hex(), options, _compiled_in(self._function)))

    def load(self, key: Any) -> bytes | None:
        """What was kept for a signature; None where nothing was, or it is damaged.

        Raises:
            OSError, FileError: the source or a file cannot be read.
        """
        for folder in _folders(self._file):
            if (data := read_checked(folder / self._of(key))) is not None:
                return data
        return None

    def save(self, key: Any, data: bytes) -> None:
        """Keeps what a signature's code is, in the first folder that can be written to, and removes what was kept of an
        earlier source. Where none can, nothing is kept.

        Raises:
            OSError, FileError: the source cannot be read, or the disk is full.
        """
        folder = next((folder for folder in _folders(self._file) if refusal(folder) is None), None)
        if folder is None:
            return
        write_checked(folder / self._of(key), data)
        for path in folder.glob(f"{self._name}.*-*.kernel"):
            if not path.name.startswith(f"{self._name}.{self.source}-"):
                path.unlink(missing_ok=True)

    def _of(self, key: Any) -> str:
        return f"{self._name}.{self.source}-{_digest((numbas_version(), key))}.kernel"


def _folders(file: Path) -> list[Path]:
    """Where kernels of a source file may be kept, the best place first: where NUMBA_CACHE_DIR says, the `__pycache__`
    beside it, the user's cache folder."""
    own = f"{file.parent.name}_{hashlib.sha1(str(file.parent).encode(), usedforsecurity=False).hexdigest()}"
    named = os.environ.get("NUMBA_CACHE_DIR")
    return [*([Path(named) / own] if named else []), file.parent / "__pycache__", cache_folder() / "kernels" / own]


@lru_cache(maxsize=1)
def numbas_version() -> str:
    """The version of numba, read from its folder: importing it takes 0.15 s, which kept code is to save."""
    spec = find_spec("numba")
    found = (Path(folder) / "_version.py" for folder in (spec.submodule_search_locations or ()) if spec) if spec else ()
    with contextlib.suppress(OSError):
        return _digest([path.read_bytes() for path in found])
    import numba

    return str(numba.__version__)


@lru_cache(maxsize=None)  # noqa: UP033  # one a module
def _stamp(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _compiled_in(function: Callable[..., Any]) -> list[tuple[str, str]]:
    """The kernels, instructions and numbers of a module that a function's code holds, by name, with what tells their
    states apart."""
    found = []
    for name in sorted(function.__code__.co_names):
        value = function.__globals__.get(name)
        if isinstance(files := getattr(value, "kernel_files", None), KernelFiles):
            found.append((name, files.source))
        elif isinstance(value, int | float | tuple | np.generic):
            found.append((name, repr(value)))
    return found


def _spelled(option: Any) -> str:
    """An option as every process spells it: they have the members of a set, such as `fastmath`, in different orders."""
    return repr(sorted(option) if isinstance(option, set | frozenset) else option)


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
