"""Two results: when something counts as slower."""

import dataclasses

import pytest

from autohdr.errors import SettingsError
from autohdr_bench.speed.compare import compare
from autohdr_bench.speed.results import Result
from tests.bench.speed.conftest import DISTURBED, figure, result


def test_the_same_result_has_nothing_slower(measured: Result) -> None:
    found = compare(measured, measured)
    assert found.slower == []
    assert found.text().endswith("Nothing is slower beyond the noise")
    assert {change.name for change in found.changes} >= {"decode, IMG_1.CR2, flashraw"}
    assert not any("libraw" in change.name for change in found.changes)


def many(slower: float) -> Result:
    """With rounds enough for chance to be ruled out."""
    made = result()
    group = made.stages[0].groups[0]
    libraw, flashraw = figure("libraw", "peer", 4.0), figure("flashraw", "ours", slower)
    rows = tuple(dataclasses.replace(one, wall=one.wall * 3, cpu=one.cpu * 3) for one in (libraw, flashraw))
    group = dataclasses.replace(group, figures=(*rows, group.figures[2]))
    return dataclasses.replace(made, stages=(dataclasses.replace(made.stages[0], groups=(group,)),))


def test_what_is_slower_beyond_the_noise_is_named() -> None:
    found = compare(many(1.0), many(1.15))
    assert {(change.name, change.clock) for change in found.slower} == {
        ("decode, IMG_1.CR2, flashraw", "wall"),
        ("decode, IMG_1.CR2, flashraw", "cpu"),
    }
    assert found.slower[0].ratio == pytest.approx(1.15, rel=0.01)
    assert found.text().endswith("Slower beyond the noise: decode, IMG_1.CR2, flashraw")


def of_rounds(count: int, slower: float) -> Result:
    """With the first rounds only."""
    made = many(slower)
    group = made.stages[0].groups[0]
    rows = (dataclasses.replace(one, wall=one.wall[:count], cpu=one.cpu[:count]) for one in group.figures[:2])
    group = dataclasses.replace(group, figures=(*rows, group.figures[2]))
    return dataclasses.replace(made, stages=(dataclasses.replace(made.stages[0], groups=(group,)),))


def test_figures_of_too_few_rounds_to_tell_are_counted() -> None:
    """All of three rounds later than all of three others: chance alone does that once in twenty times."""
    found = compare(of_rounds(3, 1.0), of_rounds(3, 9.0))
    assert found.slower == []
    assert "2 of 2 figures have too few rounds for an alarm" in found.left_out[-1]
    found = compare(of_rounds(6, 1.0), of_rounds(6, 9.0))
    assert len(found.slower) == 2
    assert found.left_out == ()


def test_what_is_hardly_slower_or_faster_is_no_alarm() -> None:
    assert compare(many(1.0), many(1.03)).slower == []
    assert compare(many(1.15), many(1.0)).slower == []


def test_a_machine_that_is_slower_today_slows_both() -> None:
    """LibRaw, which is not ours, takes twice as long too."""
    after = many(2.0)
    group = after.stages[0].groups[0]
    slow = dataclasses.replace(figure("libraw", "peer", 8.0))
    slow = dataclasses.replace(slow, wall=slow.wall * 3, cpu=slow.cpu * 3)
    group = dataclasses.replace(group, figures=(slow, *group.figures[1:]))
    after = dataclasses.replace(after, stages=(dataclasses.replace(after.stages[0], groups=(group,)),))
    assert compare(many(1.0), after).slower == []


def test_disturbed_results_are_not_judged() -> None:
    with pytest.raises(SettingsError, match="other processes disturbed it"):
        compare(result(), result(conditions=DISTURBED))


def test_two_machines_are_not_compared(measured: Result) -> None:
    other = dataclasses.replace(measured, machine=measured.machine | {"cores": 64})
    with pytest.raises(SettingsError, match=r"two machines .*64 cores"):
        compare(measured, other)
