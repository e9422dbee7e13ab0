"""Measures pairs by PSNR, SSIM and MS-SSIM on PU21 values: what any learnt model has to beat.

PU21 is the variant banding_glare, in whose units an SDR white lies near 256, so that is the data range (R. K. Mantiuk
and M. Azimi, PCS 2021). PSNR is over red, green and blue, the others are of luminance. SSIM is the runtime's, which
counts windows inside the picture alone; MS-SSIM, of five scales (Z. Wang et al., Asilomar 2003), is torchmetrics',
which mirrors the picture at its borders.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr import pu21
from autohdr.errors import MissingError
from autohdr.quality.classical import RANGE, ssim_map
from autohdr_train.quality.made.curves import LUMA

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
        [pu21.encode(light) for light in pair] for pair in ((reference, distorted), _bright(reference, distorted))
    )
    ssim = float(ssim_map(lumas[0][..., 0].astype(np.float32), lumas[1][..., 0].astype(np.float32)).mean())
    with torch.inference_mode():
        psnr = float(image.peak_signal_noise_ratio(_tensor(colours[1]), _tensor(colours[0]), data_range=RANGE))
        if min(reference.shape[:2]) < SMALLEST:
            return Measures(psnr, ssim, float("nan"))
        multi = image.multiscale_structural_similarity_index_measure(
            _tensor(lumas[1]), _tensor(lumas[0]), data_range=RANGE
        )
    return Measures(psnr, ssim, float(multi[0] if isinstance(multi, tuple) else multi))


def _bright(*lights: NDArray[np.float32]) -> tuple[NDArray[np.float64], ...]:
    """Luminance (H, W, 1) of each."""
    return tuple((light.astype(np.float64) @ LUMA)[..., None] for light in lights)


def _tensor(units: NDArray[np.floating]) -> torch.Tensor:
    """Returns an array (H, W, C) as a tensor (1, C, H, W)."""
    return torch.from_numpy(np.ascontiguousarray(units.transpose(2, 0, 1), np.float32))[None]
