"""What a network is trained towards: where batches come from, and how the loss of a step is computed."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from autohdr.errors import SettingsError
from autohdr_train.data.loader import Loader
from autohdr_train.data.smoothing import jitter, moving_average
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.loss import LOSSES
from autohdr_train.recipes.recipe import Recipe

Batch = Sequence[tuple[Tensor, Tensor]]
"""Pixels (B, 3, S, S) and labels (B, 8), NaN where missing, for each domain that a step learns from."""


class Objective(Protocol):
    """What `loop.train` needs to know of what it trains towards."""

    recipe: Recipe
    labels: NDArray[np.float32]
    """(N, 8), scaled, NaN where missing: all that are learnt, as the photographer left them."""

    @property
    def per_epoch(self) -> int:
        """Steps in which every photo is seen once."""

    def batches(self, first: int) -> Iterator[Batch]:
        """The batches from step `first` on, without end: the same ones, wherever training goes on."""

    def loss(self, network: SliderNet, batch: Batch, spread: Tensor) -> Tensor:
        """The loss of a batch, augmented and on the network's device: a scalar, float32.

        Args:
            network: in training mode.
            batch: one of `batches`.
            spread: (8,), what an error of each slider is measured in.
        """

    def state(self) -> dict[str, Any]:
        """What changes from step to step, as tensors and plain Python, for a run that goes on after a kill."""

    def go_on(self, state: dict[str, Any]) -> None:
        """Continues with what `state` gave."""


class Supervised:
    """The labels of photos, by the recipe's loss."""

    def __init__(self, photos: TensorDataset, recipe: Recipe) -> None:
        """
        Args:
            photos: what is learnt from, labels as the photographer left them.
            recipe: the settings.

        Raises:
            SettingsError: the recipe aligns domains, which takes `coral.adaptation.Adaptation`.
        """
        if recipe.coral is not None:
            raise SettingsError(f"recipe {recipe.name} aligns two domains; expected one that learns labels alone")
        self.recipe = recipe
        self.labels = photos.labels
        self._loader = Loader(taught(photos, recipe), recipe.batch, recipe.seed)

    @property
    def per_epoch(self) -> int:
        return self._loader.per_epoch

    def batches(self, first: int) -> Iterator[Batch]:
        return ((batch,) for batch in self._loader.batches(first))

    def loss(self, network: SliderNet, batch: Batch, spread: Tensor) -> Tensor:
        ((pixels, labels),) = batch
        with torch.autocast(pixels.device.type, torch.bfloat16, enabled=self.recipe.bf16):
            predicted = network(pixels)
        return LOSSES[self.recipe.loss](predicted.float(), labels, spread)

    def state(self) -> dict[str, Any]:
        return {}

    def go_on(self, state: dict[str, Any]) -> None:
        pass


def taught(photos: TensorDataset, recipe: Recipe) -> TensorDataset:
    """The photos as they are shown to a network: labels smoothed as the recipe says, and corrections of autohdr's
    labels twice, because they count more, as in `autohdr.style.points.CORRECTED`."""
    labels = photos.labels
    if recipe.label_window:
        labels = moving_average(labels, photos.groups, photos.captured, recipe.label_window)
    if recipe.label_noise:
        labels = jitter(labels, recipe.label_noise, np.random.default_rng(recipe.seed))
    everyone = np.arange(len(photos))
    shown = photos.subset(everyone)
    shown.labels = labels
    return shown.subset(np.concatenate([everyone, np.flatnonzero(photos.corrected)]))


def label_spread(labels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation (8,) of each slider's labels (N, 8), scaled; at least a hundredth of the slider's range."""
    known = np.isfinite(labels)
    deviations = [labels[known[:, column], column].std() if known[:, column].any() else 0.0 for column in range(8)]
    return np.maximum(np.array(deviations, dtype=np.float32), 0.01)
