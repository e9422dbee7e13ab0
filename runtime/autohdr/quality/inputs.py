"""How a quality model sees a picture: absolute luminance, encoded by PU21 and brought to the range of a network.

The two normalisations are those of A. Chubarau et al., "Adapting Pretrained Networks for Image Quality Assessment on
High Dynamic Range Displays", 2024, arXiv:2405.00670.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from autohdr import pu21
from autohdr.errors import ModelError, PhotoError, SettingsError

Norm = Literal["pmax", "255"]
"""`pmax`: 10000 cd/m2 becomes 1, and 100 cd/m2 near 0.43. `255`: 100 cd/m2 becomes 1, and 10000 cd/m2 near 2.3."""
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and standard deviation of ImageNet's R, G and B, which networks like VGG were trained with."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The preprocessing of a quality model, the same in training, export and scoring; it travels inside the model."""

    variant: pu21.Variant = "banding_glare"
    """The variant of PU21 that encodes luminance."""
    norm: Norm = "pmax"
    """Which luminance becomes 1, before mean and std."""
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    """The mean that is subtracted from the normalised R, G, B."""
    std: tuple[float, float, float] = (0.5, 0.5, 0.5)
    """Divides the normalised R, G, B after the mean."""

    def __post_init__(self) -> None:
        if self.variant not in get_args(pu21.Variant):
            raise SettingsError(f"variant is {self.variant!r}; expected one of {', '.join(get_args(pu21.Variant))}")
        if self.norm not in get_args(Norm):
            raise SettingsError(f"norm is {self.norm!r}; expected one of {', '.join(get_args(Norm))}")
        if len(self.mean) != 3 or len(self.std) != 3 or not min(self.std) > 0:
            raise SettingsError(f"mean {self.mean} and std {self.std} need three numbers each, std above zero")

    def of(self, luminance: NDArray[np.floating]) -> NDArray[np.float32]:
        """A network's input (3, H, W) of absolute luminance (H, W, 3), cd/m2, BT.709 primaries.

        What is outside 0.005 to 10000 cd/m2 counts as that end.

        Raises:
            PhotoError: it has another shape or no pixels, or a value is NaN, infinite or negative.
        """
        units = pu21.encode(checked(luminance), self.variant)
        darkest, reference = self.ends
        normalised = (units - darkest) / (reference - darkest)
        return np.ascontiguousarray(((normalised - self.mean) / self.std).transpose(2, 0, 1), dtype=np.float32)

    @property
    def ends(self) -> tuple[float, float]:
        """PU21 units that become 0 and 1 before mean and std."""
        bright = pu21.LUMINANCE_MAX if self.norm == "pmax" else 100.0
        darkest, reference = pu21.encode([pu21.LUMINANCE_MIN, bright], self.variant)
        return float(darkest), float(reference)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, for a model's metadata."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Inputs":
        """The inputs that `to_dict` wrote.

        Raises:
            ModelError: a field is missing, unknown or of another type.
        """
        try:
            return cls(**{**data, "mean": tuple(data["mean"]), "std": tuple(data["std"])})
        except (TypeError, KeyError, SettingsError) as error:
            raise ModelError(
                f"the model's inputs are {data!r}, which is not what this autohdr makes: {error}"
            ) from error


def checked(luminance: NDArray[np.floating]) -> NDArray[np.floating]:
    """Returns luminance (H, W, 3) as it is, if it has pixels and no value that no light could have.

    Raises:
        PhotoError: it does not.
    """
    if luminance.ndim != 3 or luminance.shape[2] != 3 or not luminance.size:
        raise PhotoError(
            f"a picture of shape {luminance.shape} cannot be scored; expected rows, columns and 3 channels"
        )
    # One look at the least and the greatest finds all three: NaN passes through both.
    least, greatest = float(luminance.min()), float(luminance.max())
    if not (least >= 0.0 and greatest < np.inf):
        odd = "NaN" if np.isnan(least) else "negative" if least < 0.0 else "infinite"
        raise PhotoError(f"a picture with {odd} luminance cannot be scored; set such pixels to 0 or clip them first")
    return luminance


def same_size(reference: NDArray[np.floating], test: NDArray[np.floating]) -> None:
    """Refuses two pictures (H, W, 3) of different sizes.

    Raises:
        PhotoError: they have different shapes.
    """
    if reference.shape != test.shape:
        sizes = " and ".join(f"{picture.shape[1]} x {picture.shape[0]}" for picture in (reference, test))
        raise PhotoError(f"pictures of {sizes} pixels cannot be compared; bring them to one size first")
