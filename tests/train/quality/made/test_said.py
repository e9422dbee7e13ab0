"""The tables of what teachers say, and the page that holds them."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr.errors import SettingsError
from autohdr_train.quality.__main__ import main
from autohdr_train.quality.made.kinds import KINDS
from autohdr_train.quality.made.make import Sources, make
from autohdr_train.quality.made.said import agreement_table, kinds_table, scores_table, teachers_table
from tests.train.quality.made.detector import Distance

PAGE = Path(__file__).parents[4] / "docs/study/quality-data.md"


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_the_page_has_today_s_distortions_and_levels() -> None:
    assert kinds_table() in PAGE.read_text(encoding="utf-8")


def test_what_the_page_says_the_teachers_said_is_of_all_distortions() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(
        len(re.findall(rf"^\| {re.escape(kind)} \|", text, re.MULTILINE)) == (4 if kind == "noise" else 3)
        for kind in KINDS
    )


def test_tables_are_of_what_is_made_so_far(sources: Sources, tmp_path: Path) -> None:
    make(tmp_path, sources, Distance(), most=14)
    scores = rows(scores_table(tmp_path))
    assert [row[0] for row in scores[2:]] == list(KINDS)
    assert sum(cell != "-" for row in scores[2:] for cell in row[1:]) <= 14
    assert all(len(row) == 7 for row in rows(teachers_table(tmp_path)))
    assert rows(agreement_table(tmp_path))[-1][0] == "all"
    done = CliRunner().invoke(main, ["said", str(tmp_path)])
    assert done.exit_code == 0
    assert done.stdout.count("\n\n") == 2


def test_a_folder_without_a_set_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no made data set"):
        scores_table(tmp_path)
