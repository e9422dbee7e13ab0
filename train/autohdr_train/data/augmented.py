"""The third of three: the same photos, a little different in every epoch. Nothing here knows of files or RAW."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

Augmentation = Callable[[Tensor, Tensor, np.random.Generator], tuple[Tensor, Tensor]]
"""Pixels (3, S, S) and labels (8,) to another pair that is as true as the first. It draws from the generator alone."""


def turn(pixels: Tensor, labels: Tensor, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """One of the eight ways to turn and mirror a square, equally likely; the light, so the labels, stay as they are."""
    if random.integers(2):
        pixels = pixels.flip(-1)
    return torch.rot90(pixels, int(random.integers(4)), (1, 2)), labels


class AugmentedDataset(Dataset[tuple[Tensor, Tensor]]):
    """Applies augmentations in the order given. What is drawn depends on seed, epoch and photo alone, so that neither
    the order of the photos nor a restart changes it."""

    def __init__(
        self, photos: Dataset[tuple[Tensor, Tensor]], augmentations: Sequence[Augmentation], *, seed: int
    ) -> None:
        self.photos = photos
        self.augmentations = tuple(augmentations)
        self.seed = seed
        self.epoch = 0
        """Set by the loop; another epoch, other draws."""

    def __len__(self) -> int:
        return len(self.photos)  # type: ignore[arg-type]  # torch leaves __len__ off its base class, on purpose

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        pixels, labels = self.photos[index]
        random = np.random.default_rng((self.seed, self.epoch, index))
        for augmentation in self.augmentations:
            pixels, labels = augmentation(pixels, labels, random)
        return pixels, labels
