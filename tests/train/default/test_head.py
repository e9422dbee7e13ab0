"""The head: right on most photos, and never far out."""

import numpy as np
import torch

from autohdr.sliders import LIMITS
from autohdr_train.default.head import MOST, put, solve
from autohdr_train.network.model import SliderNet


def test_a_few_wild_labels_do_not_move_it() -> None:
    random = np.random.default_rng(0)
    seen = random.standard_normal((4000, 6))
    layer = 0.05 * random.standard_normal((8, 7))
    labels = seen @ layer[:, :-1].T + layer[:, -1]
    labels[:200] += 1.0
    found = solve(seen, labels, np.ones(len(seen)))
    np.testing.assert_allclose(found, layer, atol=0.01)


def test_an_example_without_weight_says_nothing() -> None:
    random = np.random.default_rng(1)
    seen = random.standard_normal((500, 3))
    labels = np.repeat(0.02 * seen[:, :1], 8, axis=1)
    labels[250:] = 0.9
    found = solve(seen, labels, (np.arange(500) < 250).astype(float))
    assert np.abs(found[:, -1]).max() < 0.02


def test_a_network_answers_with_the_layer_and_ends_where_it_is_told(network: SliderNet) -> None:
    width = network.classifier.in_features
    layer = np.zeros((8, width + 1))
    layer[:, 0], layer[:, -1] = 0.01, 0.002
    put(network, layer)
    seen = torch.zeros(2, width)
    seen[1, 0] = 1e4
    with torch.inference_mode():
        found = network.answer(seen).numpy()
    np.testing.assert_allclose(found[0], 0.002, atol=1e-6)
    np.testing.assert_allclose(found[1] * LIMITS, MOST, rtol=1e-5)
