"""Taking turns: the order, and which rounds count. No clock decides anything here."""

import time
from collections.abc import Callable, Iterator

import pytest

from autohdr_bench.speed.method import rounds, watch
from autohdr_bench.speed.method.rounds import Case, Conditions, Round, collect, in_turn


def given(foreign: list[float], pace: list[float] | None = None) -> Callable[[], Round]:
    """Rounds in which others used so much; each takes as many seconds as its number."""
    told: Iterator[tuple[int, float, float]] = (
        (index + 1, used, 1.0 if pace is None else pace[index]) for index, used in enumerate(foreign)
    )

    def one() -> Round:
        index, used, slow = next(told)
        return Round({"a": float(index)}, {"a": index / 2}, used, slow)

    return one


def test_candidates_take_turns_after_a_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "LEAST", 0.0)
    monkeypatch.setattr(watch, "FOREIGN", 1.0)
    order: list[str] = []
    cases = {
        "a": Case(lambda: order.append("a"), before=lambda: order.append("ready")),
        "b": Case(lambda: order.append("b"), before=lambda: order.append("ready")),
    }
    taken = in_turn(cases, rounds=3)
    assert order == ["ready", "a", "ready", "b"] * 4
    assert [len(taken.times[name].wall) for name in "ab"] == [3, 3]


def test_times_are_of_one_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(clock)))
    monkeypatch.setattr(watch, "FOREIGN", 1.0)
    taken = in_turn({"a": Case(lambda: None, units=4.0, before=lambda: None)}, rounds=1)
    assert taken.times["a"].wall == (0.25,)


def test_disturbed_rounds_do_not_count_and_others_take_their_place() -> None:
    taken = collect(given([0.0, 0.9, 0.02, 0.0]), rounds=3)
    assert taken.times["a"].wall == (1.0, 3.0, 4.0)
    assert taken.times["a"].cpu == (0.5, 1.5, 2.0)
    assert taken.conditions == Conditions(rounds=3, disturbed=1, foreign=0.02, slowed=0.0, valid=True)


def test_where_the_machine_stays_in_use_nothing_is_valid() -> None:
    taken = collect(given([0.9, 0.0, 0.9, 0.9, 0.9, 0.9]), rounds=4)
    assert taken.times["a"].wall == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    assert taken.conditions.valid is False
    assert taken.conditions.disturbed == 5
    assert taken.conditions.foreign == 0.9


def test_a_slower_clock_is_told() -> None:
    taken = collect(given([0.0, 0.0], pace=[1.0, 1.1]), rounds=2)
    assert taken.conditions.slowed == 0.1
    assert taken.conditions.throttled
    assert not collect(given([0.0, 0.0]), rounds=2).conditions.throttled
