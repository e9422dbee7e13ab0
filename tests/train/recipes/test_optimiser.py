"""Rates by layer and by step."""

import copy
from itertools import pairwise

import pytest
import torch

from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.optimiser import follow, make_optimiser, rate_at, set_rate
from autohdr_train.recipes.recipe import Recipe

RECIPE = Recipe("test", head="linear", epochs=1, rate=0.1, warm_up=0.1, cosine=True, weight_decay=0.5)


def test_warm_up_and_cosine_rise_and_fall() -> None:
    rates = [rate_at(step, 100, RECIPE) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[10] == 1.0
    assert rates[100] == pytest.approx(0.0)
    assert all(later <= earlier for earlier, later in pairwise(rates[10:]))


def rates_by_name(network: SliderNet, recipe: Recipe) -> dict[str, float]:
    names = {weight: name for name, weight in network.named_parameters()}
    optimiser = make_optimiser(network, recipe)
    set_rate(optimiser, 10, 100, recipe)
    return {names[weight]: group["lr"] for group in optimiser.param_groups for weight in group["params"]}


def test_each_layer_below_the_head_learns_more_slowly(network: SliderNet) -> None:
    found = rates_by_name(network, Recipe("test", head="linear", epochs=1, rate=0.1, layer_decay=0.5))
    assert set(found) == {name for name, _ in network.named_parameters()}
    assert found["classifier.weight"] == pytest.approx(0.1)
    assert found["vit.layernorm.weight"] == pytest.approx(0.05)
    assert found["vit.layers.1.mlp.fc1.weight"] == pytest.approx(0.05)
    assert found["vit.layers.0.attention.q_proj.bias"] == pytest.approx(0.025)
    assert found["vit.embeddings.patch_embeddings.projection.weight"] == pytest.approx(0.0125)


def test_without_layer_wise_decay_all_learn_alike(network: SliderNet) -> None:
    assert set(rates_by_name(network, RECIPE).values()) == {0.1}


def test_only_matrices_are_decayed(network: SliderNet) -> None:
    for group in make_optimiser(network, RECIPE).param_groups:
        assert {weight.ndim == 2 for weight in group["params"]} == {group["weight_decay"] > 0}


def test_the_average_forgets_its_start_and_then_moves_slowly(network: SliderNet) -> None:
    average, moved = copy.deepcopy(network), copy.deepcopy(network)
    moved.classifier.bias.data.fill_(1.0)
    follow(average, moved, 1, 0.999)
    assert torch.allclose(average.classifier.bias, torch.tensor(1 - 2 / 11))
    before = average.classifier.bias.detach().clone()
    follow(average, moved, 100_000, 0.999)
    assert torch.allclose(average.classifier.bias - before, 0.001 * (1 - before), rtol=1e-2)
