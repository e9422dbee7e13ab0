"""PU21: perceptually uniform encoding of absolute luminance, from 0.005 to 10000 cd/m2.

R. K. Mantiuk and M. Azimi, "PU21: A novel perceptually uniform encoding for adapting existing quality metrics for HDR",
Picture Coding Symposium 2021, doi:10.1109/PCS50896.2021.9477471. The scale is such that an SDR display's 100 cd/m2 come
near 256 units; the parameters were fitted to contrast detection data in four variants.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Variant = Literal["banding", "banding_glare", "peaks", "peaks_glare"]

LUMINANCE_MIN = 0.005
"""cd/m2; anything darker is encoded as this."""
LUMINANCE_MAX = 10000.0
"""cd/m2; anything brighter is encoded as this."""


class Parameters(NamedTuple):
    """The seven fitted parameters of one variant."""

    p1: float
    p2: float
    p3: float
    p4: float
    p5: float
    p6: float
    p7: float


PARAMETERS: dict[Variant, Parameters] = {
    "banding": Parameters(1.070275272, 0.4088273932, 0.153224308, 0.2520326168, 1.063512885, 1.14115047, 521.4527484),
    "banding_glare": Parameters(
        0.353487901, 0.3734658629, 8.277049286e-05, 0.9062562627, 0.09150303166, 0.9099517204, 596.3148142
    ),
    "peaks": Parameters(1.043882782, 0.6459495343, 0.3194584211, 0.374025247, 1.114783422, 1.095360363, 384.9217577),
    "peaks_glare": Parameters(
        816.885024, 1479.463946, 0.001253215609, 0.9329636822, 0.06746643971, 1.573435413, 419.6006374
    ),
}


def encode(luminance: ArrayLike, variant: Variant = "banding_glare") -> NDArray[np.float64]:
    """PU21 units of absolute luminance (any shape, cd/m2), from 0 to about 595 for banding_glare.

    Each colour channel is encoded alone, as linear light on the same absolute scale. Values outside
    `LUMINANCE_MIN..LUMINANCE_MAX`, infinities too, are clamped; NaN stays NaN.
    """
    p = PARAMETERS[variant]
    power = np.clip(np.asarray(luminance, dtype=np.float64), LUMINANCE_MIN, LUMINANCE_MAX) ** p.p4
    return np.maximum(p.p7 * (((p.p1 + p.p2 * power) / (1 + p.p3 * power)) ** p.p5 - p.p6), 0.0)


def decode(units: ArrayLike, variant: Variant = "banding_glare") -> NDArray[np.float64]:
    """Absolute luminance, cd/m2, of PU21 units (any shape): the inverse of `encode` inside its range."""
    p = PARAMETERS[variant]
    root = np.maximum(np.asarray(units, dtype=np.float64) / p.p7 + p.p6, 0.0) ** (1 / p.p5)
    return (np.maximum(root - p.p1, 0.0) / (p.p2 - p.p3 * root)) ** (1 / p.p4)
