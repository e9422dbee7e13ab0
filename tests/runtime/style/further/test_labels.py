from pathlib import Path

import numpy as np
import pytest

from autohdr.edits.photos import LabelledPhoto
from autohdr.shot.shot import Shot
from autohdr.sidecar.settings.further import AS_SHOT
from autohdr.sliders import FURTHER, Slider
from autohdr.style.further.labels import SLIDERS, errors_of, labels_of, offset_of, spelled

SHOT = Shot(kelvin=5000.0, tint=4.0)


def test_white_balance_is_a_difference_from_the_light_as_shot() -> None:
    assert offset_of(AS_SHOT, SHOT) == (0.0, 0.0)
    assert offset_of((5263.157894736842, 10.0), SHOT) == pytest.approx((10.0, 6.0))
    assert np.isnan(offset_of((5000.0, 4.0), Shot())).all()
    assert np.isnan(offset_of(None, SHOT)).all()


@pytest.mark.parametrize("balance", [(5263.0, 10.0), (4000.0, -30.0), (9000.0, 0.0)])
def test_a_white_balance_that_was_learnt_is_written_for_the_same_light(balance: tuple[float, float]) -> None:
    values = dict(zip(("Temperature", "Tint"), offset_of(balance, SHOT), strict=True))
    written = spelled(values, SHOT)
    assert list(written) == ["WhiteBalance", "Temperature", "Tint"]
    assert (written["WhiteBalance"], float(written["Temperature"]), float(written["Tint"])) == ("Custom", *balance)


@pytest.mark.parametrize(
    ("values", "shot"),
    [
        ({"Temperature": 2.0, "Tint": -1.0}, SHOT),  # within what a matrix errs by
        ({"Temperature": 30.0, "Tint": 9.0}, Shot(iso=100.0)),  # of unknown light
        ({"Texture": 5.0}, SHOT),  # of a style that leaves white balance alone
    ],
)
def test_a_photo_stays_as_shot(values: dict[str, float], shot: Shot) -> None:
    assert spelled(values, shot).keys() & {"WhiteBalance", "Temperature", "Tint"} == set()
    assert errors_of(dict.fromkeys(values, 1.0), values, shot).keys() <= {"Texture"}


@pytest.mark.parametrize(
    ("values", "kelvin", "tint"),
    [((490.0, 290.0), "50000", "+150"), ((-490.0, -290.0), "2000", "-150"), ((10.0, -4.0), "5263", "0")],
)
def test_written_white_balance_stays_within_lightrooms_range(
    values: tuple[float, float], kelvin: str, tint: str
) -> None:
    written = spelled({"Temperature": values[0], "Tint": values[1]}, SHOT)
    assert (written["Temperature"], written["Tint"]) == (kelvin, tint)


def test_errors_of_temperature_are_kelvin_at_what_is_written() -> None:
    values = {"Temperature": 10.0, "Tint": 0.0}
    assert errors_of({"Temperature": 4.0, "Tint": 2.0}, values, SHOT) == {"Temperature": 110.8, "Tint": 2.0}


@pytest.mark.parametrize("slider", FURTHER, ids=lambda slider: slider.key)
def test_a_slider_of_the_table_is_a_label_and_is_spelled(slider: Slider) -> None:
    photo = LabelledPhoto(Path("IMG_1.dng"), np.zeros(8, np.float32), hdr=True, further={slider.key: 12.0})
    labels = labels_of([photo], [SHOT])
    assert labels[0, SLIDERS.index(slider)] == 12.0
    assert np.isfinite(labels).sum() == 1
    written = spelled({slider.key: 11.6}, SHOT)
    assert written == {slider.key: "+12"}
