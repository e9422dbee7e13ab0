"""A recipe applied to photos: the head solved for, gradients for as long as they help, and scores in folds."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr.spec import InputSpec
from autohdr.style.confidence.scores import mean_label, median_label
from autohdr.style.split import Split
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.coral.adaptation import Adaptation
from autohdr_train.recipes.curve import Curve, from_parts, look, to_parts
from autohdr_train.recipes.head import begin_head
from autohdr_train.recipes.loop import train
from autohdr_train.recipes.objective import Objective, Supervised, label_spread, taught
from autohdr_train.recipes.recipe import Recipe
from autohdr_train.recipes.unfinished import Unfinished


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """The result of training besides the network: its scores and notes."""

    steps: int
    """Optimiser steps taken."""
    curve: Curve
    """The learning curve of the network itself."""
    predicted: NDArray[np.float64]
    """(N, 8), in Lightroom's units: each photo by a network that had not learnt from its fold; NaN where no fold
    holds it out."""
    baseline: NDArray[np.float64]
    """(N, 8), the mean label of the photos that each of those had learnt from; NaN likewise."""
    median: NDArray[np.float64]
    """(N, 8), their median; NaN likewise."""


def learn(
    network: SliderNet,
    spec: InputSpec,
    photos: TensorDataset,
    recipe: Recipe,
    folds: Sequence[Split] = (),
    *,
    watch: TensorDataset | None = None,
    steps: int | None = None,
    device: str = "cpu",
    unfinished: Unfinished | None = None,
) -> Learnt:
    """Teach `network`, in place, all the photos by a recipe.

    First a copy of it learns each fold's other photos, and is asked about the fold's. Where the recipe watches, the
    look at which all folds together have the smallest error says after how many steps the network itself stops: none,
    where gradients help nothing. Without folds it goes to its end.

    Args:
        network: its input is as `spec` says.
        spec: how the pixels were prepared.
        photos: what is learnt from.
        recipe: the settings.
        folds: splits of `photos`; no photo is held out twice.
        watch: photos to look at for the curve of the network itself. They decide nothing.
        steps: optimiser steps, instead of the recipe's.
        device: where torch computes.
        unfinished: where what each fold has come to is kept.

    Raises:
        LearningError: learning diverged.
        FileError: a stage cannot be kept.
    """
    planned = steps or recipe.steps or (recipe.epochs or 0) * -(-len(photos) // recipe.batch)
    curves = []
    for number, fold in enumerate(folds):
        done = None if unfinished is None else unfinished.stage(f"fold-{number}-done")
        unseen = photos.subset(fold.held_out)
        if done is not None and (kept := done.restore()) is not None:
            curves.append(from_parts(kept["curve"], unseen))
            continue
        stage = None if unfinished is None else unfinished.stage(f"fold-{number}")
        learner, rest = copy.deepcopy(network), photos.subset(fold.train)
        objective = prepare(learner, spec, rest, recipe, device)
        curves.append(train(learner, spec, objective, steps=planned, watch=unseen, device=device, stage=stage))
        if done is not None and stage is not None:
            done.keep({"curve": to_parts(curves[-1])})
            stage.remove()
    chosen = _best(curves, photos, folds) if recipe.watch_every is not None and folds else -1
    until = curves[0][chosen].step if curves else planned
    final = None if unfinished is None else unfinished.stage("final")
    objective = prepare(network, spec, photos, recipe, device)
    if until == 0:
        curve = [look(0, [], network, watch)]
    else:
        curve = train(network, spec, objective, steps=planned, until=until, watch=watch, device=device, stage=final)
    predicted, baseline, median = np.full((3, *photos.labels.shape), np.nan)
    for fold, looks in zip(folds, curves, strict=True):
        predicted[fold.held_out] = looks[chosen].predicted
        baseline[fold.held_out] = mean_label(photos.labels[fold.train])
        median[fold.held_out] = median_label(photos.labels[fold.train])
    return Learnt(until, curve, predicted, baseline, median)


def prepare(
    network: SliderNet, spec: InputSpec, photos: TensorDataset, recipe: Recipe, device: str = "cpu"
) -> Objective:
    """What a recipe trains `network` towards: the photos' labels, or every photo as two domains. Where the recipe
    begins with a head that is solved for, the network has it then."""
    network.to(device)
    if recipe.head_first:
        begin_head(network, spec, photos, seed=recipe.seed)
    if recipe.coral is None:
        return Supervised(photos, recipe)
    shown = taught(photos, recipe)
    return Adaptation(spec, network.config.hidden_size, shown, shown, recipe)


def _best(curves: Sequence[Curve], photos: TensorDataset, folds: Sequence[Split]) -> int:
    """Number of the look with the smallest error over all folds: squared, in each slider's spread."""
    spread = label_spread(photos.labels) * LIMITS
    errors = np.zeros(min(len(curve) for curve in curves))
    for curve, fold in zip(curves, folds, strict=True):
        truth = photos.labels[fold.held_out] * LIMITS
        for number in range(len(errors)):
            predicted = curve[number].predicted
            assert predicted is not None
            errors[number] += np.nansum(((predicted - truth) / spread) ** 2)
    return int(errors.argmin())
