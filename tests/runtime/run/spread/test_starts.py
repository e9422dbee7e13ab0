"""Where pieces begin is said by names that are near: pieces have a size, and a name that is added moves few of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr.run.spread.starts import FORCED, PARCEL, digest, dividing, starts


def first_names(names: list[str], reach: int = PARCEL) -> list[str]:
    divided = list(starts(names, reach))
    assert [name for name, _ in divided] == names
    return [name for name, begins in divided if begins]


def shoot(count: int, seed: int = 0) -> list[str]:
    return [f"IMG_{seed:02}{number:06}.CR3" for number in range(count)]


@pytest.mark.parametrize("reach", [PARCEL, FORCED])
@pytest.mark.parametrize("count", [1, 5, 24, 25, 49, 100, 3000])
def test_pieces_are_neither_small_nor_large(reach: int, count: int) -> None:
    for seed in range(3):
        names = shoot(count, seed)
        found = first_names(names, reach)
        assert found[0] == names[0]
        places = [names.index(name) for name in found]
        sizes = [after - before for before, after in zip(places, [*places[1:], count], strict=True)]
        assert max(sizes) <= 4 * reach
        assert len(sizes) == 1 or min(sizes) >= reach


def test_a_small_folder_is_one_piece() -> None:
    assert all(len(first_names(shoot(24, seed))) == 1 for seed in range(99))


@given(st.integers(0, 99), st.integers(0, 400), st.integers(0, 400))
def test_a_name_that_is_added_moves_what_is_near_it_alone(seed: int, count: int, place: int) -> None:
    names = shoot(count, seed)
    place = min(place, count)
    more = [*names[:place], f"{names[place - 1] if place else ''}+", *names[place:]]
    before, after = set(first_names(names)), set(first_names(more))
    for distance, name in enumerate(names):
        away = place - distance if distance < place else distance - place + 1
        # A start that goes moves the halves of the piece up to the next one that is said by its digest.
        if distance < place - 5 * PARCEL:
            assert (name in before) == (name in after), (place, distance, away)


def test_adding_names_leaves_most_pieces_as_they_are() -> None:
    names = shoot(5000)
    more = sorted([*names, *(f"{name}+" for name in names[::500])])
    before, after = first_names(names), first_names(more)
    assert len(set(before) & set(after)) > 0.9 * len(before)


def test_a_digest_is_of_the_letters_and_not_of_their_spelling() -> None:
    assert digest("Z\u00fcrich") == digest("Zu\u0308rich")
    assert digest("a\udce4") != digest("a")


def test_each_folder_is_divided_by_itself() -> None:
    one = [Path("a") / name for name in shoot(100)]
    two = [Path("b") / name for name in shoot(100)]
    flags = [begins for _, begins in dividing([*one, *two], PARCEL)]
    assert flags[:100] == flags[100:]
