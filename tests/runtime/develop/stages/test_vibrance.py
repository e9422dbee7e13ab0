"""Vibrance: against Camera Raw's values of a chart, and what must hold for any colour."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop.spaces import between
from autohdr.develop.stages import vibrance
from autohdr.develop.transfer import decode, encode

# Patches at hue 15, 105, 195 and 285 (L45, chroma 30 %), then one of skin, 16-bit sRGB, of pch/rawmakase (MIT),
# tests/corpus/camera-raw/synthetic-d65.json. None of them was in the fit.
DEFAULT = [
    *([35947, 20380, 21574], [26270, 25890, 18616], [19432, 27148, 27046], [23596, 22544, 42075]),
    [59261, 45035, 36815],
]
AFTER = {
    -100: [
        *([23266, 20886, 21022], [19140, 19086, 18250], [21624, 22112, 22104], [27164, 26986, 31566]),
        [46985, 43453, 41847],
    ],
    -50: [
        *([29512, 21900, 22388], [22834, 22644, 19354], [21466, 24690, 24644], [27258, 26800, 37251]),
        [53119, 45167, 41203],
    ],
    50: [
        *([36967, 19684, 21066], [27256, 26738, 15938], [15124, 27858, 27710], [19116, 17392, 43361]),
        [60461, 44659, 35129],
    ],
    100: [
        *([39865, 16246, 18508], [28462, 27686, 5302], [0, 28808, 28546], [7098, 0, 44735]),
        [63465, 43023, 28654],
    ],
}


def made(srgb: list[list[int]], amount: float) -> NDArray[np.float64]:
    """16-bit sRGB after the slider."""
    light = decode(np.array(srgb) / 65535) @ between("srgb", "prophoto").T
    changed = vibrance.apply(light.astype(np.float32), amount)
    return 65535 * encode(np.clip(changed @ between("prophoto", "srgb").T, 0, 1))


def colours(count: int = 4000) -> NDArray[np.float32]:
    return np.random.default_rng(1).random((count, 3)).astype(np.float32)


def saturations(light: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 - light.min(1) / light.max(1))


@pytest.mark.parametrize("amount", AFTER)
def test_it_is_near_camera_raw_on_colours_that_were_left_out(amount: int) -> None:
    error = np.abs(made(DEFAULT, amount) - AFTER[amount]) / 65535
    assert error.mean() < 0.015
    assert error.max() < 0.08
    assert error.mean() < 0.2 * np.abs(np.array(DEFAULT) - AFTER[amount]).mean() / 65535


@pytest.mark.parametrize("amount", [-100, -20, 45, 100])
def test_greys_and_hues_stay(amount: float) -> None:
    light = colours()
    changed = vibrance.apply(light, amount)
    place = (light - light.min(1, keepdims=True)) / np.ptp(light, axis=1, keepdims=True)
    kept = (changed - changed.min(1, keepdims=True)) / np.ptp(changed, axis=1, keepdims=True)
    assert kept == pytest.approx(place, abs=2e-3)
    greys = np.repeat(np.linspace(0, 3, 50, dtype=np.float32)[:, None], 3, axis=1)
    assert (vibrance.apply(greys, amount) == greys).all()


def test_pale_colours_gain_most_and_skin_is_spared() -> None:
    pale, strong = np.array([[0.4, 0.45, 0.5]], np.float32), np.array([[0.1, 0.3, 0.5]], np.float32)
    skin, leaf = np.array([[0.6, 0.48, 0.4]], np.float32), np.array([[0.48, 0.6, 0.4]], np.float32)
    gains = [float(saturations(vibrance.apply(one, 60))[0] / saturations(one)[0]) for one in (pale, strong, skin, leaf)]
    assert gains[0] > gains[1] > 1
    assert 1 < gains[2] < 1 + 0.6 * (gains[3] - 1)


def test_more_is_never_less_saturated_and_nothing_leaves_the_primaries() -> None:
    before = saturations(colours())
    steps = np.array([saturations(vibrance.apply(colours(), amount)) for amount in range(-100, 101, 10)])
    assert (np.diff(steps, axis=0) >= -0.008).all()  # less by a hair for deep, nearly black colours
    assert (steps[:10] <= before + 1e-5).all()
    assert (steps[11:] >= before - 1e-5).all()
    assert steps.max() <= 1 + 1e-5


def test_zero_is_nothing_and_more_than_a_hundred_is_a_hundred() -> None:
    assert vibrance.apply(colours(), 0) == pytest.approx(colours(), abs=1e-6)
    assert (vibrance.apply(colours(), -250) == vibrance.apply(colours(), -100)).all()


def test_the_slider_is_continuous_at_zero() -> None:
    assert vibrance.apply(colours(), 1e-3) == pytest.approx(vibrance.apply(colours(), -1e-3), abs=1e-4)


def test_highlights_of_hdr_keep_their_level_and_odd_colours_stay_finite() -> None:
    bright = np.array([[3.0, 2.0, 1.0]], np.float32)
    assert vibrance.apply(bright, -100).max() == pytest.approx(3.0, rel=1e-4)
    odd = np.array([[0, 0, 0], [-0.1, -0.2, 0], [-0.1, 0.5, 0.2], [9, 0, 3], [0, 0, 1e-20]], np.float32)
    for amount in (-100, 100):
        assert np.isfinite(vibrance.apply(odd, amount)).all()


def test_the_kernel_computes_the_same_when_interpreted_and_for_pictures() -> None:
    light = colours(60)
    for amount in (-66, 66):
        by_hand = [vibrance.pixel.py_func(vibrance.coefficients(amount), *colour) for colour in light]
        assert vibrance.apply(light, amount) == pytest.approx(np.array(by_hand), abs=1e-5)
        assert (vibrance.apply(light.reshape(6, 10, 3), amount).reshape(60, 3) == vibrance.apply(light, amount)).all()


def test_its_power_of_two_is_close() -> None:
    exponents = np.linspace(-1.6, 0.6, 1001, dtype=np.float32)
    assert [vibrance._power_of_two(x) for x in exponents] == pytest.approx(np.exp2(exponents), rel=1e-4)
