"""First teacher: ColorVideoVDP, which predicts in JOD how visible a distortion is.

R. K. Mantiuk et al., "ColorVideoVDP: A visual difference predictor for image, video and display distortions", ACM
Transactions on Graphics 43(4), 2024, doi:10.1145/3658144.

The package `cvvdp` is no part of ours: who makes data installs it. Where torchvision has no build for the torch that is
there, its two names that the package imports get a stand-in.
"""

import logging
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr.errors import MissingError
from autohdr.pictures.pixel_codes import PQ_PEAK

VERSION = "0.5.7"
"""The version of `cvvdp` with which the scores are made."""
PIXELS_PER_DEGREE = 37.8
"""A 24-inch display of 1920 x 1080 pixels, seen from twice its height."""


class _GaussianBlur(torch.nn.Module):
    """Does what torchvision's does with one sigma: a separable kernel, mirrored at the edges."""

    def __init__(self, kernel_size: int, sigma: float) -> None:
        super().__init__()
        across = torch.arange(kernel_size) - (kernel_size - 1) / 2
        weights = torch.exp(-0.5 * (across / sigma) ** 2)
        self.weights = weights / weights.sum()

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        flat = picture.reshape(-1, 1, *picture.shape[-2:])
        border = len(self.weights) // 2
        flat = torch.nn.functional.pad(flat, (border,) * 4, mode="reflect")
        flat = torch.nn.functional.conv2d(flat, self.weights.view(1, 1, 1, -1))
        return torch.nn.functional.conv2d(flat, self.weights.view(1, 1, -1, 1)).reshape(picture.shape)


class Cvvdp:
    """Scores pairs of pictures with ColorVideoVDP on the CPU.

    Raises:
        MissingError: the package is not there, or not as known.
    """

    def __init__(self) -> None:
        package = _package()
        # What a pair holds is at the eye already: no black and no reflection is added, nothing is clipped.
        photometry = package.vvdp_display_photo_eotf(
            PQ_PEAK, contrast=1e9, source_colorspace="BT.709-linear", E_ambient=0.0, k_refl=0.0
        )
        geometry = package.vvdp_display_geometry([1920, 1080], ppd=PIXELS_PER_DEGREE)
        self._metric = package.cvvdp(
            display_photometry=photometry, display_geometry=geometry, quiet=True, device=torch.device("cpu")
        )

    def jod(self, reference: NDArray[np.float32], distorted: NDArray[np.float32]) -> float:
        """Returns the quality in JOD, 10 where no difference is seen, of two pictures (H, W, 3) in cd/m2."""
        with torch.inference_mode(), _without_advice():
            one, other = (torch.from_numpy(np.ascontiguousarray(light)) for light in (distorted, reference))
            score, _ = self._metric.predict(one, other, dim_order="HWC")
        return float(score)


@contextmanager
def _without_advice() -> Iterator[None]:
    """A block in which the package does not doubt that a dark picture is in cd/m2."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _package() -> Any:
    try:
        _with_torchvision()
        import pycvvdp
    except ImportError as error:
        raise MissingError(
            f"ColorVideoVDP, the first teacher, cannot be loaded ({error}); run: pip install cvvdp=={VERSION}"
        ) from error
    return pycvvdp


def _with_torchvision() -> None:
    """Sees to it that what ColorVideoVDP imports from torchvision can be imported."""
    try:
        import torchvision  # noqa: F401
    except (ImportError, RuntimeError):  # it raises either where it was built for another torch
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        package, transforms, ops = (types.ModuleType(f"torchvision{part}") for part in ("", ".transforms", ".ops"))
        vars(transforms)["GaussianBlur"], vars(ops)["MLP"] = _GaussianBlur, torch.nn.Module
        vars(package).update(transforms=transforms, ops=ops)
        sys.modules.update({module.__name__: module for module in (package, transforms, ops)})
