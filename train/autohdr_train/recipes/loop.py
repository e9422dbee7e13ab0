"""The training loop: data, loss, step, log, evaluate, keep; one function, read top to bottom."""

import copy
import math

import numpy as np
import torch
from torch import nn

from autohdr.errors import LearningError
from autohdr.sliders import to_scaled
from autohdr.spec import InputSpec
from autohdr.style.confidence.scores import mean_label
from autohdr.system.progress import Progress
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.augment import build
from autohdr_train.recipes.curve import Curve, from_parts, look, to_parts
from autohdr_train.recipes.objective import Objective, label_spread
from autohdr_train.recipes.optimiser import follow, make_optimiser, set_rate
from autohdr_train.recipes.unfinished import Stage


def train(
    network: SliderNet,
    spec: InputSpec,
    objective: Objective,
    *,
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
        objective: what is learnt, by its recipe, whose epochs decide where neither it nor `steps` has a number of
            steps.
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
    recipe = objective.recipe
    augmentation = build(recipe.augment, spec)
    planned = steps or recipe.steps or (recipe.epochs or 0) * objective.per_epoch
    last = planned if until is None else min(until, planned)
    every = watch_every or recipe.watch_every or objective.per_epoch
    network.to(device)
    spread = torch.from_numpy(label_spread(objective.labels) if recipe.balanced else np.ones(8, np.float32)).to(device)
    if recipe.balanced:
        centre = np.nan_to_num(to_scaled(mean_label(objective.labels)))
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
        objective.go_on(kept["objective"])
    else:
        curve.append(look(0, [], scored, watch))
    progress = Progress(range(first, last), initial=first, total=last, desc="training", leave=False, disable=None)
    for step, domains in zip(progress, objective.batches(first), strict=False):
        network.train()
        set_rate(optimiser, step, planned, recipe)
        batch = [augmentation(pixels.to(device), labels.to(device), random) for pixels, labels in domains]
        loss = objective.loss(network, batch, spread)
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
                    "objective": objective.state(),
                }
            )
    if recipe.average is not None:
        network.load_state_dict(scored.state_dict())
    return curve
