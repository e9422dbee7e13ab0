"""The page: that it holds the figures, and needs nothing besides itself."""

import re
from pathlib import Path

from click.testing import CliRunner

from autohdr_bench.cli import main
from autohdr_bench.speed.page import render
from autohdr_bench.speed.results import Result, save
from tests.bench.speed.conftest import DISTURBED, result
from tests.json_lines import read


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
    (line,) = read("bench page", CliRunner().invoke(main, ["page", str(tmp_path / "a.json"), "--json"]).stdout)
    assert line["wrote"] == [str(tmp_path / "a.html")]
