"""Batches: each photo once an epoch, in the seed's order, from any step on, gathered ahead."""

import threading
from itertools import islice

import numpy as np
import pytest
import torch

from autohdr_train.data.loader import Loader
from autohdr_train.data.tensors import TensorDataset


def order(loader: Loader, steps: range) -> list[int]:
    return [int(photo) for step in steps for photo in loader.chosen(step)]


@pytest.mark.parametrize(("size", "lengths"), [(1, [1] * 12), (5, [4, 4, 4]), (7, [6, 6]), (12, [12]), (64, [12])])
def test_an_epoch_holds_each_photo_once_in_batches_of_one_length(
    photos: TensorDataset, size: int, lengths: list[int]
) -> None:
    loader = Loader(photos, size, seed=0)
    epoch = range(loader.per_epoch)
    assert [len(loader.chosen(step)) for step in epoch] == lengths
    assert sorted(order(loader, epoch)) == list(range(12))


def test_a_batch_has_the_pixels_and_labels_of_its_photos(photos: TensorDataset) -> None:
    loader = Loader(photos, 5, seed=3)
    pixels, labels = next(loader.batches())
    expected = photos.batch(loader.chosen(0))
    assert torch.equal(pixels, expected[0])
    np.testing.assert_array_equal(labels, expected[1])


def test_epochs_and_seeds_differ_and_repeat_themselves(photos: TensorDataset) -> None:
    orders = [
        tuple(order(Loader(photos, 4, seed=seed), range(start, start + 3)))
        for seed, start in ((0, 0), (0, 0), (0, 3), (1, 0))
    ]
    assert orders[0] == orders[1]
    assert len(set(orders)) == 3


@pytest.mark.parametrize("start", [1, 2, 3, 7])
def test_it_goes_on_where_it_stopped(photos: TensorDataset, start: int) -> None:
    loader = Loader(photos, 5, seed=0)
    whole = list(islice(loader.batches(), 9))
    for one, other in zip(whole[start:], islice(loader.batches(start), 9 - start), strict=True):
        assert torch.equal(one[0], other[0])


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
