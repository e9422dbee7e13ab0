"""Baseline exposure by camera, as files spell cameras."""

import pytest

from autohdr.raw.baseline import UNKNOWN, _table, baseline_exposure
from autohdr.shot.shot import NOTHING, Shot


@pytest.mark.parametrize(
    ("make", "model", "stops"),
    [
        ("SONY", "ILCE-7RM3", 0.15),
        ("NIKON CORPORATION", "NIKON D500", 0.3),
        ("NIKON CORPORATION", "NIKON Z 6_2", 0.3),
        ("Canon", "Canon EOS 850D", 0.05),
        ("Canon", "Canon EOS Rebel T8i", 0.05),
        ("Canon", "Canon EOS R5 Mark II", 0.5),
        ("Canon", "Canon EOS R5m2", 0.4),  # no such camera: the median of Canon's
        ("FUJIFILM", "X-T20", 0.15),
        ("OLYMPUS CORPORATION", "E-M10 Mark IV", 0.55),
        ("OM Digital Solutions", "OM-5MarkII", 0.3),
        ("RICOH IMAGING COMPANY, LTD.", "PENTAX K-70", 0.35),
        ("RICOH IMAGING COMPANY, LTD.", "RICOH GR III", UNKNOWN),
        ("Panasonic", "DC-S5M2", -0.05),
        ("Leica Camera AG", "LEICA M10", UNKNOWN),  # of two others nothing follows
        (None, None, UNKNOWN),
    ],
)
def test_a_camera_is_found_as_its_files_spell_it(make: str | None, model: str | None, stops: float) -> None:
    assert baseline_exposure(Shot(make=make, model=model), is_dng=False) == pytest.approx(stops)


def test_a_dng_says_its_own() -> None:
    assert baseline_exposure(Shot(make="SONY", model="ILCE-7RM3"), is_dng=True) == 0
    assert baseline_exposure(NOTHING, is_dng=True) == 0


@pytest.mark.parametrize(
    ("make", "stops"),
    [("Canon", 0.40), ("FUJIFILM", -0.05), ("NIKON", 0.30), ("SONY", 0.35), ("Panasonic", 0.175), ("OLYMPUS", 0.55)],
)
def test_an_unknown_model_is_the_median_of_its_maker(make: str, stops: float) -> None:
    assert baseline_exposure(Shot(make=make, model="of tomorrow"), is_dng=False) == pytest.approx(stops)


def test_the_table_holds_180_cameras_none_twice() -> None:
    assert sum(map(len, _table().values())) == 180
    assert all(-1 <= stops <= 1 for cameras in _table().values() for stops in cameras.values())
