"""Batches: each photo once an epoch, in the seed's order, from any step on, gathered ahead."""

import threading
from itertools import islice

import numpy as np
import pytest
import torch

from autohdr_train.data.loader import Batch, Loader
from autohdr_train.data.tensors import TensorDataset


def first(loader: Loader, count: int, start: int = 0) -> list[Batch]:
    return list(islice(loader.batches(start), count))


@pytest.mark.parametrize(("size", "lengths"), [(1, [1] * 12), (5, [4, 4, 4]), (7, [6, 6]), (12, [12]), (64, [12])])
def test_an_epoch_holds_each_photo_once_in_batches_of_one_length(
    photos: TensorDataset, size: int, lengths: list[int]
) -> None:
    loader = Loader(photos, size, seed=0)
    batches = first(loader, loader.per_epoch)
    assert [len(batch.photos) for batch in batches] == lengths
    assert sorted(np.concatenate([batch.photos for batch in batches])) == list(range(12))


def test_a_batch_has_the_pixels_and_labels_of_its_photos(photos: TensorDataset) -> None:
    batch = first(Loader(photos, 5, seed=3), 1)[0]
    pixels, labels = photos.batch(batch.photos)
    assert torch.equal(batch.pixels, pixels)
    np.testing.assert_array_equal(batch.labels, labels)


def test_epochs_and_seeds_differ_and_repeat_themselves(photos: TensorDataset) -> None:
    orders = [
        tuple(np.concatenate([batch.photos for batch in first(Loader(photos, 4, seed=seed), 3, start)]))
        for seed, start in ((0, 0), (0, 0), (0, 3), (1, 0))
    ]
    assert orders[0] == orders[1]
    assert len(set(orders)) == 3


@pytest.mark.parametrize("start", [1, 2, 3, 7])
def test_it_goes_on_where_it_stopped(photos: TensorDataset, start: int) -> None:
    loader = Loader(photos, 5, seed=0)
    whole = first(loader, 9)
    for one, other in zip(whole[start:], first(loader, 9 - start, start), strict=True):
        assert (one.step, one.epoch) == (other.step, other.epoch)
        assert torch.equal(one.pixels, other.pixels)
    assert [(batch.step, batch.epoch) for batch in whole] == [(step, step // 3) for step in range(9)]


def test_the_next_batch_is_gathered_meanwhile(photos: TensorDataset) -> None:
    """The caller waits, with the first batch in its hand, until the second one has been asked for."""
    gathered = threading.Event()

    class Watched(TensorDataset):
        asked = 0

        def batch(self, indices: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
            self.asked += 1
            if self.asked == 2:
                gathered.set()
            return super().batch(indices)

    watched = Watched(photos.pixels, photos.labels, photos.groups, photos.captured)
    batches = Loader(watched, 4, seed=0).batches()
    next(batches)
    assert gathered.wait(60)
    batches.close()  # type: ignore[attr-defined]  # a generator, of which callers see an iterator
    assert watched.asked == 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


def test_an_error_of_the_thread_reaches_the_caller() -> None:
    class Gone:
        def __getitem__(self, index: int, /) -> np.ndarray:
            raise FileNotFoundError(index)

    photos = TensorDataset(Gone(), np.zeros((3, 8), np.float32), ["g"] * 3, np.zeros(3))
    with pytest.raises(FileNotFoundError):
        next(Loader(photos, 2, seed=0).batches())
