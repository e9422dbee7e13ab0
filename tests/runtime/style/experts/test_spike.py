"""Medians of labels that are one value with some probability, and normal otherwise."""

import numpy as np
import pytest

from autohdr.style.experts.spike import median_with, spike_of


@pytest.mark.parametrize("share", [0.0, 0.2, 0.45])
def test_it_is_the_median_of_many_draws(share: float) -> None:
    random = np.random.default_rng(0)
    for expected in (-1.5, -0.1, 0.05, 0.4, 3.0):
        normal = expected + 0.7 * random.standard_normal(200_000)
        drawn = np.where(random.random(200_000) < share, 0.0, normal)
        (found,) = median_with(np.array([expected]), np.array([0.7]), 0.0, share)
        assert found == pytest.approx(np.median(drawn), abs=0.01)


def test_a_value_that_is_likely_enough_is_the_answer() -> None:
    found = median_with(np.linspace(-0.3, 0.3, 7), np.ones(7), 0.0, 0.4)
    np.testing.assert_array_equal(found, 0.0)


def test_a_spike_is_a_value_that_is_there_more_than_once() -> None:
    assert tuple(spike_of(np.array([0.0, 0.0, 0.0, 0.5, 1.0]))) == pytest.approx((0.0, 3 / 8))
    assert spike_of(np.array([0.1, 0.2, 0.3])) == (0.2, 0.0)
    assert spike_of(np.array([1.0, 1.0, 2.0, 2.0, 2.5]))[0] == 2.0  # the median of the two
