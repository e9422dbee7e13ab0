"""Inputs to calibrate and judge with: whose photos they are, that none is there twice, and how far they go."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import SettingsError
from autohdr.raw.prepare import prepare
from autohdr.spec import InputSpec
from autohdr_export.prove import samples
from autohdr_export.prove.samples import photos, split

SPEC = InputSpec(size=32)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three photos are enough, so that a test need not make 128."""
    monkeypatch.setattr(samples, "LEAST", 3)


@pytest.mark.usefixtures("few")
def test_photos_are_prepared_as_they_are_for_labelling(shoot: Path) -> None:
    expected = [prepare(path, SPEC) for path in sorted(shoot.glob("*.dng"))]
    np.testing.assert_array_equal(photos(shoot, SPEC), expected)


@pytest.mark.usefixtures("few")
def test_fewer_than_there_are_are_spread_over_the_shoot(shoot: Path) -> None:
    everything = photos(shoot, SPEC)
    np.testing.assert_array_equal(photos(shoot, SPEC, count=3), everything[[0, 2, 4]])


@pytest.mark.usefixtures("few")
def test_a_photo_that_cannot_be_read_gives_way_to_another(shoot: Path) -> None:
    everything = photos(shoot, SPEC)
    (shoot / "IMG_2.dng").write_bytes(b"no photo")
    np.testing.assert_array_equal(photos(shoot, SPEC, count=4), everything[[0, 1, 3, 4]])


@pytest.mark.usefixtures("few")
def test_a_copy_is_not_a_photo_of_its_own(shoot: Path) -> None:
    shutil.copy(shoot / "IMG_1.dng", shoot / "IMG_1 copy.dng")
    assert len(photos(shoot, SPEC)) == 5


def test_too_few_are_refused_with_what_to_do(shoot: Path) -> None:
    (shoot / "IMG_2.dng").write_bytes(b"no photo")
    expected = r"shoot holds 4 photos to calibrate with \(5 RAW files; .*\); expected at least 128, so name a folder"
    with pytest.raises(SettingsError, match=expected):
        photos(shoot, SPEC)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere does not exist"):
        photos(tmp_path / "nowhere", SPEC)


@pytest.mark.parametrize("count", [2, 128, 400])
def test_no_photo_is_both_calibrated_with_and_judged_by(count: int) -> None:
    used, held = split(np.arange(count, dtype=np.float32))
    assert sorted([*used, *held]) == list(range(count))
    assert len(held) == max(1, count // 4)
    np.testing.assert_array_equal(split(np.arange(count, dtype=np.float32))[1], held)
