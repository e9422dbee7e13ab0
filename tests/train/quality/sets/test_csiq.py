"""CSIQ, by its published layout."""

from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr_train.quality.sets import csiq
from tests.train.quality.sets.layouts import picture

openpyxl = pytest.importorskip("openpyxl", reason="the extra quality is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("src_imgs/1600", "dst_imgs/awgn/1600.AWGN.1", "dst_imgs/jpeg2000/1600.jpeg2000.5"):
        picture(tmp_path / f"{name}.png")
    book = openpyxl.Workbook()
    sheet = book.create_sheet("all_by_image")
    for line in (
        ["CSIQ"],
        [],
        [None, None, None, "image", "dst_idx", "dst_type", "dst_lev", "dmos_std", "dmos"],
        [None, None, None, 1600, 1, "noise", 1, 0.061, 0.062],
        [None, None, None, 1600, 4, "jpeg 2000", 5, 0.1, 0.9],
        [None, None, None, None, None, None, None, None, None],
    ):
        sheet.append(line)
    book.save(tmp_path / "csiq.DMOS.xlsx")
    return tmp_path


def test_a_row_is_a_pair_and_a_higher_score_is_better(folder: Path) -> None:
    first, last = csiq.pairs(folder)
    assert first.distorted == folder / "dst_imgs/awgn/1600.AWGN.1.png"
    assert [first.score, last.score] == pytest.approx([0.938, 0.1])
    assert (first.spread, first.content, first.level) == (0.061, "csiq-1600", 1)
    assert (last.distortion, last.level) == ("jpeg2000", 5)


def test_what_is_missing_is_one_sentence(folder: Path) -> None:
    (folder / "dst_imgs/jpeg2000/1600.jpeg2000.5.png").unlink()
    with pytest.raises(SettingsError, match=r"missing, such as 1600\.jpeg2000\.5\.png"):
        csiq.pairs(folder)
    (folder / "csiq.DMOS.xlsx").unlink()
    with pytest.raises(SettingsError, match=r"holds no csiq\.DMOS\.xlsx"):
        csiq.pairs(folder)
