"""Light in half precision: as NumPy converts it, and back."""

import numpy as np
import pytest

from autohdr.review import half

NUMBERS = np.array(
    [0, 1, -1, 0.5, 1 / 3, 6e-8, 5.96e-8, 1e-7, 6.1e-5, 6.103515625e-05, -6.2e-5, 1e-3, 2047.5, 65504, 65503.9, -65504]
)


@pytest.mark.parametrize("shape", [(7, 5, 3), (1, 1, 3), (0, 4, 3), (64, 33, 3)])
def test_it_is_what_numpy_makes_of_it(shape: tuple[int, ...]) -> None:
    light = np.random.default_rng(0).lognormal(-2, 3, shape).astype(np.float32)
    light[::2] *= -1
    packed = half.pack(light)
    assert packed.dtype == np.float16
    # Where a number is as far from both neighbours, NumPy takes the even one and this one the larger.
    np.testing.assert_allclose(packed.astype(np.float32), light.astype(np.float16).astype(np.float32), rtol=2**-10)
    assert np.mean(packed != light.astype(np.float16)) < 0.01 if light.size > 100 else True
    np.testing.assert_array_equal(half.unpack(packed), packed.astype(np.float32))


def test_numbers_at_the_ends() -> None:
    light = NUMBERS.astype(np.float32)
    np.testing.assert_allclose(half.unpack(half.pack(light)), light, rtol=2**-11, atol=3e-8)


def test_what_is_too_large_is_held() -> None:
    light = np.array([1e6, -1e6], np.float32)
    np.testing.assert_array_equal(half.unpack(half.pack(light)), [half.LARGEST, -half.LARGEST])


def test_the_kernels_in_python_do_the_same() -> None:
    light = NUMBERS.astype(np.float32)
    packed, back = np.empty(light.size, np.uint16), np.empty(light.size, np.uint32)
    half._pack.py_func((light * half._SCALE).view(np.uint32), packed)
    half._unpack.py_func(packed, back)
    np.testing.assert_array_equal(packed.view(np.float16), half.pack(light))
    np.testing.assert_array_equal(back.view(np.float32) / half._SCALE, half.unpack(packed.view(np.float16)))


def test_a_strided_picture_is_taken_as_it_is_seen() -> None:
    light = np.arange(60, dtype=np.float32).reshape(5, 4, 3)[::2, ::-1]
    np.testing.assert_array_equal(half.unpack(half.pack(light)), light)
