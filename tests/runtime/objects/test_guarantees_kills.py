"""Runs over object storage whose process is killed at a request: nothing is lost, and the next run finishes."""

from dataclasses import replace
from itertools import count

import pytest

from tests.runtime.objects.shoots import Shoot, same
from tests.s3.faults import Fault


def survived(shoot: Shoot, fault: Fault) -> int:
    """Kills runs at the first such request, at the second, and so on; how many there are."""
    for number in count(1):
        shoot.lay()
        if not shoot.label_and_die(replace(fault, first=number)):
            return number - 1
        requests = shoot.s3.log()
        shoot.check(requests)
        shoot.s3.plan()
        assert shoot.label().count("failed") == 0
        shoot.check(requests + shoot.s3.log())
        assert same(shoot.s3.contents(), shoot.after), number
        assert shoot.label().count("labelled") == 0
    raise AssertionError


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_each_write(shoot_there: Shoot, after: bool) -> None:
    assert survived(shoot_there, Fault("kill", "PUT", after=after)) >= 4  # three sidecars, and an original


@pytest.mark.slow
def test_killed_at_each_request(shoot_there: Shoot) -> None:
    assert survived(shoot_there, Fault("kill")) > 12
