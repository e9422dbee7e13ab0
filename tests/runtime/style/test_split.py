"""Splitting: whole groups, each photo once, as near to the share as can be, the same for the same seed."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autohdr.errors import LearningError
from autohdr.style.split import BURST, Split, folds, shoot_groups, split, unlikeness

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
    captured = np.array(order, dtype=np.float64) * 60
    parts = split(["one"] * 20, captured, seed=seed)
    taken = np.sort(captured[parts.held_out])
    assert len(taken) == 4
    assert taken[-1] - taken[0] == 180  # neighbours
    assert parts.note is not None
    assert "taken together" in parts.note


def bursts(captured: np.ndarray) -> np.ndarray:
    """The number of the burst of each photo, of one folder."""
    order = np.argsort(captured)
    numbers = np.empty(len(captured), dtype=int)
    numbers[order] = np.cumsum(np.diff(captured[order], prepend=captured[order][0]) > BURST)
    return numbers


one_day = st.lists(st.integers(0, 300), min_size=2, max_size=30)
"""Seconds of photos in one folder: bursts and pauses between them."""


def sides(part: Split, numbers: np.ndarray) -> set[int]:
    """The bursts that are on both."""
    return set(numbers[part.train]) & set(numbers[part.held_out])


@given(one_day.filter(lambda seconds: bursts(np.array(seconds)).any()), seeds)
def test_a_burst_of_a_single_group_is_never_cut(seconds: list[int], seed: int) -> None:
    captured = np.array(seconds, dtype=np.float64)
    groups = ["one"] * len(seconds)
    parts = [split(groups, captured, seed=seed), *folds(groups, captured, 3, seed=seed)]
    assert all(sides(part, bursts(captured)) == set() for part in parts)


def test_one_burst_is_cut_because_there_is_nothing_else_and_says_so() -> None:
    part = split(["one"] * 10, np.arange(10.0))
    assert (len(part.train), len(part.held_out)) == (8, 2)
    assert part.note is not None
    assert "one burst" in part.note


def test_a_share_that_groups_cannot_give_is_noted() -> None:
    parts = split(["a"] * 50 + ["b"] * 50, times(100))
    assert parts.note == "50 of 100 photos are kept to score on, not 20%: photos that were taken together stay together"


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_photos_cannot_be_split(count: int) -> None:
    for cut in (split, folds):
        with pytest.raises(LearningError, match="too few"):
            cut(["a"] * count, times(count))


def shoot(seed: int) -> tuple[list[str], np.ndarray]:
    """Fifteen groups of one to five photos, whose labels are mostly their group's; some are missing."""
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 6, 15)
    groups = [f"g{group}" for group, size in enumerate(sizes) for _ in range(size)]
    labels = np.repeat(random.normal(0, 0.3, (15, 8)), sizes, axis=0) + random.normal(0, 0.05, (len(groups), 8))
    labels[random.random(labels.shape) < 0.2] = np.nan
    return groups, labels


def test_held_out_photos_are_more_like_the_whole_where_labels_are_given() -> None:
    plain: list[float] = []
    stratified: list[float] = []
    for seed in range(20):
        groups, labels = shoot(seed)
        for known, into in ((None, plain), (labels, stratified)):
            part = split(groups, times(len(groups)), seed=seed, labels=known)
            into.append(unlikeness(labels, np.isin(np.arange(len(groups)), part.held_out)))
    assert np.mean(stratified) < 0.6 * np.mean(plain)


@settings(max_examples=25)
@given(seeds)
def test_labels_change_neither_the_share_nor_the_whole_groups(seed: int) -> None:
    groups, labels = shoot(seed)
    plain, part = (split(groups, times(len(groups)), seed=seed, labels=known) for known in (None, labels))
    assert len(plain.held_out) == len(part.held_out)
    assert not {groups[index] for index in part.train} & {groups[index] for index in part.held_out}
    assert np.array_equal(part.held_out, split(groups, times(len(groups)), seed=seed, labels=labels).held_out)


def test_unlikeness_is_by_hand() -> None:
    labels = np.full((4, 8), np.nan)
    labels[:, 0] = [0.0, 0.0, 0.2, 0.2]  # mean 0.1, deviation 0.1
    labels[:, 1] = [0.3, 0.3, 0.3, np.nan]  # always the same
    labels[2:, 2] = [0.1, 0.2]  # none in the part
    part = np.array([True, True, False, False])
    assert unlikeness(labels, part) == pytest.approx(1.0 + 1.0 + 2.0)
    assert unlikeness(labels, np.ones(4, dtype=bool)) == 0.0


@settings(max_examples=25)
@given(groups_of_photos.filter(lambda groups: len(set(groups)) > 1), st.integers(2, 6), seeds, st.booleans())
def test_folds_hold_out_each_photo_once_in_whole_groups(groups: list[str], count: int, seed: int, given: bool) -> None:
    labels = np.random.default_rng(seed).normal(size=(len(groups), 8)) if given else None
    parts = folds(groups, times(len(groups)), count, seed=seed, labels=labels)
    assert len(parts) == min(count, len(set(groups)))
    assert sorted(index for part in parts for index in part.held_out) == list(range(len(groups)))
    for part in parts:
        assert sorted([*part.train, *part.held_out]) == list(range(len(groups)))
        assert not {groups[index] for index in part.train} & {groups[index] for index in part.held_out}


def test_folds_are_of_much_the_same_size_and_drawn_by_the_seed() -> None:
    groups = [f"g{index // 4}" for index in range(80)]
    parts = [folds(groups, times(80), 5, seed=seed) for seed in (0, 0, 1)]
    assert [len(part.held_out) for part in parts[0]] == [16] * 5
    first, again, other = ([part.held_out.tolist() for part in one] for one in parts)
    assert first == again
    assert first != other


def test_folds_of_a_single_group_are_runs_of_neighbours() -> None:
    captured = 60.0 * np.random.default_rng(0).permutation(20).astype(np.float64)
    parts = folds(["one"] * 20, captured, 4)
    assert [len(part.held_out) for part in parts] == [5] * 4
    assert all(np.ptp(captured[part.held_out]) == 240 for part in parts)
    assert all(part.note is not None and "neighbours" in part.note for part in parts)


def test_an_hour_without_a_photo_starts_a_group() -> None:
    captured = np.array([0.0, 3600.0, 7201.0, 60.0])
    assert shoot_groups(["f"] * 4, captured) == ["f#0", "f#0", "f#1", "f#0"]


def test_folders_are_never_one_group_and_unknown_times_are_one() -> None:
    captured = np.array([0.0, 60.0, np.nan, np.nan])
    groups = shoot_groups(["a", "b", "a", "a"], captured)
    assert len(set(groups)) == 3
    assert groups[2] == groups[3]


def test_a_burst_that_goes_on_in_another_folder_joins_the_two() -> None:
    captured = np.array([0.0, 10_000.0, 10_004.0, 20_000.0, 10_015.0])
    groups = shoot_groups(["100CANON", "100CANON", "101CANON", "101CANON", "101CANON"], captured)
    assert groups == ["100CANON#0", "100CANON#1", "100CANON#1", "101CANON#1", "100CANON#1"]


def test_copies_are_in_one_group_with_their_originals() -> None:
    captured = np.array([0.0, 9000.0, 0.0, 9000.0])
    assert shoot_groups(["day", "day", "selected", "selected"], captured) == ["day#0", "day#1"] * 2


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=20))
def test_groups_do_not_depend_on_the_order_of_the_photos(captured: list[float]) -> None:
    order = np.random.default_rng(len(captured)).permutation(len(captured))
    groups = np.array(shoot_groups(["f"] * len(captured), np.array(captured)))
    shuffled = shoot_groups(["f"] * len(captured), np.array(captured)[order])
    assert list(groups[order]) == shuffled
