from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from autohdr.develop import display
from autohdr.develop.settings import SdrSettings
from autohdr.develop.spaces import DisplayPrimaries, to_xyz

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


@pytest.mark.parametrize("headroom", HEADROOMS)
def test_the_hdr_curve_rises_from_black_to_the_headroom(headroom: float) -> None:
    levels = display.hdr_curve(LEVELS, headroom)
    assert (np.diff(levels) > 0).all()
    assert levels[0] < 1e-9
    assert levels[-1] == pytest.approx(2 ** min(headroom, display.MOST))


@pytest.mark.parametrize("headroom", [1.0, 2.3, 4.0])
def test_hdr_is_the_sdr_edit_in_mid_tones_and_below(headroom: float) -> None:
    """A quarter of a stop up to 20 % of white, which is an sRGB code of 124."""
    level = np.array([0.001, 0.01, 0.05, 0.1, 0.2])
    assert np.log2(display.hdr_curve(level, headroom) / level) == pytest.approx(0, abs=0.12)


def test_hdr_photos_are_as_bright_as_photographers_make_them() -> None:
    """Percentiles 10 to 99 of finished photos: 594 in SDR, seen through the curve, against 21 in HDR (+2.30)."""
    sdr = np.array([0.015, 0.048, 0.143, 0.318, 0.486, 0.774])
    hdr = np.array([0.017, 0.053, 0.144, 0.400, 0.867, 2.586])
    assert np.log2(display.hdr_curve(sdr, 2.3) / hdr) == pytest.approx(0, abs=0.2)


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


def test_sliders_without_effect_are_named() -> None:
    assert display.left_out(SdrSettings(brightness=20, contrast=3)) == ()
    named = display.left_out(SdrSettings(clarity=1, whites=-5, blend=100))
    assert named == ("SDR Clarity", "SDR Whites", "SDR Blend")
    settings = SdrSettings(clarity=50, whites=50, blend=50)
    np.testing.assert_array_equal(display.sdr_curve(LEVELS, 4, settings), display.sdr_curve(LEVELS, 4, PLAIN))


@pytest.mark.parametrize("primaries", ["srgb", "display-p3", "bt2020"])
@pytest.mark.parametrize("headroom", [1.0, 2.3, 4.0])
def test_hdr_and_back_is_the_light_that_it_was(primaries: DisplayPrimaries, headroom: float) -> None:
    light = colours(0.001, 0.75)
    there = display.to_hdr(light, primaries, headroom)
    assert there.max() > 1.2
    np.testing.assert_allclose(display.from_hdr(there, primaries, headroom), light, atol=1e-4)


@pytest.mark.parametrize("headroom", [1.0, 4.0])
def test_sdr_and_back_is_the_light_that_it_was(headroom: float) -> None:
    light = colours(0.001, 0.3 * 2**headroom)
    there = display.to_sdr(light, "display-p3", headroom)
    known = there.max(-1) < 1
    assert known.mean() > 0.9
    back = display.from_sdr(there, "display-p3", headroom)
    np.testing.assert_allclose(back[known], light[known], rtol=2e-3, atol=1e-4)


def test_the_sdr_rendition_of_bright_light_is_the_sdr_edit() -> None:
    light = colours(0.5, 0.75)
    back = display.to_sdr(display.to_hdr(light, "display-p3", 4), "display-p3", 4)
    np.testing.assert_allclose(encoded(back), encoded(light), atol=0.03)


def test_greys_stay_grey_and_follow_the_curve() -> None:
    grey = np.linspace(0, 1, 300, dtype=np.float32).reshape(10, 30, 1).repeat(3, 2)
    hdr = display.to_hdr(grey, "srgb", 4)
    np.testing.assert_allclose(hdr[..., 0], hdr[..., 2], rtol=1e-5)
    np.testing.assert_allclose(hdr[..., 1], display.hdr_curve(grey[..., 1].astype(np.float64), 4), rtol=1e-3, atol=1e-6)


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
    expected = display.hdr_curve(light @ weights, 4)
    np.testing.assert_allclose(shown @ weights, expected, rtol=2e-3)


def test_the_kernel_does_what_its_python_does() -> None:
    light = colours(0.01, 1.5, seed=2).reshape(-1, 3)[:200]
    weights = to_xyz("srgb")[1].astype(np.float32)
    out = np.empty_like(light)
    table = display._sdr_table(4.0, PLAIN)
    limits = np.float32(1 / table.last), np.float32(1)
    display._tone.py_func(light, weights, table.levels, table.colour, *limits, out)
    np.testing.assert_allclose(out, display.to_sdr(light[None], "srgb", 4)[0], rtol=1e-5)
