"""Modes: what there is, how it is spelled, and which one edits have."""

import math

import pytest

from autohdr.mode import HDR, SDR, Mode


def test_hdr_needs_a_headroom_and_sdr_has_none() -> None:
    for hdr, headroom in ((True, None), (False, 4.0), (True, 0.0), (True, math.nan), (True, 99.0)):
        with pytest.raises(ValueError, match="headroom"):
            Mode(hdr, headroom)


def test_a_mode_is_spelled_as_camera_raw_does() -> None:
    assert HDR.settings() == {"HDREditMode": "1", "HDRMaxValue": "+4.00"}
    assert Mode(headroom=2.3).settings() == {"HDREditMode": "1", "HDRMaxValue": "+2.30"}
    assert SDR.settings() == {"HDREditMode": "0"}
    assert (str(HDR), str(Mode(headroom=2.3)), str(SDR)) == ("HDR, 4 stops", "HDR, 2.3 stops", "SDR")


def test_the_most_frequent_headroom_counts_and_of_several_the_largest() -> None:
    assert Mode.of([2.3, 8.0, 2.3, None]) == Mode(headroom=2.3)
    assert Mode.of([2.3, 8.0]) == Mode(headroom=8.0)
    assert Mode.of([math.nan, -1.0, 99.0]) == HDR
    assert Mode.of([]) == HDR
