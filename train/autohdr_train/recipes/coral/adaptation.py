"""Domain adaptation: a network learns photos as an SDR display shows them and scene light at once, aligned by CORAL.

Each step takes one batch of either domain. Loss = task(SDR) + task(HDR, where labelled) + weight * distance between
their class tokens. A photographer's shoot is both domains at once.
"""

import dataclasses
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autohdr.errors import LearningError
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.coral.alignment import Alignment, Form
from autohdr_train.recipes.coral.display import Shown
from autohdr_train.recipes.loss import LOSSES
from autohdr_train.recipes.objective import Batch
from autohdr_train.recipes.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one step's loss, before the step changed the network."""

    sdr: float
    """Task loss of the SDR batch."""
    hdr: float
    """Task loss of the HDR batch; 0 where it has no label."""
    aligned: float
    """The distance in the loss, without its weight; 0 where nothing is aligned."""
    coral: float
    """The published CORAL distance, whatever is aligned, for comparison."""


class Adaptation:
    """The labels of both domains, and the distance between them, weighted as the recipe's `coral` says."""

    def __init__(
        self,
        spec: InputSpec,
        features: int,
        sdr: TensorDataset,
        hdr: TensorDataset,
        recipe: Recipe,
        *,
        form: Form | None = "coral",
    ) -> None:
        """
        Args:
            spec: how the pixels of both were prepared, in a PU21 encoding.
            features: length of the network's class token.
            sdr: photos of the source domain, *not yet* as a display shows them: that is done here, after augmentation.
            hdr: photos of the target domain; NaN where they have no label. As many photos as in `sdr` are drawn in the
                same order, so that a shoot that is given as both is compared with itself.
            recipe: the settings; its seed is also of the projection.
            form: what is aligned; None is the control without.

        Raises:
            SettingsError: the encoding is `srgb`.
            LearningError: a domain has no photos.
        """
        assert recipe.coral is not None
        if not (len(sdr) and len(hdr)):
            raise LearningError(f"{len(sdr)} SDR and {len(hdr)} HDR photos; adapting takes some of each")
        self.recipe = recipe
        self.labels = np.concatenate([sdr.labels, hdr.labels])
        self.parts: list[Parts] = []
        """The parts of the loss in each step so far."""
        self._domains = (sdr, hdr)
        self._weight = recipe.coral
        self._shown = Shown(spec)
        self._measure = Alignment("coral", features, seed=recipe.seed)
        self._align = None if form is None else Alignment(form, features, seed=recipe.seed)

    @property
    def per_epoch(self) -> int:
        return max(-(-len(photos) // self.recipe.batch) for photos in self._domains)

    def batches(self, first: int) -> Iterator[Batch]:
        return zip(
            *(_endless(photos, self.recipe.batch, self.recipe.seed, first) for photos in self._domains), strict=True
        )

    def loss(self, network: SliderNet, batch: Batch, spread: Tensor) -> Tensor:
        (source, source_labels), (target, target_labels) = batch
        pixels = torch.cat([self._shown.to(source.device)(source), target])
        with torch.autocast(pixels.device.type, torch.bfloat16, enabled=self.recipe.bf16):
            predicted, tokens = (values.float() for values in _forward(network, pixels))
        count, task = len(source), LOSSES[self.recipe.loss]
        sdr = task(predicted[:count], source_labels, spread)
        hdr = task(predicted[count:], target_labels, spread)
        aligned = sdr.new_zeros(()) if self._align is None else self._align(tokens[:count], tokens[count:])
        with torch.no_grad():
            coral = self._measure(tokens[:count], tokens[count:])
        self.parts.append(Parts(sdr.item(), hdr.item(), aligned.item(), coral.item()))
        return sdr + hdr + self._weight * aligned

    def state(self) -> dict[str, Any]:
        return {
            "parts": [dataclasses.astuple(parts) for parts in self.parts],
            "measure": self._measure.past(),
            "align": None if self._align is None else self._align.past(),
        }

    def go_on(self, state: dict[str, Any]) -> None:
        self.parts = [Parts(*numbers) for numbers in state["parts"]]
        self._measure.go_on(state["measure"])
        if self._align is not None:
            self._align.go_on(state["align"])


def _endless(photos: TensorDataset, count: int, seed: int, first: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of `count` photos without end, from number `first` on: every photo once, in random order, then all again
    in another."""
    random = torch.Generator().manual_seed(seed)
    waiting: list[int] = []
    for number in itertools.count():
        while len(waiting) < count:
            waiting += torch.randperm(len(photos), generator=random).tolist()
        if number >= first:
            yield photos.batch(np.array(waiting[:count]))
        waiting = waiting[count:]


def _forward(network: SliderNet, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Sliders (N, 8), and the class tokens (N, D) on the way to them."""
    tokens: list[Tensor] = []
    hook = network.vit.register_forward_hook(lambda _, __, output: tokens.append(output.last_hidden_state[:, 0]))
    try:
        return network(pixels), tokens[0]
    finally:
        hook.remove()
