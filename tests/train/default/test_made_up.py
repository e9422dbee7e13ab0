"""Photographers made up at random: reproducible, within Lightroom's ranges, and of a kind that light moves."""

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from autohdr.sliders import LIMITS
from autohdr_train.default.causes import Edits
from autohdr_train.default.content import content
from autohdr_train.default.made_up import MadeUp
from autohdr_train.network.tones import cells, describe, windows

PHOTOS = 40


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    """Coloured pictures (40, 3, 48, 48) that differ in light, contrast and colour."""
    random = torch.Generator().manual_seed(0)
    level = -5.0 + 1.5 * torch.randn(PHOTOS, 1, 1, 1, generator=random)
    coarse = torch.randn(PHOTOS, 3, 4, 4, generator=random) * torch.rand(PHOTOS, 1, 1, 1, generator=random)
    grey = 2.0 * torch.rand(PHOTOS, 1, 1, 1, generator=random) * torch.randn(PHOTOS, 1, 6, 6, generator=random)
    return 2.0 ** (level + sum(functional.interpolate(part, size=48, mode="bilinear") for part in (coarse, grey)))


def made_up(pictures: Tensor, broad: float = 0.5) -> MadeUp:
    side = pictures.shape[2]
    tones = describe(pictures, windows(side), cells(side)).numpy()
    auto = np.array([0.0, 6, -60, 45, 15, -20, 15, 0]) - np.array([0.3, 0, 5, 5, 3, 3, 0, 1]) * (tones[:, :1] + 6.0)
    return MadeUp(tones, content(pictures).numpy(), auto, broad)


def drawn(photos: MadeUp, seed: int) -> Edits:
    return photos.photographer(np.random.default_rng(seed))


def test_a_photographer_follows_from_the_seed_alone(pictures: Tensor) -> None:
    first, again = (drawn(made_up(pictures), 3) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_no_two_photographers_edit_alike(pictures: Tensor) -> None:
    photos, random = made_up(pictures), np.random.default_rng(0)
    edits = np.stack([photos.photographer(random).values for _ in range(20)])
    for one in range(20):
        for other in range(one):
            assert np.abs(edits[one] - edits[other]).max() > 1.0


def test_edits_are_within_lightrooms_ranges_and_unused_sliders_stay_about_where_they_are(pictures: Tensor) -> None:
    photos, random = made_up(pictures), np.random.default_rng(1)
    unused = 0
    for _ in range(100):
        values, labels, uses = photos.photographer(random)
        assert (values.shape, labels.shape, uses.shape) == ((PHOTOS, 8), (PHOTOS, 8), (8,))
        for edits in (values, labels):
            assert np.isfinite(edits).all()
            assert (np.abs(edits) <= LIMITS).all()
        assert (values[:, uses].std(axis=0) > 0.0).all()
        assert (labels[:, uses] != values[:, uses]).any()
        unused += int((~uses).sum())
    assert 60 < unused < 200  # of 100 x 8


def test_of_those_of_any_kind_most_make_up_for_how_bright_a_photo_was_taken(pictures: Tensor) -> None:
    """Every second photo is taken one stop darker, and its Exposure rises against that of the others."""
    light = torch.where(torch.arange(PHOTOS) % 2 == 0, 1.0, 0.5)[:, None, None, None]
    photos, darker = made_up(pictures, broad=1.0), made_up(pictures * light, broad=1.0)
    rises = []
    for seed in range(60):
        change = (drawn(darker, seed).values - drawn(photos, seed).values)[:, 0]
        rises.append(change[1::2].mean() - change[::2].mean())
    assert 0.75 < np.median(rises) < 1.1  # some make up in part, and some hold the highlights
    assert np.mean(np.array(rises) > 0.5) > 0.7


def test_photos_that_are_all_the_same_are_edited_in_finite_numbers(pictures: Tensor) -> None:
    photos, random = made_up(pictures[:1].expand(5, -1, -1, -1)), np.random.default_rng(0)
    for _ in range(30):
        values = photos.photographer(random).values
        assert np.isfinite(values).all()
