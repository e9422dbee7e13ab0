"""Compiled kernels, kept on disk where that is possible: a user without a folder to write to only waits longer."""

import contextlib
import pickle
from collections.abc import Callable
from typing import Any

from numba import njit

_OF_NO_USE = (OSError, EOFError, ValueError, pickle.UnpicklingError)
"""What numba raises where a cache cannot be read or written, or is damaged."""


def kernel(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """numba's `njit` with a cache on disk, as far as there is one.

    Numba raises where no folder can be written to (an installed package that belongs to somebody else, and no home),
    and where the disk is full. Then the kernel is compiled anew in each process, which takes seconds.

    Args:
        options: of `njit`, without `cache`.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        dispatcher = njit(**options)(function)
        with contextlib.suppress(RuntimeError, OSError):  # RuntimeError: "no locator available"
            dispatcher.enable_caching()
            _forgive(dispatcher._cache)
        return dispatcher

    return compiled


def _forgive(cache: Any) -> None:
    """Makes a dispatcher's cache one that may fail: what cannot be read or written is compiled."""
    load, save = cache.load_overload, cache.save_overload

    def try_to_load(*arguments: Any) -> Any:
        with contextlib.suppress(*_OF_NO_USE):
            return load(*arguments)

    def try_to_save(*arguments: Any) -> None:
        with contextlib.suppress(*_OF_NO_USE):
            save(*arguments)

    cache.load_overload, cache.save_overload = try_to_load, try_to_save
