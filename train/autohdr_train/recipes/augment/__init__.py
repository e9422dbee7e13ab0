"""Augmentation: the same photos, a little different every time that they are seen, with labels that are still true.

Seven are those of AutoHDR (2024): `turn`, `perspective`, `crop`, `elastic`, `blur`, `gridmask`, `local-rotation`. The
others exist because an input is linear light on an absolute scale: `exposure`, `noise`, `white-balance`, `camera`,
`defocus`. Each works on a batch, alone or composed; every photo draws for itself, from the given generator
alone, so that equal generators give equal batches. `gridmask` belongs last: what it fills in is no light, which
others take it for.
"""

from autohdr_train.recipes.augment.base import Augmentation
from autohdr_train.recipes.augment.registry import AUGMENTATIONS, build

__all__ = ["AUGMENTATIONS", "Augmentation", "build"]
