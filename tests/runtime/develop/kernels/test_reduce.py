"""Area averages."""

import numpy as np
import pytest

from autohdr.develop.kernels import reduce
from autohdr.develop.kernels.reduce import reduced, size_of_copy


def _light(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(3).random((height, width, 3), np.float32)


@pytest.mark.parametrize(("shape", "edge"), [((37, 53), 20), ((64, 48), 16), ((5, 301), 100), ((301, 5), 100)])
def test_every_pixel_counts_with_the_area_that_it_shares(shape: tuple[int, int], edge: int) -> None:
    light = _light(*shape)
    height, width = size_of_copy(light.shape, edge)
    fine = light.repeat(height, 0).repeat(width, 1)  # now each pixel of the copy covers whole ones
    blocks = fine.reshape(height, shape[0], width, shape[1], 3).mean((1, 3), np.float64)
    assert reduced(light, edge) == pytest.approx(blocks, rel=1e-4)


def test_the_kernel_agrees_without_compiling() -> None:
    light, out = _light(9, 7), np.empty((4, 3, 3), np.float32)
    rows = light.reshape(9, -1)
    reduce._reduce.py_func(light, rows, np.empty(21, np.float32), out)
    compiled = np.empty_like(out)
    reduce._reduce(light, rows, np.empty(21, np.float32), compiled)
    assert out == pytest.approx(compiled, rel=1e-5)


def test_the_longer_edge_is_what_was_asked_for_and_small_light_stays() -> None:
    assert size_of_copy((1365, 2048, 3), 512) == (341, 512)
    assert size_of_copy((3000, 1, 3), 512) == (512, 1)
    light = _light(20, 30)
    assert reduced(light, 30) is light


def test_strided_light_is_averaged_like_its_copy() -> None:
    light = _light(40, 60)[::2, ::-1]
    assert (reduced(light, 10) == reduced(np.ascontiguousarray(light), 10)).all()
