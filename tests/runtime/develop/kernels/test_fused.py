"""The single pass over pixels."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop.kernels import fused, rgb_tone
from autohdr.develop.kernels.fused import NO_CHANNELS, Tables
from autohdr.develop.spaces import LUMINANCE, between
from autohdr.develop.stages import saturation, vibrance


@pytest.fixture(scope="module")
def light() -> NDArray[np.float32]:
    rng = np.random.default_rng(5)
    return (2.0 ** rng.uniform(-14, 3, (27, 39, 3)) - 0.001).astype(np.float32)  # 1053 pixels: two blocks and a bit


@pytest.fixture(scope="module")
def tables() -> Tables:
    each = np.stack([(rgb_tone.NODES**power).astype(np.float32) for power in (0.9, 1.0, 1.1)])
    return Tables(
        2.0,
        rgb_tone.sample(lambda x: np.minimum(x / (0.5 + x), 1)),
        rgb_tone.sample(lambda x: np.maximum(x - 0.002, 0)),
        rgb_tone.sample(lambda x: x**0.8),
        each,
        np.array([0.01, 0.02, 0.0, -0.01], np.float32),
        vibrance.coefficients(40),
        saturation.coefficients(-20),
    )


def _stage_by_stage(light: NDArray[np.float32], tables: Tables, gain: NDArray[np.float32]) -> NDArray[np.float32]:
    out = rgb_tone.apply(np.maximum(light, 0) * np.float32(tables.factor) * gain[..., None], tables.white)
    out = rgb_tone.apply(rgb_tone.apply_to_each(out, tables.black), tables.tone) + tables.lifts[0]
    if tables.channels.size:
        channels = [rgb_tone.apply_to_each(out, table)[..., c] for c, table in enumerate(tables.channels)]
        out = np.stack(channels, -1) + tables.lifts[1:]
    return saturation.apply(vibrance.apply(out, 40), -20)


def test_the_pass_is_its_stages_one_after_the_other(light: NDArray[np.float32], tables: Tables) -> None:
    gain = np.linspace(0.3, 3, light.shape[0] * light.shape[1], dtype=np.float32).reshape(light.shape[:2])
    assert fused.run(light, tables, gain=gain) == pytest.approx(
        _stage_by_stage(light, tables, gain), rel=1e-5, abs=1e-6
    )


def test_without_gain_and_channel_curves_nothing_is_added(light: NDArray[np.float32], tables: Tables) -> None:
    plain = replace(tables, channels=NO_CHANNELS, lifts=np.zeros(4, np.float32))
    expected = _stage_by_stage(light, plain, np.ones((1, 1), np.float32))
    assert fused.run(light, plain) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_a_matrix_comes_last_and_light_is_held(light: NDArray[np.float32], tables: Tables) -> None:
    into = between("prophoto", "display-p3")
    expected = np.clip(fused.run(light, tables).astype(np.float64) @ into.T, 0, 0.8)
    assert fused.run(light, tables, matrix=into, highest=0.8) == pytest.approx(expected, abs=1e-5)


def test_strided_light_is_read_like_its_copy(light: NDArray[np.float32], tables: Tables) -> None:
    turned = light[::-1, ::2]
    assert (fused.run(turned, tables) == fused.run(np.ascontiguousarray(turned), tables)).all()


def test_light_outside_of_prophoto_does_not_drag_the_other_channels_down(tables: Tables) -> None:
    """Deep blues, whose green a camera's matrix puts below 0, became darker with more Exposure."""
    blue = np.array([[[0.056, -0.033, 0.364]]], np.float32)
    levels = [fused.run(blue * 2**stops, tables)[0, 0, 0] for stops in range(7)]
    assert (np.diff(levels) > 0).all()


def test_luminance_is_that_of_prophoto(light: NDArray[np.float32]) -> None:
    assert fused.luminance(light, 4.0) == pytest.approx(4 * light @ LUMINANCE, rel=1e-4, abs=1e-6)


def test_the_kernel_agrees_without_compiling(
    light: NDArray[np.float32], tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = fused.run(light[:2, :9], tables, matrix=np.eye(3), highest=1.0)
    for module, names in (
        (rgb_tone, ("room", "_held", "_look_up", "on_colours", "on_channel")),
        (fused, ("_store", "_lift", "_run")),
    ):
        for name in names:
            plain = getattr(module, name).py_func
            monkeypatch.setattr(module, name, plain)
            monkeypatch.setattr(fused, name, plain, raising=False)
    monkeypatch.setattr(fused, "BLOCK", 8)
    assert fused.run(light[:2, :9], tables, matrix=np.eye(3), highest=1.0) == pytest.approx(
        compiled, rel=1e-5, abs=1e-6
    )
