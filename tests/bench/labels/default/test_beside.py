"""RAW files beside the JPEG in them: how far labels go, and how bright they are."""

from pathlib import Path

import pytest

from autohdr.engines.network import open_network
from autohdr_bench.labels.default.beside import Beside, beside, table

SHOOT = Path(__file__).resolve().parents[4] / "samples" / "shoot"


def test_a_photo_without_a_jpeg_has_labels_alone() -> None:
    with open_network(None, "cpu") as network:
        row = beside(SHOOT / "path.dng", network)
    assert len(row.values) == 8
    assert row.default_brighter is None
    assert row.to_dict()["values"] == list(row.values)


def test_a_brighter_label_is_told_as_brighter(shared_raws: Path) -> None:
    with open_network(None, "cpu") as network:
        row = beside(shared_raws / "canon_eos30d_IMG_0848.CR2", network)
    assert row.nothing_brighter is not None
    assert row.default_brighter is not None
    assert abs(row.nothing_brighter) < 1
    assert (row.default_brighter > row.nothing_brighter) == (row.values[0] > 0)


def test_a_summary_counts_what_goes_far_and_how_far_off_it_is() -> None:
    rows = [
        Beside("a.nef", (2.5, *[0.0] * 7), 0.5, 0.5, 2.0, 0.1),
        Beside("b.nef", (0.1, *[0.0] * 7), 0.5, -0.3, 0.2, 0.1),
        Beside("c.dng", (0.1, *[0.0] * 7), 0.5, None, None, None),
    ]
    text = table(rows)
    assert "Exposure beyond 2 EV: Auto 0, default 1 of 3 photos" in text
    assert "default: 1.10 EV median, 2.00 at worst" in text
    assert len(text.splitlines()[5].split()) == 3


@pytest.mark.parametrize("name", ["night.dng", "sunset.dng"])
def test_evenings_stay_evenings(name: str) -> None:
    with open_network(None, "cpu") as network:
        assert abs(beside(SHOOT / name, network).values[0]) < 1
