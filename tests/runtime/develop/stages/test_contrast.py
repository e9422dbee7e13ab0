"""Contrast: against Camera Raw's curves, about any pivot."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.develop.stages import contrast

AMOUNTS = (-100, -50, -25, 25, 50, 100)


@pytest.mark.parametrize("amount", AMOUNTS)
def test_it_is_camera_raws_curve(amount: int, shared_camera_raw: Path) -> None:
    table = np.loadtxt(shared_camera_raw / "contrast.csv", delimiter=",", skiprows=1)
    measured = table[:, 1 + AMOUNTS.index(amount)]
    error = np.abs(contrast.curve(amount)(table[:, 0]) - measured)
    assert error.mean() < 0.001
    assert error.max() < 0.0075
    assert error.mean() < 0.05 * np.abs(table[:, 0] - measured).mean()


def test_it_gives_some_of_the_measured_values() -> None:
    assert contrast.curve(100)([0.2578125, 0.7578125]) == pytest.approx([0.1410, 0.8395], abs=0.003)
    assert contrast.curve(-100)([0.2578125, 0.7578125]) == pytest.approx([0.3583, 0.6872], abs=0.003)


@pytest.mark.parametrize("pivot", [0.3, 0.41, 0.5559, 0.63, 0.7])
@pytest.mark.parametrize("amount", [-100, -61, -3, 3, 37, 100])
def test_it_leaves_pivot_and_ends_alone_and_rises(amount: int, pivot: float) -> None:
    curve = contrast.curve(amount, pivot)
    assert curve([0.0, pivot, 1.0]) == pytest.approx([0.0, pivot, 1.0], abs=2e-4)
    assert (np.diff(curve.outputs) > 0).all()
    assert float(curve(0.8)) > 0.8 if amount > 0 else float(curve(0.8)) < 0.8


def test_zero_changes_nothing_and_more_than_a_hundred_is_a_hundred() -> None:
    assert contrast.curve(0, 0.4)(0.123) == pytest.approx(0.123, abs=1e-6)
    assert (contrast.curve(150).outputs == contrast.curve(100).outputs).all()


def test_the_pivot_follows_mean_and_middle() -> None:
    assert contrast.pivot(np.full((60, 90), 0.2140)) == pytest.approx(0.577 + (0.568 - 0.689) * 0.5, abs=1e-3)
    dark, light = np.zeros((90, 90)), np.ones((90, 90))
    half = np.concatenate([dark, light], axis=1)
    assert contrast.pivot(half) == pytest.approx(0.577 + 0.568 * 0.5 - 0.689 * 0.5, abs=1e-3)


def test_the_pivot_does_not_depend_on_the_size() -> None:
    random = np.random.default_rng(0).random((32, 48)) ** 2
    large = np.kron(random, np.ones((7, 7)))
    assert contrast.pivot(large) == pytest.approx(contrast.pivot(random), abs=1e-6)
    assert np.isfinite(contrast.pivot(random[:1, :1]))
