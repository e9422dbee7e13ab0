"""What else the machine does: what is counted, and that the clocks go forward."""

import pytest

from autohdr_bench.speed.method import watch
from autohdr_bench.speed.method.watch import TICKS, Reading, foreign


def test_others_are_all_that_is_busy_and_not_ours() -> None:
    before = Reading(wall=10.0, own=5.0, busy=100.0)
    after = Reading(wall=14.0, own=8.0, busy=106.0 + TICKS)
    assert foreign(before, after, cores=2) == pytest.approx((6 - 3) / 8)


def test_what_counters_may_be_off_by_is_nobodys() -> None:
    before = Reading(wall=0.0, own=0.0, busy=0.0)
    assert foreign(before, Reading(wall=1.0, own=0.5, busy=0.5 + TICKS / 2), cores=2) == 0.0
    assert foreign(before, Reading(wall=1.0, own=0.5, busy=0.4), cores=2) == 0.0
    assert foreign(before, before, cores=2) == 0.0


def test_all_of_the_cores_is_the_most() -> None:
    before = Reading(wall=0.0, own=0.0, busy=0.0)
    assert foreign(before, Reading(wall=1.0, own=0.0, busy=9.0), cores=2) == 1.0


def test_this_process_and_everybody_use_the_processor() -> None:
    before = watch.read()
    assert watch.pace() > 0
    after = watch.read()
    assert after.wall > before.wall
    assert after.own > before.own
    assert after.busy >= before.busy


def test_the_arithmetic_is_the_same_compiled_or_not() -> None:
    assert watch._arithmetic(5) == watch._arithmetic.py_func(5)
