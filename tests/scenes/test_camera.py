"""What a simulated sensor records."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.encoding import XYZ_FROM_SRGB
from autohdr_scenes import camera as module
from autohdr_scenes.camera import BODIES, PHASES, Camera, developed, expose, on_sensor, random_camera
from autohdr_scenes.scene import Scene

BODY = BODIES[0]


def grey(level: float, height: int = 32, width: int = 48) -> Scene:
    return Scene(np.full((height, width, 3), level, dtype=np.float32), "grey", "grey")


def coloured() -> Scene:
    light = np.random.default_rng(3).uniform(0.01, 0.3, (16, 24, 3)).astype(np.float32)
    return Scene(light, "coloured", "coloured")


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("phase", [*PHASES, "linear"])
def test_grey_light_is_grey_after_white_balance_and_matrix(body: Camera, phase: str) -> None:
    frame = expose(grey(0.2), replace(body, phase=phase), 1.0, None)
    span = frame.white[0] - frame.black[0]
    channel = [0, 1, 2]
    if frame.pattern is not None:
        cells = [tuple(np.argwhere(frame.pattern == colour)[0]) for colour in channel]
        raw = np.array([frame.data[row::2, column::2].mean() for row, column in cells])
    else:
        raw = frame.data.mean(axis=(0, 1))
    balanced = (raw - frame.black[0]) / span * frame.white_balance
    # Half a step of the converter, times the largest gain.
    np.testing.assert_allclose(frame.matrix @ balanced, 0.2, atol=1.5 / span)


def test_colours_come_back_through_white_balance_and_matrix() -> None:
    scene, body = coloured(), replace(BODY, phase="linear")
    frame = expose(scene, body, 1.0, None)
    balanced = (frame.data - frame.black[:3]) / (frame.white - frame.black)[:3] * frame.white_balance
    np.testing.assert_allclose(balanced @ frame.matrix.T, scene.linear, atol=3e-4)


def test_one_stop_more_doubles_the_values() -> None:
    one, two = (expose(coloured(), BODY, exposure, None).data - float(BODY.black) for exposure in (1.0, 2.0))
    np.testing.assert_allclose(two, 2.0 * one, atol=1.5)


def test_saturation_is_the_white_level_and_light_one_reaches_it_in_green() -> None:
    frame = expose(grey(1.0), BODY, 1.0, None)
    assert frame.data[0, 1] == frame.white[1] == BODY.white
    assert frame.data.max() < 1 << BODY.bits
    assert frame.data[0, 0] == round(BODY.black + (BODY.white - BODY.black) / BODY.white_balance[0])


def test_no_light_records_black_and_noise_on_both_sides_of_it() -> None:
    frame = expose(grey(0.0, 200, 300), BODY, 1.0, np.random.default_rng(0))
    assert float(frame.data.mean()) == pytest.approx(BODY.black, abs=0.05)
    assert frame.data.min() < BODY.black < frame.data.max()


@pytest.mark.parametrize("iso", [100.0, 800.0])
@pytest.mark.parametrize("level", [0.0, 0.05, 0.5])
def test_noise_has_the_size_that_electrons_give_it(level: float, iso: float) -> None:
    body = replace(BODY, iso=iso)
    greens = expose(grey(level, 400, 400), body, 1.0, np.random.default_rng(1)).data[0::2, 1::2]
    step = body.saturation / (body.white - body.black)
    # Rounding to whole steps adds a variance of 1/12.
    expected = np.sqrt((level * body.saturation + body.read_noise**2) / step**2 + 1 / 12)
    # 40000 samples: the standard error of a deviation is 0.35 %.
    assert float(greens.std()) == pytest.approx(expected, rel=0.02)


def test_noise_repeats_with_the_seed_alone() -> None:
    one, two, three = (expose(coloured(), BODY, 1.0, np.random.default_rng(seed)).data for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != three).any()


@pytest.mark.parametrize("phase", PHASES)
def test_each_phase_records_its_filter_at_each_place(phase: str) -> None:
    red = np.zeros((4, 4, 3), dtype=np.float32)
    red[..., 0] = 0.5
    pure = replace(BODY, phase=phase, mixing=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
    frame = expose(Scene(red, "red", "red"), pure, 1.0, None)
    assert "".join("RGBG"[place] for place in PHASES[phase][0] + PHASES[phase][1]) == phase
    lit = np.tile(np.array(PHASES[phase]) == 0, (2, 2))
    np.testing.assert_array_equal(frame.data > BODY.black, lit)


@pytest.mark.parametrize("flip", range(8))
def test_a_flip_sets_the_picture_right_again(flip: int) -> None:
    upright = np.arange(4 * 6 * 3, dtype=np.float32).reshape(4, 6, 3)
    sensor = on_sensor(upright, flip)
    turned = sensor[::-1] if flip & 2 else sensor
    turned = turned[:, ::-1] if flip & 1 else turned
    np.testing.assert_array_equal(turned.transpose(1, 0, 2) if flip & 4 else turned, upright)


def test_development_is_the_light_itself_below_saturation_and_white_above_it() -> None:
    np.testing.assert_allclose(developed(coloured().linear, BODY, 2.0), 2.0 * coloured().linear, rtol=1e-4)
    np.testing.assert_allclose(developed(grey(7.0).linear, BODY, 1.0), 1.0, rtol=1e-5)


def test_matrices_agree_with_each_other_at_daylight() -> None:
    """D65 through ColorMatrix1 is the inverse of the daylight gains, as DNG defines it."""
    for body in BODIES:
        np.testing.assert_allclose(np.array(body.mixing).sum(axis=1), 1.0)
        white = body.xyz_to_camera @ XYZ_FROM_SRGB.sum(axis=1)
        np.testing.assert_allclose(white, 1.0 / np.array(body.daylight), rtol=1e-9)


def test_random_cameras_never_darken_a_channel() -> None:
    rng = np.random.default_rng(0)
    cameras = [random_camera(rng) for _ in range(200)]
    assert min(min(camera.white_balance) for camera in cameras) == 1.0
    assert {camera.phase for camera in cameras} == set(PHASES)
    assert {camera.name for camera in cameras} == {body.name for body in BODIES}


def test_sensor_kernel_is_the_same_uncompiled_on_strided_light() -> None:
    light = np.random.default_rng(0).random((8, 12, 3), dtype=np.float32)[::2, ::3]
    weights = np.array(BODY.mixing) / np.array(BODY.white_balance)[:, None]
    filters, nothing = np.array([[0, 1], [1, 2]]), np.zeros((1, 1, 1), dtype=np.float32)
    fast, slow = np.empty((4, 4, 1), dtype=np.uint16), np.empty((4, 4, 1), dtype=np.uint16)
    for kernel, out in ((module._expose, fast), (module._expose.py_func, slow)):
        kernel(light, weights, filters, nothing, False, 512.0, 16000.0, 40000.0, 4.0, out)
    np.testing.assert_array_equal(fast, slow)
