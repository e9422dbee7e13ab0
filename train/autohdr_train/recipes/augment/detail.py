"""Augmentations of AutoHDR (2024) that take something away from a picture.

- `blur`: parameters of AutoHDR (2024), by kornia. As there it averages encoded values; `light.Defocus`
  averages light.
- `gridmask`: P. Chen et al., "GridMask data augmentation", arXiv:2001.04086, 2020.
"""

import torch
from kornia.filters import gaussian_blur2d
from torch import Tensor

from autohdr_train.recipes.augment.base import TRAINED_AT, uniform

RADIUS = 4
"""The radius of the blur's kernel in pixels of 224: nine in all."""

SIGMA = (0.1, 5.0)
"""Standard deviation of the blur, pixels of 224."""

KEPT = 0.6
"""GridMask's r: share of a unit's side that is kept along each axis. A square of the rest is removed, so that
1 - (1 - r)^2 of the picture is kept."""

UNIT = (30, 70)
"""GridMask's d: shortest and longest side of a unit, pixels of 224."""


def blur(pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """A Gaussian blur, from none that could be seen to a strong one."""
    scale = pixels.shape[-1] / TRAINED_AT
    sigma = scale * uniform(random, pixels, len(pixels), 1, low=SIGMA[0], high=SIGMA[1])
    return gaussian_blur2d(pixels, 2 * max(1, round(RADIUS * scale)) + 1, sigma.expand(-1, 2)), labels


def gridmask(pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Removes squares of a regular grid, of random size and place.

    They become 0 as the paper and AutoHDR (2024) have it, after normalisation: the mean of all photos, which of all
    values says least about this one. The picture's tones change all the same, at 0.16 of its area.
    """
    count, size = len(pixels), pixels.shape[-1]
    scale = size / TRAINED_AT
    shortest, longest = (max(2, round(end * scale)) for end in UNIT)
    units = torch.randint(shortest, longest + 1, (count, 1), generator=random).to(pixels.device)
    gap = units - torch.round(KEPT * units).long()
    starts = (units[..., None] * uniform(random, pixels, count, 2, 1)).long()  # (N, 2, 1), 0 to d - 1
    # The remainder counts from the start in both directions: what the edge cuts off of a unit before it is removed too.
    inside = torch.remainder(torch.arange(size, device=pixels.device) - starts, units[..., None]) < gap[..., None]
    removed = inside[:, 0, :, None] & inside[:, 1, None, :]  # (N, S, S)
    return pixels.masked_fill(removed[:, None], 0.0), labels
