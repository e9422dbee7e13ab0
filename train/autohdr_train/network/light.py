"""Converts between a network's input and the light that it stands for, as torch operations on batches, which export to
ONNX.
"""

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
        self._variant: pu21.Variant | None = None
        darkest, reference = 0.0, 1.0
        if spec.encoding != "srgb":
            self._variant, darkest, reference = pu21_scale(spec.encoding)
        mean, std = (torch.tensor(values, dtype=torch.float64).reshape(1, 3, 1, 1) for values in (spec.mean, spec.std))
        self.scale: Tensor
        self.shift: Tensor
        # Not saved: the spec, which every checkpoint holds, says it all.
        self.register_buffer("scale", (std * (reference - darkest)).float(), persistent=False)
        self.register_buffer("shift", (mean * (reference - darkest) + darkest).float(), persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        encoded = pixels * self.scale + self.shift
        if self._variant is None:
            return srgb_to_linear(encoded)
        return pu21_to_luminance(encoded, self._variant, unit=self.spec.saturation_luminance)

    def encode(self, linear: Tensor) -> Tensor:
        """Encodes linear light (N, 3, S, S) to network inputs of the same shape."""
        if self._variant is None:
            encoded = linear_to_srgb(linear)
        else:
            encoded = luminance_to_pu21(linear * self.spec.saturation_luminance, self._variant)
        return (encoded - self.shift) / self.scale


def power(base: Tensor, exponent: float) -> Tensor:
    """`base ** exponent` for bases above 0.

    By exponential and logarithm, which run in vector registers where a power is taken number by number: 0.6 against 1.6
    ms of ONNX Runtime, 0.9 against 2.0 of OpenVINO and 0.4 against 0.7 of torch for each (3, 224, 224), in batches of 8
    (one thread, two cores of a shared Xeon, November 2026: the operators alone, in turn, in each engine).
    """
    return torch.exp(exponent * torch.log(base))


def srgb_to_linear(encoded: Tensor) -> Tensor:
    """The inverse of the sRGB curve (IEC 61966-2-1), any shape, 0 to 1."""
    value = encoded.clamp(0.0, 1.0)
    return torch.where(value <= 0.04045, value / 12.92, power((value.clamp(min=0.04045) + 0.055) / 1.055, 2.4))


def linear_to_srgb(linear: Tensor) -> Tensor:
    """The sRGB curve (IEC 61966-2-1) of relative linear light, any shape, clipped to [0, 1] first."""
    value = linear.clamp(0.0, 1.0)
    return torch.where(value <= 0.0031308, value * 12.92, 1.055 * power(value.clamp(min=0.0031308), 1 / 2.4) - 0.055)


def luminance_to_pu21(luminance: Tensor, variant: pu21.Variant = "banding_glare") -> Tensor:
    """`autohdr.pu21.encode`: PU21 units of absolute luminance, cd/m2, any shape."""
    p = pu21.PARAMETERS[variant]
    raised = power(luminance.clamp(pu21.LUMINANCE_MIN, pu21.LUMINANCE_MAX), p.p4)
    return (p.p7 * (power((p.p1 + p.p2 * raised) / (1 + p.p3 * raised), p.p5) - p.p6)).clamp(min=0.0)


def pu21_to_luminance(units: Tensor, variant: pu21.Variant = "banding_glare", *, unit: float = 1.0) -> Tensor:
    """`autohdr.pu21.decode`: absolute luminance, in `unit` cd/m2, of PU21 units, any shape; ends at 10000 cd/m2.

    0 units stand for a luminance above 0 in all variants, so no base of a power is 0.
    """
    p = pu21.PARAMETERS[variant]
    brightest = float(pu21.encode(pu21.LUMINANCE_MAX, variant))
    root = power(units.clamp(0.0, brightest) / p.p7 + p.p6, 1 / p.p5)
    scale = unit**p.p4
    return power((root - p.p1) / (p.p2 * scale - p.p3 * scale * root), 1 / p.p4)
