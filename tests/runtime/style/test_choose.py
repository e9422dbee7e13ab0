"""The photos to edit first: each the one that leaves the least doubt."""

import numpy as np
import pytest

from autohdr.style.choose import Taken, choose
from autohdr.style.experts.prior import Array
from tests.runtime.style.photographers import features, prior


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


def taken(*captured: float) -> Taken:
    return Taken.of(["card"] * len(captured), np.array(captured))


def test_a_burst_is_asked_for_once_however_its_photos_look() -> None:
    """Thirty photos of ten bursts; each photo looks like no other."""
    times = [3600.0 * (photo // 3) + 4.0 * (photo % 3) for photo in range(30)]
    chosen = choose(prior(), features(30), 12, taken=taken(*times))
    assert len({photo // 3 for photo in chosen[:10]}) == 10
    assert len(set(chosen)) == 12, "then there is nothing but bursts left"
    assert len({photo // 3 for photo in choose(prior(), features(30), 10)}) < 10, "the look alone does not tell"


def test_the_burst_of_an_edited_photo_is_not_asked_for() -> None:
    times = [3600.0 * (photo // 3) + 4.0 * (photo % 3) for photo in range(30)]
    chosen = choose(prior(), features(30), 8, [0, 13], taken=taken(*times))
    assert not {photo // 3 for photo in chosen} & {0, 4}


def test_a_day_that_looks_like_another_is_asked_for_too() -> None:
    """Twice the same fifteen photos, on two days: one day would do, if days did not differ."""
    seen = np.concatenate([features(15), features(15) + 1e-3])
    times = [600.0 * photo + (0.0 if photo < 15 else 86400.0) for photo in range(30)]
    edited = list(range(12))
    asked = choose(prior(), seen, 6, edited, taken=taken(*times))
    assert sum(photo >= 15 for photo in asked) > sum(photo >= 15 for photo in choose(prior(), seen, 6, edited))
    assert asked[0] >= 15


def test_photos_of_unknown_time_are_bursts_with_none_and_days_by_folder() -> None:
    found = Taken.of(["a", "b", "a", "b", "b"], np.array([np.nan, np.nan, np.nan, 0.0, 86400.0]))
    assert found.days[0] == found.days[2]
    assert len(set(found.days.tolist())) == 4
    assert [int(found.same_burst(photo).sum()) for photo in range(5)] == [0, 0, 0, 1, 1]


def test_times_leave_fewer_the_first_of_more() -> None:
    times = taken(*(40.0 * photo // 7 for photo in range(30)))
    assert choose(prior(), features(30), 4, taken=times) == choose(prior(), features(30), 20, taken=times)[:4]
