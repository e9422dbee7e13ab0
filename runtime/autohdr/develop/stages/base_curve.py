"""Applies the base curve: Adobe's default tone curve (ACR3), which a camera profile without a curve of its own renders
with.

It maps linear scene light (0 to 1, ProPhoto primaries) to linear display light, on the largest and the smallest
channel. Here it is a natural cubic spline through 17 points, over the square roots of both, which were resampled from
the 129 published ones (Adobe DNG SDK's default curve as RawTherapee's `dcp.cc` tabulates it).

Error against the 129 points, sRGB-encoded: mean 0.00006, largest 0.0006
(`pytest tests/runtime/develop/stages/test_base_curve.py`).
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autohdr.develop.kernels.sampled_curve import SampledCurve
from autohdr.develop.kernels.spline import natural
from autohdr.develop.transfer import decode, encode

_ROOTS = (
    *(0.0, 0.05424, 0.12186, 0.21748, 0.323, 0.43463, 0.5462, 0.64184, 0.72159),
    *(0.78713, 0.8409, 0.88503, 0.921, 0.94986, 0.97232, 0.98891, 1.0),
)
"""Square roots of the outputs, at inputs whose square roots are evenly spaced from 0 to 1."""


@cache
def curve() -> SampledCurve:
    """Returns the base curve between encoded values."""
    return SampledCurve.of(lambda encoded: encode(apply(decode(encoded))))


def apply(linear: ArrayLike) -> NDArray[np.float64]:
    """Computes linear display light (any shape) of linear scene light. Below 0 it is 0; above 1 it goes on with the
    same ratio, so that 1 stays 1 (for HDR, `autohdr.develop.stages.display` has a shoulder that ends higher)."""
    light = np.maximum(np.asarray(linear, np.float64), 0.0)
    root = natural(np.linspace(0.0, 1.0, len(_ROOTS)), _ROOTS, np.sqrt(np.minimum(light, 1.0)))
    return root**2 * np.maximum(light, 1.0)
