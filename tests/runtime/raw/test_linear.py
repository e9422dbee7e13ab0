"""Sensor data become linear light."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.raw.frame import RawFrame
from autohdr.raw.linear import to_linear, upright

RGGB, GRBG, GBRG, BGGR = ([[0, 1], [3, 2]], [[1, 0], [2, 3]], [[3, 2], [0, 1]], [[2, 3], [1, 0]])
MATRIX = np.array([[1.8, -0.7, -0.1], [-0.2, 1.5, -0.3], [0.0, -0.5, 1.5]])


def seen(camera: NDArray[np.float64], pattern: list[list[int]] | None, black: list[float]) -> RawFrame:
    """Camera RGB (H, W, 3), 1 at saturation, as a 14-bit sensor holds it."""
    white, levels = 16000.0, np.array(black)
    if pattern is None:
        data = camera * (white - levels[:3]) + levels[:3]
    else:
        cell = np.tile(np.array(pattern), (camera.shape[0] // 2 + 1, camera.shape[1] // 2 + 1))
        cell = cell[: camera.shape[0], : camera.shape[1]]
        colour = np.take_along_axis(camera, np.array([0, 1, 2, 1])[cell][..., None], 2)[..., 0]
        data = colour * (white - levels[cell]) + levels[cell]
    return RawFrame(
        data=np.clip(np.rint(data), 0, 65535).astype(np.uint16),
        pattern=None if pattern is None else np.array(pattern, np.uint8),
        black=levels,
        white=np.full(4, white),
        white_balance=np.array([2.0, 1.0, 1.6]),
        matrix=MATRIX,
    )


PATTERNS = [RGGB, GRBG, GBRG, BGGR, None]
BLACK = [500.0, 512.0, 530.0, 520.0]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("shape", [(64, 96), (63, 95)])
def test_a_flat_colour_comes_out_as_white_balance_and_matrix_say(
    pattern: list[list[int]] | None, shape: tuple[int, int]
) -> None:
    camera = np.broadcast_to([0.1, 0.25, 0.12], (*shape, 3))
    expected = MATRIX @ (np.array([0.1, 0.25, 0.12]) * [2.0, 1.0, 1.6])
    linear = to_linear(seen(camera, pattern, BLACK), 16)
    np.testing.assert_allclose(linear, np.broadcast_to(expected, (16, 16, 3)), rtol=0, atol=1e-4)  # 14-bit steps


@pytest.mark.parametrize("pattern", PATTERNS)
def test_one_stop_more_comes_out_one_stop_brighter(pattern: list[list[int]] | None) -> None:
    camera = np.random.default_rng(0).uniform(0.05, 0.2, (64, 96, 3))
    one, two = (to_linear(seen(camera * gain, pattern, BLACK), 16) for gain in (1.0, 2.0))
    np.testing.assert_allclose(two, 2 * one, rtol=0, atol=4e-4)  # 14-bit steps


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("gains", [[2.0, 1.0, 1.6], [0.7, 1.0, 3.0]])
def test_a_blown_highlight_is_white(pattern: list[list[int]] | None, gains: list[float]) -> None:
    camera = np.full((64, 64, 3), 0.01)
    camera[:, :34] = 1.2  # ends in the middle of an output pixel
    frame = dataclasses.replace(seen(camera, pattern, BLACK), white_balance=np.array(gains), matrix=np.eye(3))
    blown = to_linear(frame, 16)[:, :8]
    np.testing.assert_allclose(blown, 1.0, atol=1e-3)
    np.testing.assert_allclose(to_linear(frame, 16)[:, 8, 0], to_linear(frame, 16)[:, 8, 1], atol=0.02)


@pytest.mark.parametrize("pattern", PATTERNS[:4])
@pytest.mark.parametrize("shape", [(64, 96), (63, 95), (37, 41)])
def test_a_picture_equals_an_independent_computation(pattern: list[list[int]], shape: tuple[int, int]) -> None:
    """No flat field: every output pixel from its own samples, in float64, one sample after the other."""
    size, white, gains = 9, 16000.0, [2.0, 1.0, 1.6]
    camera = np.random.default_rng(4).uniform(0.0, 1.3, (*shape, 3))  # a quarter of it beyond saturation
    frame = seen(camera, pattern, BLACK)
    data = frame.data.astype(float)
    expected = np.zeros((size, size, 3))
    for oy, ox in np.ndindex(size, size):
        total, count = np.zeros(3), np.zeros(3)
        top, bottom, left, right = (
            oy * shape[0] / size, (oy + 1) * shape[0] / size, ox * shape[1] / size, (ox + 1) * shape[1] / size
        )  # fmt: skip
        for y in range(int(top), min(int(np.ceil(bottom)), shape[0])):
            for x in range(int(left), min(int(np.ceil(right)), shape[1])):
                area = (min(y + 1, bottom) - max(y, top)) * (min(x + 1, right) - max(x, left))
                colour = pattern[y % 2][x % 2]
                channel = [0, 1, 2, 1][colour]
                span = white - BLACK[colour]
                ceiling = round(BLACK[colour] + span / gains[channel])
                total[channel] += area * (min(data[y, x], ceiling) - BLACK[colour]) / span * gains[channel]
                count[channel] += area
        expected[oy, ox] = MATRIX @ (total / count)
    np.testing.assert_allclose(to_linear(frame, size), expected, rtol=1e-5, atol=2e-6)


def test_black_above_signal_averages_to_zero_not_above() -> None:
    noise = np.random.default_rng(0).normal(0, 0.002, (128, 128, 3))
    assert abs(to_linear(seen(noise, RGGB, BLACK), 16).mean()) < 1e-4


# LibRaw's flip: 3 turns by 180 degrees, 5 by 90 to the left, 6 by 90 to the right; the other four mirror too.
UPRIGHT = {
    0: ["ab", "cd"],
    1: ["ba", "dc"],
    2: ["cd", "ab"],
    3: ["dc", "ba"],
    4: ["ac", "bd"],
    5: ["bd", "ac"],
    6: ["ca", "db"],
    7: ["db", "ca"],
}


@pytest.mark.parametrize("flip", UPRIGHT)
def test_a_picture_is_turned_as_libraw_turns_it(flip: int) -> None:
    picture = np.array([[ord("a"), ord("b")], [ord("c"), ord("d")]], float)[..., None]
    turned = ["".join(chr(int(value)) for value in row) for row in upright(picture, flip)[..., 0]]
    assert turned == UPRIGHT[flip]
