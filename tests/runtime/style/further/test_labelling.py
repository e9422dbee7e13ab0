"""Sliders beside the eight, as a user has them: learnt from sidecars, written into sidecars, undone."""

import csv
from pathlib import Path

import numpy as np
import pytest

import autohdr
from autohdr.raw.decode import decode
from autohdr.raw.prepare import prepare_photo
from autohdr.run.undo import undo
from autohdr.sidecar import Document, read_labels
from autohdr.spec import InputSpec
from autohdr.style.further.answers import UNKNOWN_LIGHT, beside
from autohdr.style.learn import Learnt
from autohdr_scenes import write_shoot
from tests.runtime.sidecar.labelling import change

COUNT = 10
SIZE = (64, 96)
SPEC = InputSpec(size=64)
EDIT = {"Texture": "+15", "ParametricDarks": "-20", "SDRBlend": "+5"}
WRITTEN = ["WhiteBalance", "Temperature", "Tint", "Texture", "ParametricDarks", "SDRBlend"]


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Learnt:
    """A style of somebody who warms all photos by 12 mired, and has a preset."""
    folder = tmp_path_factory.mktemp("edited")
    for photo in write_shoot(folder / "shoot", COUNT, seed=3, size=SIZE):
        shot = prepare_photo(photo, SPEC).shot
        assert shot.kelvin is not None
        balance = {"WhiteBalance": "Custom", "Temperature": f"{1e6 / (1e6 / shot.kelvin - 12.0):.0f}"}
        change(photo, **EDIT, **balance, Tint=f"{shot.tint:.0f}")
    return autohdr.learn(folder / "shoot", folder / "anna.style", engine="cpu", cache=folder / "cache")


def test_learning_tells_of_the_sliders_that_edits_move_and_of_no_others(learnt: Learnt) -> None:
    rows = {row.key: row for row in learnt.scores[8:]}
    assert list(rows) == ["Temperature", "Tint", "Texture", "ParametricDarks", "SDRBlend"]
    assert {row.verdict for row in rows.values()} == {"constant"}
    assert rows["Texture"].usual == 15.0
    assert rows["Temperature"].usual == pytest.approx(12.0, abs=0.1)
    assert {"Texture", "Temperature"} <= set(learnt.to_dict()["constant"])
    assert learnt.style.to_dict()["sets"][8:] == list(rows)


def test_labels_hold_them_and_undo_takes_them_away(learnt: Learnt, tmp_path: Path) -> None:
    photos = write_shoot(tmp_path / "shoot", 2, seed=8, size=SIZE, xmp=False)
    table = tmp_path / "labels.csv"
    report = autohdr.label([tmp_path / "shoot"], style=learnt.path, engine="cpu", embed=False, report=table)
    for photo, result in zip(photos, report.results, strict=True):
        document = Document.read(photo.with_suffix(".xmp"))
        assert document is not None
        assert [name for name in document.settings() if name in WRITTEN] == WRITTEN
        assert {name: document.get(name) for name in EDIT} == EDIT
        shot, kelvin = prepare_photo(photo, SPEC).shot, float(document.get("Temperature") or 0)
        assert shot.kelvin is not None
        assert 1e6 / shot.kelvin - 1e6 / kelvin == pytest.approx(12.0, abs=0.1)
        assert result.sliders is not None
        assert result.errors is not None
        assert (result.sliders["Temperature"], result.sliders["Texture"]) == (kelvin, 15.0)
        assert result.errors["Temperature"] > 0.0
        assert read_labels(photo.with_suffix(".xmp")).further == {}
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["SDRBlend"] for row in rows] == ["5.0", "5.0"]
    again = autohdr.label([tmp_path / "shoot"], style=learnt.path, engine="cpu", embed=False)
    assert [one.sliders for one in again.results] == [one.sliders for one in report.results]
    undo([tmp_path / "shoot"])
    assert sorted(path.name for path in (tmp_path / "shoot").iterdir()) == ["IMG_0001.dng", "IMG_0002.dng"]


def test_a_label_of_another_style_takes_them_out_again(learnt: Learnt, tmp_path: Path) -> None:
    (photo,) = write_shoot(tmp_path / "shoot", 1, seed=8, size=SIZE, xmp=False)
    autohdr.label(photo, style=learnt.path, engine="cpu", embed=False)
    (result,) = autohdr.label(photo, engine="cpu", embed=False).results
    document = Document.read(photo.with_suffix(".xmp"))
    assert document is not None
    assert [name for name in document.settings() if name in WRITTEN] == []
    assert result.sliders is not None
    assert result.changes is not None
    assert result.sliders.keys().isdisjoint(WRITTEN)
    assert result.changes["Texture"] == (15.0, None)


def test_a_photo_of_unknown_light_keeps_its_white_balance_and_says_so(learnt: Learnt, tmp_path: Path) -> None:
    (photo,) = write_shoot(tmp_path / "shoot", 1, seed=8, size=SIZE, xmp=False)
    pixels = prepare_photo(photo, SPEC).pixels
    usual = learnt.style.head.people.mean[None].copy()
    (told,) = beside(learnt.style.further, [pixels], SPEC, [decode(photo).shot], usual, np.full(1, np.nan))
    assert "Temperature" not in told.also
    assert "Temperature" not in told.errors
    assert told.also["Texture"] == "+15"
    assert told.note == UNKNOWN_LIGHT
