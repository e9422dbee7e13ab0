"""What a torch network's head sees of photos, for styles that are learnt on networks that are not exported."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader

from autohdr.spec import InputSpec
from autohdr.style.experts.light import STOPS
from autohdr.style.experts.prior import Prior
from autohdr.style.points import Seen, to_copy
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.light import Light
from autohdr_train.network.model import SliderNet


def look(network: SliderNet, spec: InputSpec, photos: TensorDataset, *, seed: int) -> Seen:
    """What the head sees of photos, and of some that `seed` draws in other light as well, as `autohdr.learn` looks.

    Args:
        network: with features; its input is as `spec` says.
        spec: how the photos were prepared. Of previews none is looked at in other light.
        photos: N of them.
        seed: as of `autohdr.style.points.to_copy`.
    """
    found = features(network, photos)
    copies = np.full((len(found), len(STOPS), found.shape[1]), np.nan, dtype=np.float32)
    if spec.source == "raw":
        chosen = to_copy(photos.corrected, seed)
        copies[chosen] = in_other_light(network, spec, photos.subset(chosen))
    return Seen(found, copies, photos.corrected)


def in_other_light(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> NDArray[np.float32]:
    """What the head sees of each photo with its light times 2^`STOPS` (N, 2, F)."""
    light = Light(spec).to(next(network.parameters()).device)

    def brighter(stops: float) -> Callable[[Tensor], Tensor]:
        return lambda pixels: light.encode(light(pixels) * 2.0**stops)

    return np.stack([features(network, photos, brighter(stops)) for stops in STOPS], axis=1)


def features(
    network: SliderNet, photos: TensorDataset, change: Callable[[Tensor], Tensor] | None = None, *, batch: int = 32
) -> NDArray[np.float32]:
    """What the head sees of each photo (N, F), or of what `change` makes of its pixels (B, 3, S, S)."""
    network.eval()
    device, found = next(network.parameters()).device, []
    with torch.inference_mode():
        for pixels, _ in DataLoader(photos, batch_size=batch):
            shown = pixels.to(device)
            found.append(network.see(shown if change is None else change(shown)).float().cpu())
    return torch.cat(found).numpy()


def prior(network: SliderNet) -> Prior:
    """What is expected of photographers over a network's features."""
    assert network.style is not None
    return Prior.of(network.style.arrays())
