"""What a picture shows, as far as simple arithmetic tells: numbers for made-up photographers to judge by.

Where light, dark and colour lie in the frame, which way edges run, and what two layers of random filters respond to.
All are of the developed picture, without noise, and stay the same when its light is scaled.
"""

import torch
from torch import Tensor
from torch.nn import functional

from autohdr_train.network.tones import FLOOR, LUMINANCE

SEED = 7
"""The seed of the random filters."""


def content(linear: Tensor) -> Tensor:
    """The numbers (N, K) of small pictures (N, 3, s, s) of linear light."""
    weights = torch.tensor(LUMINANCE)[:, None, None]
    levels = torch.log2((linear * weights).sum(dim=1) + FLOOR)
    levels = levels - levels.flatten(1).median(dim=1).values[:, None, None]
    strongest, weakest = linear.amax(dim=1), linear.amin(dim=1)
    chroma = ((strongest - weakest) / (strongest + FLOOR)).clamp(0.0, 1.5)
    warmth = torch.log2(linear[:, 0] + 4 * FLOOR) - torch.log2(linear[:, 2] + 4 * FLOOR)
    grids = [functional.adaptive_avg_pool2d(plane[:, None], 4).flatten(1) for plane in (levels, chroma, warmth)]
    places = [_place(plane) for plane in (2.0 * levels, -2.0 * levels, 6.0 * chroma)]
    mirrored = (levels - levels.flip(2)).abs().mean(dim=(1, 2))[:, None]
    return torch.cat([*grids, *places, _edges(levels), mirrored, _filtered(levels, chroma, warmth)], dim=1)


def _place(plane: Tensor) -> Tensor:
    """The place of the mass of exp(plane) (N, s, s): distance from the middle line, height, and extent (N, 3)."""
    side = plane.shape[1]
    weight = torch.softmax(plane.flatten(1), dim=1).reshape(-1, side, side)
    axis = torch.linspace(-1.0, 1.0, side)
    across, down = (weight.sum(dim=1) * axis).sum(dim=1), (weight.sum(dim=2) * axis).sum(dim=1)
    distance = (axis[None] - across[:, None]).square()[:, None] + (axis[None] - down[:, None]).square()[:, :, None]
    return torch.stack([across.abs(), down, (weight * distance).sum(dim=(1, 2))], dim=1)


def _edges(levels: Tensor) -> Tensor:
    """How much of the edges (N, 4) runs down, runs across, and how much of the frame is sharp, and smooth."""
    across, down = levels[:, :-1, 1:] - levels[:, :-1, :-1], levels[:, 1:, :-1] - levels[:, :-1, :-1]
    size = (across.square() + down.square() + 1e-6).sqrt()
    weight = size.clamp(max=2.0) / size
    parts = (across.abs() * weight, down.abs() * weight, (size > 1.0).float(), (size < 0.05).float())
    return torch.stack([part.mean(dim=(1, 2)) for part in parts], dim=1)


def _filtered(levels: Tensor, chroma: Tensor, warmth: Tensor) -> Tensor:
    """Mean and largest responses (N, 104) of two layers of random filters."""
    random = torch.Generator().manual_seed(SEED)
    first, shift = torch.randn(32, 3, 7, 7, generator=random) / 12, torch.randn(32, generator=random) * 0.5
    second, lift = torch.randn(48, 32, 3, 3, generator=random) / 10, torch.randn(48, generator=random) * 0.5
    picture = torch.stack([levels / 2, chroma * 2 - 0.5, warmth / 2], dim=1)
    near = functional.relu(functional.conv2d(picture, first, shift, stride=2))
    far = functional.relu(functional.conv2d(functional.max_pool2d(near, 2), second, lift))
    return torch.log1p(torch.cat([near.mean(dim=(2, 3)), far.mean(dim=(2, 3)), far.amax(dim=(2, 3))[:, :24]], dim=1))
