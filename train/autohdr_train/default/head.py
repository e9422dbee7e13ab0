"""Solves for the default model's own head: a linear layer that is right on most photos, not right on average.

A photo whose exposure cannot be known pulls a mean without end, and a median by one; so the absolute error is made
small. What nobody can know comes out near 0: that is what the examples, of which most are near right, say.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr_train.network.model import SliderNet

RIDGE = 100.0
"""The ridge penalty on squared weights, where features are 1 apart."""
MOST = np.array([1.5, 20.0, 40.0, 50.0, 20.0, 20.0, 15.0, 5.0])
"""Where answers end, in Lightroom's units: of 995 edits by real people nine in ten of each slider lie within this, or
beyond it on one person's word alone."""
_NEAR = np.array([0.1, 1.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0])
"""Errors below which no absolute error is distinguished, in Lightroom's units."""
_ROUNDS = 15


def solve(
    seen: NDArray[np.floating], labels: NDArray[np.floating], weights: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Returns the linear layer (8, F + 1), its bias last, of the least absolute error, by reweighted least squares.

    Args:
        seen: features (N, F).
        labels: (N, 8), scaled to [-1, 1].
        weights: of the examples (N,).
    """
    mean = np.average(seen, axis=0, weights=weights)
    spread = np.sqrt(np.average((seen - mean) ** 2, axis=0, weights=weights)) + 1e-6
    inputs = np.c_[(seen - mean) / spread, np.ones(len(seen))].astype(np.float64)
    penalty = RIDGE * np.eye(inputs.shape[1])
    penalty[-1, -1] = 0.0
    rows = []
    for wanted, near in zip(labels.T.astype(np.float64), _NEAR / LIMITS, strict=True):
        each, found = np.array(weights, np.float64), np.zeros(inputs.shape[1])
        for _ in range(_ROUNDS):
            scaled = inputs.T * each
            found = np.linalg.solve(scaled @ inputs + penalty, scaled @ wanted)
            each = weights * near / np.maximum(np.abs(wanted - inputs @ found), near)
        slope = found[:-1] / spread
        rows.append(np.append(slope, found[-1] - slope @ mean))
    return np.array(rows)


@torch.no_grad()
def put(network: SliderNet, layer: NDArray[np.float64]) -> None:
    """Gives a network this linear layer (8, F + 1), and the ends of its answers."""
    network.head = "linear"
    network.classifier.weight.copy_(torch.from_numpy(layer[:, :-1]))
    network.classifier.bias.copy_(torch.from_numpy(layer[:, -1]))
    network.centre.zero_()
    network.spread.fill_(1.0)
    network.most = torch.from_numpy((MOST / LIMITS).astype(np.float32))
