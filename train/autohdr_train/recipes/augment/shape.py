"""Augmentations of AutoHDR (2024) that move pixels. Light, so what the labels say, stays; nothing outside is invented.

Where a picture is moved off its edge, it is continued by its mirror image: a black border would tell the network of
deep shadows that the photo does not have. Sizes are those of 224 pixels, scaled to others.

- `perspective`, `crop`, `elastic`: parameters of AutoHDR (2024), which took them from torchvision; warped by kornia.
  Elastic distortion: P. Y. Simard, D. Steinkraus and J. C. Platt, "Best practices for convolutional neural networks
  applied to visual document analysis", ICDAR 2003.
- `local_rotation`: Y. Kim, A. F. M. S. Uddin and S.-H. Bae, "Local augment: Utilizing local bias property of
  convolutional neural networks for data augmentation", IEEE Access 9, 2021.
"""

import math

import torch
from kornia.geometry.transform import crop_and_resize, elastic_transform2d, get_perspective_transform, warp_perspective
from torch import Tensor

from autohdr_train.recipes.augment.base import TRAINED_AT, by_way, choice, uniform

DISTORTION = 0.2
"""A corner moves inwards by up to half of this share of the side, in both directions."""

SMALLEST = 0.75
"""Share of the frame that a crop keeps at least."""

ALPHA = (50.0, 225.0)
"""Strength of an elastic distortion: with `SIGMA`, typical shifts of 0.8 to 3.7 pixels of 224."""

SIGMA = 5.0
"""Standard deviation, pixels of 224, that an elastic distortion's shifts are smoothed with."""

CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
"""x and y, clockwise from the upper left."""


def turn(pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """One of the eight ways to turn and mirror a square, equally likely."""
    return by_way(pixels, choice(random, pixels, len(pixels), 8), _symmetry), labels


def perspective(pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """The picture seen from a little aside."""
    end = pixels.shape[-1] - 1
    corners = torch.tensor(CORNERS, device=pixels.device).expand(len(pixels), 4, 2)
    inwards = (1.0 - 2.0 * corners) * uniform(random, pixels, len(pixels), 4, 2, high=DISTORTION / 2)
    matrix = get_perspective_transform(corners * end, (corners + inwards) * end)
    size = (pixels.shape[-2], pixels.shape[-1])
    return warp_perspective(pixels, matrix, size, padding_mode="reflection", align_corners=False), labels


def crop(pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """A part of the frame, enlarged to all of it: 0.75 to 1 of its area, of any shape that fits."""
    end = pixels.shape[-1] - 1
    area = uniform(random, pixels, len(pixels), low=SMALLEST)
    # Between the widest and the highest part of that area. Where the area is 0.75, that is 4:3 to 3:4.
    shape = torch.exp(area.log() * uniform(random, pixels, len(pixels), low=-1.0))
    extent = torch.stack([(area * shape).sqrt(), (area / shape).sqrt()], dim=1)[:, None]  # (N, 1, 2)
    start = (1.0 - extent) * uniform(random, pixels, len(pixels), 1, 2)
    boxes = (start + extent * torch.tensor(CORNERS, device=pixels.device)) * end  # (N, 4, 2)
    return crop_and_resize(pixels, boxes, (pixels.shape[-2], pixels.shape[-1])), labels


def elastic(pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Every part shifted a little, smoothly, differently from its neighbours."""
    size = pixels.shape[-1]
    scale = size / TRAINED_AT
    sigma = SIGMA * scale
    # torchvision's alpha is in pixels of the size. Smoothing over fewer pixels averages out less, hence the scale.
    alpha = uniform(random, pixels, len(pixels), 1, 1, 1, low=ALPHA[0], high=ALPHA[1]) * scale / TRAINED_AT
    shifts = alpha * uniform(random, pixels, len(pixels), 2, size, size, low=-1.0)
    kernel = 2 * math.ceil(4.0 * sigma) + 1
    warped = elastic_transform2d(pixels, shifts, (kernel, kernel), (sigma, sigma), padding_mode="reflection")
    return warped, labels


def local_rotation(pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Each quadrant turned by a multiple of 90 degrees of its own; of an odd side, the middle line stays."""
    half = pixels.shape[-1] // 2
    turned = pixels.clone()
    for rows in (slice(0, half), slice(-half, None)):
        for columns in (slice(0, half), slice(-half, None)):
            ways = choice(random, pixels, len(pixels), 4)
            turned[..., rows, columns] = by_way(pixels[..., rows, columns], ways, _quarters)
    return turned, labels


def _symmetry(pictures: Tensor, way: int) -> Tensor:
    return _quarters(pictures.flip(-1) if way >= 4 else pictures, way % 4)


def _quarters(pictures: Tensor, count: int) -> Tensor:
    return torch.rot90(pictures, count, (-2, -1))
