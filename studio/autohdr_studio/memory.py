"""Keeps the memory of a server small that runs for hours: what a photo took while it was decoded goes back.

glibc keeps blocks of up to 32 MB for the next time once it has seen some of them go; pieces of later ones then lie
between. Giving all from 8 MB back costs a quarter of the time that a photo takes; from 25 MB on, and what is free after
each batch, costs nothing: 300 photos of 8 to 20 megapixels took 33 s and 594 MB so, 46 s and 561 MB in the other way,
and 38 s and 632 MB where nothing was given back until the first pictures were there (November 2026).
"""

import ctypes
import sys

_MMAP_THRESHOLD = -3
_LARGE = 25 << 20
"""Bytes from which a block is given back at once."""


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
