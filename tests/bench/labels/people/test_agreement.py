"""Measures of edits beside each other."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autohdr_bench.cli import main
from autohdr_bench.labels.people import agreement
from autohdr_bench.labels.people.agreement import BRIGHTER, DARKER, GUESSES, MEASURES, Judged, folds
from autohdr_bench.labels.people.rendered import Renderings
from autohdr_bench.labels.people.study import Tables
from autohdr_train.quality.training.agreement import srocc
from tests.json_lines import read


@pytest.fixture(scope="session")
def judged(tables: Tables) -> list[Judged]:
    return agreement.judge(tables, Renderings(edge=64), 3)


def test_every_photo_has_every_guess_and_half_a_stop_is_half_a_stop(judged: list[Judged]) -> None:
    people = {one.person for one in judged}
    assert len(judged) == len(people) * 3 * 5
    assert {one.guess for one in judged} == {*GUESSES, DARKER, BRIGHTER}
    halves = np.array([one.values for one in judged if one.guess in (DARKER, BRIGHTER)])
    np.testing.assert_allclose(halves[:, 1], 0.5, atol=1e-9)  # Exposure
    assert np.isnan(halves[:, MEASURES.index("JOD")]).all()
    assert (halves[:, MEASURES.index("L*")] > 0.2).all()


def test_tables_leave_out_what_was_not_measured(judged: list[Judged]) -> None:
    correlations, half = agreement.tables(judged)
    assert len(correlations.rows) == 5 * 4 / 2
    assert [row[0] for row in half.rows] == [name for name in MEASURES if name != "JOD"]
    assert all(row[-1].endswith(" % of guesses") for row in half.rows)


def made(person: str, values: list[float], guess: str = GUESSES[0]) -> list[Judged]:
    return [
        Judged(person, f"{person}{at}", guess, np.array([value, 1 - value, 0, 0, 0, np.nan]))
        for at, value in enumerate(values)
    ]


def test_people_are_folds_and_those_without_differences_are_left_out() -> None:
    found = folds([*made("a", [0.1, 0.2, 0.4]), *made("b", [0.3, 0.3, 0.3])], 0, 1)
    assert len(found) == 1
    assert srocc(found[0].predicted, found[0].scores) == pytest.approx(-1)
    assert folds(made("a", [0.1, 0.2, 0.4]), 0, MEASURES.index("JOD")) == []


def test_half_a_stop_is_ranked_among_the_guesses_of_its_photo() -> None:
    found = [*made("a", [0.1, 0.5]), *made("a", [0.3, 0.3], DARKER), *made("a", [0.3, 0.3], BRIGHTER)]
    table = agreement.tables(found)[1]
    row = next(row for row in table.rows if row[0] == "sliders")
    assert row[-1].startswith("50 (")


def test_the_command_prints_both_tables_and_lines(
    edits_folder: Path, people_cache: Path, small_model: Path, tmp_path: Path
) -> None:
    words = ["judge", str(edits_folder), "--cache", str(people_cache), "--model", str(small_model), "--photos", "3"]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0, told.output
    assert "Rank correlation (Spearman)" in told.stdout
    *lines, summary = read("bench judge", CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert summary["judged"] == len(lines)
    assert lines[0]["measures"]["JOD"] is None
    refused = CliRunner().invoke(main, [*words[:1], str(tmp_path), *words[2:]])
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1
