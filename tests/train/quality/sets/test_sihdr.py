"""SI-HDR, by its published layout."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import SettingsError
from autohdr.quality.display import HDR, SDR
from autohdr_train.quality.sets import sihdr
from autohdr_train.quality.sets.light import MIDDLE, luminance
from tests.train.quality.sets.layouts import radiance


def test_photographs_have_no_score_and_get_a_scale(tmp_path: Path) -> None:
    radiance(tmp_path / "reference/001.exr", 7000.0)
    radiance(tmp_path / "reference/002.exr", 0.2)
    pairs = sihdr.pairs(tmp_path)
    assert [(pair.score, pair.content, pair.domain) for pair in pairs] == [
        (None, "sihdr-001", "hdr"),
        (None, "sihdr-002", "hdr"),
    ]
    for pair in pairs:
        reference, other = luminance(pair, SDR, HDR)
        np.testing.assert_allclose(reference, MIDDLE, rtol=3e-3)
        np.testing.assert_array_equal(reference, other)


def test_what_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no reference, which SI-HDR has"):
        sihdr.pairs(tmp_path)
    (tmp_path / "reference").mkdir()
    with pytest.raises(SettingsError, match=r"holds no \.exr file"):
        sihdr.pairs(tmp_path)
