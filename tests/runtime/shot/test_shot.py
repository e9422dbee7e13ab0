"""The typed value: what is plausible stays, and everything else is None."""

import json
from datetime import UTC, datetime
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr.shot.shot import BOUNDS, LONGEST, NOTHING, Shot, seconds

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
NAMES = (*BOUNDS, "flash", "make", "model")


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), ANYTHING))
def test_whatever_is_said_becomes_plausible_and_comes_back_from_json(said: dict[str, object]) -> None:
    shot = Shot.from_dict(said)
    for name, (least, largest) in BOUNDS.items():
        value = getattr(shot, name)
        assert value is None or (type(value) is float and least <= value <= largest)
    assert shot.flash in (None, True, False)
    for text in (shot.make, shot.model):
        assert text is None or (text.isprintable() and text == text.strip() and 0 < len(text) <= LONGEST)
    assert Shot.from_dict(json.loads(json.dumps(shot.to_dict(), allow_nan=False))) == shot


@pytest.mark.parametrize("name", BOUNDS)
def test_a_number_beyond_its_bounds_is_none(name: str) -> None:
    least, largest = BOUNDS[name]
    for value in (least, largest):
        assert getattr(Shot.from_dict({name: value}), name) == value
    for impossible in (least - abs(least) / 2 - 1e-9, largest * 1.01, nan, inf, -inf, True, "8"):
        assert Shot.from_dict({name: impossible}) == NOTHING


def test_zero_is_unknown_but_for_the_compensation_and_tint() -> None:
    assert Shot.from_dict(dict.fromkeys(BOUNDS, 0)) == Shot(compensation=0.0, tint=0.0)


def test_a_name_keeps_what_can_be_printed() -> None:
    assert Shot.from_dict({"make": "  Maker \0\n of  cameras ", "model": "\t"}) == Shot(make="Maker of cameras")
    assert Shot.from_dict({"model": "x" * 99}).model == "x" * LONGEST


def test_what_one_does_not_know_the_other_says() -> None:
    one, other = Shot(iso=100.0, flash=False, make="A"), Shot(iso=200.0, flash=True, aperture=4.0, model="B")
    assert one.or_else(other) == Shot(iso=100.0, flash=False, make="A", aperture=4.0, model="B")


def test_a_time_is_the_clocks_whatever_stands_between_the_numbers() -> None:
    moment = datetime(2021, 1, 11, 11, 18, 19, tzinfo=UTC).timestamp()
    for text in ("2021:01:11 11:18:19", "2021.01.11 11.18.19", "2021-01-11T11:18:19.25+02:00"):
        assert seconds(text) == moment


@pytest.mark.parametrize(
    "text", ["", "0000:00:00 00:00:00", "2021:13:01 00:00:00", "2021:01:11", "    :  :     :  :  "]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert seconds(text) is None
