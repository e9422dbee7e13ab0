"""Augmentations by name."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from autohdr.errors import SettingsError
from autohdr.spec import InputSpec
from autohdr_train.recipes.augment import detail, light, shape
from autohdr_train.recipes.augment.base import Augmentation


def _for_any(augmentation: Augmentation) -> Callable[[InputSpec], Augmentation]:
    return lambda _: augmentation


AUGMENTATIONS: dict[str, Callable[[InputSpec], Augmentation]] = {
    "turn": _for_any(shape.turn),
    "perspective": _for_any(shape.perspective),
    "crop": _for_any(shape.crop),
    "elastic": _for_any(shape.elastic),
    "blur": _for_any(detail.blur),
    "gridmask": _for_any(detail.gridmask),
    "local-rotation": _for_any(shape.local_rotation),
    "exposure": light.Exposure,
    "noise": light.Noise,
    "white-balance": light.WhiteBalance,
    "camera": light.Camera,
    "defocus": light.Defocus,
}
"""Each makes an augmentation for inputs of a spec."""


def build(names: Sequence[str], spec: InputSpec) -> Augmentation:
    """The augmentations of these names, one after the other in the order given; none of them changes nothing.

    Args:
        names: keys of `AUGMENTATIONS`.
        spec: how the pixels were prepared.

    Raises:
        SettingsError: a name is unknown, or an augmentation needs sensor data and the spec asks for previews.
    """
    for name in names:
        if name not in AUGMENTATIONS:
            raise SettingsError(f"augmentation is {name!r}; expected some of {', '.join(AUGMENTATIONS)}")
    steps = [AUGMENTATIONS[name](spec) for name in names]

    def composed(pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        for step in steps:
            pixels, labels = step(pixels, labels, random)
        return pixels, labels

    return composed
