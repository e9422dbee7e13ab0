"""The linear head that training begins with is near the style that it stands for."""

import copy

import numpy as np
import pytest
import torch

from autohdr.sliders import to_values
from autohdr.style.fit import fit
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SliderNet
from autohdr_train.network.seeing import look, prior
from autohdr_train.recipes.head import begin_head
from tests.train.heads import SPEC


@pytest.mark.parametrize("learnt", [True, False])
def test_it_answers_for_edited_photos_as_the_style_does(
    network: SliderNet, seen: torch.Tensor, labels: torch.Tensor, learnt: bool
) -> None:
    if learnt:
        network.describe_tones(SPEC, learnt=True)
    labels[1:4, 4], labels[:, 6] = torch.nan, torch.nan
    photos = TensorDataset(seen.numpy(), labels.numpy(), ["a place"] * 12, np.full(12, np.nan))
    vit = copy.deepcopy(network.vit.state_dict())
    begin_head(network, SPEC, photos, seed=0)
    found = look(network, SPEC, photos, seed=0)
    style = fit(prior(network), found, labels.numpy().astype(np.float64), seed=0)
    wanted = to_values(style.answer(found.features))
    apart = np.abs(predict(network, photos) - wanted).mean(axis=0)
    assert (apart[:6] < 0.35 * wanted.std(axis=0)[:6]).all()
    assert apart[6] < 1e-3
    assert network.head == "linear"
    assert all(torch.equal(value, vit[name]) for name, value in network.vit.state_dict().items())
