"""`autohdr bench people` from the command line."""

from pathlib import Path

from click.testing import CliRunner

from autohdr_bench.cli import main
from autohdr_bench.labels.people.report import BEGIN, END
from tests.json_lines import read

FEW = ("--edits", "8", "--draws", "2", "--least", "12", "--method", "gp", "--kind", "all", "--task", "style")


def run(folder: Path, cache: Path, model: Path, *more: str) -> tuple[int, str, str]:
    arguments = ["people", str(folder), "--cache", str(cache), "--model", str(model), *FEW, *more]
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_tables_are_printed_and_written_into_a_page(
    edits_folder: Path, people_cache: Path, small_model: Path, tmp_path: Path
) -> None:
    page = tmp_path / "people.md"
    page.write_text(f"# Mine\n\nWhat I saw.\n\n{BEGIN}\nold\n{END}\n\nThe end.\n")
    code, told, _ = run(edits_folder, people_cache, small_model, "--page", str(page))
    assert code == 0
    assert "A style over shoots, all photos" in told
    assert "mender" in told
    written = page.read_text()
    assert written.startswith("# Mine\n\nWhat I saw.\n")
    assert written.endswith(f"{END}\n\nThe end.\n")
    assert "old" not in written
    assert "| 8 | 3 | gp |" in written


def test_a_program_is_told_all_figures(edits_folder: Path, people_cache: Path, small_model: Path) -> None:
    code, told, _ = run(edits_folder, people_cache, small_model, "--json", "--no-controls", "--not-rendered")
    assert code == 0
    *found, summary = read("bench people", told)
    assert summary["rows"] == len(found) == 3 * 4  # three methods; three people and their mean
    assert found[0]["person"] == "people"
    assert found[0]["figures"]["light"] == [None, None, None]
    assert found[0]["figures"]["error"][0] == 1.0


def test_a_folder_that_is_none_is_one_sentence(tmp_path: Path, small_model: Path) -> None:
    code, _, told = run(tmp_path / "none", tmp_path / "cache", small_model)
    assert code == 2
    assert told.startswith("Error: ")
    assert told.count("\n") == 1


def test_real_edits_are_compared(shared_edits: Path, tmp_path: Path, small_model: Path) -> None:
    lines = (shared_edits / "edits.jsonl").read_text().splitlines()
    chosen = [line for line in lines if '"person": "P12"' in line]
    (tmp_path / "edits.jsonl").write_text("\n".join(chosen))
    for line in chosen:
        name = line.split('"file": "')[1].split('"')[0]
        (tmp_path / name).symlink_to(shared_edits / name)
    arguments = ["people", str(tmp_path), "--cache", str(tmp_path / "cache"), "--model", str(small_model)]
    result = CliRunner().invoke(main, [*arguments, "--edits", "2", "--least", "5", "--method", "auto"])
    assert result.exit_code == 2  # five photos of one day leave three to predict
    assert "nobody has 5 photos" in result.stderr
