"""The process over people: its algebra against plain formulas."""

import numpy as np
import pytest

from autohdr_bench.labels.people import process
from autohdr_bench.labels.people.process import Known, People, Sizes


def known(count: int, person: str, seed: int) -> Known:
    random = np.random.default_rng(seed)
    groups = (random.normal(size=(count, 3)), random.normal(size=(count, 2)))
    days = np.array([f"day {number // 4}" if number % 5 else "" for number in range(count)])
    return Known(groups, np.array([person] * count), days)


def joined(*parts: Known) -> Known:
    groups = tuple(np.concatenate(columns) for columns in zip(*(part.groups for part in parts), strict=True))
    return Known(groups, *(np.concatenate([getattr(part, name) for part in parts]) for name in ("people", "days")))


def test_the_gradient_is_that_of_the_likelihood() -> None:
    both = joined(known(7, "A", 1), known(6, "B", 2))
    labels = np.random.default_rng(3).normal(size=13)
    parts = np.stack([*process._parts(both, both), np.eye(13)])
    values = Sizes.first(2).values + np.linspace(-0.3, 0.3, 11)
    _, gradient = process._likelihood(values, parts, labels)
    for place in range(len(values)):
        step = np.zeros(len(values))
        step[place] = 1e-5
        up, down = (process._likelihood(values + sign * step, parts, labels)[0] for sign in (1, -1))
        assert gradient[place] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-6)


def test_a_person_is_told_by_everybody_at_once() -> None:
    """What a new person's edits add to what is known over people is one process of all labels."""
    rest, own, others = joined(known(8, "A", 4), known(5, "B", 5)), known(6, "C", 6), known(4, "C", 7)
    random = np.random.default_rng(8)
    theirs, labels = random.normal(size=13), random.normal(size=6)
    sizes = Sizes.first(2)
    expected, deviation, alone = People.of(sizes, rest, theirs, 0.1).person(own, labels, others)
    all_edits = joined(rest, own)
    total = process.covariance(sizes, all_edits, all_edits) + sizes.noise * np.eye(19)
    across = process.covariance(sizes, others, all_edits)
    told = np.r_[theirs, labels] - 0.1
    assert np.allclose(expected, 0.1 + across @ np.linalg.solve(total, told))
    variance = np.diag(process.covariance(sizes, others, others)) - np.diag(across @ np.linalg.solve(total, across.T))
    assert np.allclose(deviation**2, variance + sizes.noise)
    without = np.delete(np.arange(19), 13)
    left_out = process.covariance(sizes, all_edits, all_edits)[13, without]
    assert alone[0] == pytest.approx(0.1 + left_out @ np.linalg.solve(total[np.ix_(without, without)], told[without]))


def test_learning_raises_the_likelihood_and_finds_what_is_shared() -> None:
    both = joined(known(30, "A", 9), known(30, "B", 10))
    random = np.random.default_rng(11)
    labels = both.groups[0] @ [0.8, 0.0, 0.0] + 0.1 * random.normal(size=60)
    sizes = process.learn(both, labels)
    own, shared = np.exp(sizes.values[0]), np.exp(sizes.values[4])
    assert shared > 3 * own
    assert sizes.noise < 0.05


def test_missing_numbers_stand_for_the_usual_and_far_ones_are_held() -> None:
    usual = np.array([[0.0, np.nan], [2.0, np.nan], [4.0, np.nan]])
    (found,) = process.standardised([np.array([[np.nan, 1.0], [1000.0, 2.0], [2.0, 3.0]])], [usual])
    assert found[:, 0].tolist() == [0.0, 4.0, 0.0]
    assert np.isfinite(found).all()
