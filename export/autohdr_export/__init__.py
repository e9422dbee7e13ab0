"""Makes the model file that autohdr labels with from a trained checkpoint.

>>> from autohdr_export import export
>>> export("wedding-model", "wedding.onnx", precision="float16")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from autohdr.system.lazy import (
    lazily,  # of autohdr's first of all: it tells the libraries that are loaded to report nothing
)

if TYPE_CHECKING:
    from autohdr_export.api import Outcome, export

__all__ = ["Outcome", "export"]

if not TYPE_CHECKING:
    __getattr__ = lazily(
        __name__,
        {
            "autohdr_export.api": (
                "Outcome",
                "export",
            )
        },
    )
