"""What is measured of autohdr, and the shoots to measure it on.

>>> from autohdr_bench import bench
>>> bench("decode", ["IMG_1.CR2"]).stages  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from autohdr.system.lazy import (
    lazily,  # of autohdr's first of all: it tells the libraries that are loaded to report nothing
)

if TYPE_CHECKING:
    from autohdr_bench.api import bench
    from autohdr_bench.speed.results import Result

__all__ = ["Result", "bench"]

if not TYPE_CHECKING:
    __getattr__ = lazily(__name__, {"autohdr_bench.api": ("bench",), "autohdr_bench.speed.results": ("Result",)})
