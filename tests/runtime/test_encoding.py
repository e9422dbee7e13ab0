"""Linear light becomes a network's input."""

from typing import get_args

import numpy as np
import pytest

from autohdr import pu21
from autohdr.encoding import encode, pu21_scale, srgb
from autohdr.spec import Encoding, InputSpec

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


def test_every_variant_of_pu21_has_both_scales_under_one_name() -> None:
    names = [name for name in get_args(Encoding) if name != "srgb"]
    scales = [pu21_scale(name) for name in names]
    assert {scale.variant for scale in scales} == set(get_args(pu21.Variant))
    assert len(set(scales)) == len(names) == 2 * len(get_args(pu21.Variant))
    assert pu21_scale("pu21-pmax").variant == pu21_scale("pu21-255").variant == "banding_glare"


@pytest.mark.parametrize("encoding", [name for name in get_args(Encoding) if name != "srgb"])
def test_a_variant_is_divided_by_its_own_reference(encoding: Encoding) -> None:
    spec = InputSpec(encoding=encoding, saturation_stops=0.0, mean=PLAIN["mean"], std=PLAIN["std"])
    ends = np.array([pu21.LUMINANCE_MIN, 10000.0 if "pmax" in encoding else 100.0])
    pixels = encode(np.repeat(ends[:, None, None], 3, axis=2) / spec.saturation_luminance, spec)
    np.testing.assert_allclose(pixels[:, :, 0], [[0.0, 1.0]] * 3, rtol=0, atol=1e-6)


def test_a_variant_is_not_the_default_one() -> None:
    grey = np.full((1, 1, 3), 0.1)
    values = {name: float(encode(grey, InputSpec(encoding=name))[0, 0, 0]) for name in get_args(Encoding)}
    assert len({round(value, 3) for value in values.values()}) == len(values)
