"""The closed-form head: a photographer's style from a few edits, without gradients, in seconds.

Each slider is a kernel ridge over frozen features; the kernel is what `Style` expects of photographers, the solution
`autohdr_train.solution`'s. The head stays one linear layer and one sum over the remembered photos.
"""

import copy
from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader

from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.light import Light
from autohdr_train.model import SliderNet
from autohdr_train.plain import give_features
from autohdr_train.solution import Points, solutions
from autohdr_train.style import UNITS, Remembered

MOST = 1000
"""Photos that the head remembers; of more, all corrections and a random choice of the others."""
COPIED = 100
"""Photos that are looked at in other light as well; of more, likewise."""
CORRECTED = 0.5
"""Of the usual variance of a label's noise, that of a correction: who moved a slider that autohdr had set has looked at
this photo twice. A correction counts about as much as two edits; the factor is a choice, not a measurement."""
STOPS = (-1.0, 1.0)
"""That other light."""


class Seen(NamedTuple):
    """What the head sees of photos."""

    features: Tensor
    """(N, F)."""
    copies: Tensor
    """(N, 2, F), of the same photos with light 2^`STOPS` of theirs; NaN where nobody looked."""
    corrected: NDArray[np.bool_] | None = None
    """(N,), photos whose labels are corrections of autohdr's: they are never left out, and count more. None: none."""

    def of(self, rows: NDArray[np.int64]) -> Self:
        """Of these photos alone."""
        corrected = None if self.corrected is None else self.corrected[rows]
        return self._replace(features=self.features[rows], copies=self.copies[rows], corrected=corrected)

    @property
    def copied(self) -> Tensor:
        """Numbers of the photos that were looked at in other light."""
        return torch.isfinite(self.copies[:, 0, 0]).nonzero()[:, 0]

    def points(self) -> Points:
        """The photos, and their copies after them, in float64."""
        copied = self.copied
        features = torch.cat([self.features, self.copies[copied].flatten(0, 1)]).double()
        stops = features.new_tensor(STOPS).repeat(len(copied))
        doubt = features.new_ones(len(self.features))
        if self.corrected is not None:
            doubt[torch.from_numpy(self.corrected)] = CORRECTED
        return Points(features, copied.repeat_interleave(len(STOPS)), stops, doubt)


def learn(network: SliderNet, spec: InputSpec, photos: TensorDataset, *, seed: int) -> None:
    """Solve for the head of `network`, in place, from all the photos. Nothing else of it changes.

    A network without features of its own gets the plain ones: its class token and the picture's tones.

    Args:
        network: its input is as `spec` says.
        spec: how the photos were prepared.
        photos: what is learnt from; labels may be missing. A slider without any is set to 0.
        seed: chooses photos where there are more than can be remembered, or looked at in other light.
    """
    if network.features is None:
        give_features(network, spec, photos)
    solve(network, *remember(look(network, spec, photos, seed=seed), torch.from_numpy(photos.labels), seed))


def remember(seen: Seen, labels: Tensor, seed: int) -> tuple[Seen, Tensor]:
    """At most `MOST` of the photos and copies of at most `COPIED` of them, corrections first and the others drawn by
    `seed`, in the order given.

    Returns:
        The photos, and their labels (K, 8).
    """
    chosen = some(len(labels), MOST, seed, seen.corrected)
    kept, copies = seen.of(chosen), torch.full_like(seen.copies[chosen], torch.nan)
    first = None if kept.corrected is None else kept.corrected[kept.copied.numpy()]
    copied = kept.copied[some(len(kept.copied), COPIED, seed, first)]
    copies[copied] = kept.copies[copied]
    return kept._replace(copies=copies), labels[chosen]


def some(count: int, most: int, seed: int, first: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """At most so many numbers below `count`, ascending: those that come `first` (count,), others drawn by `seed`."""
    if count <= most:
        return np.arange(count)
    random = np.random.default_rng(seed)
    if first is None or not first.any():
        return np.sort(random.choice(count, most, replace=False))
    kept = np.flatnonzero(first)
    if len(kept) >= most:
        return np.sort(random.choice(kept, most, replace=False))
    return np.sort(np.concatenate([kept, random.choice(np.flatnonzero(~first), most - len(kept), replace=False)]))


def look(network: SliderNet, spec: InputSpec, photos: TensorDataset, *, seed: int) -> Seen:
    """What the head sees of photos, prepared as `spec` says; of at most `COPIED`, drawn by `seed`, in other light too.

    Only the sensor's numbers are light: where the input is a preview there are no copies.
    """
    found = features(network, photos)
    copies = found.new_full((len(found), len(STOPS), found.shape[1]), torch.nan)
    if spec.source == "raw":
        kept = some(len(photos), MOST, seed, photos.corrected)  # as `remember` will
        chosen = kept[some(len(kept), COPIED, seed, photos.corrected[kept])]
        copies[chosen] = in_other_light(network, spec, photos.subset(chosen))
    return Seen(found, copies, photos.corrected)


def in_other_light(network: SliderNet, spec: InputSpec, photos: TensorDataset) -> Tensor:
    """What the head sees of each photo with its light times 2^`STOPS` (N, 2, F)."""
    light = Light(spec).to(next(network.parameters()).device)

    def brighter(stops: float) -> Callable[[Tensor], Tensor]:
        return lambda pixels: light.encode(light(pixels) * 2.0**stops)

    return torch.stack([features(network, photos, brighter(stops)) for stops in STOPS], dim=1)


def features(
    network: SliderNet, photos: TensorDataset, change: Callable[[Tensor], Tensor] | None = None, *, batch: int = 32
) -> Tensor:
    """What the head sees of each photo (N, F), or of what `change` makes of its pixels (B, 3, S, S)."""
    network.eval()
    device, found = next(network.parameters()).device, []
    with torch.inference_mode():
        for pixels, _ in DataLoader(photos, batch_size=batch):
            shown = pixels.to(device)
            found.append(network.see(shown if change is None else change(shown)).float().cpu())
    return torch.cat(found).clone()


@torch.no_grad()
def solve(network: SliderNet, seen: Seen, labels: Tensor) -> None:
    """Solve for the head from what it sees of photos and labels (K, 8), scaled to [-1, 1], NaN where missing."""
    assert network.style is not None
    style = copy.deepcopy(network.style).cpu().double()
    points = seen.points()
    head = Remembered(len(points.features), style.learnt, style.plain)
    head.bend.copy_(style.log_bend.exp()[:, None])
    head.photos.copy_(points.features[:, : style.learnt])
    head.plain_photos.copy_(points.features[:, style.learnt :])
    classifier = network.classifier
    for slider, found in enumerate(solutions(style, points, labels.double() / UNITS.double())):
        unit = UNITS[slider]
        classifier.weight[slider] = (unit * found.slope).to(classifier.weight)
        classifier.bias[slider] = (unit * found.level).to(classifier.bias)
        head.weights[slider, :, 0] = (unit * found.weights).float()
        head.plain_weights[:, slider] = (unit * found.plain_weights).float()
    network.centre.zero_()
    network.spread.fill_(1.0)
    network.remembered = head.to(classifier.weight.device)
    network.head = "linear"
