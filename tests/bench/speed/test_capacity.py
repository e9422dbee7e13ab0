"""The model of a machine's size: of numbers that can be checked by hand."""

from itertools import pairwise

import pytest

from autohdr_bench.speed.capacity import Machine, Work, checks, contention, predict, table
from autohdr_bench.speed.results import Group, Result
from tests.bench.speed.conftest import QUIET, figure

WORK = Work(
    {"read": 0.01, "decode and prepare": 0.3, "network": 0.08, "write": 0.01},
    {"read": 0.01, "decode and prepare": 0.16, "network": 0.05, "write": 0.02},
    25e6,
)


def test_cores_bound_at_the_processor_time_of_all_stages() -> None:
    limit, rate = predict(WORK, Machine(2, 3e9))
    assert limit == "cores"
    assert rate == pytest.approx(2 / 0.4)


def test_a_slow_disk_bounds_at_the_bytes_of_a_file() -> None:
    limit, rate = predict(WORK, Machine(16, 0.15e9))
    assert limit == "disk"
    assert rate == pytest.approx(6.0)


def test_many_cores_are_bound_by_the_thread_that_writes() -> None:
    limit, rate = predict(WORK, Machine(64, 30e9))
    assert limit == "the thread that writes"
    assert rate == pytest.approx(50.0)


def test_contention_is_fitted_to_the_measured_scaling() -> None:
    """Two threads that do 1.6 times what one does: 2 / (1 + s) = 1.6, s = 0.25."""
    group = Group("threads", "photo", (figure("1", "ours", 1.6), figure("2", "ours", 1.0)), QUIET)
    assert contention(group) == pytest.approx(0.25)
    assert Machine(2, 1.0, 0.25).effective == pytest.approx(1.6)
    better = Group("threads", "photo", (figure("1", "ours", 2.1), figure("2", "ours", 1.0)), QUIET)
    assert contention(better) == 0.0


def test_more_cores_never_label_less() -> None:
    rows = table(WORK, 0.05)
    speeds = [[int(cell.split()[0].replace(",", "")) for cell in row[1:]] for row in rows]
    for less, more in pairwise(speeds):
        assert all(late >= early for early, late in zip(less, more, strict=True))


def test_the_model_is_held_against_what_was_measured(measured: Result) -> None:
    """Two threads take 0.55 where 0.5 is perfect; the whole takes 0.2 where the cores allow 0.2."""
    threads, whole = checks(measured)
    assert threads["off"] == pytest.approx(0.1)
    assert threads["measured_raws_per_minute"] == pytest.approx(109.1)
    assert whole["off"] == 0.0
    assert whole["predicted_raws_per_minute"] == 300.0
