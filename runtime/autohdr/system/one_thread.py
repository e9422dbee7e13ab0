"""Linear algebra on one thread: several would wait for each other longer than small matrices take.

With two threads and another program at work, learning from 30 edits took 5.8 s of processor time, with one 1.2 s (two
cores of an EPYC, November 2026): threads of OpenBLAS spin while they wait.
"""

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    """What controls the libraries that NumPy has loaded; found once, because that takes milliseconds."""
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """A block in which NumPy's linear algebra keeps to one thread, where its library can be told (macOS's cannot)."""
    limited: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limited
