"""Medians, intervals, spread: of numbers that can be checked by hand."""

import pytest

from autohdr_bench.speed.method.stats import interval, times, variation


def test_an_interval_leaves_out_what_its_level_allows() -> None:
    """Ten values: one may be left out at either end, 1 - 2 * 11 / 1024 = 0.979; two would leave 0.891."""
    assert interval([float(value) for value in range(1, 11)]) == (2.0, 9.0)
    assert interval([float(value) for value in range(1, 7)]) == (1.0, 6.0)


def test_few_values_span_their_interval() -> None:
    assert interval([3.0, 1.0, 2.0]) == (1.0, 3.0)
    assert interval([5.0]) == (5.0, 5.0)
    with pytest.raises(ValueError, match="no values"):
        interval([])


def test_variation_is_the_deviation_over_the_mean() -> None:
    assert variation([1.0, 3.0]) == pytest.approx(2**0.5 / 2)
    assert variation([4.0]) == 0.0


def test_times_as_fast_are_taken_round_by_round() -> None:
    assert times((2.0, 40.0, 6.0), (1.0, 10.0, 2.0)) == 3.0
    assert times((2.0, 4.0, 6.0), (2.0,)) == 2.0
