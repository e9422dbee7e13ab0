"""A photo as an SDR display shows it, in absolute luminance: the source domain of `adaptation`.

One photo gives two inputs of one encoding. HDR: the scene's light on the absolute scale, as the spec has it. SDR: the
light is developed plainly, as a camera's own picture would be, an SDR display shows it in a lit room, and what reaches
the eye is encoded alike. Highlights beyond diffuse white, half of the brightness and true black are gone by then.

The display model is that of A. Chubarau et al., "Adapting Pretrained Networks for Image Quality Assessment on High
Dynamic Range Displays", 2024, arXiv:2405.00670.
"""

import math
from dataclasses import dataclass

from torch import Tensor, nn

from autohdr.errors import SettingsError
from autohdr.spec import InputSpec
from autohdr_train.network.light import Light, linear_to_srgb

GAMMA = 2.2
"""Exponent from a display's input to its light."""


@dataclass(frozen=True, slots=True)
class Display:
    """An SDR display in a lit room."""

    peak: float = 100.0
    """Luminance of white, cd/m2."""
    contrast: float = 1000.0
    """White over black, in the dark."""
    reflectivity: float = 0.005
    """Share of the room's light that the screen reflects."""
    ambient: float = 100.0
    """The room's light on the screen, lux."""

    def luminance(self, picture: Tensor) -> Tensor:
        """Absolute luminance, cd/m2, of a picture's values (any shape), clipped to [0, 1] first."""
        black = self.peak / self.contrast
        glare = self.reflectivity * self.ambient / math.pi
        return (self.peak - black) * picture.clamp(0.0, 1.0) ** GAMMA + black + glare


OFFICE = Display()
"""The display that the authors assume."""


class Shown(nn.Module):
    """Network inputs (N, 3, S, S) to those of the same photos on an SDR display, of the same shape and encoding.

    Sensor data are exposed so that diffuse white becomes display white, clipped, and put through the sRGB curve. An
    embedded preview (a spec whose source is `preview`) has been developed already, and is shown as it is.
    """

    def __init__(self, spec: InputSpec, display: Display = OFFICE) -> None:
        """Raises:
        SettingsError: the encoding is `srgb`, which knows no absolute luminance.
        """
        super().__init__()
        if spec.encoding == "srgb":
            raise SettingsError("encoding is 'srgb', where a display's luminance has no place; use a pu21 encoding")
        self.light = Light(spec)
        self.display = display
        self.white = 1.0 if spec.source == "preview" else 2.0**-spec.saturation_stops
        """Linear light that becomes display white."""

    def forward(self, pixels: Tensor) -> Tensor:
        picture = linear_to_srgb(self.light(pixels) / self.white)
        return self.light.encode(self.display.luminance(picture) / self.light.spec.saturation_luminance)
