"""What an augmentation is, and how one draws."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

TRAINED_AT = 224
"""Side of the pictures, pixels, that published sizes are meant for; they are scaled to others."""


class Augmentation(Protocol):
    """One way to change the photos of a batch, or several after another."""

    def __call__(self, pixels: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Returns an augmented batch of the same shapes; neither argument is changed.

        Args:
            pixels: network inputs (N, 3, S, S), float32.
            labels: (N, 8), scaled to [-1, 1], NaN where missing.
            random: all that is drawn comes from it; a CPU generator, wherever the pixels are.
        """


def uniform(random: torch.Generator, like: Tensor, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
    """Numbers of `shape`, on the device of `like`, equally likely from `low` to `high`."""
    return (low + (high - low) * torch.rand(shape, generator=random)).to(like.device)


def normal(random: torch.Generator, like: Tensor, *shape: int) -> Tensor:
    """Normal numbers of `shape`, mean 0, standard deviation 1, on the device of `like`."""
    return torch.randn(shape, generator=random).to(like.device)


def choice(random: torch.Generator, like: Tensor, count: int, ways: int) -> Tensor:
    """`count` whole numbers from 0 to `ways - 1`, on the device of `like`."""
    return torch.randint(ways, (count,), generator=random).to(like.device)


def by_way(pictures: Tensor, ways: Tensor, apply: Callable[[Tensor, int], Tensor]) -> Tensor:
    """Pictures (N, 3, S, S), each changed in its own way of `ways` (N,)."""
    changed = torch.empty_like(pictures)
    for way in range(int(ways.max()) + 1):
        chosen = ways == way
        changed[chosen] = apply(pictures[chosen], way)
    return changed
