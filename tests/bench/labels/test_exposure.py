"""The measure of the exact rule of exposure, on styles that keep it and on others."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autohdr_bench.labels import exposure, surroundings
from autohdr_bench.labels.exposure import Moved, main, measure, summary
from autohdr_bench.labels.surroundings import Surroundings
from autohdr_scenes.photographers import PHOTOGRAPHERS
from autohdr_train.network.model import SliderNet
from tests.runtime.style.photographers import alone, features, head, looked, prior
from tests.train.conftest import SMALL as SPEC


@pytest.fixture
def small(network: SliderNet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small network instead of the default model, and few edits; another than elsewhere, since features are kept."""
    network.describe_tones(SPEC, learnt=True)
    next(network.vit.parameters()).data += 1.0  # the class token
    monkeypatch.setattr(surroundings, "begin", lambda *_: (network, SPEC))
    monkeypatch.setattr(exposure, "EDITS", (5, 10))


@pytest.mark.parametrize("share", [1.0, 0.6])
def test_the_distance_is_what_is_missing_to_a_stop(share: float) -> None:
    photos = looked(features(7))
    nothing = head(prior(), alone(features(7)), np.full((7, 8), np.nan))
    slope = nothing.slope.copy()
    slope[0, 0] = -share / 5.0
    assert exposure._distance(replace(nothing, slope=slope), photos) == pytest.approx(1.0 - share, abs=1e-9)


@pytest.mark.usefixtures("small")
def test_every_style_is_measured_and_its_photographer_asked(around: Surroundings, shared_raws: Path) -> None:
    raws = [shared_raws / f"nikon_d5000_hdrmerge_sample{number}.dng" for number in (1, 2)]
    found = list(measure(around, raws, ["keynote", "believer"], 2))
    assert [(one.photographer, one.edits, one.draw) for one in found] == [
        (name, edits, draw) for name in ("keynote", "believer") for edits in (5, 10) for draw in (0, 1)
    ]
    assert np.isfinite([[one.unseen, one.real] for one in found]).all()
    assert len({one.unseen for one in found}) == 8
    assert found[0].own < 0.1
    assert found[-1].own == pytest.approx(0.5, abs=0.1)  # who makes up for half of the light, by design


def test_the_summary_is_about_photographers_who_keep_the_rule() -> None:
    kept = [Moved("one", 20, draw, 0.1 * (draw + 1), 0.05, 0.01) for draw in range(2)]
    lines = summary([*kept, Moved("believer", 20, 0, 0.5, 0.5, 0.5)]).splitlines()
    assert lines[1].split() == ["20", "2", "0.150,", "50%", "within", "0.15", "0.050,", "100%", "within", "0.15"]


def test_without_raw_files_there_is_nothing_to_say_of_them() -> None:
    assert summary([Moved("one", 5, 0, 0.1, math.nan, 0.01)]).endswith("within 0.15")


@pytest.mark.usefixtures("small", "small_photos")
def test_the_command_writes_a_line_for_each_style(
    radiance: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exposure, "PHOTOS", 24)
    monkeypatch.setattr(exposure, "HELD_OUT", 12)
    monkeypatch.setattr(exposure, "PHOTOGRAPHERS", {"keynote": PHOTOGRAPHERS["keynote"]})
    out = tmp_path / "exposure.csv"
    asked = ["--radiance", str(radiance), "--cache", str(cache), "--out", str(out), "--draws", "1"]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    rows = out.read_text(encoding="utf-8").splitlines()
    assert rows[0] == "photographer,edits,draw,unseen,real,own"
    assert [row.split(",")[:3] for row in rows[1:]] == [["keynote", "5", "0"], ["keynote", "10", "0"]]
    assert "Wrote" in told.output
