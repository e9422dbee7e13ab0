"""Learns a photographer's edits: from RAW files with Lightroom sidecars to a trained network.

>>> from autohdr_train import train
>>> train("/shoot", "wedding-model").scores  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from autohdr.system.lazy import (
    lazily,  # of autohdr's first of all: it tells the libraries that are loaded to report nothing
)

if TYPE_CHECKING:
    from autohdr_train.api import train
    from autohdr_train.shoot import Trained

__all__ = ["Trained", "train"]

if not TYPE_CHECKING:
    __getattr__ = lazily(__name__, {"autohdr_train.api": ("train",), "autohdr_train.shoot": ("Trained",)})
