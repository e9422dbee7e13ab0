"""VTAMIQ has the published sizes, and computes what they say: checked against NumPy, layer by layer."""

import dataclasses
from math import erf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import ViTConfig, ViTModel

from autohdr.errors import ModelError, SettingsError
from autohdr_train.quality.models.saved import make
from autohdr_train.quality.models.vtamiq import PAPER, SMALL, VTAMIQ, Group, Sizes, from_hub

Array = NDArray[np.float64]
TINY = Sizes(width=8, heads=2, mlp=12, layers=2, registers=3, table=4, side=4, groups=2, blocks=2, squeeze=4)


def count(module: nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters())


def test_the_published_sizes() -> None:
    with torch.device("meta"):
        network: Any = VTAMIQ(PAPER)
    weights = {name: tuple(weight.shape) for name, weight in network.named_parameters()}
    assert weights["vit.embeddings.position_embeddings"] == (1, 24 * 24 + 1, 768)
    assert weights["registers"] == (1, 8, 768)
    assert weights["difference"] == (768,)
    assert weights["vit.layers.5.mlp.fc1.weight"] == (3072, 768)
    assert "vit.layers.6.mlp.fc1.weight" not in weights
    assert weights["modulation.3.body.3.attention.0.weight"] == (48, 768)
    assert weights["regression.1.weight"] == (192, 768)
    assert weights["regression.4.weight"] == (1, 192)
    assert network.regression[0].p == network.regression[3].p == 0.1
    assert network.modulation[0].drop_path == 0.1


def test_the_published_numbers_of_parameters() -> None:
    """Blocks and embedding as a ViT-B/16 has them, and heads from the published widths."""
    with torch.device("meta"):
        network: Any = VTAMIQ(PAPER)
    assert {count(layer) for layer in network.vit.layers} == {7_087_872}
    assert count(network.vit.embeddings.patch_embeddings) == 590_592
    block = 1 + (768 * 768 + 768) + (768 * 48 + 48) + (48 * 768 + 768)
    group = 4 * block + 768 * 768 + 768
    assert count(network.modulation) == 4 * group + 768 * 768 + 768
    assert count(network.regression) == 768 * 192 + 192 + 1 + 192 + 1
    assert (
        count(network)
        == 57_313_170
        == 6 * 7_087_872 + 590_592 + 768 * (577 + 1 + 8 + 2 + 1) + count(network.modulation) + count(network.regression)
    )


def gelu(x: Array) -> Array:
    value: Array = x * 0.5 * (1 + np.vectorize(erf)(x / np.sqrt(2)))
    return value


def normed(x: Array, name: str, w: dict[str, Array]) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    value: Array = (
        centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * w[f"{name}.weight"] + w[f"{name}.bias"]
    )
    return value


def layer(x: Array, name: str, w: dict[str, Array]) -> Array:
    value: Array = x @ w[f"{name}.weight"].T + w[f"{name}.bias"]
    return value


def token(patches: Array, uv: Array, w: dict[str, Array]) -> Array:
    """The class token (8,) of one picture."""
    projection = w["vit.embeddings.patch_embeddings.projection.weight"]
    places = w["vit.embeddings.position_embeddings"][0]
    rows = []
    for patch, (across, down) in zip(patches, uv, strict=True):
        seen = np.array([(patch * kernel).sum() for kernel in projection])
        cell = int(down * 4) * 4 + int(across * 4)
        rows.append(seen + w["vit.embeddings.patch_embeddings.projection.bias"] + places[1 + cell])
    x = np.concatenate([w["vit.embeddings.cls_token"][0] + places[:1], w["registers"][0], rows])
    for number in range(2):
        name = f"vit.layers.{number}"
        y = normed(x, f"{name}.layernorm_before", w)
        q, k, v = (layer(y, f"{name}.attention.{part}_proj", w) for part in "qkv")
        heads = []
        for head in (slice(0, 4), slice(4, 8)):
            scores = np.exp(q[:, head] @ k[:, head].T / 2.0)
            heads.append(scores / scores.sum(1, keepdims=True) @ v[:, head])
        x = x + layer(np.concatenate(heads, axis=1), f"{name}.attention.o_proj", w)
        y = normed(x, f"{name}.layernorm_after", w)
        x = x + layer(gelu(layer(y, f"{name}.mlp.fc1", w)), f"{name}.mlp.fc2", w)
    token: Array = normed(x, "vit.layernorm", w)[0]
    return token


def judged(difference: Array, w: dict[str, Array]) -> float:
    def prelu(x: Array, name: str) -> Array:
        return np.where(x > 0, x, w[f"{name}.weight"] * x)

    x = w["difference"] * difference
    for group in range(2):
        inner = x
        for block in range(2):
            name = f"modulation.{group}.body.{block}"
            changed = layer(prelu(inner, f"{name}.body.0"), f"{name}.body.1", w)
            narrow = np.maximum(layer(changed, f"{name}.attention.0", w), 0)
            inner = inner + changed / (1 + np.exp(-layer(narrow, f"{name}.attention.2", w)))
        x = x + layer(inner, f"modulation.{group}.body.2", w)
    x = layer(x, "modulation.2", w)
    return float(layer(prelu(layer(x, "regression.1", w), "regression.2"), "regression.4", w)[0])


def test_a_forward_pass_by_hand() -> None:
    network = make(TINY, seed=3).double().eval()
    with torch.no_grad():  # nothing stays at 0 or 1, where a missing term would not be seen
        random = torch.Generator().manual_seed(5)
        for weight in network.parameters():
            weight.add_(0.2 * torch.randn(weight.shape, generator=random, dtype=torch.float64))
    network.scale.set(6.0, 2.0)
    rng = np.random.default_rng(1)
    reference, test, uv = rng.normal(size=(1, 5, 3, 4, 4)), rng.normal(size=(1, 5, 3, 4, 4)), rng.random((1, 5, 2))
    answer = network(*map(torch.from_numpy, (reference, test, uv)))
    w = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    seen, other = token(reference[0], uv[0], w), token(test[0], uv[0], w)
    np.testing.assert_allclose(answer.features.detach(), np.stack([seen, other]), atol=1e-6)
    np.testing.assert_allclose(answer.score.detach(), [6.0 + 2.0 * judged(seen - other, w)], atol=1e-6)
    np.testing.assert_allclose(answer.weights.sum(1), [1.0])


def test_patches_may_come_in_any_order() -> None:
    network = make(SMALL, seed=0).eval()
    reference, test, uv = torch.randn(2, 9, 3, 16, 16), torch.randn(2, 9, 3, 16, 16), torch.rand(2, 9, 2)
    order = torch.randperm(9)
    with torch.no_grad():
        one = network(reference, test, uv).score
        other = network(reference[:, order], test[:, order], uv[:, order]).score
    torch.testing.assert_close(one, other)


def test_places_are_seen() -> None:
    network = make(SMALL, seed=0).eval()
    patches = torch.randn(2, 1, 9, 3, 16, 16)
    with torch.no_grad():
        scores = [
            network(patches[0], patches[1], uv).score for uv in (torch.zeros(1, 9, 2), torch.full((1, 9, 2), 0.9))
        ]
    assert not torch.equal(*scores)


def test_a_group_is_left_out_in_training_alone() -> None:
    group = Group(dataclasses.replace(TINY, drop_path=0.5))
    features = torch.randn(64, 8)
    same = (group(features) == features).all(dim=1)
    assert 0 < same.sum() < 64
    assert not (group.eval()(features) == features).all(dim=1).any()


def test_a_transformer_that_is_at_hand_is_taken(tmp_path: Path) -> None:
    """Its first layers, with places resampled to the finer grid; what is not there is refused."""
    config = ViTConfig(
        hidden_size=8, num_attention_heads=2, intermediate_size=12, num_hidden_layers=3, image_size=16, patch_size=4
    )
    vit: Any = ViTModel(config, add_pooling_layer=False)
    vit.save_pretrained(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text('{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}')
    network: Any = from_hub(str(tmp_path), dataclasses.replace(TINY, table=6))
    assert len(network.vit.layers) == 2
    assert network.vit.embeddings.position_embeddings.shape == (1, 37, 8)
    torch.testing.assert_close(network.vit.layers[1].mlp.fc1.weight, vit.layers[1].mlp.fc1.weight)
    places = network.vit.embeddings.position_embeddings
    torch.testing.assert_close(places[:, 0], vit.embeddings.position_embeddings[:, 0])
    network(torch.randn(1, 2, 3, 4, 4), torch.randn(1, 2, 3, 4, 4), torch.rand(1, 2, 2))
    with pytest.raises(SettingsError, match="expected"):
        from_hub(str(tmp_path), Sizes(width=16, heads=2, mlp=12, layers=2, side=4))


def test_weights_that_cannot_be_had_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="not in Hugging Face's cache"):
        from_hub("google/vit-base-patch16-no-such")
