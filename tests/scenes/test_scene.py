"""Averages of whole blocks."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.encoding import XYZ_FROM_SRGB
from autohdr_scenes import scene
from autohdr_scenes.scene import LUMINANCE, luminance, shrink


def picture(height: int, width: int) -> NDArray[np.float32]:
    return np.random.default_rng(1).random((height, width, 3), dtype=np.float32)


def test_luminance_of_white_is_one() -> None:
    assert luminance(np.ones((2, 3, 3), dtype=np.float32)) == pytest.approx(1.0)


def test_luminance_is_the_y_of_xyz() -> None:
    np.testing.assert_allclose(XYZ_FROM_SRGB[1], LUMINANCE, atol=1e-4)


@pytest.mark.parametrize("shape", [(96, 64), (97, 65), (31, 200), (5, 3)])
def test_shrink_averages_blocks_of_the_centre(shape: tuple[int, int]) -> None:
    source = picture(*shape)[:, ::-1]
    small = shrink(source, 32)
    block = -(-max(shape) // 32)
    rows, columns = shape[0] // block, shape[1] // block
    top, left = (shape[0] - rows * block) // 2, (shape[1] - columns * block) // 2
    inner = source[top : top + rows * block, left : left + columns * block].astype(np.float64)
    np.testing.assert_allclose(small, inner.reshape(rows, block, columns, block, 3).mean((1, 3)), rtol=1e-5)


def test_shrink_leaves_a_small_picture_alone() -> None:
    np.testing.assert_array_equal(shrink(picture(20, 30), 32), picture(20, 30))


def test_shrink_keeps_a_strip_thinner_than_a_block() -> None:
    assert shrink(picture(2, 640), 32).shape == (1, 32, 3)


def test_averaging_kernel_is_the_same_uncompiled() -> None:
    source, slow = picture(9, 13), np.zeros((3, 4, 3), dtype=np.float32)
    scene._average.py_func(source, 3, 3, slow)
    np.testing.assert_allclose(shrink(source, 5), slow, rtol=1e-6)
