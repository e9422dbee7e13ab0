"""PieAPP has the published sizes, and computes what they say: checked against NumPy, layer by layer."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr_train.quality.models.pieapp import PAPER, SMALL, PieAPP, Sizes
from autohdr_train.quality.models.saved import make

Array = NDArray[np.float64]
TINY = Sizes(widths=(2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2), hidden=5, side=32)


def test_the_published_sizes() -> None:
    assert PAPER.features == 120_832
    assert PAPER.coarse == 2_048
    with torch.device("meta"):
        network: Any = PieAPP(PAPER)
    widths = [(layer.in_channels, layer.out_channels, layer.kernel_size) for layer in network.convolutions]
    expected = [3, 64, 64, 64, 128, 128, 128, 256, 256, 256, 512, 512]
    assert widths == [(before, after, (3, 3)) for before, after in pairwise(expected)]
    assert network.scorer[0].weight.shape == (512, 120_832)
    assert network.weigher[0].weight.shape == (512, 2_048)
    assert network.scorer[2].weight.shape == network.weigher[2].weight.shape == (1, 512)


def test_the_published_number_of_parameters() -> None:
    widths = [3, 64, 64, 64, 128, 128, 128, 256, 256, 256, 512, 512]
    convolutions = sum(9 * before * after + after for before, after in pairwise(widths))
    heads = (120_832 * 512 + 512) + 513 + (2_048 * 512 + 512) + 513
    with torch.device("meta"):
        found = sum(weight.numel() for weight in PieAPP(PAPER).parameters())
    assert found == convolutions + heads == 68_376_578


def convolved(x: Array, kernel: Array, bias: Array) -> Array:
    height, width = x.shape[1:]
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    out = np.empty((len(kernel), height, width))
    for row in range(height):
        for column in range(width):
            window = padded[:, row : row + 3, column : column + 3]
            out[:, row, column] = (kernel * window).sum(axis=(1, 2, 3)) + bias
    return np.maximum(out, 0)


def pooled(x: Array) -> Array:
    largest: Array = x.reshape(len(x), x.shape[1] // 2, 2, x.shape[2] // 2, 2).max(axis=(2, 4))
    return largest


def described(patch: Array, w: dict[str, Array]) -> tuple[Array, Array]:
    def step(x: Array, number: int) -> Array:
        return convolved(x, w[f"convolutions.{number - 1}.weight"], w[f"convolutions.{number - 1}.bias"])

    x3 = step(pooled(step(step(patch, 1), 2)), 3)
    x5 = step(pooled(step(x3, 4)), 5)
    x7 = step(pooled(step(x5, 6)), 7)
    x9 = step(pooled(step(x7, 8)), 9)
    x11 = step(pooled(step(x9, 10)), 11)
    return np.concatenate([x.ravel() for x in (x3, x5, x7, x9, x11)]), x11.ravel()


def headed(x: Array, name: str, w: dict[str, Array]) -> float:
    hidden = np.maximum(w[f"{name}.0.weight"] @ x + w[f"{name}.0.bias"], 0)
    return float((w[f"{name}.2.weight"] @ hidden + w[f"{name}.2.bias"])[0])


def test_a_forward_pass_by_hand() -> None:
    network = make(TINY, seed=2).double().eval()
    network.scale.set(7.0, 3.0)
    rng = np.random.default_rng(1)
    reference, test = rng.normal(size=(2, 1, 3, 3, 32, 32)) * 2
    answer = network(torch.from_numpy(reference), torch.from_numpy(test), torch.zeros(1, 3, 2))
    w = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    scores, weights, coarse = [], [], []
    for one, other in zip(reference[0], test[0], strict=True):
        (features, last), (others, others_last) = described(one, w), described(other, w)
        scores.append(7.0 + 3.0 * headed(features - others, "scorer", w))
        weights.append(1 / (1 + np.exp(-headed(last - others_last, "weigher", w))) + 1e-6)
        coarse.append((last, others_last))
    np.testing.assert_allclose(answer.local.detach()[0], scores, atol=1e-9)
    np.testing.assert_allclose(answer.weights.detach()[0], np.array(weights) / np.sum(weights), atol=1e-9)
    np.testing.assert_allclose(answer.score.detach(), [np.average(scores, weights=weights)], atol=1e-9)
    np.testing.assert_allclose(answer.features.detach(), np.mean(coarse, axis=0), atol=1e-9)


def test_a_pair_alone_has_the_score_that_it_has_among_others() -> None:
    network = make(SMALL, seed=0).eval()
    reference, test = torch.randn(2, 3, 2, 3, 64, 64)
    uv = torch.zeros(3, 2, 2)
    with torch.no_grad():
        together = network(reference, test, uv).score
        alone = torch.cat([network(reference[[i]], test[[i]], uv[[i]]).score for i in range(3)])
    torch.testing.assert_close(together, alone)


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(SettingsError, match="expected 11"):
        Sizes(widths=(3, 4))
    with pytest.raises(SettingsError, match="multiple of 32"):
        Sizes(side=40)


def test_the_last_features_still_tell_pictures_apart() -> None:
    """With torch's own beginning they varied by a millionth of their size."""
    network: Any = make(SMALL, seed=0).eval()
    with torch.no_grad():
        _, coarse = network.describe(torch.randn(16, 3, 64, 64))
    assert coarse.std(dim=0).mean() > 0.1 * coarse.mean()
