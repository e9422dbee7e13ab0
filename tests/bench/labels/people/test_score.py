"""Scores of one answer."""

import numpy as np

from autohdr_bench.labels.people.photos import Answer
from autohdr_bench.labels.people.score import FIELDS, Sums, rounded, usual_moves

ROW = {name: row for row, name in enumerate(FIELDS)}


def test_sliders_are_rounded_as_lightroom_shows_them() -> None:
    values = np.array([0.426, 3.6, -120.0, 0.4, 0, 0, 0, 0])
    assert rounded(values).tolist() == [0.43, 4, -100, 0, 0, 0, 0, 0]


def test_sums_count_labels_that_are_there() -> None:
    labels = np.zeros((3, 8))
    labels[0, 1] = np.nan
    values = np.zeros((3, 8))
    values[:, 0] = [0.004, 0.1, -0.3]  # the first is rounded to 0
    values[:, 1] = 7
    errors = np.zeros((3, 8))
    errors[:, 0], errors[:, 1] = 0.16, 4.0
    sums = Sums.of(Answer(values, errors), labels, (1.0, 2.0, 0.9, 8.0)).values
    assert np.allclose(sums[ROW["error"], :2], [0.4, 14])
    assert np.allclose(sums[ROW["square"], :2], [0.1, 98])
    assert sums[ROW["hit"], :3].tolist() == [1, 0, 3]
    assert sums[ROW["within"], :3].tolist() == [2, 0, 3]
    assert sums[ROW["within2"], :3].tolist() == [3, 2, 3]
    assert sums[ROW["photos"], :2].tolist() == [3, 2]
    assert Sums.of(Answer(values), labels, (1.0, 2.0, 0.9, 8.0)).values[ROW["stated"]].sum() == 0


def test_a_slider_is_in_use_where_it_is_moved() -> None:
    labels = np.zeros((20, 8))
    labels[:, 0] = np.linspace(-1, 1, 20)
    labels[:3, 1] = 50  # in 15 % of the photos
    labels[:10, 2] = 1  # by one step
    labels[:, 3] = np.nan
    labels[:10, 4] = 30
    labels[:10, 5] = np.nan
    labels[10:, 5] = [0, 20] * 5
    moves = usual_moves(labels)
    assert np.isfinite(moves).tolist() == [True, False, False, False, True, True, False, False]
    assert np.allclose(moves[[0, 4, 5]], [10 / 19, 15, 10])
