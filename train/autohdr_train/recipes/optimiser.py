"""Which weights move how fast: rates by layer and by step, and the average that follows the weights."""

import math
import re

import torch
from torch import nn

from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.recipe import Recipe


def make_optimiser(network: SliderNet, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimiser, a group of weights for each layer; `set_rate` sets the rates.

    Biases, LayerNorm and the class token are not decayed: they set levels, and pulling levels to 0 is no prior.
    """
    found: dict[tuple[float, float], list[nn.Parameter]] = {}
    layers = int(network.config.num_hidden_layers)
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            share = recipe.layer_decay ** (layers + 1 - _depth(name, layers))
            decay = recipe.weight_decay if weight.ndim == 2 else 0.0
            found.setdefault((share, decay), []).append(weight)
    groups = [
        {"params": weights, "weight_decay": decay, "share": share, "lr": recipe.rate * share}
        for (share, decay), weights in found.items()
    ]
    if recipe.optimiser == "adam":
        return torch.optim.Adam(groups)
    return torch.optim.AdamW(groups, betas=(0.9, 0.99))


def set_rate(optimiser: torch.optim.Optimizer, step: int, steps: int, recipe: Recipe) -> None:
    """The rates for a step, 0 to `steps - 1`: each layer's share of the recipe's, times `rate_at`."""
    for group in optimiser.param_groups:
        group["lr"] = recipe.rate * group["share"] * rate_at(step, steps, recipe)


def rate_at(step: int, steps: int, recipe: Recipe) -> float:
    """Share of the largest rate at a step, 0 to 1."""
    warm = round(recipe.warm_up * steps)
    if step < warm:
        return (step + 1) / warm
    return 0.5 + 0.5 * math.cos(math.pi * (step - warm) / max(1, steps - warm)) if recipe.cosine else 1.0


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, step: int, decay: float) -> None:
    """Move the average towards the network's weights after a step, from 1. The first steps count for little."""
    decay = min(decay, (1 + step) / (10 + step))
    for mean, weight in zip(average.parameters(), network.parameters(), strict=True):
        mean.lerp_(weight, 1.0 - decay)


def _depth(name: str, layers: int) -> int:
    """The depth of a weight: 0 in the embedding of patches, then each layer; what comes after all is the head's."""
    if name.startswith("vit.embeddings."):
        return 0
    layer = re.match(r"vit\.layers\.(\d+)\.", name)
    if layer:
        return int(layer[1]) + 1
    return layers if name.startswith("vit.") else layers + 1
