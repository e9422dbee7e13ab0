"""Exposure errors that were made on purpose: who mends them, and by how much."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.engines.network import open_network
from autohdr_bench.labels.default.mended import mended, table
from autohdr_train.data.photographs import apart, read_photographs
from autohdr_train.default.examples import Exposure


def two_stops(_random: np.random.Generator) -> Exposure:
    return Exposure(2.0, 0.3, 0.0)


def test_leaving_all_alone_is_off_by_the_error_itself(photographs: Path, tmp_path: Path) -> None:
    photos = read_photographs(photographs)[:4]
    with open_network(None, "cpu") as network:
        rows = mended(photos, network, tmp_path, draw=two_stops, copies=2)
    assert [row.source for row in rows] == [*sorted({photo.source for photo in photos}), "all"]
    assert rows[-1].photos == 4
    assert all(row.nothing == pytest.approx(2.0) for row in rows)
    assert rows[-1].default < 1.7
    assert rows[-1].auto < 1.7
    assert rows[-1].stated > 0
    assert "all" in table(rows).splitlines()[-1]
    assert rows[-1].to_dict()["nothing"] == pytest.approx(2.0)


def test_unseen_photographs_are_mended(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """On every sixth of the real ones that the default model has not learnt from."""
    photos = apart(read_photographs(request.getfixturevalue("shared_photos")))[1][::6]
    with open_network(None, "cpu") as network:
        row = mended(photos, network, tmp_path, copies=2)[-1]
    assert row.default < 0.34
    assert row.default < 0.85 * row.nothing
