"""Shuffled batches, the next one gathered while the present one is learnt from."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from autohdr_train.data.tensors import TensorDataset


@dataclass(frozen=True, slots=True)
class Loader:
    """Batches of a dataset in an order that depends on the seed alone, so that training can go on where it stopped.

    Every epoch holds each photo once, in as few batches as `size` allows, whose lengths differ by one at most: a last
    batch of one photo would be a step as large as the others.
    """

    photos: TensorDataset
    """The photos, of which there is at least one."""
    size: int
    """Most photos in a batch."""
    seed: int

    @property
    def per_epoch(self) -> int:
        """Steps in an epoch."""
        return -(-len(self.photos) // self.size)

    def batches(self, start: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """Pixels (B, 3, S, S) and labels (B, 8), as of `TensorDataset.batch`, from step `start` on, without end.

        A thread gathers one batch ahead. Close the iterator, or let it go, to end it.
        """
        with ThreadPoolExecutor(1, "batches") as pool:
            ahead = pool.submit(self._batch, start)
            for step in itertools.count(start + 1):
                batch = ahead.result()
                ahead = pool.submit(self._batch, step)
                yield batch

    def chosen(self, step: int) -> NDArray[np.int64]:
        """The indices (B,) of the photos in the batch of a step, from 0."""
        epoch, place = divmod(step, self.per_epoch)
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self.photos))
        return np.array_split(order, self.per_epoch)[place]

    def _batch(self, step: int) -> tuple[Tensor, Tensor]:
        return self.photos.batch(self.chosen(step))
