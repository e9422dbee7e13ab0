"""The photos to edit first: each the one that leaves the least doubt."""

import numpy as np
import pytest

from autohdr.style.choose import choose
from autohdr.style.prior import Array
from tests.runtime.style.people import features, prior


def doubt(seen: Array, edited: list[int]) -> float:
    """Variance left over all photos once some are edited, in shares of what there was, mean of the sliders."""
    expected = prior()
    own = expected.covariances(seen[edited], seen[edited]) + expected.noise[:, None, None] * np.eye(len(edited))
    across = expected.covariances(seen[edited], seen)
    explained = (across * np.linalg.solve(own, across)).sum(axis=1)
    before = expected.variances(seen)
    return float(((before - explained).mean(axis=1) / before.mean(axis=1)).mean())


def test_each_is_the_one_that_leaves_the_least_doubt() -> None:
    seen, edited = features(30), [3, 17]
    for chosen in choose(prior(), seen, 6, edited):
        left = [photo for photo in range(30) if photo not in edited]
        assert chosen == min(left, key=lambda photo: doubt(seen, [*edited, photo]))
        edited.append(chosen)


def test_they_leave_less_doubt_than_chance() -> None:
    seen, random = features(30), np.random.default_rng(2)
    chances = [doubt(seen, random.permutation(30)[:6].tolist()) for _ in range(20)]
    assert doubt(seen, choose(prior(), seen, 6)) < min(chances)


@pytest.mark.parametrize("learnt", [True, False])
def test_fewer_are_the_first_of_more_and_none_is_named_twice(learnt: bool) -> None:
    expected, seen = prior(learnt=learnt), features(30, learnt=learnt)
    assert choose(expected, seen, 4) == choose(expected, seen, 9)[:4]
    assert sorted([*choose(expected, seen, 99, [0, 5]), 0, 5]) == list(range(30))


def test_the_twin_of_an_edited_photo_is_not_asked_for() -> None:
    seen = features(30)
    chosen = choose(prior(), np.concatenate([seen, seen + 1e-3]), 10)
    assert len({photo % 30 for photo in chosen}) == 10
