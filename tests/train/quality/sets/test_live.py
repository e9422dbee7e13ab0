"""LIVE, by its published layout."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import SettingsError
from autohdr_train.quality.sets import live
from tests.train.quality.sets.layouts import picture

io = pytest.importorskip("scipy.io", reason="the extra quality is not installed")
SIZES = (("jp2k", 3), ("wn", 2))
"""Of the made-up set."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("bikes.bmp", "studentsculpture.bmp"):
        picture(tmp_path / "refimgs" / name)
    for kind, count in SIZES:
        for number in range(1, count + 1):
            picture(tmp_path / kind / f"img{number}.bmp")
    names = np.empty((1, 5), object)
    names[0] = ["bikes.bmp", "bikes.bmp", "bikes.bmp", "studentsculpture.bmp", "bikes.bmp"]
    io.savemat(tmp_path / "refnames_all.mat", {"refnames_all": names})
    dmos, spread = np.array([[60.0, 20.0, 0.0, 33.0, 41.0]]), np.array([[5.0, 6.0, 0.0, 7.0, 8.0]])
    originals = np.array([[0, 0, 1, 0, 0]], np.uint8)
    io.savemat(tmp_path / "dmos_realigned.mat", {"dmos_new": dmos, "dmos_std": spread, "orgs": originals})
    return tmp_path


def test_a_higher_score_is_better_and_references_are_left_out(folder: Path) -> None:
    pairs = live.pairs(folder, SIZES)
    assert [pair.score for pair in pairs] == [40.0, 80.0, 67.0, 59.0]
    assert [pair.distorted.relative_to(folder).as_posix() for pair in pairs] == [
        "jp2k/img1.bmp",
        "jp2k/img2.bmp",
        "wn/img1.bmp",
        "wn/img2.bmp",
    ]
    assert [pair.level for pair in pairs] == [2, 1, 1, 1]
    assert pairs[0].spread == 5.0


def test_a_reference_that_tid2013_has_is_the_same_content_there(folder: Path) -> None:
    contents = [pair.content for pair in live.pairs(folder, SIZES)]
    assert contents == ["kodak-05", "kodak-05", "live-studentsculpture", "kodak-05"]


def test_what_is_missing_is_one_sentence(folder: Path) -> None:
    with pytest.raises(SettingsError, match="are not of 982 pictures each"):
        live.pairs(folder)
    (folder / "dmos_realigned.mat").write_bytes(b"no matrix")
    with pytest.raises(SettingsError, match=r"dmos_realigned\.mat of LIVE cannot be read"):
        live.pairs(folder, SIZES)
