"""What holds for labels inside of DNGs in object storage, whatever goes wrong on the way."""

from dataclasses import replace
from itertools import count

import pytest

from tests.runtime.objects.shoots import FOLDER, Shoot, same
from tests.s3.faults import Fault, Kind


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_each_write(dngs_there: Shoot, after: bool) -> None:
    shoot = dngs_there
    for number in count(1):
        shoot.lay()
        died = shoot.label_and_die(Fault("kill", "PUT", first=number, after=after))
        requests = shoot.s3.log()
        shoot.check(requests)
        shoot.s3.plan()
        assert shoot.label().count("failed") == 0
        shoot.check(requests + shoot.s3.log())
        assert same(shoot.s3.contents(), shoot.after), number
        if not died:
            break
    assert number > 5  # two originals, three photos


@pytest.mark.parametrize("kind", ["reset", "error"])
@pytest.mark.parametrize("after", [False, True])
def test_a_lost_answer_of_any_write_changes_nothing(dngs_there: Shoot, kind: Kind, after: bool) -> None:
    for report, requests in dngs_there.labelled_at_each(Fault(kind, "PUT", after=after)):
        assert report.count("failed") == 0
        dngs_there.check(requests)
        assert same(dngs_there.s3.contents(), dngs_there.after), requests


def test_another_program_writes_into_a_photo_meanwhile(dngs_there: Shoot) -> None:
    key, model = f"{FOLDER}IMG_0.dng", dngs_there.model
    saved = dngs_there.before[f"{FOLDER}IMG_1.dng"]
    for number in count(1):
        dngs_there.lay()
        with dngs_there.s3.calling(lambda: dngs_there.s3.put(key, saved)) as port:
            dngs_there.s3.plan(Fault("call", "GET|PUT", "IMG_0", first=number, value=port))
            report = dngs_there.label(model)
        requests = dngs_there.s3.log()
        for result in report.results:
            assert result.status != "failed" or "in the meantime" in (result.reason or "")
        if not any(one.faults for one in requests):
            break
        dngs_there.s3.plan()
        assert dngs_there.label().count("failed") == 0
        dngs_there.undo()
        assert dngs_there.s3.get(key) == saved


def test_killed_at_each_write_of_an_undo(dngs_there: Shoot) -> None:
    assert undone_at_each(dngs_there, Fault("kill", "PUT|POST")) >= 3


def test_killed_at_each_write_of_an_undo_of_sidecars(shoot_there: Shoot) -> None:
    assert undone_at_each(shoot_there, Fault("kill", "PUT|POST")) >= 3


def undone_at_each(shoot: Shoot, fault: Fault) -> int:
    """Kills undos at the first such request, at the second, and so on; how many there are."""
    shoot.label()
    labelled = shoot.s3.contents()
    undone = shoot.undo()
    expected = shoot.s3.contents()
    assert undone
    for number in count(1):
        shoot.lay()
        shoot.s3.put_all(labelled)
        died = shoot.undo_and_die(replace(fault, first=number))
        shoot.s3.plan()
        between = shoot.s3.contents()
        for key, data in between.items():
            assert data in (labelled.get(key), expected.get(key)), key
        for key, data in expected.items():
            assert data in between.values() or key.endswith(".dng"), key  # what is kept of a DNG is what changed
        shoot.undo()
        # Of one that died between the two, an original is left that says what the sidecar says.
        left = {key: data for key, data in shoot.s3.contents().items() if key not in expected}
        assert all("_original" in key and data == labelled[key] for key, data in left.items())
        assert {key: data for key, data in shoot.s3.contents().items() if key not in left} == expected
        assert len(left) <= 1
        if not died:
            assert not left
            return number - 1
    raise AssertionError


def test_a_photographer_saves_while_an_original_comes_back(shoot_there: Shoot) -> None:
    sidecar = f"{FOLDER}IMG_1.xmp"
    shoot_there.label()
    labelled = shoot_there.s3.contents()
    for number in count(1):
        shoot_there.lay()
        shoot_there.s3.put_all(labelled)
        with shoot_there.s3.calling(lambda: shoot_there.s3.put(sidecar, b"saved meanwhile")) as port:
            shoot_there.s3.plan(Fault("call", key=f"{sidecar}$", first=number, value=port))
            shoot_there.undo()
        struck = any(one.faults for one in shoot_there.s3.log())
        assert (shoot_there.s3.get(sidecar) == b"saved meanwhile") == struck
        if not struck:
            break
    assert number > 2
