"""Label smoothing: of what is known, within a group, in capture order, and never out of range."""

import numpy as np
import pytest

from autohdr.errors import SettingsError
from autohdr_train.data.smoothing import jitter, moving_average


def column(values: list[float]) -> np.ndarray:
    """Labels (N, 8) whose sliders all have these values."""
    return np.repeat(np.array(values, dtype=np.float32)[:, None], 8, axis=1)


def first(labels: np.ndarray) -> list[float]:
    return [round(float(value), 6) for value in labels[:, 0]]


def test_jitter_is_in_each_sliders_own_spread() -> None:
    rng = np.random.default_rng(0)
    spread = np.geomspace(0.001, 0.1, 8)
    labels = (spread * rng.standard_normal((4000, 8))).astype(np.float32)
    labels[:2000, 2] = np.nan
    noise = jitter(labels, 0.5, rng) - labels
    np.testing.assert_allclose(np.nanstd(noise, axis=0), 0.5 * spread, rtol=0.08)
    correlation = np.corrcoef(noise[2000:].T) - np.eye(8)
    assert np.abs(correlation).max() < 0.1


def test_jitter_keeps_missing_labels_range_and_dtype() -> None:
    labels = column([-1.0, 1.0, np.nan, 0.9])
    labels[:, 5] = np.nan
    noisy = jitter(labels, 1.0, np.random.default_rng(0))
    np.testing.assert_array_equal(np.isnan(noisy), np.isnan(labels))
    assert np.nanmax(np.abs(noisy)) <= 1.0
    assert noisy.dtype == np.float32
    np.testing.assert_array_equal(jitter(labels, 1.0, np.random.default_rng(0)), noisy)
    np.testing.assert_array_equal(jitter(labels, 0.0, np.random.default_rng(0)), labels)


def test_the_average_runs_in_capture_order() -> None:
    labels = column([0.3, 0.0, 0.9, 0.6])
    captured = np.array([20.0, 10.0, 40.0, 30.0])
    assert first(moving_average(labels, ["a"] * 4, captured, 3)) == [0.3, 0.15, 0.75, 0.6]


def test_a_constant_stays_up_to_the_ends() -> None:
    """Not so where a convolution takes what lies beyond the ends for zeros."""
    labels = column([0.5] * 6)
    assert first(moving_average(labels, ["a"] * 6, np.arange(6.0), 5)) == [0.5] * 6


def test_groups_do_not_mix() -> None:
    labels = column([0.0, 1.0, 0.0, 1.0])
    smoothed = moving_average(labels, ["a", "b", "a", "b"], np.arange(4.0), 3)
    assert first(smoothed) == [0.0, 1.0, 0.0, 1.0]


def test_missing_labels_stay_missing_and_do_not_count() -> None:
    labels = column([0.2, np.nan, 0.4, 0.6])
    labels[:, 1] = np.nan
    smoothed = moving_average(labels, ["a"] * 4, np.arange(4.0), 3)
    np.testing.assert_allclose(smoothed[:, 0], [0.2, np.nan, 0.5, 0.5], rtol=1e-6)
    assert np.isnan(smoothed[:, 1]).all()
    assert smoothed.dtype == np.float32


def test_photos_of_unknown_time_come_last_in_the_order_given() -> None:
    labels = column([0.0, 0.6, 0.3, 0.9])
    captured = np.array([np.nan, 2.0, np.nan, 1.0])  # in order: 0.9, 0.6, 0.0, 0.3
    assert first(moving_average(labels, ["a"] * 4, captured, 3)) == [0.3, 0.5, 0.15, 0.75]


def test_a_window_of_one_changes_nothing_and_the_argument_is_left_alone() -> None:
    labels = column([0.1, 0.9, 0.5])
    before = labels.copy()
    np.testing.assert_array_equal(moving_average(labels, ["a"] * 3, np.arange(3.0), 1), before)
    moving_average(labels, ["a"] * 3, np.arange(3.0), 3)
    np.testing.assert_array_equal(labels, before)


@pytest.mark.parametrize("window", [0, -1, 4])
def test_a_window_must_have_a_middle(window: int) -> None:
    with pytest.raises(SettingsError, match=f"is {window}; expected an odd number"):
        moving_average(column([0.0]), ["a"], np.zeros(1), window)


@pytest.mark.parametrize("sigma", [-0.1, float("nan")])
def test_negative_noise_is_refused(sigma: float) -> None:
    with pytest.raises(SettingsError, match="expected 0 or more"):
        jitter(column([0.0]), sigma, np.random.default_rng(0))
