"""The table of errors against Camera Raw."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autohdr_bench.cli import main
from autohdr_bench.develop.measure import measured, table
from autohdr_bench.develop.probes import POSITIONS, PROBES, outputs, settings
from autohdr_bench.develop.row import Row, errors
from tests.json_lines import read

MOST = {"Default": (0.0009, 0.004), "Exposure": (0.0005, 0.0025), "Whites": (0.0028, 0.021), "Blacks": (0.0007, 0.0115)}
"""Mean and largest difference by control on ramps, as measured on 29 November 2026, and a tenth more."""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return measured()


@pytest.mark.parametrize("control", MOST)
def test_errors_on_ramps_do_not_get_worse(rows: list[Row], control: str) -> None:
    mean, largest = MOST[control]
    own = [row for row in rows if row.control == control and row.on.startswith("ramp")]
    assert own
    assert [row for row in own if row.mean > mean or row.largest > largest] == []


ON_CHARTS = {"Default": (0.003, 0.026), "Temperature": (0.007, 0.2), "Tint": (0.007, 0.05)}
"""Errors on charts, in sRGB; the largest are of colours outside it, which are clipped."""


@pytest.mark.parametrize("control", ON_CHARTS)
def test_errors_of_white_balance_on_charts_do_not_get_worse(rows: list[Row], control: str) -> None:
    mean, largest = ON_CHARTS[control]
    own = [row for row in rows if row.control == control and row.on in ("a chart in A", "a chart in D65")]
    assert own
    assert [row for row in own if row.mean > mean or row.largest > largest] == []


def test_every_slider_is_nearer_to_camera_raw_than_doing_nothing(rows: list[Row]) -> None:
    ramps = [row for row in rows if row.on.startswith("ramp") and row.nothing is not None]
    assert [row for row in ramps if row.mean > 0.3 * (row.nothing or 0)] == []


def test_some_rows_are_held_out(rows: list[Row]) -> None:
    assert {row.control for row in rows if row.basis == "held out"} >= {"Whites", "Blacks"}


def test_all_values_that_are_known_are_in_the_table(rows: list[Row]) -> None:
    assert sum(row.on.startswith("ramp") for row in rows) == len(outputs()) == 30
    assert all(values.shape == (POSITIONS,) and (np.diff(values) >= 0).all() for values in outputs().values())


def test_a_probe_is_rebuilt_as_it_was_rendered() -> None:
    probe = PROBES["white+2"]
    scene = probe.scene()
    assert scene.light.shape == (2 * 32 + 8 * 36 - 8, 2 * 32 + 24 * 36 - 8, 3)
    assert scene.sensor_white == 4
    assert scene.light[0, 0, 0] == np.float32(0.05)
    assert scene.light[33, 33, 0] == pytest.approx(2.0**-12)
    assert scene.light[-33, -33, 0] == pytest.approx(4.0)
    assert settings("B-50").blacks == -50


def test_differences_are_of_encoded_values() -> None:
    mean, largest = errors(np.array([0.0, 0.5]), np.array([0.0031308, 0.5]))
    assert largest == pytest.approx(12.92 * 0.0031308, rel=1e-3)
    assert mean == pytest.approx(largest / 2)


def test_the_table_says_which_aims_are_missed() -> None:
    made = [Row("Whites", "+50", "ramp", "held out", 0.02, 0.1, 0.05, None, 0.015), Row("X", "", "y", "fitted", 0, 0)]
    text = table(made)
    assert "NOT <= 0.015" in text
    assert text.endswith("Within the aim: 0 of 1. Worse than nothing: 0 of 1.")


def test_a_row_that_is_worse_than_nothing_says_so_though_it_is_within_its_aim() -> None:
    worse = Row("Shadows", "-50", "scene", "held out", 0.0023, 0.01, nothing=0.0014, aim=0.015)
    better = Row("Shadows", "+50", "scene", "held out", 0.0023, 0.01, nothing=0.0024, aim=0.015)
    lines = table([worse, better, Row("Default", "", "scene", "fitted", 0.001, 0.001)]).splitlines()
    assert ["WORSE" in line for line in lines[1:4]] == [True, False, False]
    assert lines[-1] == "Within the aim: 2 of 2. Worse than nothing: 1 of 2."
    assert (worse.to_dict()["worse_than_nothing"], better.to_dict()["worse_than_nothing"]) == (True, False)


def test_the_page_lists_every_row_that_is_worse_than_nothing(rows: list[Row]) -> None:
    page = (Path(__file__).parents[3] / "docs" / "evidence" / "developing.md").read_text(encoding="utf-8")
    missed = page.partition("## What misses its aim")[2].partition("\n## ")[0]
    worse = [row for row in rows if row.worse_than_nothing]
    assert worse
    for row in worse:
        figures = f"{row.setting}: {row.mean:.4f} against {row.nothing:.4f}".replace(" 0.", " .")
        assert row.control in missed
        assert figures in missed


def test_the_command_prints_the_table_and_json(rows: list[Row]) -> None:
    told = CliRunner().invoke(main, ["develop"])
    assert told.exit_code == 0
    assert told.stdout == table(rows) + "\n"
    *lines, summary = read("bench develop", CliRunner().invoke(main, ["develop", "--json"]).stdout)
    assert len(lines) == summary["rows"] == len(rows)
    assert lines[0]["mean"] == rows[0].mean
    assert summary["worse_than_nothing"] == sum(line["worse_than_nothing"] is True for line in lines) > 0
