"""The closed-form head: a photographer's style from a few edits, without gradients, in seconds.

Each slider is a kernel ridge over frozen features; the kernel is what `Style` expects of photographers. How strongly
to regularise, and how far to trust the expectation, is not chosen but averaged: every combination on a small grid
counts by its leave-one-out likelihood. An average of such solutions is one of their kind, so the head stays one linear
layer and one sum over the remembered photos.
"""

import copy
import itertools
import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.model import SliderNet
from autohdr_train.style import UNITS, Remembered, Style, plain_gram

MOST = 1000
"""Photos that the head remembers; of more, a random choice."""
TRUST = (0.0, 0.5, 1.0)
"""Factors of the average photographer."""
SIZES = (0.25, 1.0, 4.0)
"""Factors of the expected variance of deviations."""
NOISE = (0.25, 1.0, 4.0, 16.0)
"""Factors of the expected variance of a photographer's inconsistency."""
PLAIN = (0.0, 0.3, 1.5)
"""Variances of deviations that follow the plain features, in `UNITS` squared."""


class Solution(NamedTuple):
    """One slider's function of the features, in `UNITS`."""

    slope: Tensor
    """(F,)."""
    level: Tensor
    """A scalar."""
    weights: Tensor
    """(K,), of the learnt curved kernel with each photo."""
    plain_weights: Tensor
    """(K,), of the plain curved kernel with each photo."""


def learn(network: SliderNet, spec: InputSpec, photos: TensorDataset, *, seed: int) -> None:
    """Solve for the head of `network`, in place, from all the photos. Nothing else of it changes.

    A network without features of its own gets the plain ones: its class token and the picture's tones.

    Args:
        network: its input is as `spec` says.
        spec: how the photos were prepared.
        photos: what is learnt from; labels may be missing. A slider without any is set to 0.
        seed: chooses photos where there are more than can be remembered.
    """
    if network.features is None:
        _give_features(network, spec, photos)
    solve(network, *remember(features(network, photos), torch.from_numpy(photos.labels), seed))


def remember(seen: Tensor, labels: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """At most `MOST` of the photos, drawn by `seed`: features (K, F) and labels (K, 8), in the order given."""
    if len(seen) <= MOST:
        return seen, labels
    chosen = np.sort(np.random.default_rng(seed).choice(len(seen), MOST, replace=False))
    return seen[chosen], labels[chosen]


def _give_features(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> None:
    """Plain features: class tokens about 0 and 1 apart over these photos, tones over ordinary ones."""
    from autohdr.model import DEFAULT_MODEL
    from autohdr_train.start import from_onnx  # where this module is imported from

    tokens = features(network, photos)
    network.describe_tones(spec)
    ordinary = from_onnx(DEFAULT_MODEL)[0].tones
    assert network.tones is not None
    assert network.features is not None
    assert ordinary is not None
    network.tones.mean.copy_(ordinary.mean)
    network.tones.std.copy_(ordinary.std)
    network.features.standardise(tokens)


def features(network: SliderNet, photos: TensorDataset, *, batch: int = 32) -> Tensor:
    """What the head sees of each photo (N, F)."""
    network.eval()
    device = next(network.parameters()).device
    with torch.inference_mode():
        found = [network.see(pixels.to(device)).float().cpu() for pixels, _ in DataLoader(photos, batch_size=batch)]
    return torch.cat(found).clone()


@torch.no_grad()
def solve(network: SliderNet, seen: Tensor, labels: Tensor) -> None:
    """Solve for the head from features (K, F) and labels (K, 8), scaled to [-1, 1], NaN where missing."""
    assert network.style is not None
    style = copy.deepcopy(network.style).cpu().double()
    seen, labels = seen.double(), labels.double() / UNITS.double()
    head = Remembered(len(seen), style.learnt, style.plain)
    head.bend.copy_(style.log_bend.exp()[:, None])
    head.photos.copy_(seen[:, : style.learnt])
    head.plain_photos.copy_(seen[:, style.learnt :])
    classifier = network.classifier
    for slider, unit in enumerate(UNITS):
        known = torch.isfinite(labels[:, slider])
        found = _slider(style, slider, seen[known], labels[known, slider])
        classifier.weight[slider] = (unit * found.slope).to(classifier.weight)
        classifier.bias[slider] = (unit * found.level).to(classifier.bias)
        head.weights[slider, known, 0] = (unit * found.weights).float()
        head.plain_weights[known, slider] = (unit * found.plain_weights).float()
    network.centre.zero_()
    network.spread.fill_(1.0)
    network.remembered = head.to(classifier.weight.device)
    network.head = "linear"


def _slider(style: Style, slider: int, seen: Tensor, labels: Tensor) -> Solution:
    """The average solution for one slider, from features (K, F) and labels (K,), in `UNITS`."""
    count, size = seen.shape
    if count == 0 or bool((labels == labels[0]).all()):
        level = labels[0] if count else labels.new_zeros(())
        return Solution(seen.new_zeros(size), level, seen.new_zeros(count), seen.new_zeros(count))
    learnt, plain = seen[:, : style.learnt], seen[:, style.learnt :]
    gram, other = style.gram(learnt, learnt), plain_gram(plain, plain)
    usual, constant = gram.linear[slider] + gram.curved[slider], 4.0 * gram.constant[slider]
    noise = torch.exp(2.0 * style.log_noise[slider]) * torch.eye(count)
    slope, level = style.mean.weight[slider], style.mean.bias[slider]
    average = learnt @ slope + level
    likelihoods, combinations = [], []
    for expected, strange, loud in itertools.product(SIZES, PLAIN, NOISE):
        inverse = torch.linalg.inv(expected * usual + strange * other + constant + loud * noise)
        for trust in TRUST:
            weights = inverse @ (labels - trust * average)
            prior = _prior(expected, strange, loud, trust)
            likelihoods.append(_left_out(weights, inverse.diagonal()) + prior)
            combinations.append((trust, expected, strange, weights))
    shares = torch.softmax(torch.stack(likelihoods), dim=0)
    # The mean of the solutions: each is linear in what stands here.
    trust = sum(share * item[0] for share, item in zip(shares, combinations, strict=True))
    weights = sum(share * item[3] for share, item in zip(shares, combinations, strict=True))
    usually = sum(share * item[1] * item[3] for share, item in zip(shares, combinations, strict=True))
    strangely = sum(share * item[2] * item[3] for share, item in zip(shares, combinations, strict=True))
    straight = style.log_slope[slider].exp().square() * (usually @ learnt) + trust * slope
    return Solution(
        torch.cat([straight, 0.5 * (strangely @ plain) / plain.shape[1]]),
        trust * level + (constant * weights.sum()).squeeze(),
        style.log_curved[slider].exp() * usually,
        strangely,
    )


def _left_out(weights: Tensor, inverse: Tensor) -> Tensor:
    """Log likelihood of each label by the others, of the solution's weights (K,) and the diagonal (K,) of the inverse
    covariance (Rasmussen and Williams 2006, equations 5.10 to 5.12), summed."""
    errors = weights / inverse
    return (-0.5 * errors.square() * inverse + 0.5 * inverse.log()).sum()


def _prior(expected: float, strange: float, loud: float, trust: float) -> float:
    """Log of how probable a combination is before any edit is seen: near what `Style` expects."""
    sizes = math.log(expected) ** 2 + 0.5 * math.log(loud) ** 2
    return -0.5 * sizes - 0.5 * ((trust - 1.0) / 0.7) ** 2 - (1.0 if strange else 0.0)
