"""KADID-10k, by its published layout."""

from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr_train.quality.sets import kadid10k
from tests.train.quality.sets.layouts import picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("I01", "I01_01_01", "I01_25_05", "I02", "I02_03_02"):
        picture(tmp_path / "images" / f"{name}.png")
    (tmp_path / "dmos.csv").write_text(
        "dist_img,ref_img,dmos,var\n"
        "I01_01_01.png,I01.png,4.57,0.496\nI01_25_05.png,I01.png,1.33,0.7\nI02_03_02.png,I02.png,3,0.5\n"
    )
    return tmp_path


def test_a_row_is_a_pair_with_its_score_kind_and_level(folder: Path) -> None:
    first, second, third = kadid10k.pairs(folder)
    assert (first.reference, first.distorted) == (folder / "images/I01.png", folder / "images/I01_01_01.png")
    assert (first.score, first.spread, first.distortion, first.level, first.domain) == (4.57, 0.496, "01", 1, "sdr")
    assert (second.distortion, second.level) == ("25", 5)
    assert first.content == second.content != third.content


def test_what_is_missing_is_one_sentence(folder: Path) -> None:
    (folder / "images/I02_03_02.png").unlink()
    with pytest.raises(SettingsError, match=r"1 pictures of KADID-10k are missing, such as .*I02_03_02\.png"):
        kadid10k.pairs(folder)
    (folder / "dmos.csv").write_text("dist_img,ref_img,dmos\nI01_01_01.png,I01.png,4.57\n")
    with pytest.raises(SettingsError, match="has no column var"):
        kadid10k.pairs(folder)
    (folder / "dmos.csv").write_text("dist_img,ref_img,dmos,var\nI01_01_01.png,I01.png,good,0\n")
    with pytest.raises(SettingsError, match=r"a row of KADID-10k cannot be understood \(.*good"):
        kadid10k.pairs(folder)
    (folder / "dmos.csv").unlink()
    with pytest.raises(SettingsError, match=r"holds no dmos\.csv, which KADID-10k has"):
        kadid10k.pairs(folder)
