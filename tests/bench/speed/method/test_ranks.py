"""Rank tests, against values computed with SciPy 1.17 and against counting by hand."""

import random

import pytest

from autohdr_bench.speed.method.ranks import holm, rank_sum, signed_rank


def test_the_signed_rank_test_gives_known_values() -> None:
    assert signed_rank([0.3, 0.8, -0.1, 1.2, 0.5, 0.9, -0.2, 0.4]) == pytest.approx(0.01953125)
    assert signed_rank([1.0] * 5) == pytest.approx(1 / 32)
    assert signed_rank([-1.0] * 5) == pytest.approx(1.0)


def test_pairs_without_a_difference_say_nothing() -> None:
    assert signed_rank([]) == 1.0
    assert signed_rank([0.0, 0.0]) == 1.0
    assert signed_rank([0.0, 1.0, 2.0]) == pytest.approx(0.25)


def test_the_rank_sum_test_gives_known_values() -> None:
    assert rank_sum([1.1, 2.3, 2.9, 3.0], [2.5, 3.1, 3.7, 4.2, 5.0]) == pytest.approx(0.031746031746031744)
    # Of the six ways to choose two of four, one is as extreme.
    assert rank_sum([1.0, 2.0], [3.0, 4.0]) == pytest.approx(1 / 6)
    assert rank_sum([3.0, 4.0], [1.0, 2.0]) == pytest.approx(1.0)


def test_ties_share_their_ranks() -> None:
    assert rank_sum([1.0, 1.0], [1.0, 1.0]) == 1.0
    # Sums of two of the ranks 1.5, 1.5, 3, 4 that reach 7: one of six.
    assert rank_sum([1.0, 1.0], [2.0, 3.0]) == pytest.approx(1 / 6)


def test_many_values_take_the_normal_distribution() -> None:
    lower, upper = [float(value) for value in range(50)], [value + 8.5 for value in range(50)]
    assert rank_sum(lower, upper) < rank_sum(lower[::2], upper[::2])
    assert rank_sum(lower, upper) == pytest.approx(0.003700408647545523)
    assert rank_sum([1.0] * 40, [1.0] * 40) == 1.0


def test_no_values_are_refused() -> None:
    with pytest.raises(ValueError, match="0 and 1"):
        rank_sum([], [1.0])


def test_corrected_probabilities_grow_and_keep_their_order() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_chance_is_as_rare_as_it_says() -> None:
    """Of samples of one distribution, a share of about 0.05 is below 0.05."""
    numbers = random.Random(0)
    below = sum(signed_rank([numbers.gauss(0, 1) for _ in range(12)]) < 0.05 for _ in range(2000))
    assert 0.03 < below / 2000 < 0.06
