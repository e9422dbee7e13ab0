"""Rows of the base curve, Contrast, the parametric and the point curve."""

import pytest

from autohdr_bench.develop import curves
from autohdr_bench.develop.row import Row

# Mean and largest difference, as measured on 29 November 2026, and a tenth more.
MOST = {"Base curve": (0.0001, 0.0006), "Contrast": (0.001, 0.0044), "Point curve": (0.0001, 0.0003)}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return curves.rows()


@pytest.mark.parametrize("control", MOST)
def test_errors_of_single_curves_do_not_get_worse(rows: list[Row], control: str) -> None:
    mean, largest = MOST[control]
    own = [row for row in rows if row.control == control]
    assert own
    assert [row for row in own if row.mean > mean or row.largest > largest] == []


@pytest.mark.parametrize(("basis", "mean", "largest"), [("fitted", 0.0007, 0.0034), ("held out", 0.0071, 0.043)])
def test_errors_of_the_parametric_curve_do_not_get_worse(
    rows: list[Row], basis: str, mean: float, largest: float
) -> None:
    own = [row for row in rows if row.control.startswith("Parametric") and row.basis == basis]
    assert len(own) >= 3
    assert [row for row in own if row.mean > mean or row.largest > largest] == []


def test_every_curve_is_nearer_to_camera_raw_than_doing_nothing(rows: list[Row]) -> None:
    assert [row for row in rows if row.mean > 0.2 * (row.nothing or 0)] == []


def test_all_positions_that_are_known_are_in_the_table(rows: list[Row]) -> None:
    assert sum(row.control == "Contrast" for row in rows) == 6
    assert sum(row.control.startswith("Parametric") for row in rows) == 21
