"""Augmentation: repeatable, different in every epoch, and never a change of what the labels say."""

import numpy as np
import torch
from torch import Tensor

from autohdr_train.data.augmented import AugmentedDataset, turn
from autohdr_train.data.tensors import TensorDataset


def all_pixels(dataset: AugmentedDataset) -> list[Tensor]:
    return [dataset[index][0] for index in range(len(dataset))]


def equal(one: list[Tensor], other: list[Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_turning_gives_all_eight_symmetries_and_keeps_the_light() -> None:
    pixels = torch.arange(12.0).reshape(3, 2, 2)
    labels = torch.arange(8.0)
    seen = set()
    for seed in range(100):
        turned, kept = turn(pixels, labels, np.random.default_rng(seed))
        assert torch.equal(kept, labels)
        assert turned.sum() == pixels.sum()
        seen.add(tuple(turned.flatten().tolist()))
    assert len(seen) == 8


def test_an_epoch_repeats_itself_in_any_order_and_the_next_differs(photos: TensorDataset) -> None:
    dataset = AugmentedDataset(photos, [turn], seed=1)
    first = all_pixels(dataset)
    backwards = [dataset[index][0] for index in reversed(range(len(dataset)))]
    assert equal(first, backwards[::-1])
    dataset.epoch = 1
    assert not equal(first, all_pixels(dataset))


def test_augmentations_are_applied_in_order(photos: TensorDataset) -> None:
    def brighter(pixels: Tensor, labels: Tensor, _: np.random.Generator) -> tuple[Tensor, Tensor]:
        return pixels + 1, labels - 1

    def double(pixels: Tensor, labels: Tensor, _: np.random.Generator) -> tuple[Tensor, Tensor]:
        return pixels * 2, labels

    pixels, labels = AugmentedDataset(photos, [brighter, double], seed=0)[1]
    torch.testing.assert_close(pixels, (photos[1][0] + 1) * 2)
    torch.testing.assert_close(labels, photos[1][1] - 1)


def test_without_augmentations_nothing_changes(photos: TensorDataset) -> None:
    assert equal(all_pixels(AugmentedDataset(photos, [], seed=0)), [photos[index][0] for index in range(len(photos))])
