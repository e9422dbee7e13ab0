"""From linear light to a network's input."""

import numpy as np
import pytest

from autohdr import pu21
from autohdr.encoding import encode, srgb
from autohdr.spec import InputSpec

PLAIN = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}


def test_the_srgb_curve_has_its_published_points() -> None:
    # IEC 61966-2-1: linear toe, then 0.5 linear is code 187.5 of 255, and light outside 0..1 is clipped.
    np.testing.assert_allclose(
        srgb(np.array([-1, 0, 0.0031308, 0.5, 1, 7])), [0, 0, 0.04045, 0.735357, 1, 1], rtol=0, atol=1e-5
    )


def test_channels_come_first_and_are_normalised() -> None:
    linear = np.zeros((4, 4, 3))
    linear[..., 2] = 1.0
    pixels = encode(linear, InputSpec(size=16, mean=(0.1, 0.2, 0.3), std=(0.5, 0.5, 0.25)))
    assert pixels.shape == (3, 4, 4)
    assert pixels.dtype == np.float32
    np.testing.assert_allclose(pixels[:, 0, 0], [-0.2, -0.4, 2.8], rtol=1e-6)


def test_pu21_sees_absolute_light() -> None:
    grey = np.full((1, 1, 3), 0.18)
    spec = InputSpec(
        encoding="pu21-pmax", diffuse_white=100.0, saturation_stops=1.0, mean=PLAIN["mean"], std=PLAIN["std"]
    )
    expected = pu21.encode(0.18 * 200.0) / pu21.encode(10000.0)
    np.testing.assert_allclose(encode(grey, spec), float(expected), rtol=1e-6)


@pytest.mark.parametrize(
    ("encoding", "luminance", "value"), [("pu21-pmax", 100.0, 0.431), ("pu21-255", 10000.0, 2.322)]
)
def test_pu21_is_divided_by_its_reference(encoding: str, luminance: float, value: float) -> None:
    spec = InputSpec(encoding=encoding, saturation_stops=0.0, mean=PLAIN["mean"], std=PLAIN["std"])  # type: ignore[arg-type]
    pixels = encode(np.full((1, 1, 3), luminance / spec.saturation_luminance), spec)
    np.testing.assert_allclose(pixels, value, rtol=0, atol=6e-4)


def test_pu21_tells_values_above_saturation_apart_and_srgb_does_not() -> None:
    bright = np.array([[[1.0] * 3, [2.0] * 3]])
    for encoding, differs in (("srgb", False), ("pu21-pmax", True), ("pu21-255", True)):
        pixels = encode(bright, InputSpec(encoding=encoding))  # type: ignore[arg-type]
        assert (pixels[0, 0, 1] > pixels[0, 0, 0]) == differs
