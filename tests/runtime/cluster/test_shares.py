"""Shares of a run: each photo is told once, whoever dies over it, and what ends workers is given up."""

from collections.abc import Iterator
from pathlib import Path

from autohdr.cluster.shares import DEATHS, Shares
from autohdr.codes import Code
from autohdr.run.results.report import Result
from autohdr.run.spread.parcels import Name, Parcel, parcels
from autohdr.run.state.journal import Entry, Stamp

FOLDER = Path("/photos")


def some(count: int) -> Iterator[Parcel]:
    return parcels((Name(FOLDER / f"IMG_{number:04}.CR2", "") for number in range(count)), reach=2)


def shares(count: int = 40) -> Shares:
    return Shares(some(count), lambda photo: None)


def numbers(given: list) -> list[int]:  # type: ignore[type-arg]
    return [share.number for share in given]


def photo(number: int) -> Result:
    return Result(FOLDER / f"IMG_{number:04}.CR2", "labelled", Code.LABELLED)


def test_all_parcels_are_given_out_in_order_and_the_end_is_known() -> None:
    run, expected = shares(), [*some(40)]
    given = run.give(3, idle=True)
    assert not run.ended
    given += run.give(1000, idle=False)
    assert [share.parcel for share in given] == expected
    assert run.ended
    assert not run.done
    for share in given:
        run.finish(share.number)
    assert run.done


def test_parcels_are_asked_for_as_they_are_wanted() -> None:
    asked = []

    def listed() -> Iterator[Parcel]:
        for parcel in some(400):
            asked.append(parcel)
            yield parcel

    run = Shares(listed(), lambda photo: None)
    run.give(2, idle=True)
    assert len(asked) == 3  # one more, to know whether there are more


def test_what_is_noted_of_photos_goes_with_them_and_with_those_behind() -> None:
    noted = {FOLDER / f"IMG_{number:04}.CR2": Entry(Stamp(1, number), "digest") for number in range(10)}
    first = Shares(some(40), noted.get).give(1, idle=True)[0]
    assert first.noted == noted


def test_a_result_that_comes_twice_is_told_once() -> None:
    run = shares()
    (share,) = run.give(1, idle=True)
    assert run.told(share.number, photo(0))
    assert not run.told(share.number, photo(0))
    assert not [*run.lost([share.number])]
    (again,) = run.give(1, idle=True)
    assert again == share
    assert not run.told(share.number, photo(0))
    assert run.told(share.number, photo(1))
    run.finish(share.number)
    assert not run.told(share.number, photo(2))


def test_the_shares_of_a_worker_that_leaves_are_given_out_next_and_it_is_not_their_fault() -> None:
    run = shares()
    given = run.give(3, idle=True)
    for _ in range(DEATHS + 1):
        assert not [*run.lost(numbers(given), died=False)]
        assert run.give(3, idle=False) == given


def test_what_ends_workers_is_done_alone_and_then_given_up_with_one_sentence() -> None:
    run = shares()
    bad, other = run.give(2, idle=True)
    assert not [*run.lost([bad.number, other.number])]
    assert run.give(2, idle=True) == [bad, other]
    assert not [*run.lost([bad.number, other.number])]
    rest = run.give(1000, idle=True)
    assert {bad.number, other.number}.isdisjoint(numbers(rest))
    assert run.give(5, idle=False) == []
    assert run.give(5, idle=True) == [bad]
    assert run.give(5, idle=True) == [other]
    run.told(bad.number, photo(0))
    failed = [*run.lost([bad.number])]
    assert [result.path for result in failed] == bad.parcel.photos[1:]
    assert {(result.status, result.code) for result in failed} == {("failed", Code.NO_ANSWER)}
    assert "3 workers have ended over the photos from IMG_0000.CR2 to" in str(failed[0].reason)
    run.finish(other.number)
    for share in rest:
        run.finish(share.number)
    assert run.done
