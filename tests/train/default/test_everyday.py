"""Photographers who edit as people do: the statistics of their sliders are people's, within stated bounds."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from autohdr.sliders import LIMITS, SLIDERS
from autohdr_train.default.causes import Edits
from autohdr_train.default.content import content
from autohdr_train.default.made_up import MadeUp
from autohdr_train.default.usual import BETWEEN, value_of
from autohdr_train.network.tones import cells, describe, windows

PHOTOS, PEOPLE = 120, 150
# Of 995 edits of RAW files by 118 people: mean, standard deviation, share at exactly 0, and 5 / 25 / 50 / 75 / 95 %.
REAL: NDArray[np.float64] = np.array(
    [
        [0.38, 0.65, 0.28, -0.4, 0, 0.17, 0.72, 1.69],
        [8.5, 17.6, 0.27, -1, 0, 5, 9, 43],
        [-40.7, 39.4, 0.17, -100, -68, -44, 0, 17],
        [28.5, 33.8, 0.16, -14, 0, 28, 50, 86],
        [4.9, 28.1, 0.25, -38, -6, 0, 19, 50],
        [-7.4, 25.1, 0.21, -43, -21, -7, 0, 37],
        [8.6, 12.5, 0.39, 0, 0, 7, 15, 24],
        [-0.2, 9.1, 0.55, -8, 0, 0, 0, 8],
    ]
)


def photos(light: Tensor | float = 1.0) -> MadeUp:
    """Photographers who edit as people do, of coloured pictures that differ in light, contrast and colour."""
    random = torch.Generator().manual_seed(0)
    level = -5.0 + 1.5 * torch.randn(PHOTOS, 1, 1, 1, generator=random)
    coarse = torch.randn(PHOTOS, 3, 4, 4, generator=random) * torch.rand(PHOTOS, 1, 1, 1, generator=random)
    grey = 2.0 * torch.rand(PHOTOS, 1, 1, 1, generator=random) * torch.randn(PHOTOS, 1, 6, 6, generator=random)
    pictures = 2.0 ** (level + sum(functional.interpolate(part, size=48, mode="bilinear") for part in (coarse, grey)))
    tones = describe(pictures * light, windows(48), cells(48)).numpy()
    usual, moves = np.array([0.2, 6, -65, 46, 18, -22, 15, 0.2]), np.array([0.6, 0, 11, 7, 6, 6, 0, 1.6])
    auto = usual - moves * ((tones[:, :1] + 7.0) / 2.0).clip(-2, 2)
    return MadeUp(tones, content(pictures * light).numpy(), auto.round(2), broad=0.0)


def drawn(made_up: MadeUp, count: int) -> list[Edits]:
    return [made_up.photographer(np.random.default_rng((4, number))) for number in range(count)]


@pytest.fixture(scope="module")
def labels() -> NDArray[np.float64]:
    """(150, 120, 8), edits by people who are made up."""
    return np.stack([edits.labels for edits in drawn(photos(), PEOPLE)])


def test_mean_and_deviation_are_peoples(labels: NDArray[np.float64]) -> None:
    mean, deviation = labels.mean(axis=(0, 1)), labels.std(axis=(0, 1))
    assert (np.abs(mean - REAL[:, 0]) < 0.25 * REAL[:, 1]).all()
    assert (np.abs(deviation / REAL[:, 1] - 1.0) < 0.25).all()


def test_so_many_are_exactly_zero_and_so_many_at_their_end(labels: NDArray[np.float64]) -> None:
    assert (np.abs((labels == 0.0).mean(axis=(0, 1)) - REAL[:, 2]) < 0.1).all()
    lowest = (labels == -LIMITS).mean(axis=(0, 1))
    assert 0.06 < lowest[2] < 0.2  # Highlights; of people .131
    assert (np.delete(lowest, 2) < 0.03).all()
    assert (np.abs(labels[..., 0]) > 2.0).mean() < 0.04


def test_percentiles_are_peoples(labels: NDArray[np.float64]) -> None:
    found = np.percentile(labels, [5, 25, 50, 75, 95], axis=(0, 1)).T
    assert (np.abs(found - REAL[:, 3:]) < 0.6 * REAL[:, 1:2]).all()


def test_as_much_lies_between_people(labels: NDArray[np.float64]) -> None:
    between = labels.mean(axis=1).var(axis=0) / labels.var(axis=(0, 1))
    assert (np.abs(between - BETWEEN) < 0.25).all()


def test_what_is_meant_explains_a_part_of_the_labels() -> None:
    told = []
    for values, set_to, uses in drawn(photos(), 60):
        told.append(np.where(uses, 1.0 - (values - set_to).var(axis=0) / np.maximum(set_to.var(axis=0), 1e-9), np.nan))
    medians = np.nanmedian(told, axis=0)
    assert (medians > 0.2).all()
    assert (medians < 0.7).all()


def test_many_sliders_of_many_people_are_mostly_one_value(labels: NDArray[np.float64]) -> None:
    most = [[np.unique(column, return_counts=True)[1].max() / PHOTOS for column in one.T] for one in labels]
    assert 0.2 < np.mean(np.array(most) > 0.5) < 0.6


def test_a_photo_in_less_light_gets_a_part_of_it_back() -> None:
    """Every second photo is taken one stop darker, and its Exposure rises against that of the others."""
    light = torch.where(torch.arange(PHOTOS) % 2 == 0, 1.0, 0.5)[:, None, None, None]
    rises = []
    for before, after in zip(drawn(photos(), 60), drawn(photos(light), 60), strict=True):
        change = (after.values - before.values)[:, 0]
        rises.append(change[1::2].mean() - change[::2].mean())
    assert 0.03 < np.median(rises) < 0.4
    assert np.mean(np.array(rises) > 0.8) < 0.1


def test_values_rise_with_the_share_that_is_below_them() -> None:
    for slider in range(len(SLIDERS)):
        assert (np.diff(value_of(slider, np.linspace(0.0, 1.0, 101))) >= 0.0).all()
