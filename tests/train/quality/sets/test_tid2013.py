"""TID2013, by its published layout."""

from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr_train.quality.sets import tid2013
from tests.train.quality.sets.layouts import picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("I01.BMP", "i25.bmp"):
        picture(tmp_path / "reference_images" / name)
    for name in ("I01_01_1.bmp", "i25_24_5.bmp"):
        picture(tmp_path / "distorted_images" / name)
    (tmp_path / "mos_with_names.txt").write_text("5.51429 I01_01_1.bmp\r\n3.97143 I25_24_5.bmp\r\n")
    (tmp_path / "mos_std.txt").write_text("0.13013\n0.2\n")
    return tmp_path


def test_pictures_are_found_in_whichever_case_they_are_written(folder: Path) -> None:
    first, last = tid2013.pairs(folder)
    assert first.reference == folder / "reference_images/I01.BMP"
    assert (first.score, first.spread, first.distortion, first.level) == (5.51429, 0.13013, "01", 1)
    assert (first.content, last.content) == ("kodak-01", "tid2013-25")
    assert last.distorted == folder / "distorted_images/i25_24_5.bmp"


def test_what_is_missing_is_one_sentence(folder: Path) -> None:
    (folder / "reference_images/i25.bmp").unlink()
    with pytest.raises(SettingsError, match=r"missing, such as i25\.bmp"):
        tid2013.pairs(folder)
    (folder / "mos_std.txt").write_text("0.13013\n")
    with pytest.raises(SettingsError, match=r"has 1 lines and mos_with_names\.txt 2"):
        tid2013.pairs(folder)
