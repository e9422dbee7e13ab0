"""Memory for the samples of one photo after another, so that the system does not clear tens of megabytes for each."""

import threading
from weakref import ref

import numpy as np
from numpy.typing import NDArray

MOST_KEPT = 256 << 20
"""Bytes that a thread keeps at most: more than any camera's mosaic."""


class Memory:
    """Memory that a thread decodes into again, as soon as nobody holds anything of what it decoded there before."""

    def __init__(self) -> None:
        self._threads = threading.local()

    def samples(self, shape: tuple[int, int]) -> NDArray[np.uint16]:
        """An array of that shape, of any values."""
        count, kept = shape[0] * shape[1], getattr(self._threads, "kept", None)
        if kept is None or kept[1]() is not None or not count <= kept[0].size <= 2 * count:
            kept = None
            self._threads.kept = None  # before more is asked for
            owner = np.empty(count, np.uint16)
        else:
            owner = kept[0]
        # A view of a view of a buffer holds the first view, which is what tells whether anybody holds one.
        lent = np.frombuffer(memoryview(owner.data), np.uint16)
        if owner.nbytes <= MOST_KEPT:
            self._threads.kept = (owner, ref(lent))
        return lent[:count].reshape(shape)

    def clear(self) -> None:
        """Keeps nothing for this thread any more."""
        self._threads.kept = None
