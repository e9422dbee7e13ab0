"""Encodes linear light as a network's input: the encodings that an `InputSpec` can ask for."""

from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from autohdr import pu21
from autohdr.spec import Encoding, InputSpec

XYZ_FROM_SRGB = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
"""Linear sRGB (IEC 61966-2-1) to CIE XYZ, both with a white of D65."""


class Scale(NamedTuple):
    """What a PU21 encoding's 0 and 1 stand for."""

    variant: pu21.Variant
    darkest: float
    """PU21 units that are encoded as 0: of 0.005 cd/m2."""
    reference: float
    """PU21 units that are encoded as 1: of 10000 cd/m2 (`pmax`), or of 100 cd/m2 (`255`)."""


def pu21_scale(encoding: Encoding) -> Scale:
    """The scale of any encoding but `srgb`, which has none."""
    _, end, *names = encoding.split("-")
    variant: pu21.Variant = "_".join(names) or "banding_glare"  # type: ignore[assignment]
    assert end in ("pmax", "255"), encoding
    assert variant in get_args(pu21.Variant), encoding
    darkest, reference = pu21.encode([pu21.LUMINANCE_MIN, pu21.LUMINANCE_MAX if end == "pmax" else 100.0], variant)
    return Scale(variant, float(darkest), float(reference))


def srgb(linear: NDArray[np.floating]) -> NDArray[np.floating]:
    """The sRGB curve (IEC 61966-2-1) of relative linear light (any shape), clipped to [0, 1] first."""
    light = np.clip(linear, 0.0, 1.0)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def encode(linear: NDArray[np.floating], spec: InputSpec) -> NDArray[np.float32]:
    """A network's input (3, H, W) of linear light (H, W, 3), sRGB primaries, where 1 is sensor saturation."""
    encoded = _encoded(linear, spec)
    normalised = (encoded - np.asarray(spec.mean)) / np.asarray(spec.std)
    return np.ascontiguousarray(normalised.transpose(2, 0, 1), dtype=np.float32)


def _encoded(linear: NDArray[np.floating], spec: InputSpec) -> NDArray[np.floating]:
    if spec.encoding == "srgb":
        return srgb(linear)
    scale = pu21_scale(spec.encoding)
    units = pu21.encode(linear * spec.saturation_luminance, scale.variant)
    return (units - scale.darkest) / (scale.reference - scale.darkest)


def decode(pixels: NDArray[np.floating], spec: InputSpec) -> NDArray[np.float64]:
    """Linear light (H, W, 3), where 1 is sensor saturation, of a network's input (3, H, W): the inverse of `encode`, as
    far as the encoding is one to one: `srgb` ends at saturation."""
    encoded = pixels.transpose(1, 2, 0).astype(np.float64) * np.asarray(spec.std) + np.asarray(spec.mean)
    if spec.encoding == "srgb":
        value = np.clip(encoded, 0.0, 1.0)
        return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    scale = pu21_scale(spec.encoding)
    brightest = float(pu21.encode(pu21.LUMINANCE_MAX, scale.variant))
    units = np.clip(encoded * (scale.reference - scale.darkest) + scale.darkest, 0.0, brightest)
    return pu21.decode(units, scale.variant) / spec.saturation_luminance
