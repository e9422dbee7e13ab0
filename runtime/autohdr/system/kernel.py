"""Compiled kernels, kept on disk where that is possible: a user without a folder to write to only waits longer.

numba's own cache on disk raises where nothing can be written, makes a folder called `~` in the current one for a user
without a home, and mixes up the code of two types of samples that two processes keep at the same time: both give their
file the number 1 (`IndexDataCacheFile.save` in numba 0.68). So its places and its files are ours. It also keeps a
kernel's code when another module's kernel or number that went into it has changed; here those belong to its name.
"""

import contextlib
import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import caching
from numba.core.dispatcher import Dispatcher
from numba.core.serialize import dumps

from autohdr.errors import FileError
from autohdr.files.folders import cache_folder
from autohdr.model.checked import read_checked, write_checked

_OF_NO_USE = (FileError, OSError, EOFError, ValueError, AttributeError, ImportError, pickle.UnpicklingError)
"""What is raised where code cannot be kept, or what was kept is not for this version."""


def kernel(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compiles a function with numba's `njit`, and caches it on disk where that is possible.

    The cache is where NUMBA_CACHE_DIR says, else in the `__pycache__` beside the module, else in the user's cache
    folder. Where none can be written, or the disk is full, each process compiles anew, which takes a second or two.

    Args:
        options: of `njit`, without `cache`.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        dispatcher = numba.njit(**options)(function)
        with contextlib.suppress(RuntimeError, OSError):  # RuntimeError: "no locator available"
            dispatcher._cache = _Cache(function)
        return dispatcher

    return compiled


class _InUsersCache(caching.UserWideCacheLocator):
    """Keeps compiled code in the cache folder of autohdr instead of a place of numba's own in the home folder."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)
        self._cache_path = str(cache_folder() / "kernels" / self.get_suitable_cache_subpath(file))


class _Places(caching.CompileResultCacheImpl):
    _locator_classes = (caching.UserProvidedCacheLocator, caching.InTreeCacheLocator, _InUsersCache)


class _Cache(caching.FunctionCache):
    """A function's cache on disk that is allowed to fail: what cannot be read or written is compiled anew."""

    _impl_class = _Places

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp = (self._impl.locator.get_source_stamp(), _compiled_in(function))
        self._cache_file = _Files(Path(self._cache_path), self._impl.filename_base, stamp)

    def load_overload(self, *arguments: Any) -> Any:
        with contextlib.suppress(*_OF_NO_USE):
            return super().load_overload(*arguments)

    def save_overload(self, *arguments: Any) -> None:
        with contextlib.suppress(*_OF_NO_USE):
            super().save_overload(*arguments)


class _Files:
    """One file for each function, source and signature, under a name that says all of that: processes that keep their
    code at the same time never write into each other's, and a damaged file does not count."""

    def __init__(self, folder: Path, name: str, stamp: Any) -> None:
        self._folder = folder
        self._source = f"{name}.{_digest(stamp)}"
        self._others = f"{name}.*-*.kernel"

    def _path(self, key: Any) -> Path:
        return self._folder / f"{self._source}-{_digest((numba.__version__, key))}.kernel"

    def load(self, key: Any) -> Any:
        if (data := read_checked(self._path(key))) is None:
            return None
        its_key, code = pickle.loads(data)
        return code if its_key == key else None

    def save(self, key: Any, code: Any) -> None:
        write_checked(self._path(key), dumps((key, code)))
        for path in self._folder.glob(self._others):
            if not path.name.startswith(f"{self._source}-"):  # of an earlier source
                path.unlink(missing_ok=True)

    def flush(self) -> None:
        for path in self._folder.glob(self._others):
            path.unlink(missing_ok=True)

    @property
    def source(self) -> str:
        """What tells one state of the kernel's source, and of all that is compiled into it, from others."""
        return self._source


def _compiled_in(function: Callable[..., Any]) -> list[tuple[str, str]]:
    """The kernels and numbers of a module that a function's code holds, by name, with what tells their states apart."""
    found = []
    for name in sorted(function.__code__.co_names):
        value = function.__globals__.get(name)
        if isinstance(value, Dispatcher) and isinstance(cache := getattr(value, "_cache", None), _Cache):
            found.append((name, cache._cache_file.source))
        elif isinstance(value, int | float | tuple | np.generic):
            found.append((name, repr(value)))
    return found


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
