"""Shuffled batches, the next one gathered while the present one is learnt from."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from autohdr_train.data.tensors import TensorDataset


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Some photos, for one step."""

    step: int
    """Since the beginning of training, from 0."""
    epoch: int
    """Times that every photo has been seen before, from 0."""
    photos: NDArray[np.int64]
    """(B,), indices."""
    pixels: Tensor
    """(B, 3, S, S), network inputs."""
    labels: Tensor
    """(B, 8), scaled to [-1, 1], NaN where missing."""


@dataclass(frozen=True, slots=True)
class Loader:
    """Batches of a dataset in an order that depends on the seed alone, so that training can go on where it stopped.

    Every epoch holds each photo once, in as few batches as `size` allows, whose lengths differ by one at most: a last
    batch of one photo would be a step as large as the others.
    """

    photos: TensorDataset
    """At least one."""
    size: int
    """Most photos in a batch."""
    seed: int

    @property
    def per_epoch(self) -> int:
        """Steps in an epoch."""
        return -(-len(self.photos) // self.size)

    def batches(self, start: int = 0) -> Iterator[Batch]:
        """The batches from step `start` on, without end.

        A thread gathers one batch ahead. Close the iterator, or let it go, to end it.
        """
        with ThreadPoolExecutor(1, "batches") as pool:
            ahead = pool.submit(self.batch, start)
            while True:
                batch = ahead.result()
                ahead = pool.submit(self.batch, batch.step + 1)
                yield batch

    def batch(self, step: int) -> Batch:
        """The batch of one step."""
        epoch, place = divmod(step, self.per_epoch)
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self.photos))
        chosen = np.array_split(order, self.per_epoch)[place]
        return Batch(step, epoch, chosen, *self.photos.batch(chosen))
