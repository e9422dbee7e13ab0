"""Photos are joined to series by what cameras write down, and by what they show."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.series.join import Series, join
from autohdr_scenes.series import Ways
from tests.runtime.series.places import looked

SEEDS = range(4)


def kinds(series: list[Series]) -> list[tuple[str, int]]:
    return [(one.kind, len(one.members)) for one in series]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_burst_is_a_series(seed: int) -> None:
    assert kinds(join(*looked("burst", 6, seed))) == [("series", 6)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("count", [3, 5])
def test_a_bracket_is_one_whether_anybody_looks_or_not(seed: int, count: int) -> None:
    shots, glances = looked("bracket", count, seed)
    for seen in (glances, [None] * count):
        (found,) = join(shots, seen)
        assert found == Series("bracket", tuple(range(count)), (0,))


def test_a_camera_that_followed_the_light_did_not_bracket() -> None:
    """The exposures step evenly, but the pictures are as bright as one another."""
    shots, _ = looked("bracket", 3)
    _, glances = looked("burst", 3, ways=Ways(turn=0.0, light=0.0, meter=0.0))
    manual = [replace(shot, compensation=0.0) for shot in shots]
    assert "bracket" not in dict(kinds(join(manual, glances)))
    assert kinds(join(manual, [None] * 3)) == [("bracket", 3)]


def test_brackets_of_one_light_are_one_series_and_their_middles_are_known() -> None:
    one, other = looked("bracket", 3, start=1e9), looked("bracket", 3, start=1e9 + 5)
    found = join([*one.shots, *other.shots], [*one.glances, *other.glances])
    assert found == [Series("bracket", tuple(range(6)), (0, 3))]


def test_a_bracket_of_other_light_is_another_series() -> None:
    one, other = looked("bracket", 3, start=1e9), looked("bracket", 3, start=1e9 + 5)
    darker = [replace(shot, iso=400.0) for shot in other.shots]
    assert kinds(join([*one.shots, *darker], [None] * 6)) == [("bracket", 3)] * 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_panorama_is_seen_by_what_its_photos_have_in_common(seed: int) -> None:
    shots, glances = looked("panorama", 3, seed)
    assert kinds(join(shots, glances)) == [("panorama", 3)]
    assert kinds(join(shots, [None] * 3)) == [("series", 3)]


def test_photos_before_a_panorama_are_a_series_of_their_own() -> None:
    burst = looked("burst", 3, ways=Ways(turn=0.01))
    sweep = looked("panorama", 3, start=(burst.shots[-1].captured or 0.0) + 4)
    slower = [replace(shot, exposure_time=1 / 60) for shot in burst.shots]
    found = join([*slower, *sweep.shots], [*burst.glances, *sweep.glances])
    assert kinds(found) == [("series", 3), ("panorama", 3)]


def test_another_thing_seconds_later_is_another_series() -> None:
    one, other = looked("burst", 3, seed=1), looked("burst", 3, seed=2, start=1e9 + 20)
    found = join([*one.shots, *other.shots], [*one.glances, *other.glances])
    assert kinds(found) == [("series", 3), ("series", 3)]


def test_a_jump_of_light_ends_a_series() -> None:
    shots, _ = looked("burst", 2)
    assert join([shots[0], replace(shots[1], iso=3200.0)], [None, None]) == []


def test_a_photo_that_nobody_has_looked_at_is_in_its_series() -> None:
    shots, glances = looked("burst", 4)
    assert kinds(join(shots, [glances[0], None, *glances[2:]])) == [("series", 4)]


def test_photos_alone_are_in_no_series() -> None:
    shots, glances = looked("burst", 1)
    assert join(shots, glances) == []
    assert join([], []) == []


def test_the_order_of_names_makes_no_difference() -> None:
    shots, glances = looked("burst", 5)
    order = np.random.default_rng(0).permutation(5)
    (found,) = join([shots[one] for one in order], [glances[one] for one in order])
    assert [int(order[one]) for one in found.members] == list(range(5))
