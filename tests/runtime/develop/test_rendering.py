"""Developing as a whole."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop import Parametric, Scene, SdrSettings, Settings, develop, renditions
from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.measures import measure
from autohdr.develop.spaces import LUMINANCE, DisplayPrimaries, between, to_xyz
from autohdr.develop.stages import base_curve, blacks, white_point
from autohdr.develop.transfer import decode, encode
from autohdr.errors import PhotoError, SettingsError
from autohdr.mode import Mode

HDR = Mode(headroom=2.3)
EACH = [
    replace(Settings(), **{name: value})  # type: ignore[arg-type]
    for name in ("contrast", "highlights", "shadows", "whites", "blacks")
    for value in (-100.0, 100.0)
]


def _photo(height: int, width: int) -> Scene:
    """A smooth photo with deep shadows, highlights near the sensor's white, colours and an edge."""
    y, x = np.mgrid[0:height, 0:width] / width + 0.5 / width
    light = 2.0 ** (-9 + 9 * x + np.sin(7 * y) + 1.5 * (y > 0.3))
    colour = np.stack([1.1 + 0.4 * np.sin(5 * x), np.ones_like(x), 0.9 + 0.4 * np.cos(6 * y)], -1)
    return Scene(np.minimum(light[..., None] * colour, 3.0).astype(np.float32), 2.0)


def _encoded(picture: NDArray[np.float32]) -> NDArray[np.float64]:
    return encode(picture)


@pytest.fixture(scope="module")
def photo() -> Scene:
    return _photo(200, 300)


def test_a_finished_scene_with_default_settings_is_sensible() -> None:
    scene = Scene.of_linear(np.full((40, 60, 3), 0.18, np.float32))
    light = develop(scene, Settings(), "srgb").light
    assert light == pytest.approx(np.full_like(light, light[0, 0, 0]), rel=1e-3)  # neutral stays neutral
    assert 0.3 < light[0, 0, 0] < 0.45  # the base curve raises mid-grey by about a stop


def test_the_picture_is_its_stages_in_order(photo: Scene) -> None:
    grey = Scene(np.repeat(photo.light[..., 1:2], 3, axis=2), 2.0)
    measures = measure(grey)
    levels = white_point.curve(measures, 0.7, 20)(grey.light.astype(np.float64) * 2**0.7)
    expected = base_curve.apply(blacks.curve(measures, 0.7, -15)(levels))
    out = develop(grey, Settings(exposure=0.7, whites=20, blacks=-15), "srgb").light
    assert encode(out) == pytest.approx(encode(expected), abs=2e-3)


def test_a_thumbnail_and_a_preview_of_one_photo_agree() -> None:
    small, large = _photo(341, 512), _photo(1364, 2048)
    for settings in (Settings(), Settings(exposure=-1, whites=60, highlights=-70, shadows=60, contrast=30, blacks=-40)):
        preview = reduced(develop(large, settings).light, 512)
        off = np.abs(_encoded(preview) - _encoded(develop(small, settings).light))
        assert off.mean() < 0.5 / 255
        assert np.percentile(off, 99) < 2 / 255


def test_exposure_brightens_and_each_slider_moves_its_own_way(photo: Scene) -> None:
    rest = develop(photo, Settings()).light.mean()
    for settings in EACH:
        (value,) = [v for v in (settings.highlights, settings.shadows, settings.whites, settings.blacks) if v] or [0]
        mean = develop(photo, settings).light.mean()
        if value:
            assert (mean > rest) == (value > 0), settings
    assert develop(photo, Settings(exposure=1)).light.mean() > 1.3 * rest
    paler, stronger = (develop(photo, Settings(vibrance=value, saturation=value)).light.std(2) for value in (-50, 50))
    assert paler.mean() < stronger.mean()
    darker, brighter = (develop(photo, Settings(contrast=value)).light.std() for value in (-100, 100))
    assert darker < brighter


def test_curves_of_points_and_regions_act(photo: Scene) -> None:
    rest = develop(photo, Settings()).light
    lifted = develop(photo, Settings(point_curve=((0, 40), (255, 255)))).light
    assert lifted.min() == pytest.approx(decode(40 / 255), rel=0.05)  # black becomes grey, zero light too
    assert (develop(photo, Settings(point_curve=((0, 255), (255, 0)))).light.mean(2) < 0.5)[rest.mean(2) > 0.6].all()
    assert develop(photo, Settings(parametric=Parametric(darks=60))).light.mean() > rest.mean()
    red = develop(photo, Settings(red_curve=((0, 0), (128, 170), (255, 255)))).light
    assert (red - rest)[..., 0].mean() > 0.02 > abs((red - rest)[..., 2].mean())


def test_all_light_is_within_the_display(photo: Scene) -> None:
    for mode in (Settings().mode, HDR):
        for settings in (*EACH, Settings(exposure=5), Settings(exposure=-5)):
            picture = develop(photo, replace(settings, mode=mode))
            assert picture.light.dtype == np.float32
            assert np.isfinite(picture.light).all()
            assert picture.light.min() >= 0
            assert picture.light.max() <= 2.0**picture.headroom * (1 + 1e-6)


def test_hdr_shows_highlights_above_diffuse_white_and_leaves_the_shadows(photo: Scene) -> None:
    both = renditions(photo, Settings(exposure=1, mode=HDR))
    assert both.hdr is not None
    assert both.hdr.headroom == 2.3
    assert both.sdr.light.max() <= 1 < both.hdr.light.max()
    dark = both.sdr.light.max(axis=2) < 0.1
    assert both.hdr.light[dark] == pytest.approx(both.sdr.light[dark], abs=0.02)
    assert renditions(photo, Settings()).hdr is None


def test_primaries_change_the_numbers_and_not_the_colours(photo: Scene) -> None:
    dull = Scene((photo.light * 0.3 + 0.7 * (photo.light @ LUMINANCE)[..., None]).astype(np.float32), 2.0)
    wide, narrow = develop(dull, Settings(), "display-p3").light, develop(dull, Settings(), "srgb").light
    inside = (narrow > 0.01).all(axis=2) & (narrow < 0.99).all(axis=2)
    assert (wide @ between("display-p3", "srgb").T)[inside] == pytest.approx(narrow[inside], abs=2e-3)


def test_a_temperature_warms(photo: Scene) -> None:
    def balance(kelvin: float) -> float:
        light = develop(photo, Settings(temperature=kelvin, tint=0.0)).light
        return float(light[..., 0].mean() / light[..., 2].mean())

    assert balance(7000) > 1.1 * balance(4000)


@pytest.mark.parametrize("light", [np.zeros((0, 3, 3)), np.full((3, 3, 3), np.nan), np.full((3, 3, 3), 3e38)])
def test_light_that_cannot_be_developed_is_refused(light: NDArray[np.float64]) -> None:
    with pytest.raises(PhotoError, match="light"):
        develop(Scene(light.astype(np.float32)), Settings(exposure=5, shadows=50))


@pytest.mark.parametrize("form", [np.float16, np.float64, np.uint8])
def test_light_of_any_form_makes_the_same_picture(form: type[np.generic]) -> None:
    light = np.arange(4 * 5 * 3).reshape(4, 5, 3) % 2
    expected = develop(Scene(light.astype(np.float32)), Settings(shadows=20)).light
    assert (develop(Scene(light.astype(form)), Settings(shadows=20)).light == expected).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_setting_that_is_no_number_is_refused(value: float) -> None:
    for make in (Settings, SdrSettings, Parametric):
        with pytest.raises(SettingsError, match=r"highlights is -?(nan|inf)"):
            make(highlights=value)


def test_the_scene_stays_as_it_is(photo: Scene) -> None:
    before = photo.light.copy()
    develop(photo, Settings(exposure=1, highlights=-50, shadows=50, mode=HDR))
    assert (photo.light == before).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (5, 1), (3, 700)])
@pytest.mark.parametrize("level", [0.0, 1e-30, 0.2, 100.0])
def test_a_picture_of_any_shape_and_level_is_finite(shape: tuple[int, int], level: float) -> None:
    scene = Scene(np.full((*shape, 3), level, np.float32), 1.4)
    for settings in (Settings(), Settings(0.5, 10, -40, 30, 10, -10, 10, 5, mode=HDR)):
        light = develop(scene, settings).light
        assert light.shape == scene.light.shape
        assert np.isfinite(light).all()
        assert light.min() >= 0


@pytest.mark.parametrize("primaries", ["srgb", "display-p3", "bt2020"])
@pytest.mark.parametrize("stops", [2.3, 4.0])
def test_more_exposure_makes_no_colour_darker_in_hdr(stops: float, primaries: DisplayPrimaries) -> None:
    """Strong colours outside the primaries became darker by up to 0.5 EV, bright as they were."""
    light = (np.random.default_rng(1).uniform(0, 1, (60, 80, 3)) ** 3 * 1.5).astype(np.float32)
    brightest = np.full(light.shape[:2], 1e-4)
    for exposure in np.arange(-2, 5.1, 0.5):
        shown = develop(Scene(light, 1.3), Settings(exposure=exposure, mode=Mode(True, stops)), primaries)
        level = shown.light @ to_xyz(primaries)[1]
        assert np.log2(np.maximum(level, 1e-4) / brightest).min() > -0.015
        brightest = np.maximum(brightest, level)
