"""What holds for runs over object storage, whatever goes wrong on the way: nothing is lost, and a rerun finishes."""

import os
from itertools import count
from pathlib import Path

import pytest

from tests.runtime.objects.shoots import FOLDER, RATED, SAVED, Shoot, plain, same, written
from tests.s3.faults import Fault, Kind

STEP = int(os.environ.get("AUTOHDR_STEP", "7"))
ALL = ""
ONE = "IMG_1.xmp|/$"
"""Requests of a sidecar that is there and whose original is kept, and listings."""


@pytest.mark.parametrize("which", [ONE, pytest.param(ALL, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["reset", "error"])
@pytest.mark.parametrize("after", [False, True])
def test_a_lost_answer_of_any_request_changes_nothing(shoot_there: Shoot, kind: Kind, after: bool, which: str) -> None:
    for report, requests in shoot_there.labelled_at_each(Fault(kind, key=which, after=after)):
        assert report.count("failed") == 0
        shoot_there.check(requests)
        assert same(shoot_there.s3.contents(), shoot_there.after), requests


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("index", range(4))
def test_a_photographer_saves_at_any_request(shoot_there: Shoot, index: int, after: bool) -> None:
    sidecar = f"{FOLDER}IMG_{index}.xmp"
    for report, requests in shoot_there.labelled_at_each(
        Fault("meanwhile", key=f"IMG_{index}.xmp", after=after, value={sidecar: SAVED})
    ):
        contents = shoot_there.s3.contents()
        assert contents[sidecar] == SAVED, requests
        assert contents.get(f"{sidecar}_original", RATED) == RATED
        for result in report.results:
            assert result.status != "failed" or "in the meantime" in (result.reason or "")
        assert report.count("failed") <= 1
        assert shoot_there.label().count("failed") == 0
        contents = shoot_there.s3.contents()
        assert contents.pop(sidecar) == SAVED
        assert same({**shoot_there.after, **contents}, shoot_there.after)


@pytest.mark.parametrize(
    ("which", "step"),
    [(r"IMG_\d.xmp", 3), pytest.param(ALL, int(os.environ.get("AUTOHDR_STEP", "7")), marks=pytest.mark.slow)],
)
def test_another_run_with_another_model_at_any_request(
    shoot_there: Shoot, other_model: Path, which: str, step: int
) -> None:
    """At every few requests; at each with AUTOHDR_STEP=1."""
    shoot = shoot_there
    shoot.label(other_model)
    others = shoot.s3.contents()

    def other_machine() -> None:
        shoot.forget()
        assert shoot.label(other_model).count("failed") == 0

    for number in count(1, step):
        shoot.lay()
        with shoot.s3.calling(other_machine) as port:
            shoot.s3.plan(Fault("call", key=which, first=number, value=port))
            report = shoot.label()
        contents, requests = shoot.s3.contents(), shoot.s3.log()
        for key, data in contents.items():
            assert plain(key, data) in (plain(key, shoot.after[key]), plain(key, others[key])), (number, key)
        assert contents.keys() == shoot.after.keys()
        assert contents[f"{FOLDER}IMG_1.xmp_original"] == RATED
        assert max(written(requests).values()) <= 2  # once by each
        for result in report.results:
            assert result.status != "failed" or "in the meantime" in (result.reason or "")
        shoot.s3.plan()
        assert shoot.label().count("failed") == 0
        assert same(shoot.s3.contents(), shoot.after)
        if not any(one.faults for one in requests):
            break


def test_throttled_and_failing_all_the_time(shoot_there: Shoot) -> None:
    for seed in range(2):
        shoot_there.lay()
        plan = [Fault("busy", count=0, chance=0.2), Fault("error", count=0, chance=0.1, after=True)]
        shoot_there.s3.plan(*plan, seed=seed)
        assert shoot_there.label().count("failed") == 0
        shoot_there.check(shoot_there.s3.log())
        assert same(shoot_there.s3.contents(), shoot_there.after), seed


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_object_that_is_refused_does_not_end_the_run(shoot_there: Shoot, method: str) -> None:
    shoot_there.s3.plan(Fault("denied", method, "IMG_1", count=0))
    report = shoot_there.label()
    assert [one.status for one in report.results] == ["labelled", "failed", "labelled", "skipped"]
    assert "does not permit" in (report.results[1].reason or "")
    shoot_there.check(shoot_there.s3.log())
    shoot_there.s3.plan()
    assert shoot_there.label().count("labelled") == 1
    assert same(shoot_there.s3.contents(), shoot_there.after)


def test_photos_go_and_come_while_a_listing_is_read(shoot_there: Shoot) -> None:
    moved = shoot_there.s3.get(f"{FOLDER}IMG_0.dng")
    gone, come = f"{FOLDER}IMG_2.dng", f"{FOLDER}IMG_9.dng"
    shoot_there.s3.plan(Fault("meanwhile", "LIST", after=True, value={gone: None}), page=3)
    report = shoot_there.label()
    assert [one.status for one in report.results if one.path.name == "IMG_2.dng"] in ([], ["failed"])
    assert report.count("labelled") == 2
    shoot_there.s3.put(gone, moved)
    shoot_there.s3.put(come, moved)
    assert shoot_there.label().count("failed") == 0
    assert f"{FOLDER}IMG_9.xmp" in shoot_there.s3.contents()


@pytest.mark.parametrize("kind", ["miss", "repeat"])
def test_a_listing_that_is_wrong_costs_nothing(shoot_there: Shoot, kind: Kind) -> None:
    shoot_there.s3.plan(Fault(kind, "LIST", count=0, value=r"IMG_[01]\.(dng|xmp)"))
    report = shoot_there.label()
    assert report.count("failed") == 0
    assert report.photos == (2 if kind == "miss" else 4)
    shoot_there.check(shoot_there.s3.log())
    shoot_there.s3.plan()
    shoot_there.label()
    assert same(shoot_there.s3.contents(), shoot_there.after)


def test_sidecars_that_a_listing_misses_are_not_written_over(shoot_there: Shoot) -> None:
    shoot_there.s3.plan(Fault("miss", "LIST", count=0, value="xmp$"))
    report = shoot_there.label()
    assert all("in the meantime" in (one.reason or "") for one in report.results if one.status == "failed")
    shoot_there.check(shoot_there.s3.log())
    shoot_there.s3.plan()
    assert shoot_there.label().count("failed") == 0
    assert same(shoot_there.s3.contents(), shoot_there.after)
