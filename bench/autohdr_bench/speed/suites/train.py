"""Training: a step from photos that the cache holds beside one from tensors in memory; and a head from 20 edits."""

from pathlib import Path

import numpy as np

from autohdr.edits.photos import EditedPhotos
from autohdr.edits.prepared import CachedPixels
from autohdr.model.info import DEFAULT_MODEL
from autohdr.model.onnx_file import read_model
from autohdr.spec import InputSpec
from autohdr.style.experts.prior import Prior
from autohdr.style.fit import fit_and_score
from autohdr.style.looking import looking
from autohdr_bench.speed.method.rounds import Case
from autohdr_bench.speed.results import Group, Stage
from autohdr_bench.speed.suites.base import Bench, figures
from autohdr_bench.speed.suites.torch_network import threads
from autohdr_scenes import write_shoot
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import scratch
from autohdr_train.recipes.loop import train
from autohdr_train.recipes.objective import Supervised
from autohdr_train.recipes.recipe import scratch as scratch_recipe

NAME = "train"
EDITS = 20
BATCH = 8
FILES, MEMORY = "from the cache's files", "from tensors in memory"
WHOLE, FEATURES, SOLVE = "style", "its features", "its head"


def measure(bench: Bench) -> Stage:
    """Times steps of ViT-tiny from random weights, and a style on the default network."""
    files = edits(bench.folder, EDITS)
    pixels = np.stack([np.asarray(files.pixels[index]) for index in range(len(files))])
    memory = TensorDataset(pixels, files.labels, files.groups, files.captured)
    with threads(bench.threads):
        return Stage(NAME, (_steps(files, memory, bench), _style(files, bench)))


def edits(folder: Path, count: int) -> TensorDataset:
    """A simulated shoot's photos, prepared and in a cache of its own."""
    write_shoot(folder / "edited", count, size=(320, 480))
    found = EditedPhotos.find([folder / "edited"])
    photos, _ = TensorDataset.from_photos(found.photos, InputSpec(), folder / "cache")
    return photos


def _steps(files: TensorDataset, memory: TensorDataset, bench: Bench) -> Group:
    steps = bench.profile.steps
    recipe = scratch_recipe().changed(batch=BATCH)
    network = scratch("tiny", InputSpec(), recipe.head, seed=0)

    def learn(photos: TensorDataset) -> None:
        train(network, InputSpec(), Supervised(photos, recipe), steps=steps)

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


def _style(photos: TensorDataset, bench: Bench) -> Group:
    """What `autohdr.learn` does with prepared photos: looks at them, in other light too, and solves for the head."""
    model = read_model(DEFAULT_MODEL)
    labels, corrected = photos.labels.astype(np.float64), np.zeros(len(photos), dtype=bool)
    pixels = photos.pixels
    assert isinstance(pixels, CachedPixels)
    with looking(model, engine="cpu", threads=bench.threads, cache=bench.folder / "cache") as network:
        seen = network.look(pixels, corrected, range(len(photos)))

        def look() -> None:
            network.forget(pixels)
            network.look(pixels, corrected, range(len(photos)))

        def solve() -> None:
            fit_and_score(Prior.of(model.prior), seen, labels, photos.groups, photos.captured)

        def whole() -> None:
            look()
            solve()

        taken = bench.in_turn({WHOLE: Case(whole), FEATURES: Case(look), SOLVE: Case(solve)}, slow=True)
    found = figures(taken, {WHOLE: "ours", FEATURES: "ours", SOLVE: "ours"})
    return Group(
        f"a style from {EDITS} edits",
        "style",
        found,
        taken.conditions,
        facts={"edits": EDITS, "threads": bench.threads},
    )
