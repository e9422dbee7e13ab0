"""Rows of Vibrance and Saturation."""

import pytest

from autohdr_bench.develop import colour
from autohdr_bench.develop.row import Row


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return colour.rows()


@pytest.mark.parametrize(
    ("control", "on", "most"),
    [
        *(("Vibrance", "chart's odd hues, sRGB", 0.0071), ("Vibrance", "chart's skins, sRGB", 0.0115)),
        *(("Saturation", "chart's odd hues, sRGB", 0.0057), ("Saturation", "chart's skins, sRGB", 0.0215)),
    ],
)
def test_errors_on_what_was_left_out_do_not_get_worse(rows: list[Row], control: str, on: str, most: float) -> None:
    """Most is the mean as measured on 29 November 2026, and a tenth more."""
    own = [row for row in rows if (row.control, row.on) == (control, on)]
    assert [row.setting for row in own] == ["-100", "-50", "+50", "+100"]
    assert all(row.basis == "held out" and row.mean < most for row in own)


def test_both_are_nearer_to_camera_raw_than_doing_nothing(rows: list[Row]) -> None:
    assert [row for row in rows if row.mean > 0.3 * (row.nothing or 0)] == []


def test_hues_that_were_left_out_are_about_as_near_as_those_that_were_fitted(rows: list[Row]) -> None:
    fitted = [row.mean for row in rows if row.basis == "fitted"]
    held_out = [row.mean for row in rows if "odd" in row.on]
    assert sum(held_out) < 1.2 * sum(fitted)
