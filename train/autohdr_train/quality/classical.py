"""Measures pairs by PSNR, SSIM and MS-SSIM on PU21 values: what any learnt model has to beat.

PU21 is the variant banding_glare, in whose units an SDR white lies near 256, so that is the data range (R. K. Mantiuk
and M. Azimi, PCS 2021). PSNR is over red, green and blue, the others are of luminance; the windows are Gaussians of 11
pixels and a standard deviation of 1.5, and MS-SSIM has five scales (Z. Wang et al., Asilomar 2003). The library is
torchmetrics.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr import pu21
from autohdr.errors import MissingError
from autohdr_train.quality.made.curves import LUMA

RANGE = 256.0
"""PU21 units that count as full range."""
SMALLEST = 176
"""Pixels of the shorter side of the smallest picture that MS-SSIM's five scales fit."""


class Measures(NamedTuple):
    """Holds three measures of a pair; higher is better."""

    psnr: float
    """dB; infinite where the two are the same."""
    ssim: float
    ms_ssim: float
    """NaN where the picture is too small for it."""


def classical(reference: NDArray[np.float32], distorted: NDArray[np.float32]) -> Measures:
    """Returns the classical measures of two pictures (H, W, 3) in cd/m2.

    Raises:
        MissingError: torchmetrics is not installed.
    """
    try:
        from torchmetrics.functional import image
    except ModuleNotFoundError as error:
        raise MissingError('torchmetrics is not installed; run: pip install "autohdr[quality]"') from error
    colours, lumas = (
        [_units(light) for light in pair] for pair in ((reference, distorted), _bright(reference, distorted))
    )
    with torch.inference_mode():
        psnr = image.peak_signal_noise_ratio(colours[1], colours[0], data_range=RANGE)
        ssim = image.structural_similarity_index_measure(lumas[1], lumas[0], data_range=RANGE)
        if min(reference.shape[:2]) < SMALLEST:
            return Measures(float(psnr), _single(ssim), float("nan"))
        multi = image.multiscale_structural_similarity_index_measure(lumas[1], lumas[0], data_range=RANGE)
    return Measures(float(psnr), _single(ssim), _single(multi))


def _bright(*lights: NDArray[np.float32]) -> tuple[NDArray[np.float64], ...]:
    """Luminance (H, W, 1) of each."""
    return tuple((light.astype(np.float64) @ LUMA)[..., None] for light in lights)


def _units(light: NDArray[np.floating]) -> torch.Tensor:
    """PU21 units (1, C, H, W)."""
    return torch.from_numpy(np.ascontiguousarray(pu21.encode(light).transpose(2, 0, 1), np.float32))[None]


def _single(value: torch.Tensor | tuple[torch.Tensor, ...]) -> float:
    """The number that a measure of one pair returns."""
    return float(value[0] if isinstance(value, tuple) else value)
