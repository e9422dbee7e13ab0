"""Inputs that no camera would give: how far they go, and that they are the same each time."""

from typing import get_args

import numpy as np
import pytest

from autohdr.encoding import encode
from autohdr.engines.prove.inputs import KINDS, adversarial
from autohdr.spec import Encoding, InputSpec

SPEC = InputSpec(size=32)


@pytest.mark.parametrize("encoding", get_args(Encoding))
def test_adversarial_light_reaches_both_ends_of_what_an_encoding_knows(encoding: Encoding) -> None:
    spec = InputSpec(size=16, encoding=encoding, mean=(0.4, 0.5, 0.6), std=(0.2, 0.25, 0.3))
    inputs = adversarial(spec, KINDS)
    assert inputs.shape == (KINDS, 3, 16, 16)
    assert inputs.dtype == np.float32
    for light, index in ((0.0, 1), (1e6, 2)):
        np.testing.assert_array_equal(inputs[index], encode(np.full((16, 16, 3), light), spec))
    assert inputs.min() == inputs[1].min()
    assert inputs.max() == inputs[2].max()


def test_adversarial_light_is_of_many_kinds_and_the_same_each_time() -> None:
    inputs = adversarial(SPEC, 2 * KINDS)
    np.testing.assert_array_equal(adversarial(SPEC, 2 * KINDS), inputs)
    assert (adversarial(SPEC, KINDS, seed=1) != inputs[:KINDS]).any()
    flat, saturated = inputs[4], inputs[5]
    assert np.ptp(flat) == 0
    assert np.ptp(saturated, axis=(1, 2)).max() == 0
    assert set(np.unique(saturated)) == {-1.0, 1.0}
