"""Tone curves on colours."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop.kernels import rgb_tone
from autohdr.develop.kernels.rgb_tone import NODES, SIZE


def _bent(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return x / (x + 0.3) * 1.3 - 0.0005 * np.minimum(1, x / 0.001)


def _in_numpy(light: NDArray[np.float32], table: NDArray[np.float32]) -> NDArray[np.float64]:
    """The rule by sorting, for each colour (N, 3)."""
    order = np.argsort(light, axis=1)
    low, mid, high = np.take_along_axis(light.astype(np.float64), order, 1).T
    to_low, to_high = (rgb_tone.look_up_reference(table, level) for level in (low, high))
    with np.errstate(invalid="ignore"):
        to_mid = np.where(high > low, to_low + (to_high - to_low) * (mid - low) / (high - low), to_low)
    out = np.empty_like(light, np.float64)
    np.put_along_axis(out, order, np.stack([to_low, to_mid, to_high], 1), 1)
    return out


@pytest.fixture(scope="module")
def colours() -> NDArray[np.float32]:
    rng = np.random.default_rng(1)
    light = 2.0 ** rng.uniform(-20, 9, (513, 3))
    light[::7, 1] *= -0.01  # outside of the primaries
    light[5], light[6] = 0.25, 0.0
    return light.astype(np.float32)


def test_the_kernel_agrees_with_sorting_in_numpy(colours: NDArray[np.float32]) -> None:
    table = rgb_tone.sample(_bent)
    assert rgb_tone.apply(colours, table) == pytest.approx(_in_numpy(colours, table), rel=2e-5, abs=1e-6)


def test_the_kernel_agrees_without_compiling(colours: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rgb_tone, "BLOCK", 16)
    for name in ("room", "_held", "_look_up", "on_colours", "on_channel"):
        monkeypatch.setattr(rgb_tone, name, getattr(rgb_tone, name).py_func)
    table, out = rgb_tone.sample(_bent), np.empty((20, 3), np.float32)
    rgb_tone._apply.py_func(colours[:20], table, True, out)
    assert out == pytest.approx(rgb_tone.apply(colours[:20], table), rel=1e-5, abs=1e-7)
    rgb_tone._apply.py_func(colours[:20], table, False, out)
    assert out == pytest.approx(rgb_tone.look_up_reference(table, colours[:20]), rel=2e-5, abs=1e-6)


def test_light_that_is_not_finite_stays_within_the_table() -> None:
    odd = np.array([[np.nan, np.inf, -np.inf]], np.float32)
    assert rgb_tone.apply_to_each(odd, rgb_tone.sample(_bent))[0, 1] == pytest.approx(_bent(np.array(256.0)), rel=1e-3)


def test_the_middle_channel_keeps_its_place() -> None:
    r, g, b = rgb_tone.apply(np.array([[1.2, 0.6, 0.3]], np.float32), rgb_tone.sample(_bent))[0]
    assert r > g > b
    assert (g - b) / (r - b) == pytest.approx((0.6 - 0.3) / (1.2 - 0.3), rel=1e-4)


def test_two_curves_in_a_row_are_one_of_both_joined(colours: NDArray[np.float32]) -> None:
    colours = np.abs(colours)
    first, second = rgb_tone.sample(_bent), rgb_tone.sample(np.sqrt)
    joined = rgb_tone.sample(lambda x: np.sqrt(np.maximum(_bent(x), 0)))
    in_a_row = rgb_tone.apply(rgb_tone.apply(colours, first), second)
    assert in_a_row == pytest.approx(rgb_tone.apply(colours, joined), abs=2e-3)


def test_a_curve_is_straight_between_nodes_and_holds_at_the_top() -> None:
    table = rgb_tone.sample(_bent)
    levels = np.array([[1e-6, 0.18, 300.0]], np.float32)
    expected = [table[0] * 1e-6 / NODES[0], float(_bent(np.array(0.18))), table[-1]]
    assert rgb_tone.apply_to_each(levels, table)[0] == pytest.approx(expected, rel=1e-5)


def test_what_lies_outside_of_the_primaries_stays_small() -> None:
    steep = rgb_tone.sample(lambda x: x**0.3)
    outside = np.array([[-0.05, -0.5, 0.0]], np.float32)
    assert rgb_tone.apply_to_each(outside, steep) == pytest.approx(outside)
    out = rgb_tone.apply(np.array([[-0.05, 0.2, 0.9]], np.float32), steep)[0]
    assert np.isfinite(out).all()
    assert out[0] < out[1] < out[2]


def test_nodes_are_128_to_the_octave_and_tables_rise() -> None:
    assert SIZE == 26 * 128 + 1
    assert NODES[[0, 128, -1]].tolist() == [2.0**-18, 2.0**-17, 2.0**8]
    assert (np.diff(rgb_tone.sample(lambda x: np.sin(x))) >= 0).all()
