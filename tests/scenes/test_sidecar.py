"""The simulated photographer's sidecars."""

import numpy as np
import pytest
from lxml import etree

from autohdr.sliders import SLIDERS
from autohdr_scenes.sidecar import photographer_xmp

CRS = "{http://ns.adobe.com/camera-raw-settings/1.0/}"


def test_a_sidecar_spells_an_edit_as_lightroom_does() -> None:
    document = etree.fromstring(photographer_xmp(np.array([-1.349, 12.4, 0.3, -7.0, 100.0, -0.2, 3.0, 0.0])))
    about = document[0][0]
    assert document.tag == "{adobe:ns:meta/}xmpmeta"
    spelled = [about.get(CRS + slider.key) for slider in SLIDERS]
    assert spelled == ["-1.35", "+12", "0", "-7", "+100", "0", "+3", "0"]
    assert about.get(CRS + "HDREditMode") == "1"
    assert about.get(CRS + "HDRMaxValue") == "+2.30"
    assert about.get(CRS + "ProcessVersion") == "15.4"


def test_a_sidecar_has_no_declaration_and_no_mark_of_ours() -> None:
    document = photographer_xmp(np.zeros(8), captured=0.0)
    assert document.startswith(b"<x:xmpmeta")
    assert b"autohdr" not in document
    assert b'xmp:CreateDate="1970-01-01T00:00:00"' in document


def test_a_missing_value_is_left_out() -> None:
    about = etree.fromstring(photographer_xmp(np.array([0.5, np.nan, 0.0, 3.0, np.nan, 1.0, np.nan, 2.0])))[0][0]
    held = [slider.name for slider in SLIDERS if about.get(CRS + slider.key) is not None]
    assert held == ["Exposure", "Highlights", "Shadows", "Blacks", "Saturation"]


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(ValueError, match="inf"):
        photographer_xmp(np.full(8, np.inf))
