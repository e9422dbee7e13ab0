"""Keeps the memory of a server small that runs for hours: what a photo took while it was decoded goes back.

glibc keeps blocks of up to 32 MB for the next time once it has seen some of them go; pieces of later ones then lie
between. Of a studio that opens photos of 20 megapixels, with two threads, 64 of 642 MB (November 2026). It costs a
quarter of the time that a photo takes, so that the first pictures are made without it, before the network is opened.
"""

import ctypes
import sys

_MMAP_THRESHOLD = -3
_LARGE = 8 << 20
"""Bytes from which a block is given back at once: pictures and sensor data."""


def give_back_large_blocks() -> None:
    """Has the C library return large blocks to the system as soon as they are free, and what is free now; where it is
    another than glibc, nothing is done."""
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    mallopt, trim = getattr(library, "mallopt", None), getattr(library, "malloc_trim", None)
    if mallopt is not None and trim is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        trim(0)
