"""The blocks that parcels answer for are those of one run, each photo exactly once, however the parcels are shared."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autohdr.run.spread.edges import Seen, Shots, answered
from autohdr.run.spread.parcels import BEFORE, BEHIND, Name, Parcel, Shard, parcels
from autohdr.run.spread.starts import dividing
from autohdr.series.find import blocks
from autohdr.shot.shot import NOTHING, Shot

PAUSES = {
    "steady": (1.0,),
    "pauses": (1.0, 5.0, 20.0, 300.0),
    "few pauses": (1.0,) * 150 + (60.0,),
    "back": (-40.0, 3.0),
}


def taken(rng: random.Random, kind: str, count: int, folder: str) -> Iterator[tuple[Path, Shot]]:
    now = 1e9
    for number in range(count):
        now += rng.choice(PAUSES[kind])
        unknown = kind != "steady" and rng.random() < 0.01
        yield Path(folder) / f"IMG_{number:05}.CR3", NOTHING if unknown else Shot(captured=now, exposure_time=0.01)


def whole(shots: dict[Path, Shot]) -> list[list[Path]]:
    photos = (Seen(path, path, shots[path], begins) for path, begins in dividing(shots))
    return [[photo.path for photo in block] for block in blocks(photos)]


def divided(shots: dict[Path, Shot]) -> list[Parcel]:
    return list(parcels(Name(path, path.parent.as_posix()) for path in shots))


def by(parcel: Parcel, read: Shots) -> list[list[Path]]:
    return [[photo.path for photo in block] for block in answered(parcel, read)]


def check(shots: dict[Path, Shot], of: int, order: random.Random) -> None:
    with ThreadPoolExecutor(2) as pool:
        every = divided(shots)
        assert [photo for parcel in every for photo in parcel.photos] == list(shots)
        found: dict[Path, list[Path]] = {}
        for number in range(1, of + 1):
            own = [parcel for parcel in every if Shard(number, of).holds(parcel)]
            order.shuffle(own)
            read = Shots(lambda one: shots[one[0]], lambda photo, names: photo, pool)
            for parcel in own:
                for block in by(parcel, read):
                    assert block[0] not in found
                    found[block[0]] = block
        expected = whole(shots)
        assert [found[block[0]] for block in expected] == expected
        assert len(found) == len(expected)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.tuples(st.sampled_from(sorted(PAUSES)), st.integers(1, 400)), max_size=4))
def test_parcels_answer_for_the_blocks_of_one_run(seed: int, folders: list[tuple[str, int]]) -> None:
    rng = random.Random(seed)
    shots = {
        path: shot
        for place, (kind, count) in enumerate(folders)
        for path, shot in taken(rng, kind, count, f"shoot/{place}")
    }
    check(shots, rng.randint(1, 5), rng)


@pytest.mark.parametrize("kind", sorted(PAUSES))
def test_so_they_do_of_a_long_folder(kind: str) -> None:
    rng = random.Random(kind)
    check(dict(taken(rng, kind, 1500, "shoot")), 3, rng)


def test_photos_without_a_pause_are_divided_about_as_often_as_others() -> None:
    found = whole(dict(taken(random.Random(0), "steady", 5000, "shoot")))
    assert 50 < 5000 / len(found) < 100


def test_what_is_added_far_away_changes_no_block() -> None:
    shots = dict(taken(random.Random(0), "steady", 3000, "shoot"))
    more = dict(sorted([*shots.items(), (Path("shoot/IMG_01000+.CR3"), NOTHING)]))
    far = BEFORE + 10
    before, after = ({tuple(block) for block in whole(one)} for one in (shots, more))
    changed = [block for block in before ^ after if not any("+" in path.name for path in block)]
    assert all(abs(int(path.stem[4:9]) - 1000) < far for block in changed for path in block)
    assert changed


def test_a_parcel_knows_so_many_names_and_no_more() -> None:
    names = [Name(Path(f"a/{number:05}.dng"), "a") for number in range(3000)]
    found = list(parcels(names))
    assert max(len(parcel.names) for parcel in found) <= BEFORE + 48 + BEHIND
    assert [parcel.whole for parcel in found] == sorted((parcel.whole for parcel in found), reverse=True)
    assert not found[-1].whole
    assert [key for key, _ in groupby(found, key=lambda parcel: parcel.folder)] == [Path("a")]


def test_whose_a_parcel_is_does_not_depend_on_where_the_shoot_lies() -> None:
    here = [Name(Path(f"/mnt/a/x/{number:05}.dng"), "x") for number in range(500)]
    there = [Name(Path(f"Z:/b/x/{number:05}.dng"), "x") for number in range(500)]
    assert [one.turn for one in parcels(here)] == [one.turn for one in parcels(there)]
    assert len({one.turn for one in parcels(here)}) == len(list(parcels(here)))


def shares(names: list[str], of: int) -> dict[str, int]:
    found = parcels(Name(Path("a") / name, "") for name in names)
    return {photo.name: parcel.turn % of for parcel in found for photo in parcel.photos}


def test_shards_are_about_even_and_stay_so_when_a_photo_is_added() -> None:
    names = [f"IMG_{number:05}.CR3" for number in range(10000)]
    before = shares(names, 5)
    counts = [list(before.values()).count(share) for share in range(5)]
    assert max(counts) < 1.1 * 2000
    for place in (0, 5000, 9999):
        after = shares(sorted([*names, f"IMG_{place:05}+.CR3"]), 5)
        moved = [number for number, name in enumerate(names) if before[name] != after[name]]
        assert all(abs(number - place) < 2 * 2400 for number in moved)
