"""`autohdr bench default`, from the command line."""

from pathlib import Path

from click.testing import CliRunner

from autohdr_bench.labels.default.cli import default
from tests.json_lines import read

SHOOT = Path(__file__).resolve().parents[4] / "samples" / "shoot"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(default, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_it_prints_both_tables(photographs: Path, tmp_path: Path) -> None:
    told = run(str(photographs), str(SHOOT / "path.dng"), "--cache", str(tmp_path))
    assert "nothing" in told
    assert "path.dng" in told
    assert "Exposure beyond 2 EV" in told


def test_it_is_told_as_json(photographs: Path, tmp_path: Path) -> None:
    told = read("bench default", run(str(photographs), str(SHOOT / "path.dng"), "--cache", str(tmp_path), "--json"))
    assert [line["code"] for line in told] == ["done"] * len(told)
    assert [line["type"] for line in told[-3:]] == ["row", "raw", "summary"]
    assert (told[-3]["source"], told[-2]["photo"]) == ("all", "path.dng")
    assert told[-1]["rows"] == len(told) - 1


def test_a_folder_without_a_list_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(default, [str(tmp_path), "--cache", str(tmp_path / "c")])
    assert result.exit_code == 2
    assert "sources.csv cannot be read" in result.stderr
