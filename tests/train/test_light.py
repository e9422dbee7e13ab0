"""The torch side of the encodings: equal to the runtime's, and their inverse."""

from typing import get_args

import numpy as np
import pytest
import torch

from autohdr import pu21
from autohdr.encoding import encode
from autohdr.spec import Encoding, InputSpec
from autohdr_train.light import Light, luminance_to_pu21, pu21_to_luminance


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
