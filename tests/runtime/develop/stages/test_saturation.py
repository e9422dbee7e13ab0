"""Saturation: against Camera Raw's values of a chart, and what must hold for any colour."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop.spaces import LUMINANCE, between
from autohdr.develop.stages import saturation
from autohdr.develop.transfer import decode, encode

# Patches at hue 15, 105, 195 and 285 (L45, chroma 30 %) and one of skin, 16-bit sRGB, of pch/rawmakase (MIT),
# tests/corpus/camera-raw/synthetic-d65.json. The first four hues were left out of the fit.
DEFAULT = [[35947, 20380, 21574], [26270, 25890, 18616], [19432, 27148, 27046], [23596, 22544, 42075]]
SKIN = [59261, 45035, 36815]
AFTER = {
    -100: [[24874, 24874, 24874], [25624, 25624, 25624], [25658, 25658, 25658], [24566, 24566, 24566]],
    -50: [[30946, 22744, 23278], [25954, 25756, 22342], [22780, 26408, 26358], [24074, 23570, 34737]],
    50: [[40289, 17670, 19732], [26562, 26012, 14094], [15292, 27866, 27718], [23176, 21610, 47349]],
    100: [[44149, 14424, 17734], [26814, 26118, 7756], [9292, 28568, 28380], [22834, 20794, 51341]],
}
SKIN_AFTER = {-100: [48849] * 3, -50: [54221, 47223, 43827], 50: [64065, 42165, 25758]}


def made(srgb: list[list[int]], amount: float) -> NDArray[np.float64]:
    """16-bit sRGB after the slider."""
    light = decode(np.array(srgb) / 65535) @ between("srgb", "prophoto").T
    changed = saturation.apply(light.astype(np.float32), amount)
    return 65535 * encode(np.clip(changed @ between("prophoto", "srgb").T, 0, 1))


def colours(count: int = 4000) -> NDArray[np.float32]:
    return np.random.default_rng(1).random((count, 3)).astype(np.float32)


@pytest.mark.parametrize("amount", AFTER)
def test_it_is_near_camera_raw_on_hues_that_were_left_out(amount: int) -> None:
    error = np.abs(made(DEFAULT, amount) - AFTER[amount]) / 65535
    assert error.mean() < 0.007
    assert error.max() < 0.03
    assert error.mean() < 0.1 * np.abs(np.array(DEFAULT) - AFTER[amount]).mean() / 65535


@pytest.mark.parametrize("amount", SKIN_AFTER)
def test_it_is_near_camera_raw_on_skin(amount: int) -> None:
    assert np.abs(made([SKIN], amount) - SKIN_AFTER[amount]).mean() / 65535 < 0.02


@pytest.mark.parametrize("amount", [-100, -37, 20, 100])
def test_luminance_and_greys_stay(amount: float) -> None:
    light = colours()
    changed = saturation.apply(light, amount)
    assert changed @ LUMINANCE == pytest.approx(light @ LUMINANCE, abs=1e-5)
    greys = np.repeat(np.linspace(0, 3, 50, dtype=np.float32)[:, None], 3, axis=1)
    assert saturation.apply(greys, amount) == pytest.approx(greys, abs=1e-5)


def test_minus_a_hundred_is_grey_and_zero_is_nothing() -> None:
    light = colours()
    assert np.ptp(saturation.apply(light, -100), axis=1).max() < 1e-5
    assert saturation.apply(light, 0) == pytest.approx(light, abs=1e-6)
    assert (saturation.apply(light, 250) == saturation.apply(light, 100)).all()


def test_more_is_more_for_every_colour() -> None:
    spreads = [np.ptp(saturation.apply(colours(), amount), axis=1) for amount in range(-100, 101, 20)]
    assert (np.diff(spreads, axis=0) > 0).all()


def test_black_and_colours_outside_of_the_primaries_stay_finite() -> None:
    light = np.array([[0, 0, 0], [-0.1, -0.2, 0], [-0.1, 0.5, 0.2], [9, 0, 3]], np.float32)
    for amount in (-100, 100):
        assert np.isfinite(saturation.apply(light, amount)).all()
    assert (saturation.apply(light[:2], 70) == light[:2]).all()


def test_the_kernel_computes_the_same_when_interpreted_and_for_pictures() -> None:
    light, c = colours(60), saturation.coefficients(66)
    by_hand = [saturation.pixel.py_func(c, *colour) for colour in light]
    assert saturation.apply(light, 66) == pytest.approx(np.array(by_hand), abs=1e-6)
    assert (saturation.apply(light.reshape(6, 10, 3), 66) == saturation.apply(light, 66).reshape(6, 10, 3)).all()
