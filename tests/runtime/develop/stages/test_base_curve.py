"""The base curve: against Adobe's published one, and back."""

from pathlib import Path

import numpy as np

from autohdr.develop.stages import base_curve
from autohdr.develop.transfer import decode, encode


def test_it_is_adobes_default_curve(shared_camera_raw: Path) -> None:
    inputs, outputs = np.loadtxt(shared_camera_raw / "curve_acr3.csv", delimiter=",", skiprows=1).T
    error = np.abs(encode(base_curve.apply(inputs)) - encode(outputs))
    assert error.max() < 0.0007
    assert error.mean() < 0.0001


def test_it_gives_some_of_the_published_values() -> None:
    assert np.allclose(base_curve.apply([0.0, 0.0625, 0.5, 1.0]), [0.0, 0.10433, 0.80486, 1.0], atol=6e-4)


def test_it_rises_everywhere_and_is_sampled_closely() -> None:
    encoded = np.linspace(0, 1, 7777)
    assert (np.diff(base_curve.apply(encoded)) > 0).all()
    assert np.allclose(base_curve.curve()(encoded), encode(base_curve.apply(decode(encoded))), atol=1e-5)


def test_light_outside_of_the_scale_is_held_or_goes_on() -> None:
    assert base_curve.apply([-1.0, 3.0]).tolist() == [0.0, 3.0]
