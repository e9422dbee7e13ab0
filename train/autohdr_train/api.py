"""`autohdr_train.train`, of which `autohdr train` is the command."""

from collections.abc import Collection, Iterable
from os import PathLike
from pathlib import Path

import torch

from autohdr.spec import Encoding, Source
from autohdr.system.processors import processors
from autohdr.words import Keep
from autohdr_train.recipes.recipe import RECIPES
from autohdr_train.shoot import Trained, train_shoot
from autohdr_train.words import RecipeName


def train(
    shoots: str | PathLike[str] | Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    *,
    recipe: RecipeName = "finetune",
    start: str | None = None,
    encoding: Encoding | None = None,
    source: Source | None = None,
    augment: tuple[str, ...] | None = None,
    smooth: str | None = None,
    epochs: int | None = None,
    batch: int | None = None,
    seed: int | None = None,
    settings: str | PathLike[str] | None = None,
    keep: Collection[Keep] = (),
    cache: str | PathLike[str] | None = None,
) -> Trained:
    """Trains a network on the edits of RAW files, and leaves a checkpoint in `out`, on the GPU where there is one.

    Args:
        shoots: RAW files, or folders searched in depth; or a single one of them.
        out: a new folder, or one with a network of autohdr's to train anew.
        recipe: how to train.
        start: `default`, `tiny`, `small`, `base`, a folder, or a hub id; None for the recipe's.
        encoding: of the network's input; None for the start's own.
        source: what the network is fed; None for the start's own.
        augment: augmentations, in this order; None for the recipe's.
        smooth: how labels are smoothed, such as `noise:0.1`; None leaves them as they are.
        epochs: times that each photo is seen; None for the recipe's.
        batch: photos in a step; None for the recipe's.
        seed: of all that is random; None for the recipe's.
        settings: folder of the sidecars; None where each lies beside its photo.
        keep: photos to learn from that would be left out.
        cache: folder for prepared photos; None for the user's cache folder.

    Raises:
        SettingsError: a path does not exist, or `out` holds something else.
        ModelError: `start` cannot be loaded.
        LearningError: there is nothing to learn from, or learning diverged.
    """
    torch.set_num_threads(processors())
    several = [shoots] if isinstance(shoots, str | PathLike) else list(shoots)
    return train_shoot(
        several,
        Path(out),
        RECIPES[recipe](),
        start=start,
        encoding=encoding,
        source=source,
        settings=None if settings is None else Path(settings),
        keep=keep,
        changes={"epochs": epochs, "batch": batch, "seed": seed, "augment": augment, "smooth": smooth},
        cache=None if cache is None else Path(cache),
        device="cuda" if torch.cuda.is_available() else "cpu",
    )
