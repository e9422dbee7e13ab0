"""The training loop: data, loss, step, log, evaluate, keep; one function, read top to bottom."""

import copy
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from autohdr.errors import LearningError
from autohdr.progress import Progress
from autohdr.sliders import to_scaled
from autohdr.spec import InputSpec
from autohdr.style.scores import SliderScore, mean_label, score
from autohdr_train.data.loader import Loader
from autohdr_train.data.smoothing import jitter, moving_average
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.checkpoint import Checkpoint
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SliderNet
from autohdr_train.network.plain import give_features
from autohdr_train.network.reload import leave
from autohdr_train.recipes.curve import Curve, from_parts, look, to_parts, write_log
from autohdr_train.recipes.loss import LOSSES
from autohdr_train.recipes.optimiser import follow, make_optimiser, set_rate
from autohdr_train.recipes.recipe import Recipe
from autohdr_train.recipes.unfinished import Stage, Unfinished, identity


def train(
    network: SliderNet,
    spec: InputSpec,
    photos: TensorDataset,
    *,
    recipe: Recipe,
    steps: int | None = None,
    until: int | None = None,
    watch: TensorDataset | None = None,
    watch_every: int | None = None,
    device: str = "cpu",
    stage: Stage | None = None,
) -> Curve:
    """Train `network` in place by gradients, and return how it went. Nothing is chosen by looking.

    On a CPU the same seed, data and number of threads give the same weights, also where a run was killed in between.

    Args:
        network: its input is as `spec` says. It ends with the averaged weights where the recipe averages.
        spec: how the pixels were prepared.
        photos: what is learnt from, labels as the photographer left them.
        recipe: the settings; its epochs decide where neither it nor `steps` has a number of steps.
        steps: optimiser steps that the rates are planned for, instead of the recipe's.
        until: the step to stop at, without changing the plan; None is the end.
        watch: photos to look at from time to time. They decide nothing.
        watch_every: steps between two looks; None is the recipe's, or an epoch. The first is before the first step.
        device: where torch computes.
        stage: where the run is kept, and goes on from if something is there.

    Raises:
        LearningError: the loss became infinite or NaN.
        FileError: the stage cannot be kept.
    """
    from autohdr_train.recipes.augment import (
        build,
    )  # not above: kornia takes long to load, and labelling needs none of it

    augmentation = build(recipe.augment, spec)
    shown = counted(_smoothed(photos, recipe))
    epoch = math.ceil(len(shown) / recipe.batch)
    planned = steps or recipe.steps or (recipe.epochs or 0) * epoch
    last = planned if until is None else min(until, planned)
    every = watch_every or recipe.watch_every or epoch
    network.to(device)
    spread = torch.from_numpy(label_spread(photos.labels) if recipe.balanced else np.ones(8, np.float32)).to(device)
    if recipe.balanced:
        centre = np.nan_to_num(to_scaled(mean_label(photos.labels)))
        network.balance(torch.from_numpy(centre).to(spread), spread)
    optimiser = make_optimiser(network, recipe)
    scored = network if recipe.average is None else copy.deepcopy(network)
    random = torch.Generator().manual_seed(recipe.seed)
    curve: Curve = []
    losses: list[float] = []
    first = 0
    if stage is not None and (kept := stage.restore()) is not None:
        first, losses, curve = kept["step"], kept["losses"], from_parts(kept["curve"], watch)
        network.load_state_dict(kept["network"])
        scored.load_state_dict(kept["scored"])
        optimiser.load_state_dict(kept["optimiser"])
        random.set_state(kept["random"])
    else:
        curve.append(look(0, [], scored, watch))
    batches = Loader(shown, recipe.batch, recipe.seed).batches(first)
    progress = Progress(range(first, last), initial=first, total=last, desc="training", leave=False, disable=None)
    for step, batch in zip(progress, batches, strict=False):
        network.train()
        set_rate(optimiser, step, planned, recipe)
        pixels, labels = augmentation(batch.pixels.to(device), batch.labels.to(device), random)
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=recipe.bf16):
            predicted = network(pixels)
        loss = LOSSES[recipe.loss](predicted.float(), labels, spread)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if recipe.clip is not None:
            nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
        optimiser.step()
        taken = step + 1
        if recipe.average is not None:
            follow(scored, network, taken, recipe.average)
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            raise LearningError(f"the loss became {losses[-1]} in step {taken}; try a lower learning rate")
        if taken % every == 0 or taken == last:
            curve.append(look(taken, losses, scored, watch))
            losses = []
        if stage is not None and stage.is_due:
            stage.keep(
                {
                    "step": taken,
                    "losses": losses,
                    "curve": to_parts(curve),
                    "network": network.state_dict(),
                    "scored": scored.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "random": random.get_state(),
                }
            )
    if recipe.average is not None:
        network.load_state_dict(scored.state_dict())
    return curve


def fit(
    network: SliderNet,
    spec: InputSpec,
    photos: TensorDataset,
    held_out: TensorDataset,
    recipe: Recipe,
    out: Path,
    *,
    name: str,
    facts: dict[str, Any],
    device: str = "cpu",
) -> list[SliderScore]:
    """`train`, and leave a checkpoint, its card and `log.jsonl` in `out`; returns the scores on the held-out photos.

    A run that was killed goes on where it was when the same is asked for again.

    Args:
        network: its input is as `spec` says.
        spec: how the pixels of both datasets were prepared.
        photos: what is learnt from; the mean of its labels is the baseline.
        held_out: what is scored. It decides nothing.
        recipe: the settings.
        out: where the checkpoint goes; a folder without one, or with an unfinished run.
        name: of the model, for its card.
        facts: plain JSON about the data, for its card.
        device: where torch computes.

    Raises:
        LearningError: the loss became infinite or NaN.
        SettingsError: `out` holds another unfinished run.
        FileError: the checkpoint cannot be written.
    """
    with Unfinished(out, identity(recipe, spec, photos) | {"facts": facts}) as unfinished:
        stage = unfinished.stage("training")
        curve = train(network, spec, photos, recipe=recipe, watch=held_out, device=device, stage=stage)
        give_features(network, spec, photos)
        scores = score(predict(network, held_out), held_out.labels, mean_label(photos.labels))
        write_log(out, curve)
        trained_on = facts | {"recipe": recipe, "steps": curve[-1].step, "scores": scores}
        leave(out, Checkpoint(network, spec, name, trained_on), held_out)
    return scores


def label_spread(labels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation (8,) of each slider's labels (N, 8), scaled; at least a hundredth of the slider's range."""
    known = np.isfinite(labels)
    deviations = [labels[known[:, column], column].std() if known[:, column].any() else 0.0 for column in range(8)]
    return np.maximum(np.array(deviations, dtype=np.float32), 0.01)


def counted(photos: TensorDataset) -> TensorDataset:
    """The photos, corrections of autohdr's labels twice: they count more, as in `autohdr.style.points.CORRECTED`."""
    if not photos.corrected.any():
        return photos
    return photos.subset(np.concatenate([np.arange(len(photos)), np.flatnonzero(photos.corrected)]))


def _smoothed(photos: TensorDataset, recipe: Recipe) -> TensorDataset:
    """The photos with their labels smoothed as the recipe says."""
    labels = photos.labels
    if recipe.label_window:
        labels = moving_average(labels, photos.groups, photos.captured, recipe.label_window)
    if recipe.label_noise:
        labels = jitter(labels, recipe.label_noise, np.random.default_rng(recipe.seed))
    if labels is photos.labels:
        return photos
    smoothed = photos.subset(np.arange(len(photos)))
    smoothed.labels = labels
    return smoothed
