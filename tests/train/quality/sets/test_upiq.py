"""UPIQ, by its published layout, and the light of its pictures."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import SettingsError
from autohdr.quality.display import HDR, SDR
from autohdr_train.quality.sets import upiq
from autohdr_train.quality.sets.light import luminance
from tests.train.quality.sets.layouts import picture, radiance

HEADER = (
    "condition_id,dataset,content_id,dist_id,dist_level,is_hdr,test_file,reference_file,pix_per_deg,distortion_name,"
    "repeating_content_id,JOD\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "tid2013/i05.png",
        "tid2013/i05_01_1.png",
        "live/bikes.png",
        "live/j1.png",
        "live/w.png",
        "live/w1.png",
    ):
        picture(tmp_path / "images" / name)
    radiance(tmp_path / "images/korshunov/01/i01.exr", 2500.0)
    radiance(tmp_path / "images/korshunov/01/i01_1.exr", 2000.0)
    (tmp_path / "upiq_subjective_scores.csv").write_text(
        HEADER
        + "t1,tid2013,t-i05,1,1,0,tid2013/i05_01_1.png,tid2013/i05.png,30,AWGN,l-01,-0.5\n"
        + "l1,live,l-i01,2,3,0,live/j1.png,live/bikes.png,30,jpeg,t-05,-2.25\n"
        + "l2,live,l-i27,2,3,0,live/w1.png,live/w.png,30,jpeg,-,-1\n"
        + "k1,korshunov,k-i01,1,2,1,korshunov/01/i01_1.exr,korshunov/01/i01.exr,60,jpeg-xt,-,-4\n"
    )
    return tmp_path


def test_scores_are_jod_and_what_two_sets_share_is_one_content(folder: Path) -> None:
    pairs = upiq.pairs(folder)
    assert [pair.score for pair in pairs] == [9.5, 7.75, 9.0, 6.0]
    assert [pair.content for pair in pairs] == ["kodak-05", "kodak-05", "live-studentsculpture", "korshunov-k-i01"]
    assert [pair.domain for pair in pairs] == ["sdr", "sdr", "sdr", "hdr"]


def test_light_that_left_a_display_is_not_shown_on_another(folder: Path) -> None:
    pairs = upiq.pairs(folder)
    reference, distorted = luminance(pairs[3], SDR, HDR)
    np.testing.assert_allclose([reference.mean(), distorted.mean()], [2500.0, 2000.0])
    shown = luminance(pairs[0], SDR, HDR)[0]
    assert SDR.black < shown.min() < shown.max() < SDR.peak + 1


def test_what_is_missing_is_one_sentence(folder: Path) -> None:
    (folder / "images/live/j1.png").unlink()
    with pytest.raises(SettingsError, match=r"1 pictures of UPIQ are missing, such as .*j1\.png"):
        upiq.pairs(folder)
