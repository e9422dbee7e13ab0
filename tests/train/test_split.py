"""Splitting: whole groups, each photo once, as near to the share as can be, the same for the same seed."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr_train.errors import TrainingError
from autohdr_train.split import shoot_groups, split

groups_of_photos = st.lists(st.sampled_from("abcdef"), min_size=2, max_size=30)
seeds = st.integers(0, 1000)


def times(count: int) -> np.ndarray:
    return np.full(count, np.nan)


@given(groups_of_photos, seeds)
def test_each_photo_is_on_exactly_one_side(groups: list[str], seed: int) -> None:
    parts = split(groups, times(len(groups)), seed=seed)
    assert sorted([*parts.train, *parts.held_out]) == list(range(len(groups)))
    assert len(parts.train) > 0
    assert len(parts.held_out) > 0


@given(groups_of_photos.filter(lambda groups: len(set(groups)) > 1), seeds)
def test_no_group_is_on_both_sides(groups: list[str], seed: int) -> None:
    parts = split(groups, times(len(groups)), seed=seed)
    assert not {groups[index] for index in parts.train} & {groups[index] for index in parts.held_out}


@given(groups_of_photos.filter(lambda groups: len(set(groups)) > 1), seeds, st.floats(0.05, 0.95))
def test_held_out_is_as_near_to_the_share_as_whole_groups_allow(groups: list[str], seed: int, share: float) -> None:
    parts = split(groups, times(len(groups)), share=share, seed=seed)
    sizes = list(Counter(groups).values())
    target = min(max(1, round(share * len(groups))), len(groups) - 1)
    sums = {sum(chosen) for count in range(1, len(sizes)) for chosen in combinations(sizes, count)}
    assert abs(len(parts.held_out) - target) == min(abs(total - target) for total in sums)


@given(groups_of_photos, seeds)
def test_the_same_seed_gives_the_same_split(groups: list[str], seed: int) -> None:
    first, again = (split(groups, times(len(groups)), seed=seed) for _ in range(2))
    assert np.array_equal(first.held_out, again.held_out)


def test_another_seed_gives_another_split() -> None:
    groups = [f"g{index // 3}" for index in range(60)]
    held_out = {tuple(split(groups, times(60), seed=seed).held_out) for seed in range(10)}
    assert len(held_out) > 5


@given(st.permutations(range(20)), seeds)
def test_a_single_group_is_cut_in_time_and_says_so(order: list[int], seed: int) -> None:
    captured = np.array(order, dtype=np.float64)
    parts = split(["one"] * 20, captured, seed=seed)
    taken = np.sort(captured[parts.held_out])
    assert len(taken) == 4
    assert taken[-1] - taken[0] == 3  # neighbours
    assert parts.note is not None
    assert "one group" in parts.note


def test_a_share_that_groups_cannot_give_is_noted() -> None:
    parts = split(["a"] * 50 + ["b"] * 50, times(100))
    assert parts.note == "50 of 100 photos are held out: whole groups allow no nearer 20%"


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_photos_cannot_be_split(count: int) -> None:
    with pytest.raises(TrainingError, match="too few"):
        split(["a"] * count, times(count))


def test_an_hour_without_a_photo_starts_a_group() -> None:
    captured = np.array([0.0, 3600.0, 7201.0, 60.0])
    assert shoot_groups(["f"] * 4, captured) == ["f#0", "f#0", "f#1", "f#0"]


def test_folders_are_never_one_group_and_unknown_times_are_one() -> None:
    captured = np.array([0.0, 0.0, np.nan, np.nan])
    groups = shoot_groups(["a", "b", "a", "a"], captured)
    assert len(set(groups)) == 3
    assert groups[2] == groups[3]


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=20))
def test_groups_do_not_depend_on_the_order_of_the_photos(captured: list[float]) -> None:
    order = np.random.default_rng(len(captured)).permutation(len(captured))
    groups = np.array(shoot_groups(["f"] * len(captured), np.array(captured)))
    shuffled = shoot_groups(["f"] * len(captured), np.array(captured)[order])
    assert list(groups[order]) == shuffled
