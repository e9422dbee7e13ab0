"""Reads NumPy's files, one after the other.

NumPy reads their headers by `ast.literal_eval`, which fails now and then with a SystemError where several threads are
in it at once (CPython 3.11 and 3.12, issue 106905).
"""

import threading
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

_ONE = threading.Lock()


def load_array(file: Path | IO[bytes], *, mapped: bool = False) -> NDArray[Any]:
    """Reads the array of an `.npy` file; `mapped` leaves it on the disk.

    Raises:
        OSError, ValueError, EOFError: there is none, or it is damaged.
    """
    with _ONE:
        found: NDArray[Any] = np.load(file, mmap_mode="r" if mapped else None)
    return found


def load_arrays(file: IO[bytes]) -> dict[str, NDArray[Any]]:
    """Reads the arrays of an `.npz` file, by name.

    Raises:
        OSError, ValueError, EOFError, zipfile.BadZipFile: there are none, or they are damaged.
    """
    with _ONE, np.load(file) as found:
        return {name: found[name] for name in found.files}
