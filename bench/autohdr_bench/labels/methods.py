"""The ways to learn a photographer's edits that the study compares; a new one is a function and a line in `METHODS`."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import to_values
from autohdr.spec import InputSpec
from autohdr.style.description import GROUPS, TONES
from autohdr.style.fit import fit_and_score
from autohdr.style.points import Seen
from autohdr_bench.labels import baselines
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network import seeing
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SliderNet
from autohdr_train.network.plain import give_features
from autohdr_train.recipes.curve import Curve
from autohdr_train.recipes.learn import prepare
from autohdr_train.recipes.loop import train
from autohdr_train.recipes.recipe import RECIPES

Array = NDArray[np.float64]
WATCHED = 60
"""Scored photos that a curve is drawn over: a part of them, because all of them would cost more than the training."""
LOOKS = 6  # times that a curve is scored


@dataclass(frozen=True, slots=True)
class Task:
    """A few edits to learn from, and other photos to predict."""

    train: TensorDataset
    test: TensorDataset  # its labels are there for the curve alone
    described: tuple[Array, Array]  # (n, 31) of the one and (M, 31) of the other, as a style is told of them
    spec: InputSpec
    network: SliderNet | None  # as it begins; the method's own, to change. None for plain algebra
    seen: tuple[Seen, NDArray[np.float32]] | None  # of n photos and (M, F), where it is known already
    augment: tuple[str, ...] | None  # names; None is the recipe's own
    smooth: str | None  # of the training labels, as `--smooth` says it; None is the recipe's own
    steps: int | None
    seed: int
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method made of a task."""

    predicted: Array
    """(M, 8), in Lightroom's units, clipped to their ranges, not rounded."""
    seconds: float
    """Seconds that learning and predicting took, on what the machine had to spare."""
    curve: Curve = field(default_factory=list)
    """Over the first `WATCHED` of the scored photos."""
    network: SliderNet | None = None
    """The network after learning; None where the method has none."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to learn, and what it needs."""

    learn: Callable[[Task], Outcome]
    network: bool  # it begins with a network
    steps: bool  # it takes optimiser steps, so many as the others take
    frozen: bool = False  # it changes the network's head alone
    picks: bool = False  # it says which photos are edited; for the others chance does


def _algebra(regression: baselines.Regression) -> Method:
    def learn(task: Task) -> Outcome:
        began = time.perf_counter()
        train, test = (numbers[:, GROUPS[TONES]] for numbers in task.described)
        predicted = to_values(regression(train, task.train.labels.astype(np.float64), test))
        return Outcome(predicted, time.perf_counter() - began)

    return Method(learn, network=False, steps=False)


def _recipe(name: str) -> Method:
    return Method(lambda task: _train(task, name), network=True, steps=True)


def _train(task: Task, name: str) -> Outcome:
    """A recipe of `autohdr_train.recipes`, to the end: where it watches, it would stop at the best look in folds, which
    takes steps that the others have not.

    Raises:
        LearningError: learning diverged.
    """
    network = task.network
    assert network is not None
    assert task.steps is not None
    began = time.perf_counter()
    recipe = RECIPES[name]().changed(seed=task.seed, augment=task.augment, smooth=task.smooth)
    curve = train(
        network,
        task.spec,
        prepare(network, task.spec, task.train, recipe, task.device),
        steps=task.steps,
        watch=task.test.subset(np.arange(min(WATCHED, len(task.test)))),
        watch_every=max(1, task.steps // LOOKS),
        device=task.device,
    )
    predicted = predict(network, task.test)
    return Outcome(predicted, time.perf_counter() - began, curve, network)


def _style(task: Task) -> Outcome:
    """What `autohdr learn` does; over what the network says of each photo already, where that is known."""
    network = task.network
    assert network is not None
    began = time.perf_counter()
    if task.seen is None:
        give_features(network, task.spec, task.train)
        train = seeing.look(network, task.spec, task.train, seed=task.seed)
        test = seeing.features(network, task.test)
    else:
        train, test = task.seen
    train, labels = replace(train, descriptions=task.described[0]), task.train.labels.astype(np.float64)
    never = np.full(len(labels), np.nan)  # made-up photos have no days
    made = fit_and_score(seeing.prior(network), train, labels, task.train.groups, never, seed=task.seed).head
    predicted, _ = made.answer(test, task.described[1], np.full(len(test), np.nan))
    return Outcome(to_values(predicted), time.perf_counter() - began)


METHODS: dict[str, Method] = {
    "mean": _algebra(baselines.mean),
    "ridge": _algebra(baselines.ridge),
    "gp": _algebra(baselines.gaussian_process),
    "autohdr2024": _recipe("autohdr2024"),
    "style": Method(_style, network=True, steps=False, frozen=True),
    "finetune": _recipe("finetune"),
    "pick": Method(_style, network=True, steps=False, frozen=True, picks=True),
}
"""All methods, by name. `mean`, `ridge` and `gp` are plain algebra on tone statistics, `style` is what `autohdr learn`
does, `pick` the same with photos that `autohdr pick` chose, the others are recipes."""
