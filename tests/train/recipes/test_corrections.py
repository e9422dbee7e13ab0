"""Corrections of autohdr's labels count more than other edits."""

import numpy as np

from autohdr_train.data.tensors import TensorDataset
from autohdr_train.recipes.loop import counted


def test_recipes_that_take_steps_see_them_twice() -> None:
    pixels = np.zeros((4, 3, 32, 32), np.float32)
    labels = np.arange(32, dtype=np.float32).reshape(4, 8)
    marks = np.array([False, True, False, True])
    photos = TensorDataset(pixels, labels, ["a", "b", "c", "d"], np.arange(4.0), corrected=marks)
    shown = counted(photos)
    assert shown.groups == ["a", "b", "c", "d", "b", "d"]
    np.testing.assert_array_equal(shown.labels[4:], labels[[1, 3]])
    plain = photos.subset(np.array([0, 2]))
    assert counted(plain) is plain
