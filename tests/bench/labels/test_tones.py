"""Tone statistics say in stops what was done to the light."""

import numpy as np
import pytest
import torch

from autohdr.spec import Encoding, InputSpec
from autohdr_bench.labels.tones import CENTRE, COUNT, FRAME, statistics
from autohdr_train.network.light import Light


@pytest.mark.parametrize("encoding", ["srgb", "pu21-pmax"])
def test_twice_the_light_is_one_stop_more_in_every_percentile(encoding: Encoding) -> None:
    spec = InputSpec(size=32, encoding=encoding)
    linear = torch.from_numpy(np.random.default_rng(0).uniform(0.05, 0.4, (3, 3, 32, 32)).astype(np.float32))
    before, after = (statistics(Light(spec).encode(light).numpy(), spec, batch=2) for light in (linear, 2 * linear))
    assert before.shape == (3, COUNT) == (3, 18)
    levels = len(FRAME) + len(CENTRE)
    np.testing.assert_allclose(after[:, :levels] - before[:, :levels], 1.0, atol=0.02)
    np.testing.assert_allclose(after[:, levels:], before[:, levels:], atol=0.02)  # spread, shares and colours stay


def test_the_centre_is_told_from_the_frame() -> None:
    spec = InputSpec(size=32)
    linear = torch.full((1, 3, 32, 32), 0.02)
    linear[:, :, 11:21, 11:21] = 0.5
    found = statistics(Light(spec).encode(linear).numpy(), spec)[0]
    assert found[len(FRAME) + 3] > found[4] + 3  # 75 % of the centre, of the frame


def test_clipped_dark_and_coloured_are_told_apart() -> None:
    spec = InputSpec(size=32)
    linear = torch.full((1, 3, 32, 32), 0.2)
    linear[:, :, :8] = 1.0
    linear[:, :, 8:12] = 0.0
    linear[:, 0, 12:] = 0.4
    clipped, dark, red, blue, chroma = statistics(Light(spec).encode(linear).numpy(), spec)[0, -5:]
    assert (clipped, dark) == pytest.approx((0.5, 0.125**0.5))
    assert red > 0.5
    assert blue == pytest.approx(0.0, abs=0.01)
    assert chroma > 0.25
