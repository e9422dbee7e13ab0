"""Finished pictures taken back to the scene."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop import Parametric, Picture, Scene, Settings, develop
from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.transfer import encode
from autohdr.develop.undevelop import Undeveloped, undevelop
from autohdr.errors import PhotoError
from autohdr.mode import SDR, Mode
from autohdr.raw.scene import read_scene

HDR = Mode(headroom=2.3)
SLIDERS = ("contrast", "highlights", "shadows", "whites", "blacks", "vibrance", "saturation")
EACH = [
    replace(Settings(), **{name: float(value)})  # type: ignore[arg-type]
    for name in SLIDERS
    for value in (-100, -50, 50, 100)
    if (name, value) != ("saturation", -100)
]
MIXED = [
    Settings(),
    *(Settings(exposure=stops) for stops in (-2.0, -0.7, 1.0, 2.0)),
    Settings(0.6, 12, -60, 45, 15, -20, 15, 5),
    Settings(-0.4, -30, 40, -30, -25, 30, -20, -10),
    Settings(0.3, parametric=Parametric(darks=30, highlights=-20), point_curve=((0, 12), (90, 80), (255, 250))),
    Settings(temperature=6500.0, tint=-10.0),
]
ENOUGH = 0.25
"""Share of pixels that must be known. Blacks -100 blackens a third of the photo below, Whites +100 clips as much."""


@pytest.fixture(scope="module")
def scene() -> Scene:
    y, x = np.mgrid[0:90, 0:135] / 135 + 0.5 / 135
    light = 2.0 ** (-9 + 9 * x + np.sin(7 * y) + 1.5 * (y > 0.3))
    colour = np.stack([1.1 + 0.4 * np.sin(5 * x), np.ones_like(x), 0.9 + 0.4 * np.cos(6 * y)], -1)
    texture = np.random.default_rng(0).uniform(0.85, 1.15, (90, 135, 1))
    return Scene(np.minimum(light[..., None] * colour * texture, 3.0).astype(np.float32), 2.0)


def _off(picture: Picture, back: Undeveloped, settings: Settings) -> NDArray[np.float64]:
    """Differences in 1/255 (N, 3) between a picture and what its scene is developed to, where that is known."""
    again = develop(back.scene, settings, picture.primaries)
    top = 2.0**picture.headroom
    return np.asarray(255 * np.abs(encode(again.light / top) - encode(picture.light / top))[back.known])


@pytest.mark.parametrize("mode", [SDR, HDR], ids=["sdr", "hdr"])
@pytest.mark.parametrize("settings", [*EACH, *MIXED])
def test_the_scene_is_developed_to_the_picture_again(scene: Scene, settings: Settings, mode: Mode) -> None:
    settings = replace(settings, mode=mode)
    picture = develop(scene, settings)
    back = undevelop(picture, settings, sensor_white=scene.sensor_white)
    assert back.known.mean() > ENOUGH
    assert _off(picture, back, settings).max() < 0.25  # the aim is 1


def test_the_scene_is_the_one_that_was_developed(scene: Scene) -> None:
    for settings in (Settings(), Settings(exposure=1, highlights=-50, shadows=30, contrast=20, whites=10)):
        back = undevelop(develop(scene, settings), settings, sensor_white=scene.sensor_white)
        off = np.log2(back.scene.light[back.known] / scene.light[back.known])
        assert np.median(np.abs(off)) < 0.01
        assert np.percentile(np.abs(off), 99) < 0.1


def test_clipped_and_black_pixels_are_not_known(scene: Scene) -> None:
    settings = Settings(exposure=1.5, blacks=-60)
    picture = develop(scene, settings)
    back = undevelop(picture, settings, sensor_white=2.0)
    assert not back.known[(picture.light >= 1).any(axis=2)].any()
    assert not back.known[(picture.light <= 0).any(axis=2)].any()
    assert np.isfinite(back.scene.light).all()


def test_eight_bits_are_enough_to_come_back_within_one_of_them(scene: Scene) -> None:
    settings = Settings(exposure=0.5, contrast=15, highlights=-40, shadows=30)
    picture = develop(scene, settings, "srgb")
    rounded = np.round(255 * encode(picture.light)) / 255
    light = np.where(rounded <= 0.04045, rounded / 12.92, ((rounded + 0.055) / 1.055) ** 2.4)
    kept = Picture(light.astype(np.float32), "srgb")
    back = undevelop(kept, settings)
    assert np.percentile(_off(kept, back, settings), 99.9) < 1


def test_a_picture_of_another_mode_or_of_nothing_is_refused(scene: Scene) -> None:
    picture = develop(scene, Settings())
    with pytest.raises(PhotoError, match="an edit in HDR, the picture is in SDR"):
        undevelop(picture, Settings(mode=HDR))
    with pytest.raises(PhotoError, match="empty"):
        undevelop(Picture(np.zeros((0, 3, 3), np.float32), "srgb"), Settings())
    with pytest.raises(PhotoError, match="not finite"):
        undevelop(Picture(np.full((2, 3, 3), np.nan, np.float32), "srgb"), Settings())


def test_no_scene_is_brighter_than_it_may_be(scene: Scene) -> None:
    picture = develop(scene, Settings(mode=HDR))
    free, held = (undevelop(picture, Settings(mode=HDR), sensor_white=2.0, most=most) for most in (None, 0.5))
    assert free.scene.light.max() > 1
    assert held.scene.light.max() <= 0.5
    assert (held.known <= free.known).all()
    assert held.known.sum() < free.known.sum()
    assert _off(picture, held, Settings(mode=HDR)).max() < 1


@pytest.mark.slow
def test_any_mixture_of_all_sliders_comes_back_on_real_photos() -> None:
    rng, largest, stable = np.random.default_rng(11), [], []
    for path in sorted((Path(__file__).parents[3] / "samples" / "shoot").glob("*.dng")):
        whole = read_scene(path, 512)
        photo = replace(whole, light=reduced(whole.light, 192))
        for number in range(24):
            moved = {name: float(rng.uniform(-100, 100)) for name in SLIDERS}
            rest = Settings(exposure=float(rng.uniform(-2, 2)), mode=(SDR, Mode())[number % 2])
            settings = replace(rest, **moved)  # type: ignore[arg-type]
            picture = develop(photo, settings)
            back = undevelop(picture, settings, sensor_white=photo.sensor_white)
            off = 255 * np.abs(encode(develop(back.scene, settings).light) - encode(picture.light)).max(2)
            largest.append(float(off[back.known].max(initial=0)))
            stable.append(back.stable)
    near = np.array(largest) < 0.2
    print(f"\n{near.sum()} of {near.size} within 0.2/255, worst {max(largest):.2f}/255, {np.sum(stable)} stable")
    assert near.mean() > 0.8
    assert max(largest) < 2
