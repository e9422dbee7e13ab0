"""The linear head that training by gradients begins with: a style, as near to it as a linear layer comes."""

import numpy as np
import torch

from autohdr.spec import InputSpec
from autohdr.style.fit import fit
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.network.plain import give_features
from autohdr_train.network.seeing import look, prior

RIDGE = 10.0
"""The ridge penalty on the linear layer's distance from the style's own slopes, where features are about 1 apart."""


def begin_head(network: SliderNet, spec: InputSpec, photos: TensorDataset, *, seed: int) -> None:
    """Solve for a linear head, in place: what a style goes by in the network's features, its curved part by ridge
    regression over the photos and their copies in other light.

    A network without features of its own gets the plain ones: its class token and the picture's tones.

    Args:
        network: its input is as `spec` says.
        spec: how the photos were prepared.
        photos: what is learnt from; labels may be missing. A slider without any is set to 0.
        seed: as of `autohdr.style.fit.fit`.
    """
    give_features(network, spec, photos)
    style = fit(prior(network), look(network, spec, photos, seed=seed), photos.labels.astype(np.float64), seed=seed)
    points = style.points
    curved = style.answer(points) - points @ style.slope.T - style.level
    level = curved.mean(axis=0)
    gram = points @ points.T + RIDGE * np.eye(len(points))
    slope = style.slope + (points.T @ np.linalg.solve(gram, curved - level)).T
    with torch.no_grad():
        network.classifier.weight.copy_(torch.from_numpy(slope))
        network.classifier.bias.copy_(torch.from_numpy(style.level + level))
        network.centre.zero_()
        network.spread.fill_(1.0)
    network.head = "linear"
