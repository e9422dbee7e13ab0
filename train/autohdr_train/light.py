"""Between a network's input and the light that it stands for, as torch operations on batches, which export to ONNX."""

import torch
from torch import Tensor, nn

from autohdr import pu21
from autohdr.encoding import pu21_scale
from autohdr.spec import InputSpec


class Light(nn.Module):
    """Network inputs (N, 3, S, S) to linear light (N, 3, S, S), sRGB primaries, where 1 is sensor saturation.

    The inverse of `autohdr.encoding.encode`, as far as the encoding is one to one: `srgb` ends at saturation.
    """

    def __init__(self, spec: InputSpec) -> None:
        super().__init__()
        self.spec = spec
        self._scale = None if spec.encoding == "srgb" else pu21_scale(spec.encoding)
        self.mean: Tensor
        self.std: Tensor
        # Not saved: the spec, which every checkpoint holds, says it all.
        self.register_buffer("mean", torch.tensor(spec.mean).reshape(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(spec.std).reshape(1, 3, 1, 1), persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        encoded = pixels * self.std + self.mean
        if self._scale is None:
            return srgb_to_linear(encoded)
        variant, darkest, reference = self._scale
        luminance = pu21_to_luminance(encoded * (reference - darkest) + darkest, variant)
        return luminance / self.spec.saturation_luminance

    def encode(self, linear: Tensor) -> Tensor:
        """The other way: linear light (N, 3, S, S) to network inputs of the same shape."""
        if self._scale is None:
            encoded = linear_to_srgb(linear)
        else:
            variant, darkest, reference = self._scale
            units = luminance_to_pu21(linear * self.spec.saturation_luminance, variant)
            encoded = (units - darkest) / (reference - darkest)
        return (encoded - self.mean) / self.std


def srgb_to_linear(encoded: Tensor) -> Tensor:
    """The inverse of the sRGB curve (IEC 61966-2-1), any shape, 0 to 1."""
    value = encoded.clamp(0.0, 1.0)
    return torch.where(value <= 0.04045, value / 12.92, ((value.clamp(min=0.04045) + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: Tensor) -> Tensor:
    """The sRGB curve (IEC 61966-2-1) of relative linear light, any shape, clipped to [0, 1] first."""
    value = linear.clamp(0.0, 1.0)
    return torch.where(value <= 0.0031308, value * 12.92, 1.055 * value.clamp(min=0.0031308) ** (1 / 2.4) - 0.055)


def luminance_to_pu21(luminance: Tensor, variant: pu21.Variant = "banding_glare") -> Tensor:
    """`autohdr.pu21.encode`: PU21 units of absolute luminance, cd/m2, any shape."""
    p = pu21.PARAMETERS[variant]
    power = luminance.clamp(pu21.LUMINANCE_MIN, pu21.LUMINANCE_MAX) ** p.p4
    return (p.p7 * (((p.p1 + p.p2 * power) / (1 + p.p3 * power)) ** p.p5 - p.p6)).clamp(min=0.0)


def pu21_to_luminance(units: Tensor, variant: pu21.Variant = "banding_glare") -> Tensor:
    """`autohdr.pu21.decode`: absolute luminance, cd/m2, of PU21 units, any shape; ends at 10000."""
    p = pu21.PARAMETERS[variant]
    brightest = float(pu21.encode(pu21.LUMINANCE_MAX, variant))
    root = (units.clamp(0.0, brightest) / p.p7 + p.p6) ** (1 / p.p5)
    return ((root - p.p1).clamp(min=0.0) / (p.p2 - p.p3 * root)) ** (1 / p.p4)
