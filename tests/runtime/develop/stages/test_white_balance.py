"""Temperature and Tint: published chromaticities, real cameras, and there and back."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop.scene import CameraColour, Scene
from autohdr.develop.spaces import D50, D65
from autohdr.develop.stages import white_balance
from autohdr.develop.stages.temperature import chromaticity, temperature_and_tint
from autohdr.develop.stages.white_balance import as_shot, balanced, neutral_of, prophoto_from_camera, white_of
from autohdr.raw.decode import open_decoder
from autohdr.raw.scene import read_scene
from autohdr_scenes import BODIES, Procedural, shots, write_dng

WARM = np.array([[0.85, -0.25, -0.08], [-0.46, 1.22, 0.27], [-0.10, 0.22, 0.55]])
COOL = np.array([[0.72, -0.22, -0.08], [-0.43, 1.24, 0.21], [-0.09, 0.22, 0.62]])
"""Made-up matrices of a camera, for a light of 2850 K and one of 6500 K."""


def camera(neutral: tuple[float, float, float] = (0.5, 1.0, 0.62), both: bool = True) -> CameraColour:
    matrices, kelvin = ((WARM, COOL), (2850.0, 6500.0)) if both else ((COOL,), (6500.0,))
    return CameraColour(np.array(neutral), matrices, kelvin)


def scene(light: NDArray[np.floating] | None = None, colours: CameraColour | None = None) -> Scene:
    if light is None:
        light = np.random.default_rng(0).uniform(0.01, 0.9, (12, 18, 3))
    return Scene(np.asarray(light, np.float32), 2.0 * 2**0.3, colours)


@pytest.mark.parametrize(
    ("xy", "kelvin", "tint"),
    [
        (D65, 6504, 9.8),
        (D50, 5001, 9.6),
        ((0.44757, 0.40745), 2856, 0.0),  # illuminant A, on the locus
    ],
)
def test_published_whites_have_their_temperature(xy: tuple[float, float], kelvin: float, tint: float) -> None:
    temperature, found = temperature_and_tint(xy)
    assert temperature == pytest.approx(kelvin, abs=1)
    assert found == pytest.approx(tint, abs=0.06)


def test_a_white_with_more_green_has_a_tint_above_0() -> None:
    green, magenta = (temperature_and_tint((0.3127, 0.3290 + more)) for more in (0.01, -0.01))
    assert green[1] > temperature_and_tint(D65)[1] > magenta[1]


@pytest.mark.parametrize("kelvin", [2000, 2850, 3333.3, 5000, 6504, 9999, 10001, 50000])
@pytest.mark.parametrize("tint", [-150, -40, 0, 9.8, 150])
def test_temperature_and_tint_come_back(kelvin: float, tint: float) -> None:
    back = temperature_and_tint(chromaticity(kelvin, tint))
    assert back[0] == pytest.approx(kelvin, rel=1e-4)
    assert back[1] == pytest.approx(tint, abs=0.06)


@pytest.mark.parametrize("xy", [(0.7, 0.29), (0.15, 0.06), (0.2, 0.75), (0.05, 0.3), (1e-6, 1e-6)])
def test_a_chromaticity_far_off_has_a_temperature_all_the_same(xy: tuple[float, float]) -> None:
    temperature, tint = temperature_and_tint(xy)
    assert 1600 < temperature <= 2e5
    assert np.isfinite(tint)


@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize("kelvin", [2400, 2850, 4000, 6500, 9000])
def test_a_cameras_neutral_comes_back(kelvin: float, both: bool) -> None:
    white = chromaticity(kelvin, 12)
    colours = dataclasses.replace(camera(both=both), neutral=neutral_of(camera(both=both), white))
    np.testing.assert_allclose(white_of(colours), white, atol=1e-5)


def test_a_neutral_that_saturates_the_first_channel_is_1() -> None:
    colours = camera()
    np.testing.assert_allclose(prophoto_from_camera(colours) @ colours.neutral, [1, 1, 1], rtol=1e-6)
    dim = dataclasses.replace(colours, neutral=colours.neutral / 3)
    np.testing.assert_allclose(prophoto_from_camera(dim), prophoto_from_camera(colours), rtol=1e-9)


@pytest.mark.parametrize("colours", [camera(), camera(both=False), None])
def test_as_shot_leaves_a_scene_as_it_is(colours: CameraColour | None) -> None:
    before = scene(colours=colours)
    assert balanced(before, None, None) is before
    after = balanced(before, *as_shot(before))
    np.testing.assert_allclose(after.light, before.light, atol=2e-4)
    assert after.sensor_white == pytest.approx(before.sensor_white, rel=1e-3)


@pytest.mark.parametrize(("kelvin", "tint"), [(3200, 0), (7500, 20), (12000, -30)])
def test_another_white_balance_and_back_is_the_scene(kelvin: float, tint: float) -> None:
    before = scene(colours=camera())
    there = balanced(before, kelvin, tint)
    assert as_shot(there) == pytest.approx((kelvin, tint), rel=1e-3, abs=0.05)
    back = balanced(there, *as_shot(before))
    np.testing.assert_allclose(back.light, before.light, atol=5e-4)
    assert back.sensor_white == pytest.approx(before.sensor_white, rel=1e-3)


@pytest.mark.parametrize("colours", [camera(), camera(both=False), None])
def test_a_higher_temperature_is_warmer_and_a_higher_tint_more_magenta(colours: CameraColour | None) -> None:
    grey = scene(np.full((4, 4, 3), 0.2), colours)
    kelvin, tint = as_shot(grey)
    warm, magenta = (balanced(grey, kelvin + 1500, None).light[0, 0], balanced(grey, None, tint + 30).light[0, 0])
    assert warm[0] > warm[1] * 1.01 > warm[2] * 1.1
    assert magenta[1] < 0.98 * min(magenta[0], magenta[2])


def test_what_one_slider_leaves_open_is_as_shot() -> None:
    before = scene(colours=camera())
    kelvin, tint = as_shot(before)
    np.testing.assert_array_equal(balanced(before, 4000, None).light, balanced(before, 4000, tint).light)
    np.testing.assert_array_equal(balanced(before, None, 30).light, balanced(before, kelvin, 30).light)


def test_values_beyond_the_sliders_are_held_at_their_ends() -> None:
    before = scene(colours=camera())
    np.testing.assert_array_equal(balanced(before, 10, 0).light, balanced(before, 2000, 0).light)
    np.testing.assert_array_equal(balanced(before, 1e9, 999).light, balanced(before, 50000, 150).light)


def test_blown_light_stays_neutral_at_the_sensors_white() -> None:
    before = scene(colours=camera())
    before.light[:4] = before.sensor_white
    after = balanced(before, 3000, 0)
    np.testing.assert_allclose(after.light[:4], after.sensor_white, rtol=1e-5)
    assert np.ptp(after.light[5:], axis=2).max() > 0.2


def test_the_kernel_computes_what_numpy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    before = scene(np.random.default_rng(1).uniform(0, 5, (17, 25, 3)), camera())
    after = balanced(before, 3900, 30)
    matrix = prophoto_from_camera(dataclasses.replace(camera(), neutral=neutral_of(camera(), chromaticity(3900, 30))))
    plain = before.light @ (matrix @ np.linalg.inv(prophoto_from_camera(camera()))).T
    share = ((before.light.min(2) / before.sensor_white - 0.9) / 0.08).clip(0, 1)[..., None]
    assert 0 < share.mean() < 0.5
    np.testing.assert_allclose(after.light, plain + share * (after.sensor_white - plain), rtol=1e-4, atol=1e-5)
    monkeypatch.setattr(white_balance, "_change", white_balance._change.py_func)
    np.testing.assert_allclose(balanced(before, 3900, 30).light, after.light, rtol=1e-5, atol=1e-6)


def test_four_colours_are_balanced_too() -> None:
    matrices = tuple(np.vstack([matrix, matrix[1] * [0.5, 1.1, 0.9]]) for matrix in (WARM, COOL))
    four = CameraColour(np.ones(4), matrices, (2850.0, 6500.0))
    four = dataclasses.replace(four, neutral=neutral_of(four, chromaticity(5200, 5)))
    before = scene(colours=four)
    assert as_shot(before) == pytest.approx((5200, 5), rel=1e-3, abs=0.05)
    warm = balanced(before, 7000, None)
    assert (warm.light.mean((0, 1)) / before.light.mean((0, 1)))[[0, 2]] @ [1, -1] > 0.2


def test_a_simulated_photo_in_daylight_has_the_temperature_of_daylight(tmp_path: Path) -> None:
    body = dataclasses.replace(BODIES[0], white_balance=BODIES[0].daylight)
    photo = next(iter(shots(Procedural(), 1, seed=0, size=(96, 144))))
    frame = dataclasses.replace(photo.frame, white_balance=np.array(body.daylight), matrix=body.matrix)
    write_dng(tmp_path / "a.dng", frame, body)
    assert as_shot(read_scene(tmp_path / "a.dng", 32)) == pytest.approx((6504, 9.8), rel=0.01, abs=0.6)


def test_a_real_dng_with_two_matrices_has_what_adobe_says_of_it(shared_raws: Path) -> None:
    """Its document says 6200 and -1."""
    found = read_scene(shared_raws / "canon_eos6d_lossy_linear.dng", 64)
    assert as_shot(found) == pytest.approx((6212, -1.2), abs=0.6)


@pytest.mark.parametrize(
    "name",
    ["canon_eos6d_lossy_linear.dng", "nikon_d500_lossy_linear_DSC8695.dng", "blackmagic_pocket4k.dng"],
)
def test_one_matrix_instead_of_two_moves_a_white_a_little(shared_raws: Path, name: str) -> None:
    both = read_scene(shared_raws / name, 64).camera
    assert both is not None
    assert both.temperatures == (2850, 6500)
    one = dataclasses.replace(both, camera_from_xyz=both.camera_from_xyz[1:], temperatures=(6500.0,))
    (kelvin, tint), (other, others) = (temperature_and_tint(white_of(colours)) for colours in (both, one))
    assert 10 < abs(kelvin - other) < 90
    assert abs(tint - others) < 6


@pytest.mark.parametrize("name", ["canon_eos60d_photo_sample.CR2", "sony_a7rm3_DSC2164.ARW"])
def test_both_decoders_lead_to_one_white(shared_raws: Path, name: str) -> None:
    one, other = (as_shot(read_scene(shared_raws / name, 64, open_decoder(which))) for which in ("flashraw", "libraw"))
    assert one == pytest.approx(other, rel=1e-3)
    assert 4500 < one[0] < 5500


@pytest.mark.parametrize("name", ["kodak_c330_YRGB.raw", "nikon_coolscan_iv_uncompressed.nef"])
def test_a_file_that_says_nothing_of_its_colours_has_no_camera(shared_raws: Path, name: str) -> None:
    found = read_scene(shared_raws / name, 64)
    assert found.camera is None
    assert as_shot(found) == pytest.approx((5001, 9.6), abs=0.6)
