"""What a display shows of codes and of light."""

import math

import numpy as np
import pytest

from autohdr import pu21
from autohdr.errors import SettingsError
from autohdr.pictures.pixel_codes import luminance_from_pq, pq_from_luminance
from autohdr.quality.display import HDR, SDR, Display, Domain, randomised, standard


def test_the_sdr_display_is_the_one_of_the_published_training() -> None:
    codes = np.array([[[0.0, 0.5, 1.0]]])
    reflected = 0.005 * 100 / math.pi
    expected = [0.1 + reflected, 99.9 * 0.5**2.2 + 0.1 + reflected, 100 + reflected]
    np.testing.assert_allclose(SDR.luminance(codes)[0, 0], expected, rtol=1e-6)
    assert SDR.luminance(codes).dtype == np.float32


def test_a_white_without_reflection_lies_where_pu21_says_that_100_does() -> None:
    white = Display(100.0, 1000.0, 0.0, 0.0).luminance([1.0])
    np.testing.assert_allclose(pu21.encode(white), [256.3839], atol=1e-3)


def test_hdr_codes_are_absolute_and_end_at_the_peak() -> None:
    light = np.array([0.0, 1.0, 100.0, 1000.0, 4000.0])
    seen = HDR.luminance(pq_from_luminance(light))
    floor = 0.001 + 0.005 * 10 / math.pi
    np.testing.assert_allclose(seen, floor + np.array([0.0, 1.0, 100.0, 999.999, 999.999]), rtol=2e-6, atol=2e-6)
    np.testing.assert_allclose(seen, HDR.shown(light), rtol=1e-5)


def test_pq_goes_there_and_back() -> None:
    light = np.geomspace(0.005, 10000, 40)
    np.testing.assert_allclose(luminance_from_pq(pq_from_luminance(light)), light, rtol=1e-9)
    assert luminance_from_pq(np.array([0.0]))[0] == 0


@pytest.mark.parametrize("display", [SDR, HDR])
def test_brighter_is_never_darker_and_odd_values_end_at_black_or_peak(display: Display) -> None:
    rising = display.luminance(np.linspace(0, 1, 999))
    assert (np.diff(rising) >= 0).all()
    ends = display.shown(np.array([-5.0, -np.inf, np.inf, np.nan]))
    np.testing.assert_allclose(ends[:2], display.black + display.reflected, rtol=1e-5)
    np.testing.assert_allclose(ends[2], display.peak + display.reflected, rtol=1e-5)
    assert np.isnan(ends[3])


@pytest.mark.parametrize("domain", ["sdr", "hdr"])
def test_displays_are_drawn_the_same_way_again_and_around_the_standard(domain: Domain) -> None:
    one, other = (
        [randomised(rng, domain) for _ in range(200)] for rng in (np.random.default_rng(3), np.random.default_rng(3))
    )
    assert one == other
    peaks = [display.peak for display in one]
    assert min(peaks) < standard(domain).peak < max(peaks)
    assert {display.curve for display in one} == {standard(domain).curve}


@pytest.mark.parametrize(
    "wrong", [(0, 1000, 0, 0), (100, 1, 0, 0), (100, 9, 2, 0), (100, 9, 0, -1), (math.nan, 9, 0, 0)]
)
def test_a_display_that_cannot_be_is_one_sentence(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(SettingsError, match="is no display; expected"):
        Display(*wrong)


def test_a_curve_that_is_not_known_is_one_sentence() -> None:
    with pytest.raises(SettingsError, match="expected one of gamma and pq"):
        Display(100.0, 1000.0, 0.0, 0.0, "hlg")  # type: ignore[arg-type]
