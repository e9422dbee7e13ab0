"""What a quality model is trained to make small: errors of scores, or of their order and their line."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Loss = Literal["mae", "rank-pearson"]


def mae(predicted: Tensor, scores: Tensor) -> Tensor:
    """Mean absolute error of predicted scores (B,), a scalar."""
    return functional.l1_loss(predicted, scores)


def rank(predicted: Tensor, scores: Tensor) -> Tensor:
    """How far pairs of pictures stand in the wrong order, a scalar: 0 where none does.

    Each pair counts its predicted difference, over the larger of the two predictions' distances from their mean, so
    that a model cannot make it small by predicting small numbers. After A. Chubarau and J. Clark, 2021.
    """
    first, second = torch.triu_indices(len(scores), len(scores), offset=1)
    wrong = functional.relu(-(predicted[first] - predicted[second]) * (scores[first] - scores[second]).sign())
    size = (predicted - predicted.mean()).abs().detach()
    return (wrong / torch.maximum(size[first], size[second]).clamp(min=1e-3)).mean()


def pearson(predicted: Tensor, scores: Tensor) -> Tensor:
    """1 less the linear correlation of predictions (B,) with scores, a scalar from 0 to 2."""
    centred, wanted = predicted - predicted.mean(), scores - scores.mean()
    return 1.0 - (centred * wanted).sum() / (centred.norm() * wanted.norm()).clamp(min=1e-6)


def rank_pearson(predicted: Tensor, scores: Tensor) -> Tensor:
    """`rank` plus `pearson`: the order and the line, and no scale."""
    return rank(predicted, scores) + pearson(predicted, scores)


LOSSES: dict[Loss, Callable[[Tensor, Tensor], Tensor]] = {"mae": mae, "rank-pearson": rank_pearson}
