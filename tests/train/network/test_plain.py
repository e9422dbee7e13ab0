"""A network that learnt no features gives some once it is trained, and answers as before."""

import pytest
import torch

from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import Head, SliderNet
from autohdr_train.network.plain import give_features
from autohdr_train.network.start import default
from autohdr_train.network.tones import SIZE


@pytest.mark.parametrize("head", ["linear", "tanh"])
def test_it_gives_tones_and_its_token_and_answers_as_before(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, head: Head
) -> None:
    network.head = head
    network.balance(torch.linspace(-0.2, 0.2, 8), torch.linspace(0.02, 0.3, 8))
    pixels = 100.0 * torch.randn(20, 3, 32, 32)  # tokens far from those of the photos: they have no limits
    with torch.no_grad():
        before = network(pixels)
        give_features(network, spec, photos)
        seen = network.see(torch.from_numpy(photos.pixels))
        torch.testing.assert_close(network(pixels), before, atol=1e-5, rtol=1e-5)
    assert network.features is not None
    assert (network.features.learnt, network.features.size) == (0, SIZE + 24)
    tokens = seen[:, SIZE:]
    torch.testing.assert_close(tokens.mean(dim=0), torch.zeros(24), atol=1e-3, rtol=0.0)
    assert not network.classifier.weight[:, :SIZE].any()
    assert network.tones is not None
    ordinary = default().network.tones
    assert ordinary is not None
    assert torch.equal(network.tones.std, ordinary.std)


def test_one_that_gives_features_stays_as_it_is(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    network.describe_tones(spec, learnt=True)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    give_features(network, spec, photos)
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
