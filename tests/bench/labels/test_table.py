"""The table: intervals are Student's, photographers count once each, and the aim is judged as it is said."""

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autohdr_bench.labels.aim import summary, verdicts
from autohdr_bench.labels.table import ALL, COLUMNS, USED, Interval, interval, records, write_table

LAST = COLUMNS.index(USED)


def line(
    photographer: str, method: str, r2: float, *, edits: int = 20, draw: int = 0, mae: float = 2.0
) -> dict[str, Any]:
    scores = {
        "mae": [mae] * 7 + [None],
        "r2": [r2] * 7 + [None],
        "clean_mae": [1.0] * 7 + [None],
        "clean_r2": [r2] * 7 + [None],
        "mean_mae": [5.0] * 7 + [None],
        "mean_r2": [-0.1] * 7 + [None],
        "floor_mae": [1.0] * 7 + [None],
        "best_r2": [0.95] * 7 + [None],
    }
    told = {"method": method, "start": None, "augment": None, "smooth": None, "steps": None, "name": method}
    ran = {"seconds": 1.0, "threads": 2, "curve": []}
    return {"photographer": photographer, "edits": edits, "draw": draw, "scores": scores, **told, **ran}


def test_an_interval_is_students() -> None:
    found = interval(np.array([1.0, 2.0, 3.0, 4.0, math.nan]))
    assert found.mean == 2.5
    assert found.high - found.mean == pytest.approx(3.182 * math.sqrt(5 / 3) / 2)
    assert found.count == 4


def test_one_value_has_no_interval() -> None:
    found = interval(np.array([0.5]))
    assert found.mean == 0.5
    assert math.isnan(found.low)
    assert interval(np.array([math.nan])) == pytest.approx(Interval(math.nan, math.nan, math.nan, 0), nan_ok=True)


def test_over_all_photographers_each_counts_once_however_many_draws_it_has() -> None:
    lines = [line("a", "gp", 0.2, draw=draw) for draw in range(3)] + [line("b", "gp", 0.8)]
    found = {record.photographer: record for record in records(lines)}
    assert found[ALL].values["r2"][0].mean == pytest.approx(0.5)
    assert found[ALL].values["r2"][0].count == 2
    assert found["a"].values["r2"][0].count == 3


def test_an_error_stands_between_the_mean_label_and_the_floor() -> None:
    [record, _] = records([line("a", "gp", 0.5, mae=2.0)])
    assert record.values["position"][0].mean == pytest.approx(0.75)
    assert record.values["position"][LAST].mean == pytest.approx(0.75)
    assert record.values["times_floor"][LAST].mean == pytest.approx(2.0)
    assert math.isnan(record.values["mae"][LAST].mean)  # sliders have different units
    assert math.isnan(record.values["r2"][7].mean)  # not used


def test_the_table_has_a_row_for_each_slider_in_use(tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv", records([line("a", "gp", 0.5, draw=draw, mae=2.0 + draw) for draw in range(2)]))
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["slider"] for row in rows if row["photographer"] == "a"] == [*COLUMNS[:7], USED]
    assert rows[0] | {"unit": "EV", "mae": "2.5000", "floor_mae": "1.0000", "count": "2", "threads": "2"} == rows[0]
    assert rows[7]["mae"] == ""


def test_the_aim_is_judged_by_one_variant_for_all_photographers() -> None:
    lines = [
        *(line("a", method, r2) for method, r2 in (("gp", 0.7), ("style", 0.9), ("finetune", 0.86), ("pick", 0.95))),
        *(line("b", method, r2) for method, r2 in (("gp", 0.92), ("style", 0.88), ("finetune", 0.9), ("pick", 0.95))),
        *(line(name, "style", 0.95, edits=350, mae=mae) for name, mae in (("a", 1.2), ("b", 1.4))),
    ]
    judged = {verdict.photographer: verdict for verdict in verdicts(records(lines))}
    assert {verdict.name for verdict in judged.values()} == {"style"}
    assert (judged["a"].few, judged["a"].many) == (True, True)
    assert (judged["b"].few, judged["b"].many) == (False, False)  # behind gp, and beyond 1.3 floors
    told = summary(list(judged.values()))
    assert "1 of 2 photographers; at 350 edits within 1.3 x the noise floor: 1 of 2" in told


def test_without_a_method_of_ours_nothing_is_judged() -> None:
    assert "not judged" in summary(verdicts(records([line("a", "gp", 0.7)])))
