"""Adobe's Auto: the published lines on renderings of known percentiles, and a white balance on known colours."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from autohdr import PhotoError
from autohdr.develop.auto import _ramp, auto, auto_of, auto_white_balance, unedited
from autohdr.develop.picture import Picture
from autohdr.develop.scene import CameraColour, Scene
from autohdr.develop.settings import Settings
from autohdr.develop.spaces import between
from autohdr.develop.stages import base_curve
from autohdr.develop.stages.temperature import chromaticity
from autohdr.develop.stages.white_balance import as_shot, neutral_of, prophoto_from_camera
from autohdr.develop.transfer import decode, encode
from autohdr.develop.undevelop import undevelop
from autohdr.mode import SDR
from autohdr.raw.scene import read_scene

MATRIX = np.array([[0.72, -0.22, -0.08], [-0.43, 1.24, 0.21], [-0.09, 0.22, 0.62]])


def camera(kelvin: float = 5200, tint: float = 8) -> CameraColour:
    one = CameraColour(np.ones(3), (MATRIX,), (6500.0,))
    return dataclasses.replace(one, neutral=neutral_of(one, chromaticity(kelvin, tint)))


def sliders(settings: Settings) -> tuple[float, ...]:
    return (
        *(settings.exposure, settings.contrast, settings.highlights, settings.shadows),
        *(settings.whites, settings.blacks, settings.vibrance, settings.saturation),
    )


def grey(value: float) -> NDArray[np.float64]:
    return np.full((20, 30, 3), value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, (2.22, 6, -36, 54, 68, -13, 15, 2)),
        (1.0, (-1.43, 6, -61, 13, 15, -38, 15, 2)),
        (0.4, (0.76, 6, -46, 38, 47, -33, 15, 2)),
    ],
)
def test_a_flat_rendering_has_what_the_lines_say(value: float, expected: tuple[float, ...]) -> None:
    assert sliders(auto_of(grey(value))) == pytest.approx(expected, abs=0.011)


def test_every_slider_follows_its_own_percentile() -> None:
    """101 levels, one a hundredth: the n-th percentile is n / 100."""
    ramp = np.repeat((np.arange(1001) / 1000)[None, :, None], 3, axis=2)
    expected = (
        *(2.22 - 2.13 * 0.4 - 1.52 * 0.99, 6, -36 - 51.9 * 0.9 + 26.9 * 0.25, 54.4 - 41.5 * 0.1),
        *(67.5 - 52.2 * 0.998, -38 - 1.86 * np.log2(decode(0.01)), 15, 2.07),
    )
    found = sliders(auto_of(ramp))
    assert found[0] == pytest.approx(expected[0], abs=0.006)
    assert found[1:] == pytest.approx(expected[1:], abs=0.51)


def test_saturation_falls_with_the_colour_of_the_duller_part() -> None:
    colourful = np.broadcast_to([0.5, 0.3, 0.1], (10, 10, 3))
    assert auto_of(colourful).saturation == round(2.07 - 10.2 * 0.8)
    assert auto_of(colourful * 0.03).saturation == 2, "what is nearly black has no colour"


def test_the_brightest_channel_counts_whichever_it_is() -> None:
    for channel in range(3):
        colour = np.full((8, 8, 3), 0.1)
        colour[..., channel] = 0.9
        assert auto_of(colour).whites == round(67.5 - 52.2 * 0.9)


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0.0, 0.0), (0.0005, 0.0), (0.001, 0.25 / 3), (0.0015 * 1.5, 0.5), (1.0, 666.0), (0.3, 199.0)],
)
def test_the_ramp_is_black_below_half_its_black_and_straight_above(level: float, expected: float) -> None:
    """In units of `black`: at 1.5 of it the line through (black, 0) and (1, 1) begins."""
    black = 0.0015
    found = _ramp(np.array([level], np.float32), black)[0] / black
    assert found == pytest.approx(expected, rel=0.01, abs=0.08)


def test_the_ramp_is_smooth_and_rises() -> None:
    ramped = _ramp(np.linspace(0, 0.01, 5001, dtype=np.float32), 0.002)
    steps = np.diff(ramped)
    assert (steps >= 0).all()
    assert np.abs(np.diff(steps)).max() < 2e-8


def test_an_unedited_rendering_is_the_ramp_and_the_base_curve() -> None:
    scene = Scene(np.full((6, 9, 3), 0.18, np.float32))
    expected = encode(base_curve.apply((0.18 - 0.0015) / (1 - 0.0015)))
    np.testing.assert_allclose(unedited(scene), float(expected), atol=2e-4)


def test_a_rendering_stands_in_srgb_and_ends_at_1() -> None:
    red = (np.array([[[0.4, 0.05, 0.02]]]) @ between("srgb", "prophoto").T).astype(np.float32)
    shown = unedited(Scene(np.repeat(red, 4, axis=0)))[0, 0]
    assert shown[0] > 0.7 > 0.35 > shown[1] > shown[2]
    assert unedited(Scene(np.full((2, 2, 3), 9.0, np.float32), 9.0)).max() == 1


def test_a_large_and_a_small_scene_have_nearly_the_same_auto() -> None:
    rng = np.random.default_rng(0)
    light = np.repeat(np.repeat(rng.gamma(0.6, 0.2, (64, 96, 3)), 32, 0), 32, 1).astype(np.float32)
    large, small = sliders(auto(Scene(light))), sliders(auto(Scene(light[::4, ::4].copy())))
    assert large[0] == pytest.approx(small[0], abs=0.03)
    assert large[1:] == pytest.approx(small[1:], abs=1)


@pytest.mark.parametrize(
    ("light", "sentence"),
    [
        (np.zeros((0, 4, 3), np.float32), "a scene's light has the shape"),
        (np.full((4, 4, 3), np.nan, np.float32), "finite"),
    ],
)
def test_light_that_is_none_is_refused_in_one_sentence(light: NDArray[np.float32], sentence: str) -> None:
    with pytest.raises(PhotoError, match=sentence):
        auto(Scene(light))


@pytest.mark.parametrize(
    ("light", "sentence"),
    [
        (np.zeros((0, 4, 3), np.float32), "shape"),
        (np.zeros((4, 3), np.float32), "shape"),
        (np.full((4, 4, 3), np.nan, np.float32), "not finite"),
    ],
)
@pytest.mark.parametrize("colours", [None, camera()])
def test_white_balance_refuses_what_auto_refuses(
    light: NDArray[np.float32], sentence: str, colours: CameraColour | None
) -> None:
    with pytest.raises(PhotoError, match=sentence):
        auto_white_balance(Scene(light, 1.0, colours))


@pytest.mark.parametrize(
    ("rendering", "sentence"),
    [
        (np.zeros((0, 4, 3)), "a rendering has the shape"),
        (np.zeros((4, 3)), "a rendering has the shape"),
        (np.full((4, 4, 3), -0.5), "outside of 0 to 1"),
        (np.full((4, 4, 3), 200.0), "outside of 0 to 1"),
        (np.full((4, 4, 3), np.nan), "outside of 0 to 1, or none"),
    ],
)
def test_a_rendering_that_is_none_is_refused(rendering: NDArray[np.float64], sentence: str) -> None:
    with pytest.raises(PhotoError, match=sentence):
        auto_of(rendering)


def seen(white: tuple[float, float], colours: CameraColour, baseline: float = 0.4) -> Scene:
    """Greys in light of that chromaticity, balanced for the camera's own neutral."""
    levels = np.linspace(0.02, 0.4, 96).reshape(8, 12, 1) * neutral_of(colours, white)
    light = levels @ (prophoto_from_camera(colours) * 2**baseline).T
    reach = float(colours.neutral.max() / colours.neutral.min())
    return Scene(light.astype(np.float32), reach * 2**baseline, colours)


@pytest.mark.parametrize("baseline", [0.0, 1.2])
@pytest.mark.parametrize(("kelvin", "tint"), [(5200, 8), (4000, 20), (3200, 5)])
def test_a_grey_world_is_made_neutral_then_warmer_and_greener(kelvin: float, tint: float, baseline: float) -> None:
    found = auto_white_balance(seen(chromaticity(kelvin, tint), camera(), baseline))
    assert 1e6 / found[0] == pytest.approx(1e6 / kelvin - 23, abs=0.2)
    assert found[1] == pytest.approx(tint - 3, abs=0.1)


@pytest.mark.parametrize(
    ("kelvin", "tint", "expected"), [(9000, 10, (7500, 7)), (2300, 0, (2850, 0)), (5200, 60, (5906, 30))]
)
def test_autos_white_balance_keeps_within_its_limits(kelvin: float, tint: float, expected: tuple[float, float]) -> None:
    assert auto_white_balance(seen(chromaticity(kelvin, tint), camera())) == pytest.approx(expected, abs=3)


def test_blown_and_black_light_says_nothing_of_white_balance() -> None:
    scene = seen(chromaticity(5200, 8), camera())
    more = dataclasses.replace(
        scene, light=np.concatenate([scene.light, scene.light * 0, scene.light * 0 + scene.sensor_white])
    )
    assert auto_white_balance(more) == pytest.approx(auto_white_balance(scene))
    dark = dataclasses.replace(scene, light=scene.light * np.float32(1e-4))
    assert auto_white_balance(dark) == as_shot(scene)


def test_without_a_camera_white_balance_is_as_shot() -> None:
    scene = Scene(np.full((4, 4, 3), 0.2, np.float32))
    assert auto_white_balance(scene) == as_shot(scene)


def test_real_photos_have_an_auto_within_the_sliders(shared_raws: Path) -> None:
    for name in (
        "canon_eos60d_photo_sample.CR2",
        "nikon_d5000_hdrmerge_sample3.dng",
        "nikon_d500_lossy_linear_DSC8695.dng",
    ):
        scene = read_scene(shared_raws / name, 1024)
        values = sliders(auto(scene))
        assert -1.5 < values[0] <= 2.22
        assert max(map(abs, values[1:])) <= 100
        assert 2850 <= auto_white_balance(scene)[0] <= 7500


def test_a_bracket_has_the_more_exposure_the_darker_it_is(shared_raws: Path) -> None:
    exposures = [
        auto(read_scene(shared_raws / f"nikon_d5000_hdrmerge_sample{number}.dng", 512)).exposure for number in (2, 1, 3)
    ]
    assert exposures == sorted(exposures, reverse=True)


OTHERS = ("masks", "curves", "hsl", "grading", "parametric", "clarity", "texture", "dehaze", "hdr")
"""What an edit may not hold besides, to be told from what the sliders did."""


def looks_like_auto(edit: dict[str, Any]) -> bool:
    """Whether Contrast and Vibrance are those that Auto always sets, in an edit in SDR of the eight sliders alone."""
    sliders = edit["sliders"]
    whole = all(value is not None for value in sliders.values()) and not any(edit[other] for other in OTHERS)
    return whole and 5 <= sliders["Contrast2012"] <= 7 and 13 <= sliders["Vibrance"] <= 17


@pytest.mark.slow
def test_edits_that_look_like_auto_are_what_auto_says_of_their_scenes(shared_edits: Path) -> None:
    """Finished photographs are taken back to their scenes, and Auto is asked again. Touched up or not, they are 38."""
    lines = (shared_edits / "edits.jsonl").read_text(encoding="utf-8").splitlines()
    edits = [edit for edit in map(json.loads, lines) if looks_like_auto(edit)]
    assert len(edits) > 30
    off = []
    for edit in edits:
        encoded = np.asarray(Image.open(shared_edits / edit["file"]).convert("RGB")) / 255
        own = Settings.of_sliders(edit["sliders"], SDR)
        again = auto(undevelop(Picture(decode(encoded).astype(np.float32), "srgb"), own).scene)
        off.append(np.abs(np.subtract(sliders(again), sliders(own))))
    median = np.median(off, axis=0)
    assert (median < (0.35, 1.5, 8, 9, 20, 8, 1, 2)).all(), median
