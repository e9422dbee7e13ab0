"""Corrections of autohdr's labels count more than other edits, and are never left out."""

import numpy as np
import torch

from autohdr_train import probe
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.loop import counted
from autohdr_train.probe import Seen, remember, some
from autohdr_train.start import begin


def test_of_too_many_photos_the_corrections_stay() -> None:
    """They were sorted first, and then by their paths again: a draw could leave out each of them."""
    corrected = np.zeros(50, dtype=bool)
    corrected[[3, 17, 44]] = True
    for seed in range(20):
        chosen = some(50, 10, seed, corrected)
        assert len(set(chosen)) == 10
        assert {3, 17, 44} <= set(chosen)
        assert (np.diff(chosen) > 0).all()
    assert len(some(50, 2, 0, corrected)) == 2
    assert set(some(50, 2, 0, corrected)) <= {3, 17, 44}
    np.testing.assert_array_equal(some(50, 10, 1), some(50, 10, 1, np.zeros(50, dtype=bool)))


def test_what_the_head_remembers_holds_them() -> None:
    corrected = np.zeros(probe.MOST + 200, dtype=bool)
    corrected[-5:] = True
    seen = Seen(torch.arange(len(corrected))[:, None].float(), torch.full((len(corrected), 2, 1), torch.nan), corrected)
    kept, labels = remember(seen, torch.zeros(len(corrected), 8), 0)
    assert len(labels) == probe.MOST
    assert kept.corrected is not None
    assert kept.corrected.sum() == 5
    assert set(range(len(corrected) - 5, len(corrected))) <= set(kept.features[:, 0].int().tolist())


def test_a_corrected_photo_moves_the_style_more() -> None:
    network, spec = begin("default", None, None, "linear", 0)
    random = np.random.default_rng(0)
    pixels = random.normal(size=(8, 3, spec.size, spec.size)).astype(np.float32) * 0.3
    labels = np.zeros((8, 8), np.float32)
    labels[:, 1] = random.normal(0, 0.05, 8)
    labels[0, 1] = 0.6
    moved = []
    for corrected in (False, True):
        marks = np.array([corrected, *[False] * 7])
        photos = TensorDataset(pixels, labels, [""] * 8, np.full(8, np.nan), corrected=marks)
        probe.learn(network, spec, photos, seed=0)
        with torch.inference_mode():
            moved.append(float(network.eval()(torch.from_numpy(pixels[:1]))[0, 1]))
    assert moved[1] > moved[0] + 0.005


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
