from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from autohdr.develop.measures import Measures
from autohdr.develop.settings import SdrSettings
from autohdr.develop.spaces import DisplayPrimaries, to_xyz
from autohdr.develop.stages import display, white_point

HEADROOMS = [0.01, 1.0, 2.3, 4.0, 8.0]
LEVELS = np.linspace(0, 1, 2001)
PLAIN = SdrSettings()


def encoded(light: NDArray[Any]) -> NDArray[np.float64]:
    """sRGB codes, 0 to 1."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)


def colours(lowest: float, highest: float, seed: int = 0) -> NDArray[np.float32]:
    """Colours of moderate saturation, (33, 47, 3)."""
    random = np.random.default_rng(seed)
    grey = np.exp(random.uniform(np.log(lowest), np.log(highest), (33, 47, 1)))
    return (grey * random.uniform(0.75, 1.25, (33, 47, 3))).astype(np.float32)


@pytest.mark.parametrize("white", [1.5, 16.0, 256.0])
def test_the_shoulder_rises_to_white_and_has_an_inverse(white: float) -> None:
    level = LEVELS**2 * white
    shown = display.shouldered(level, white)
    assert (np.diff(shown) > 0).all()
    assert shown[-1] == pytest.approx(1)
    np.testing.assert_allclose(display.unshouldered(shown, white), level, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("whites", [-100.0, -30.0, 0.0, 40.0, 100.0])
@pytest.mark.parametrize("exposure", [-5.0, 0.0, 3.0])
def test_scene_light_is_encoded_in_order(exposure: float, whites: float) -> None:
    curve = display.hdr_white(Measures(0.35, 0.0), exposure, whites)
    shown = curve(2.0 ** np.linspace(-12, 5, 400))
    assert (np.diff(shown) >= 0).all()
    assert shown[-1] <= 1


def test_encoding_leaves_shadows_alone_and_keeps_light_up_to_the_reach_apart() -> None:
    curve = display.hdr_white(Measures(0.0, 0.0), 0.0, 0.0)
    dark = np.array([0.002, 0.01, 0.03])
    np.testing.assert_allclose(np.log2(curve(dark) / white_point.curve(Measures(), 0.0)(dark)), 0, atol=0.06)
    eight, twelve, sixteen = curve(np.array([8.0, 12.0, 16.0]))
    assert eight < twelve < sixteen == pytest.approx(1, abs=0.01)


def test_whites_acts_with_less_strength_than_in_sdr() -> None:
    measures, middle = Measures(0.0, 0.0), np.array([0.3])
    stops = [
        np.log2(curve(measures, 0.0, 60.0)(middle) / curve(measures, 0.0, 0.0)(middle))[0]
        for curve in (display.hdr_white, white_point.curve)
    ]
    assert 0.1 < stops[0] < 0.8 * stops[1]


def test_the_sdr_rendition_is_near_camera_raws() -> None:
    """Medians of SDR light at these HDR luminances, over two edits by Camera Raw 17.1 and 18.2, all sliders at 0."""
    hdr = 2.0 ** np.array([-5.25, -3.25, -2.25, -1.25, -0.75, -0.25])
    dusk, other = (0.025, 0.083, 0.193, 0.303, 0.400, 0.495), (0.020, 0.080, 0.166, 0.301, 0.392, 0.483)
    middle = (np.array(dusk) + np.array(other)) / 2
    assert encoded(display.sdr_curve(hdr, 4, PLAIN)) == pytest.approx(encoded(middle), abs=0.035)


@given(st.floats(0.1, 8), *[st.floats(-100, 100)] * 4)
def test_the_sdr_curve_rises_whatever_the_sliders(headroom: float, b: float, c: float, h: float, s: float) -> None:
    settings = SdrSettings(brightness=b, contrast=c, highlights=h, shadows=s)
    levels = display.sdr_curve(LEVELS**2 * 2**headroom, headroom, settings)
    assert (np.diff(levels) >= -1e-9).all()
    assert levels[0] == 0
    assert levels[-1] <= 1


@pytest.mark.parametrize(
    ("slider", "where"), [("brightness", 0.2), ("highlights", 2.0), ("shadows", 0.02), ("contrast", 0.8)]
)
def test_each_slider_lifts_where_its_name_says(slider: str, where: float) -> None:
    level = np.array([where])
    less, more = (display.sdr_curve(level, 4, SdrSettings(**{slider: value})) for value in (-100.0, 100.0))
    assert less < display.sdr_curve(level, 4, PLAIN) < more


def test_shadows_leave_bright_light_and_highlights_leave_dark_light() -> None:
    dark, bright = np.array([0.02]), np.array([4.0])
    for level, settings in ((bright, SdrSettings(shadows=100)), (dark, SdrSettings(highlights=100))):
        ratio = display.sdr_curve(level, 4, settings) / display.sdr_curve(level, 4, PLAIN)
        assert np.log2(ratio) == pytest.approx(0, abs=0.02)


def test_three_sliders_do_nothing() -> None:
    settings = SdrSettings(clarity=50, whites=50, blend=50)
    np.testing.assert_array_equal(display.sdr_curve(LEVELS, 4, settings), display.sdr_curve(LEVELS, 4, PLAIN))


@pytest.mark.parametrize("primaries", ["srgb", "display-p3", "bt2020"])
def test_hdr_and_back_is_the_light_that_it_was(primaries: DisplayPrimaries) -> None:
    light = colours(0.001, 0.75)
    there = display.to_hdr(light, primaries, 4)
    assert 4 < there.max() < 16
    np.testing.assert_allclose(display.from_hdr(there, primaries), light, rtol=1e-3, atol=1e-5)


def test_less_headroom_cuts_off_what_is_brighter_and_nothing_else() -> None:
    light = colours(0.001, 0.75)
    all_of_it = display.to_hdr(light, "srgb", 4)
    np.testing.assert_array_equal(display.to_hdr(light, "srgb", 2.3), np.minimum(all_of_it, np.float32(2**2.3)))


@pytest.mark.parametrize("headroom", [1.0, 4.0])
def test_sdr_and_back_is_the_light_that_it_was(headroom: float) -> None:
    light = colours(0.001, 0.3 * 2**headroom)
    there = display.to_sdr(light, "display-p3", headroom)
    known = there.max(-1) < 1
    assert known.mean() > 0.9
    back = display.from_sdr(there, "display-p3", headroom)
    np.testing.assert_allclose(back[known], light[known], rtol=2e-3, atol=1e-4)


def test_the_sdr_rendition_at_rest_is_what_the_stages_gave() -> None:
    light = colours(0.001, 0.7)
    back = display.to_sdr(display.to_hdr(light, "display-p3", 4), "display-p3", 4)
    np.testing.assert_allclose(back, light, rtol=2e-3, atol=1e-5)


@pytest.mark.parametrize("settings", [PLAIN, SdrSettings(clarity=40), SdrSettings(brightness=30)])
@pytest.mark.parametrize("headroom", [2.3, 4.0])
def test_both_renditions_are_those_of_each_alone(headroom: float, settings: SdrSettings) -> None:
    light = colours(0.001, 0.75)
    hdr, sdr = display.both(light, "srgb", headroom, settings)
    np.testing.assert_array_equal(hdr, display.to_hdr(light, "srgb", headroom))
    np.testing.assert_allclose(sdr, display.to_sdr(hdr, "srgb", headroom, settings), rtol=2e-3, atol=1e-5)


def test_greys_stay_grey_and_follow_the_curve() -> None:
    grey = np.linspace(0, 1, 300, dtype=np.float32).reshape(10, 30, 1).repeat(3, 2)
    hdr = display.to_hdr(grey, "srgb", 4)
    np.testing.assert_allclose(hdr[..., 0], hdr[..., 2], rtol=1e-5)
    np.testing.assert_allclose(
        hdr[..., 1], display.unshouldered(grey[..., 1].astype(np.float64), 16), rtol=1e-3, atol=1e-6
    )


def test_the_middle_channel_keeps_its_place() -> None:
    light = np.array([[[3.0, 1.5, 0.9]]], np.float32)
    low, middle, high = sorted(display.to_sdr(light, "srgb", 4)[0, 0])
    assert (middle - low) / (high - low) == pytest.approx((1.5 - 0.9) / (3.0 - 0.9), abs=1e-3)


def test_bright_colours_are_paler_in_sdr_and_dark_ones_are_not() -> None:
    colour = np.array([1.3, 0.95, 0.5], np.float32)
    ratios = []
    for level in (0.02, 4.0):
        shown = display.to_sdr((colour * level).reshape(1, 1, 3), "srgb", 4)[0, 0]
        ratios.append(np.log2(shown[0] / shown[2]) / np.log2(1.3 / 0.5))
    assert ratios == pytest.approx([0.99, 0.6], abs=0.03)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (17, 1)])
def test_every_size_keeps_its_shape_and_limits(size: tuple[int, int]) -> None:
    light = np.random.default_rng(0).uniform(-0.2, 1.3, (*size, 3)).astype(np.float32)
    for headroom in HEADROOMS:
        hdr = display.to_hdr(light, "display-p3", headroom)
        assert hdr.shape == light.shape
        assert hdr.min() >= 0
        assert hdr.max() <= 2**headroom
        sdr = display.to_sdr(hdr * 9, "display-p3", headroom, SdrSettings(brightness=100))
        assert sdr.min() >= 0
        assert sdr.max() <= 1


def test_light_without_luminance_is_black() -> None:
    assert display.to_hdr(np.array([[[0, 0, 0], [-1, -1, -1]]], np.float32), "srgb", 4).max() == 0


def test_pure_colours_stay_inside_their_primaries() -> None:
    light = np.array([[[0.9, 0.02, 0.01], [0.0, 0.9, 0.1], [0.05, 0.0, 1.0]]], np.float32)
    shown = display.to_hdr(light, "display-p3", 4)
    weights = to_xyz("display-p3")[1]
    expected = display.unshouldered(light @ weights, 16)
    np.testing.assert_allclose(shown @ weights, expected, rtol=2e-3)


def test_the_kernel_does_what_its_python_does() -> None:
    light = colours(0.01, 1.5, seed=2).reshape(-1, 3)[:600]
    weights = to_xyz("srgb")[1].astype(np.float32)
    out = np.empty_like(light)
    table = display._sdr_table(4.0, PLAIN)
    limits = np.float32(1 / table.last), np.float32(1)
    display._tone.py_func(light, weights, table.gains, table.colour, *limits, out)
    np.testing.assert_allclose(out, display.to_sdr(light[None], "srgb", 4)[0], rtol=1e-5)


def test_only_light_outside_the_primaries_is_brought_within() -> None:
    light = np.array([[[0.3, 0.5, 0.0], [-0.02, 0.6, 0.5]]], np.float32)
    weights = to_xyz("srgb")[1]
    level = light[0, 1] @ weights
    inside = display.within(light.copy(), "srgb")
    np.testing.assert_array_equal(inside[0, 0], light[0, 0])
    assert inside.min() == 0
    # It is as bright as the uncut light's gain makes what is left.
    gain = display.unshouldered(level, 16) / level
    shown = display.to_hdr(inside, "srgb", 4)[0, 1]
    assert shown @ weights == pytest.approx(gain * (np.maximum(light[0, 1], 0) @ weights), rel=2e-3)
    again = light[0].copy()
    display._within.py_func(again, weights.astype(np.float32), np.float32(1 / 256))
    np.testing.assert_allclose(again, inside[0], rtol=1e-5)
