"""Augmentations that an input of linear light on an absolute scale allows: what else a camera could have recorded.

Each of them is done to light, not to encoded values, and leaves what a photographer goes by as it is.

- `Exposure` is exact: twice the light and one stop less of Exposure are the same developed picture.
- `Noise`: another ISO would have given the same picture with other noise, and nobody edits the noise of a reduced one.
  EMVA Standard 1288, the linear camera model: the variance is shot noise, proportional to light, plus a constant.
- `WhiteBalance`: a camera's automatic white balance differs a little from one frame of a burst to the next. None of the
  eight sliders is one of white balance.
- `Camera`: another body's filters mix colours a little differently. Its matrix keeps white white.
- `Defocus` averages neighbours' light, as a lens does, so that no light is lost.

Left out, since labels do not survive: vignettes, flare and haze (Shadows and Blacks answer to them), scaling the light
of a part alone, mixing photos (edits are not linear in light), and colour shifts that could be seen.
"""

from abc import ABC, abstractmethod

import torch
from kornia.filters import gaussian_blur2d
from torch import Tensor

from autohdr.errors import SettingsError
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec
from autohdr_train.network.light import Light
from autohdr_train.recipes.augment.base import TRAINED_AT, normal, uniform

EXPOSURE = [slider.name for slider in SLIDERS].index("Exposure")

STOPS = 1.5
"""Most that `Exposure` scales the light by, either way: about what metering differs by between two photographers."""

BLOWN = 0.98
"""Light from which a pixel counts as clipped, 1 is sensor saturation; a little less, for rounding."""

JOINING = 0.001
"""Share of the pixels that may clip when a photo is made brighter, besides those that are."""

HIDDEN = 0.01
"""Share of clipped pixels up to which a photo is made darker."""

ISOS = (100.0, 6400.0)
"""Lowest and highest that `Noise` sets the camera to."""
FULL_WELL = 40000.0
"""Electrons that a photosite of an ordinary camera holds, at ISO 100."""
READ_NOISE = 4.0
"""Standard deviation of reading it, electrons."""
PHOTOSITES = 6e6
"""Photosites of one colour: a quarter of 24 million."""

GAIN = 0.04
"""Standard deviation of `WhiteBalance`'s gains of red and blue, stops."""

MIXING = 0.02
"""Standard deviation of `Camera`'s share of one colour in another."""

SOFTEST = 1.0
"""Largest standard deviation of `Defocus`, pixels of 224."""


class LightAugmentation(ABC):
    """The base of augmentations of light: the way from inputs to light and back.

    Raises:
        SettingsError: the input is not sensor data, so that its numbers are no light.
    """

    def __init__(self, spec: InputSpec) -> None:
        if spec.source != "raw":
            what = type(self).__name__
            raise SettingsError(f"{what} needs the sensor's light, but input source is {spec.source!r}; leave it out")
        self._light = Light(spec)

    def __call__(self, pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        light = self._light.to(pixels.device)
        linear, labels = self.change(light(pixels), labels, random)
        return light.encode(linear), labels

    @abstractmethod
    def change(self, linear: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Light (N, 3, S, S), 1 is saturation, and labels (N, 8) to others."""


class Exposure(LightAugmentation):
    """Multiplies the light by 2^e and takes e from Exposure; e is drawn for each photo, equally likely where it is
    exact.

    That is from -1.5 to 1.5, less where

    - the Exposure label would leave its range;
    - more light would clip: a sensor would have lost it, and a photographer edits a loss. What may be lost is one pixel
      in a thousand; such a pixel ends at saturation, or at the photo's own brightest light where a file that asks to be
      brightened has any beyond it;
    - less light would show what was clipped, which nobody knows: a photo of which more than a hundredth is clipped is
      not made darker.

    `autohdr_scenes.rule`, shown 300 changed photos of radiance images, sets labels that differ from these by 0.17
    of its own inconsistency for Highlights, by 0.05 or less for the others; without the last two limits by 1.75 and up
    to 0.42 (November 2026; the last test in `augment/test_light.py` does the same with fewer photos).
    """

    def change(self, linear: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        limit = SLIDERS[EXPOSURE].limit
        exposure = torch.nan_to_num(labels[:, EXPOSURE]) * limit
        darker, brighter = stops_allowed(linear)
        low, high = torch.maximum(darker, exposure - limit), torch.minimum(brighter, exposure + limit)
        stops = low + (high - low) * uniform(random, linear, len(linear))
        brightest = linear.amax((1, 2, 3), keepdim=True).clamp(min=1.0)
        changed = labels.clone()
        changed[:, EXPOSURE] = (labels[:, EXPOSURE] - stops / limit).clamp(-1.0, 1.0)
        return torch.minimum(linear * 2.0 ** stops[:, None, None, None], brightest), changed


def stops_allowed(linear: Tensor) -> tuple[Tensor, Tensor]:
    """The least and the most stops (N,), by which photos (N, 3, S, S) can be made brighter with their labels true."""
    levels = linear.amax(1).flatten(1).sort(1, descending=True).values  # (N, S * S)
    clipped = (levels >= BLOWN).sum(1)
    first_kept = (clipped + int(JOINING * levels.shape[1])).clamp(max=levels.shape[1] - 1)
    level = levels.gather(1, first_kept[:, None])[:, 0].clamp(min=1e-6)
    darker = torch.where(clipped > HIDDEN * levels.shape[1], 0.0, -STOPS)
    return darker, (-level.log2()).clamp(0.0, STOPS)


class Noise(LightAugmentation):
    """The noise of an ordinary camera at an ISO from 100 to 6400, every doubling equally likely, on top of what is."""

    def change(self, linear: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        doublings = uniform(random, linear, len(linear), 1, 1, 1) * torch.tensor(ISOS[1] / ISOS[0]).log2()
        electrons = FULL_WELL / 2.0**doublings
        averaged = max(1.0, PHOTOSITES / linear.shape[-1] ** 2)
        variance = (linear.clamp(min=0.0) / electrons + (READ_NOISE / electrons) ** 2) / averaged
        return linear + variance.sqrt() * normal(random, linear, *linear.shape), labels


class WhiteBalance(LightAugmentation):
    """Red and blue times factors near 1; clipped light stays as white as the camera's clipping makes it."""

    def change(self, linear: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        gains = torch.ones(len(linear), 3, 1, 1, device=linear.device)
        gains[:, ::2] = 2.0 ** (GAIN * normal(random, linear, len(linear), 2, 1, 1))
        return torch.where(linear.amax(1, keepdim=True) >= BLOWN, linear, linear * gains), labels


class Camera(LightAugmentation):
    """Colours mixed a little otherwise; greys stay as they are."""

    def change(self, linear: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        mixing = MIXING * normal(random, linear, len(linear), 3, 3)
        mixing = mixing - torch.diag_embed(mixing.sum(2)) + torch.eye(3, device=linear.device)  # rows sum to 1
        return torch.einsum("nij,njyx->niyx", mixing, linear), labels


class Defocus(LightAugmentation):
    """Makes the picture a little less sharp."""

    def change(self, linear: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        largest = SOFTEST * linear.shape[-1] / TRAINED_AT
        sigma = uniform(random, linear, len(linear), 1, low=0.01 * largest, high=largest)
        kernel = 2 * max(1, round(3.0 * largest)) + 1
        return gaussian_blur2d(linear, kernel, sigma.expand(-1, 2)), labels
