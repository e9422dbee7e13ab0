"""Simulated photographers beside real ones."""

from pathlib import Path

import pytest

from autohdr_bench.labels.people import simulated
from autohdr_scenes.photographers import PHOTOGRAPHERS


@pytest.mark.usefixtures("small_photos")
def test_every_method_is_scored_over_all_of_them_and_the_worst_is_named(
    monkeypatch: pytest.MonkeyPatch, radiance: Path, cache: Path
) -> None:
    few = {name: PHOTOGRAPHERS[name] for name in ("film", "minimalist")}
    for name, value in {"PHOTOS": 24, "HELD_OUT": 12, "DRAWS": 1, "PHOTOGRAPHERS": few}.items():
        monkeypatch.setattr(simulated, name, value)
    table = simulated.simulated(radiance, cache, (5, 20, 50))
    assert [row[:3] for row in table.rows] == [
        (edits, "2", method) for edits in ("5", "20") for method in ("mean", "ridge", "gp", "autohdr")
    ]
    by_method = {row[2]: float(row[3]) for row in table.rows if row[0] == "20"}
    assert by_method["autohdr"] > by_method["mean"]
    for row in table.rows:
        worst, person = row[4].split()
        assert person in few
        assert float(worst) <= float(row[3])
