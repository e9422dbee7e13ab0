"""Charts: what is drawn stands for its numbers."""

import re

import pytest

from autohdr_export.web.chart import Bar, Series, bars, lines, number, parts_of, standalone, ticks


def test_the_longest_bar_fills_the_picture_and_floors_far_beyond_are_cut() -> None:
    drawn = bars([Bar("a", 1, 1, 1, "ours", "one"), Bar("b", 2, 2, 2, "peer", "two")], "t")
    wide, wider = (float(found) for found in re.findall(r'width="([\d.]+)" height="20"', drawn))
    assert wider == pytest.approx(2 * wide)
    cut = bars([Bar("a", 1, 1, 1, "ours", "one"), Bar("f", 100, 100, 100, "floor", "far")], "t")
    assert "» far" in cut


def test_names_are_escaped() -> None:
    drawn = bars([Bar("<b>", 1, 1, 1, "ours", "&", "<tip>")], "<t>")
    assert "<b>" not in drawn
    assert "&lt;tip&gt;" in drawn
    assert "&lt;x&gt;" in parts_of([("<x>", [("p", 1.0)])], "ms", "t")


def test_parts_tell_their_share() -> None:
    assert "network: 1 ms, 25%" in parts_of([("all", [("decode", 3.0), ("network", 1.0)])], "ms", "t")


def test_lines_are_drawn_from_zero() -> None:
    drawn = lines([Series("one", [(1, 5), (2, 10)]), Series("best", [(1, 5), (2, 10)], ideal=True)], "threads", "speed")
    assert drawn.count("<path") >= 4
    assert ">0</text>" in drawn
    assert lines([], "x", "y") == ""


def test_a_picture_alone_has_its_own_style() -> None:
    alone = standalone(bars([Bar("a", 1, 1, 1, "ours", "one")], "t"))
    assert alone.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    assert "prefers-color-scheme" in alone


def test_numbers_have_three_digits() -> None:
    assert [number(value) for value in (0, 0.01234, 1.5, 12.34, 123.4, 12345.6)] == [
        *("0", "0.0123", "1.5", "12.3", "123", "12,346"),
    ]
    assert ticks(0, 10) == [0, 2, 4, 6, 8, 10]
