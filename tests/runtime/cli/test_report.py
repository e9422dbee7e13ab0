"""`autohdr report` as a user runs it."""

from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from autohdr import Result
from autohdr.cli.report import NAMED, command
from autohdr.codes import Code
from autohdr.run.results.table import write_report
from autohdr.sliders import SLIDERS
from tests.json_lines import read

DONE = Result(Path("a/0.dng"), "labelled", Code.LABELLED, {slider.key: 1.5 for slider in SLIDERS}, hdr=True)


def table(path: Path, *results: Result) -> Path:
    write_report(path, results)
    return path


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(command, [str(word) for word in words])
    return done.exit_code, done.stdout


def test_tables_are_put_together_and_summed_up(tmp_path: Path) -> None:
    one = table(tmp_path / "1.csv", DONE)
    two = table(tmp_path / "2.csv", DONE, replace(DONE, path=Path("a/1.dng"), status="failed", code=Code.DAMAGED))
    code, printed = run(tmp_path / "all.csv", one, two)
    assert code == 0
    assert printed == (
        f"{tmp_path / 'all.csv'} has 2 photos of 2 tables: 1 labelled, 0 skipped, 1 failed. "
        "1 of them in several tables.\n"
    )


def test_differences_are_told_and_end_with_3(tmp_path: Path) -> None:
    photos = [replace(DONE, path=Path(f"a/{number:03}.dng")) for number in range(NAMED + 5)]
    one = table(tmp_path / "1.csv", *photos)
    two = table(tmp_path / "2.csv", *(replace(one, status="failed", code=Code.DAMAGED, sliders=None) for one in photos))
    code, printed = run(tmp_path / "all.csv", one, two)
    lines = printed.splitlines()
    assert code == 3
    assert lines[0] == f"different: {Path('a/000.dng')}: labelled (labelled) in {one}, failed (damaged) in {two}"
    assert lines[NAMED] == "and 5 more"
    code, printed = run(tmp_path / "all.csv", one, two, "--json")
    *told, end = read("report", printed)
    assert (code, len(told), end["code"], end["different"]) == (3, len(photos), "different", len(photos))


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    code, _ = run(tmp_path / "all.csv", tmp_path / "gone.csv")
    assert code == 2
    (tmp_path / "no.csv").write_text("x\n1\n")
    assert run(tmp_path / "all.csv", tmp_path / "no.csv")[0] == 3
    assert run(tmp_path / "all.csv")[0] == 2
