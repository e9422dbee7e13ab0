"""The torch side of the encodings: equal to the runtime's, and their inverse."""

from typing import get_args

import numpy as np
import pytest
import torch

from autohdr import pu21
from autohdr.encoding import encode
from autohdr.spec import Encoding, InputSpec
from autohdr_train.network.light import Light, luminance_to_pu21, pu21_to_luminance


@pytest.fixture
def linear() -> np.ndarray:
    """Light from the noise floor to saturation."""
    return 2.0 ** np.random.default_rng(0).uniform(-12, 0, (16, 16, 3))


@pytest.mark.parametrize("encoding", get_args(Encoding))
def test_is_the_inverse_of_the_runtimes_encoding(linear: np.ndarray, encoding: Encoding) -> None:
    spec = InputSpec(size=16, encoding=encoding, mean=(0.2, 0.3, 0.4), std=(0.1, 0.2, 0.3))
    pixels = torch.from_numpy(encode(linear, spec))[None]
    light = Light(spec)
    np.testing.assert_allclose(light(pixels)[0].permute(1, 2, 0).numpy(), linear, rtol=2e-3, atol=2e-6)
    np.testing.assert_allclose(light.encode(light(pixels)).numpy(), pixels.numpy(), atol=1e-4)


@pytest.mark.parametrize("variant", get_args(pu21.Variant))
def test_pu21_is_the_runtimes(variant: pu21.Variant) -> None:
    luminance = np.geomspace(0.001, 20000, 200)
    units = luminance_to_pu21(torch.from_numpy(luminance), variant)
    np.testing.assert_allclose(units.numpy(), pu21.encode(luminance, variant), atol=1e-9)
    back = pu21_to_luminance(units, variant).numpy()
    np.testing.assert_allclose(back, np.clip(luminance, 0.005, 10000), rtol=1e-6)


@pytest.mark.parametrize("encoding", get_args(Encoding))
def test_light_has_a_finite_slope_at_both_ends(encoding: Encoding) -> None:
    pixels = torch.tensor([-1e4, -1.0, 0.0, 0.5, 1.0, 1e4]).reshape(1, 1, 1, 6).repeat(1, 3, 1, 1).requires_grad_()
    Light(InputSpec(size=16, encoding=encoding))(pixels).sum().backward()
    assert pixels.grad is not None
    assert torch.isfinite(pixels.grad).all()


@pytest.mark.parametrize("variant", get_args(pu21.Variant))
def test_light_is_told_in_the_unit_asked_for(variant: pu21.Variant) -> None:
    units = torch.from_numpy(pu21.encode(np.geomspace(0.01, 9000, 50), variant))
    expected = pu21_to_luminance(units, variant) / 203.0
    torch.testing.assert_close(pu21_to_luminance(units, variant, unit=203.0), expected, rtol=1e-9, atol=0.0)
