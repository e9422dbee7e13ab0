"""Compiled kernels, kept on disk where that is possible: a user without a folder to write to only waits longer.

Numba is imported when the first kernel has to be compiled, or is not bare; see `autohdr.system.machine_code`.
"""

import contextlib
import os
import threading
from collections.abc import Callable
from typing import Any

from autohdr.errors import FileError
from autohdr.system.kernel_files import KernelFiles

_LOADING = threading.RLock()
_MAKING = threading.Lock()
"""Held for moments only: whoever asks for a dispatcher may hold numba's own lock, which whoever loads may wait for."""
_OWN_PLACES = ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS")
"""Numba's variables that change no code; any other, such as NUMBA_DISABLE_JIT, is numba's to follow."""


def kernel(*, bare: Any = False, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compiles a function with numba's `njit`, and caches it on disk where that is possible.

    The cache is where NUMBA_CACHE_DIR says, else in the `__pycache__` beside the module, else in the user's cache
    folder. Where none can be written, or the disk is full, each process compiles anew, which takes a second or two.

    Args:
        bare: whether kept code is to run without importing numba. Such a kernel is called from Python with arrays,
            numbers and tuples of them, returns nothing, a number or a tuple of numbers, allocates nothing, cannot raise
            (no division that Python would refuse), and calls nothing but other kernels. One that does otherwise runs in
            numba.
        options: of `njit`, without `cache`.
    """

    def compiled(function: Callable[..., Any]) -> Kernel:
        return Kernel(function, options, bare=bare)

    return compiled


class Kernel:
    """A function that is compiled for each signature that it is called with; other kernels may call it."""

    def __init__(self, function: Callable[..., Any], options: dict[str, Any], *, bare: bool) -> None:
        self.py_func = self.__wrapped__ = function
        self.__doc__, self.__name__ = function.__doc__, function.__name__
        self.kernel_files = KernelFiles(function, options)
        self._options = {**options, "_nrt": False} if bare else options  # nothing is allocated, so nobody owns anything
        self._bare = bare and not any(name.startswith("NUMBA_") and name not in _OWN_PLACES for name in os.environ)
        self._ready: dict[Any, Callable[..., Any]] = {}
        self._dispatcher: Any = None

    def __call__(self, *arguments: Any) -> Any:
        """Runs it; see `py_func`."""
        if not self._bare:
            return self.dispatcher(*arguments)
        from autohdr.system.machine_code import kind_of

        kinds = tuple(map(kind_of, arguments))
        found = self._ready.get(kinds)
        return (self._prepare(kinds, arguments) if found is None else found)(*arguments)

    @property
    def dispatcher(self) -> Any:
        """The function as numba has it."""
        if self._dispatcher is None:
            from autohdr.system.compiled import dispatcher

            with _MAKING:
                if self._dispatcher is None:
                    self._dispatcher = dispatcher(self.py_func, self._options, self.kernel_files)
        return self._dispatcher

    @property
    def _numba_type_(self) -> Any:
        """What numba takes a kernel for that another one calls."""
        return self.dispatcher._numba_type_

    @property
    def signatures(self) -> list[Any]:
        """The kinds of arguments for which machine code runs without numba."""
        return [kinds for kinds, run in self._ready.items() if run is not self._dispatcher]

    def _prepare(self, kinds: tuple[Any, ...], arguments: tuple[Any, ...]) -> Callable[..., Any]:
        with _LOADING:
            if kinds not in self._ready:
                self._ready[kinds] = self.dispatcher if None in kinds else self._machine_code(kinds, arguments)
            return self._ready[kinds]

    def _machine_code(self, kinds: tuple[Any, ...], arguments: tuple[Any, ...]) -> Callable[..., Any]:
        """The function for these kinds, as machine code where it is bare."""
        from autohdr.system.machine_code import Code, load, machine

        key = ("machine code", machine(), kinds)
        with contextlib.suppress(FileError, OSError, ValueError):
            if (kept := self.kernel_files.load(key)) is not None:
                return load(Code.from_bytes(kept), kinds) if kept else self.dispatcher
        from numba.core.errors import NumbaError

        from autohdr.system.compiled import machine_code

        try:
            code = machine_code(self.py_func, self._options, arguments, kinds)
        except NumbaError:
            return self.dispatcher  # which says what is wrong
        with contextlib.suppress(FileError, OSError):
            self.kernel_files.save(key, b"" if code is None else code.to_bytes())  # nothing: numba's, the next time too
        return self.dispatcher if code is None else load(code, kinds)
