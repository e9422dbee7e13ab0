"""Tables of the README and of the page about speed: made from results, and not by hand."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr.errors import SettingsError
from autohdr_bench.cli import main
from autohdr_bench.speed.readme import BLOCKS, PAGES, filled, read, update
from autohdr_bench.speed.results import Result, save
from tests.bench.speed.conftest import DISTURBED, result

ROOT = Path(__file__).resolve().parents[3]
RESULTS = ROOT / "bench" / "results"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_the_results_that_are_kept_say(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert "<!-- bench:" in text
    assert filled(text, [found for found, _ in read(RESULTS)]) == text


def test_the_readme_has_two_rows_of_speed(measured: Result) -> None:
    """A row a shoot, in words of photographers, and nothing else."""
    block = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- bench:speed -->\n")[1].split("<!-- /bench")[0]
    head, _, *rows = block.splitlines()
    assert head == "| shoot | photos a minute | times as fast as AutoHDR (2024) |"
    assert len(rows) == 2


def test_what_stands_between_two_marks_is_made_anew(measured: Result) -> None:
    text = "before\n<!-- bench:decode -->\nby hand\n<!-- /bench -->\nafter\n"
    made = filled(text, [measured])
    assert made == (
        "before\n<!-- bench:decode -->\n"
        "| file | LibRaw | flashraw | the floor |\n| --- | --- | --- | --- |\n"
        "| IMG_1.CR2 | 1 (4000 ms) | 4x | 8x |\n"
        "<!-- /bench -->\nafter\n"
    )
    assert filled(made, [measured]) == made


def test_every_table_can_be_made_of_any_result(measured: Result) -> None:
    text = "".join(f"<!-- bench:{name} -->\n<!-- /bench -->\n" for name in BLOCKS)
    made = filled(text, [measured])
    assert "| way | shoot |\n| --- | --- |\n" in made
    assert "| autohdr, without its start | 300 (20x) |" in made
    assert "| 2 | " in made


def test_pictures_are_drawn_beside_the_page_that_shows_them(measured: Result, tmp_path: Path) -> None:
    save(measured, tmp_path / "machine.json")
    page = tmp_path / "docs" / "speed.md"
    page.parent.mkdir()
    page.write_text("![](machine-stages.svg)", encoding="utf-8")
    assert not update(page, tmp_path)
    assert [path.name for path in tmp_path.rglob("*.svg")] == ["machine-stages.svg"]
    assert page.with_name("machine-stages.svg").exists()


def test_two_machines_are_told_apart(measured: Result) -> None:
    other = result()
    other.machine["cores"] = 16
    made = BLOCKS["decode"]([measured, other])
    assert "| Example <1>, 2 cores | IMG_1.CR2" in made
    assert "| Example <1>, 16 cores | IMG_1.CR2" in made


def test_a_mark_of_no_table_is_one_sentence(measured: Result) -> None:
    with pytest.raises(SettingsError, match="bench:odd; expected one of decode"):
        filled("<!-- bench:odd -->\n<!-- /bench -->", [measured])


def test_disturbed_results_make_no_readme(tmp_path: Path) -> None:
    save(result(conditions=DISTURBED), tmp_path / "a.json")
    with pytest.raises(SettingsError, match="was disturbed"):
        read(tmp_path)


def test_the_command_writes_tables_and_pictures_once(measured: Result, tmp_path: Path) -> None:
    save(measured, tmp_path / "machine.json")
    readme = tmp_path / "README.md"
    shown = "![](machine-peers.svg) ![](machine-stages.svg)"
    readme.write_text(f"<!-- bench:run -->\n<!-- /bench -->\n{shown}\n", encoding="utf-8")
    arguments = ["readme", "--file", str(readme), "--results", str(tmp_path)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert done.output == f"Wrote {readme}\n"
    assert {path.name for path in tmp_path.glob("*.svg")} == {"machine-peers.svg", "machine-stages.svg"}
    assert CliRunner().invoke(main, arguments).output == f"{readme} is as the results say\n"
    assert not update(readme, tmp_path)


def test_no_results_are_one_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["readme", "--results", str(tmp_path)])
    assert done.exit_code == 2
    assert "holds no results" in done.stderr
