"""A slider that does not beat a constant is written as that constant, and said to be."""

import pytest
import torch

from autohdr_train.network.model import SliderNet
from autohdr_train.network.start import begin


@pytest.mark.parametrize("value", [-1.0, -0.25, 0.0, 1.0])
def test_a_network_holds_a_slider(network: SliderNet, value: float) -> None:
    pixels = torch.randn(3, 3, network.config.image_size, network.config.image_size)
    before = network.eval()(pixels)
    network.hold(2, value)
    after = network(pixels)
    assert (after[:, 2] * 100).detach().numpy() == pytest.approx(100 * value, abs=1e-3)
    others = [slider for slider in range(8) if slider != 2]
    torch.testing.assert_close(after[:, others], before[:, others])
    torch.testing.assert_close(network.folded()["classifier.weight"][2], torch.zeros_like(network.classifier.weight[2]))


def test_the_default_network_holds_a_slider_too() -> None:
    network, spec = begin("default", None, None, "linear", 0)
    network.hold(0, 0.3)
    with torch.inference_mode():
        found = network.eval()(torch.randn(2, 3, spec.size, spec.size))
    assert found[:, 0].numpy() == pytest.approx(0.3, abs=1e-5)
