from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.develop import Settings
from autohdr.mode import HDR
from autohdr.sidecar import Document, apply, merge, plan, read_labels
from autohdr.sidecar.settings.further import AS_SHOT, Balance, balance_in, further_in, without_balance
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sliders import FURTHER, Slider

Xmp = Callable[..., str]
SLIDER = pytest.mark.parametrize("slider", FURTHER, ids=lambda slider: slider.key)


def _document(xmp: Xmp, attributes: str) -> Document:
    return Document.parse(xmp(f'crs:ProcessVersion="15.4" {attributes}').encode(), "test.xmp")


@SLIDER
def test_a_further_slider_is_read_and_stands_at_its_default_where_it_is_missing(xmp: Xmp, slider: Slider) -> None:
    found = _document(xmp, f'crs:HDREditMode="1" crs:{slider.key}="{slider.spell(7)}"')
    assert further_in(found)[slider.key] == 7.0
    assert further_in(_document(xmp, 'crs:HDREditMode="1"'))[slider.key] == slider.default
    assert slider.key not in further_in(_document(xmp, f'crs:HDREditMode="1" crs:{slider.key}="much"'))


@SLIDER
def test_a_further_slider_at_its_default_is_no_edit_and_another_value_is_one(xmp: Xmp, slider: Slider) -> None:
    resting = f'crs:HDREditMode="0" crs:{slider.key}="{slider.spell(slider.default)}"'
    assert not _document(xmp, resting).edited()
    assert _document(xmp, f'crs:{slider.key}="{slider.spell(7)}"').edited() == {slider.key}


@SLIDER
def test_a_further_slider_enters_developing_or_is_named(xmp: Xmp, slider: Slider) -> None:
    settings = Settings.read(_document(xmp, f'crs:HDREditMode="1" crs:{slider.key}="{slider.spell(7)}"'))
    if slider.develops is None:
        assert settings.ignored == (slider.name,)
        return
    part, name = slider.develops.split(".")
    assert getattr(getattr(settings, part), name) == 7.0


@SLIDER
def test_sliders_of_the_sdr_rendition_mean_nothing_in_an_sdr_edit(xmp: Xmp, slider: Slider) -> None:
    found = further_in(_document(xmp, f'crs:{slider.key}="{slider.spell(7)}"'))
    assert (slider.key in found) == (not slider.hdr)


@pytest.mark.parametrize(
    ("attributes", "balance"),
    [
        ("", AS_SHOT),
        ('crs:WhiteBalance="As Shot" crs:Temperature="5500" crs:Tint="+7"', AS_SHOT),
        ('crs:WhiteBalance="Custom" crs:Temperature="4368" crs:Tint="-13"', (4368.0, -13.0)),
        ('crs:WhiteBalance="Daylight" crs:Temperature="5500" crs:Tint="+10"', (5500.0, 10.0)),
        ('crs:Temperature="6300"', (6300.0, 0.0)),
        ('crs:WhiteBalance="Cloudy"', None),
        ('crs:WhiteBalance="Custom" crs:Temperature="0" crs:Tint="0"', None),
        ('crs:WhiteBalance="Custom" crs:Temperature="5000" crs:Tint="green"', None),
        ('crs:WhiteBalance="As Shot" crs:IncrementalTemperature="0" crs:IncrementalTint="0"', None),
        ('crs:WhiteBalance="Custom" crs:IncrementalTemperature="12" crs:IncrementalTint="0"', None),
    ],
)
def test_white_balance_is_numbers_or_as_shot_or_not_known(xmp: Xmp, attributes: str, balance: Balance) -> None:
    assert balance_in(_document(xmp, attributes)) == balance


@pytest.mark.parametrize("name", ["Texture", "Temperature", "WhiteBalance"])
def test_who_sets_a_further_slider_on_our_label_has_corrected_it(
    tmp_path: Path, settings: dict[str, float], name: str
) -> None:
    apply(plan(tmp_path / "IMG_1.CR2", settings, "m", mode=HDR))
    path = tmp_path / "IMG_1.xmp"
    values = {"Texture": "+9", "Temperature": "5100", "WhiteBalance": "Custom"}
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}{name}": values[name]}))
    labels = read_labels(path)
    assert (labels.usable, labels.corrected, len(labels.values)) == (True, True, 8)
    assert labels.further["Texture"] == (9.0 if name == "Texture" else 0.0)


def test_a_photo_of_unknown_light_is_given_all_but_white_balance() -> None:
    told = {"WhiteBalance": "Custom", "Temperature": "5100", "Tint": "+3", "Texture": "+9"}
    assert without_balance(told) == {"Texture": "+9"}


def test_labels_that_are_still_ours_tell_nothing_of_further_sliders(tmp_path: Path, settings: dict[str, float]) -> None:
    apply(plan(tmp_path / "IMG_1.CR2", settings, "m"))
    labels = read_labels(tmp_path / "IMG_1.xmp")
    assert (labels.further, labels.balance) == ({}, None)
