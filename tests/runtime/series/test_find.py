"""Blocks, runs and brackets, found in what cameras write down."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from autohdr.series.find import GAP, MOST, blocks, brackets, runs, steps_back, stops
from autohdr.shot.read import shot_in
from autohdr.shot.shot import NOTHING, Shot

ONE = Shot(
    iso=100.0, aperture=8.0, exposure_time=1 / 125, compensation=0.0, flash=False, focal_length=35.0, captured=1e9
)


@dataclass(frozen=True)
class Photo:
    path: Path
    shot: Shot
    begins: bool = False


def at(*seconds: float, folder: str = "a") -> list[Photo]:
    return [
        Photo(Path(folder) / f"{number}.cr2", replace(ONE, captured=1e9 + second))
        for number, second in enumerate(seconds)
    ]


def exposed(*steps: float, asked: bool = True, pause: float = 0.0) -> list[Shot]:
    return [
        replace(
            ONE,
            exposure_time=2.0**step / 125,
            compensation=step if asked else 0.0,
            captured=1e9 + number * pause,
        )
        for number, step in enumerate(steps)
    ]


def sizes(photos: list[Photo]) -> list[int]:
    return [len(block) for block in blocks(photos)]


def test_a_block_ends_where_nothing_is_taken_for_half_a_minute_and_where_the_folder_ends() -> None:
    assert sizes(at(0, 10, 35, 35 + GAP + 1, 70)) == [3, 2]
    assert sizes([*at(0, 1), *at(2, 3, folder="b")]) == [2, 2]


def test_a_long_exposure_is_no_pause() -> None:
    first, second = at(0, 50)
    assert sizes([replace(first, shot=replace(first.shot, exposure_time=30.0)), second]) == [2]


def test_a_photo_of_unknown_time_is_alone() -> None:
    assert sizes([Photo(Path("a/0"), NOTHING), Photo(Path("a/1"), NOTHING), *at(0, 1)]) == [1, 1, 2]


@pytest.mark.parametrize(("then", "lasts", "near"), [(0, 0, 0), (95, 0, 0), (95, 40, 1), (170, 0, 0), (140, 0, 1)])
def test_near_is_half_a_minute_from_the_end_of_the_earlier_one(then: float, lasts: float, near: int) -> None:
    other, photo = at(then, 100 + GAP)
    assert steps_back(photo, [replace(other, shot=replace(other.shot, exposure_time=lasts or None))]) == near
    assert steps_back(replace(photo, path=Path("b/1.cr2")), [other]) == 0


def test_photos_that_are_far_apart_are_told_by_their_times_alone() -> None:
    """Of a shoot with pauses, a hundred are asked for each photo: their folders are not."""

    class Nowhere:
        shot = ONE
        begins = False

        @property
        def path(self) -> Path:
            raise AssertionError("nobody needs it")

    far, unknown = at(1000)[0], Photo(Path("a/0"), NOTHING)
    assert steps_back(far, [Nowhere()] * MOST) == steps_back(unknown, [Nowhere()]) == 0


def test_a_long_block_is_cut_where_it_pauses_longest() -> None:
    seconds = np.arange(150.0)
    seconds[80:] += 15
    assert sizes(at(*seconds)) == [80, 70]
    assert sizes(at(*np.arange(1000.0)))[0] <= MOST
    assert sum(sizes(at(*np.arange(1000.0)))) == 1000


def test_photos_of_two_cameras_whose_names_alternate_are_two_runs() -> None:
    shots = [
        replace(photo.shot, model="one" if number % 2 else "other") for number, photo in enumerate(at(0, 1, 2, 3, 4))
    ]
    assert runs(shots) == [[0, 2, 4], [1, 3]]


def test_runs_are_in_the_order_of_time_whatever_the_names() -> None:
    assert runs([photo.shot for photo in at(3, 1, 2)]) == [[1, 2, 0]]


@pytest.mark.parametrize("change", [{"flash": True}, {"focal_length": 85.0}, {"captured": 1e9 + 40}])
def test_flash_zoom_and_a_pause_end_a_run(change: dict[str, float | bool]) -> None:
    other = Shot.from_dict({**replace(ONE, captured=1e9 + 1).to_dict(), **change})
    assert runs([ONE, other]) == [[0], [1]]


def test_runs_that_say_nothing_of_lens_and_flash_hold_together() -> None:
    shots = [Shot(captured=1e9), Shot(captured=1e9 + 2, flash=False)]
    assert runs(shots) == [[0, 1]]


def test_the_triangle_is_in_stops_and_a_lens_without_contacts_counts_alike() -> None:
    assert np.allclose(np.diff(stops(exposed(0, -1, 2))), [1, -3])
    without = [replace(shot, aperture=None) for shot in exposed(0, -1)]
    assert np.allclose(np.diff(stops(without)), [1])
    assert np.isnan(stops([ONE, without[1]])).tolist() == [False, True]
    assert stops([]).shape == (0,)


@pytest.mark.parametrize("steps", [(0, -1, 1), (-2, 0, 2), (0, -0.7, 0.7), (0, -1, 1, -2, 2), (-3, -2, -1, 0, 1, 2, 3)])
@pytest.mark.parametrize("asked", [True, False])
def test_brackets_of_three_five_and_seven(steps: tuple[float, ...], asked: bool) -> None:
    assert brackets(exposed(*steps, asked=asked)) == [(0, len(steps))]


def test_brackets_after_one_another_and_between_others() -> None:
    assert brackets(exposed(0, -1, 1, 0, -1, 1)) == [(0, 3), (3, 3)]
    assert brackets(exposed(0, 0, -1, 1, 0)) == [(1, 3)]


@pytest.mark.parametrize(
    "shots",
    [
        exposed(0, 0, 0),
        exposed(0, 1 / 3, -1 / 3),
        exposed(0, 1, 3),
        exposed(0, -1, 1, pause=5.0),
        exposed(0, -1),
        [replace(shot, compensation=number) for number, shot in enumerate(exposed(0, -1, 1))],
        [replace(shot, aperture=8.0 + number) for number, shot in enumerate(exposed(0, -1, 1))],
        [replace(shot, iso=None) for shot in exposed(0, -1, 1)],
    ],
    ids=["alike", "small", "uneven", "slow", "two", "metered anew", "stopped down", "unknown"],
)
def test_what_is_no_bracket(shots: list[Shot]) -> None:
    assert brackets(shots) == []


def test_a_real_bracket(shared_raws: Path) -> None:
    """Three frames of a Nikon D5000, at 0, +2 and +4 EV by their compensation."""
    shots = []
    for path in sorted(shared_raws.glob("nikon_d5000_hdrmerge*.dng")):
        with path.open("rb") as file:
            shots.append(shot_in(file))
    assert brackets(shots) == [(0, 3)]
