"""Training: a step from photos that the cache holds beside one from tensors in memory; and a head from 20 edits."""

import copy
from pathlib import Path

import numpy as np
import torch

from autohdr.edits.photos import EditedPhotos
from autohdr.spec import InputSpec
from autohdr_bench.speed.method.rounds import Case
from autohdr_bench.speed.results import Group, Stage
from autohdr_bench.speed.suites.base import Bench, figures
from autohdr_bench.speed.suites.torch_network import threads
from autohdr_scenes import write_shoot
from autohdr_train import probe, recipes
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.loop import train
from autohdr_train.model import scratch
from autohdr_train.start import begin

NAME = "train"
EDITS = 20
BATCH = 8
FILES, MEMORY = "from the cache's files", "from tensors in memory"
WHOLE, FEATURES, SOLVE = "probe", "its features", "its head"


def measure(bench: Bench) -> Stage:
    """Times steps of ViT-tiny from random weights, and the closed-form head of the default model."""
    files = edits(bench.folder, EDITS)
    pixels = np.stack([np.asarray(files.pixels[index]) for index in range(len(files))])
    memory = TensorDataset(pixels, files.labels, files.groups, files.captured)
    with threads(bench.threads):
        return Stage(NAME, (_steps(files, memory, bench), _probe(memory, bench)))


def edits(folder: Path, count: int) -> TensorDataset:
    """A simulated shoot's photos, prepared and in a cache of its own."""
    write_shoot(folder / "edited", count, size=(320, 480))
    found = EditedPhotos.find([folder / "edited"])
    photos, _ = TensorDataset.from_photos(found.photos, InputSpec(), folder / "cache")
    return photos


def _steps(files: TensorDataset, memory: TensorDataset, bench: Bench) -> Group:
    steps = bench.profile.steps
    recipe = recipes.RECIPES["scratch"]().changed(batch=BATCH)
    network = scratch("tiny", InputSpec(), recipe.head, seed=0)

    def learn(photos: TensorDataset) -> None:
        train(network, InputSpec(), photos, recipe=recipe, steps=steps)

    taken = bench.in_turn(
        {FILES: Case(lambda: learn(files), steps), MEMORY: Case(lambda: learn(memory), steps)}, slow=True
    )
    notes = ("ViT-tiny, all layers; from files it is slower by what reading them costs, which a thread does ahead",)
    return Group(
        "training",
        "step",
        figures(taken, {FILES: "ours", MEMORY: "floor"}),
        taken.conditions,
        MEMORY,
        MEMORY,
        {"photos_a_step": BATCH, "threads": bench.threads},
        notes,
    )


def _probe(photos: TensorDataset, bench: Bench) -> Group:
    network, spec = begin("default", None, None, "linear", 0)
    seen = probe.look(network, spec, photos, seed=0)
    labels = torch.from_numpy(photos.labels)

    def whole() -> None:
        probe.learn(copy.deepcopy(network), spec, photos, seed=0)

    taken = bench.in_turn(
        {
            WHOLE: Case(whole),
            FEATURES: Case(lambda: probe.look(network, spec, photos, seed=0)),
            SOLVE: Case(lambda: probe.solve(copy.deepcopy(network), seen, labels)),
        },
        slow=True,
    )
    found = figures(taken, {WHOLE: "ours", FEATURES: "ours", SOLVE: "ours"})
    return Group(
        f"a style from {EDITS} edits",
        "style",
        found,
        taken.conditions,
        facts={"edits": EDITS, "threads": bench.threads},
    )
