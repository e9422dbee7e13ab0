"""The page: that it holds the figures, and needs nothing besides itself."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr_bench.cli import main
from autohdr_bench.speed.page import render
from autohdr_bench.speed.picture import Bar, Series, bars, lines, number, parts_of, standalone, ticks
from autohdr_bench.speed.results import Result, save
from tests.bench.speed.conftest import DISTURBED, result


def test_a_page_holds_figures_pictures_and_what_bounds_the_whole(measured: Result) -> None:
    page = render(measured)
    for told in ("IMG_1.CR2", "4x", "2x", "bad.dng: is damaged", "cores", "300", "Example &lt;1&gt;", "its codes"):
        assert told in page, told
    assert page.count("<svg") >= 4
    assert "not valid" not in page
    assert "/*" not in page.split("</style>")[1]


def test_a_page_needs_nothing_besides_itself(measured: Result) -> None:
    page = render(measured)
    assert not re.search(r"(src|href)=|url\(|@import|<script", page)
    assert "prefers-color-scheme: dark" in page


def test_a_disturbed_page_says_so() -> None:
    assert "not valid: decode: IMG_1.CR2" in render(result(conditions=DISTURBED))


def test_the_command_writes_beside_the_result(measured: Result, tmp_path: Path) -> None:
    save(measured, tmp_path / "a.json")
    done = CliRunner().invoke(main, ["page", str(tmp_path / "a.json")])
    assert done.exit_code == 0, done.output
    assert done.output == f"Wrote {tmp_path / 'a.html'}\n"
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == render(measured)


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
