import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr.develop.picture import Picture
from autohdr.errors import PhotoError
from autohdr.pictures import pixel_codes


@given(st.floats(-1, 2, width=32))
def test_srgb_codes_are_the_standards_formula_rounded(value: float) -> None:
    exact = 255 * pixel_codes.srgb_from_linear(np.array([value], np.float64))[0]
    assert abs(float(pixel_codes.srgb_codes(np.array([value], np.float32))[0]) - exact) <= 0.5 + 0.06


@given(st.floats(-1, 100, width=32))
def test_pq_codes_are_the_standards_formula_rounded(value: float) -> None:
    exact = 1023 * pixel_codes.pq_from_luminance(np.array([203 * value]))[0]
    assert abs(float(pixel_codes.pq_codes(np.array([value], np.float32))[0]) - exact) <= 0.5 + 0.04


def test_pq_has_the_values_of_the_standard() -> None:
    """ST 2084's own: 100 cd/m2 is 0.508, 1,000 is 0.752; BT.2408: diffuse white is 58 %."""
    assert pixel_codes.pq_from_luminance(np.array([0.0, 100, 203, 1000, 10000])) == pytest.approx(
        [0, 0.5081, 0.5807, 0.7518, 1], abs=1e-4
    )


def test_what_lies_outside_is_clipped() -> None:
    assert pixel_codes.srgb_codes(np.array([-np.inf, -1, 0, 1, 1.01, np.inf], np.float32)).tolist() == [
        0,
        0,
        0,
        255,
        255,
        255,
    ]
    assert pixel_codes.pq_codes(np.array([-1, 0, 49.3, 1e9], np.float32)).tolist() == [0, 0, 1023, 1023]


def test_codes_of_every_8_bit_value_are_that_value() -> None:
    assert pixel_codes.srgb_codes(pixel_codes.srgb_light()).tolist() == list(range(256))


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 5, 3), (7,)])
def test_codes_have_the_lights_shape(shape: tuple[int, ...]) -> None:
    assert pixel_codes.srgb_codes(np.full(shape, 0.5, np.float32)).shape == shape


def test_the_kernel_does_what_its_python_does() -> None:
    light = np.random.default_rng(0).uniform(-0.1, 1.2, 301).astype(np.float32)
    table, first = pixel_codes._srgb_table()
    out = np.empty(light.size, np.uint8)
    pixel_codes._look_up.py_func(light.view(np.int32), table, first, out)
    np.testing.assert_array_equal(out, pixel_codes.srgb_codes(light))


def test_light_with_strides_is_read_in_order() -> None:
    light = np.linspace(0, 1, 60, dtype=np.float32).reshape(4, 5, 3)
    np.testing.assert_array_equal(pixel_codes.srgb_codes(light[:, ::-1]), pixel_codes.srgb_codes(light)[:, ::-1])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_picture_that_is_not_finite_is_refused(bad: float) -> None:
    light = np.full((4, 4, 3), 0.5, np.float32)
    light[2, 1, 0] = bad
    with pytest.raises(PhotoError, match="not finite cannot be written; develop the photo again"):
        pixel_codes.checked(Picture(light, "srgb"))


@pytest.mark.parametrize("shape", [(0, 4, 3), (4, 4), (4, 4, 4)])
def test_a_picture_without_pixels_or_channels_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(PhotoError, match="cannot be written; expected rows, columns and 3 channels"):
        pixel_codes.checked(Picture(np.zeros(shape, np.float32), "srgb"))
