"""Learn a photographer's edits: from folders of RAW files with sidecars to a checkpoint."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.left_out import LeftOut, count_kinds, too_little
from autohdr.edits.photos import EditedPhotos, kept_of_other_kinds
from autohdr.edits.prepared import default_folder
from autohdr.errors import SettingsError
from autohdr.files.folders import make_folder, refuse_impossible
from autohdr.mode import Mode
from autohdr.sliders import LIMITS
from autohdr.spec import Encoding, InputSpec, Source
from autohdr.style.confidence.scores import SliderScore, beaten, mean_label, median_label, score
from autohdr.style.split import Split, folds, split
from autohdr.words import Keep
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.checkpoint import Checkpoint, has_checkpoint, is_ours
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SliderNet
from autohdr_train.network.plain import give_features
from autohdr_train.network.reload import leave
from autohdr_train.network.start import begin, describe_start
from autohdr_train.recipes.curve import write_log
from autohdr_train.recipes.learn import learn
from autohdr_train.recipes.recipe import OF_LIGHT, Recipe
from autohdr_train.recipes.unfinished import Unfinished, identity, is_unfinished

EXPORTED = "model.onnx"
"""What autohdr export writes into a checkpoint's folder."""
FEWEST = 2
"""Edits without which there is nothing to learn and to score."""
FOLDS = 4
"""Parts that few edits are scored in. Each costs a training."""


@dataclasses.dataclass(frozen=True, slots=True)
class Trained:
    """The result of a training run: scores, notes and where the checkpoint is."""

    scores: list[SliderScore]
    """The scores on photos by networks that had not learnt from them."""
    used: int
    """Photos that were learnt from or scored."""
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    """What a reader should know about the recipe, the photos and the scores, a sentence each."""
    mode: Mode
    """The HDR mode of the edits that were learnt, and so of those that the style makes."""
    corrected: tuple[Path, ...] = ()
    """Photos whose edits are corrections of autohdr's labels."""
    stale: bool = False
    """Whether a model that was exported before is still in the folder."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, without the scores and what was left out."""
        return {
            "used": self.used,
            "left_out": len(self.left_out),
            "mode": self.mode.to_dict(),
            "corrected": [str(path) for path in self.corrected],
            "stale": self.stale,
        }


def train_shoot(
    shoots: Sequence[str | PathLike[str]],
    out: Path,
    recipe: Recipe,
    *,
    start: str | None = None,
    encoding: Encoding | None = None,
    source: Source | None = None,
    settings: Path | None = None,
    keep: Collection[Keep] = (),
    changes: Mapping[str, Any] | None = None,
    cache: Path | None = None,
    device: str = "cpu",
) -> Trained:
    """Learn from edited RAW files and leave a checkpoint in `out`. A run that was killed goes on where it was.

    From many photos some are held out, whole groups of them, and scored. Few are too many to spare: each is scored by a
    network that has learnt from other groups, and then all are learnt.

    Args:
        shoots: RAW files, or folders searched in depth.
        out: a new folder, or one with a network of ours, which stays whole until the new one is; or with this very run
            unfinished. Made if it is missing.
        recipe: how to train.
        start: as of `begin`; None is the recipe's.
        encoding: of the network's input; None leaves the start's own, or `srgb`.
        source: of the network's input; None leaves the start's own, or `raw`.
        settings: folder of the sidecars; None where each lies beside its photo.
        keep: photos to learn from that would be left out, as of `EditedPhotos.find`.
        changes: to the recipe, as keyword arguments of `Recipe.changed`.
        cache: folder for prepared photos, shared between runs; None is the user's cache folder.
        device: where torch computes.

    Raises:
        SettingsError: a path does not exist, or `out` holds another's checkpoint or another run.
        ModelError: `start` cannot be loaded.
        LearningError: there is nothing to learn from, or learning diverged.
    """
    refuse_foreign(out)
    raw = EditedPhotos.find(shoots, settings=settings, keep=keep)
    if len(raw.photos) < FEWEST:
        raise too_little(shoots, len(raw.photos), raw.left_out, FEWEST)
    recipe = recipe.changed(**(changes or {}))
    start = recipe.start if start is None else start
    network, spec = begin(start, encoding, source, recipe.head, recipe.seed)
    tensors, unreadable = TensorDataset.from_photos(raw.photos, spec, cache or default_folder())
    left_out = (*raw.left_out, *unreadable)
    if len(tensors) < FEWEST:
        raise too_little(shoots, len(tensors), left_out, FEWEST)
    notes = []
    if spec.source != "raw" and (names := OF_LIGHT.intersection(recipe.augment)):
        recipe = recipe.changed(augment=tuple(name for name in recipe.augment if name not in names))
        notes.append(f"previews are no sensor data, so these augmentations are left out: {', '.join(sorted(names))}")
    unread = {item.path for item in unreadable}
    notes += kept_of_other_kinds([photo for photo in raw.photos if photo.path not in unread], raw.mode)
    facts = {
        "data": "RAW photos with their photographer's Lightroom edits",
        "start": describe_start(start),
        "left_out": count_kinds(left_out),
    }
    make_folder(out, "--out")
    scores, told = _learn(network, spec, tensors, recipe, out, facts, notes, device, raw.mode)
    corrected = tuple(photo.path for photo in raw.photos if photo.corrected and photo.path not in unread)
    return Trained(scores, len(tensors), left_out, (*notes, *told), raw.mode, corrected, (out / EXPORTED).exists())


def _learn(
    network: SliderNet,
    spec: InputSpec,
    photos: TensorDataset,
    recipe: Recipe,
    out: Path,
    facts: dict[str, Any],
    notes: Sequence[str],
    device: str,
    mode: Mode,
) -> tuple[list[SliderScore], list[str]]:
    """Split, learn, score, and leave the checkpoint; returns the scores and what is to be known of them."""
    spare = len(photos) >= recipe.spare
    apart = split(photos.groups, photos.captured, share=recipe.held_out, seed=recipe.seed, labels=photos.labels)
    train, held_out = (photos.subset(apart.train), photos.subset(apart.held_out)) if spare else (photos, None)
    parts = _folds(train, recipe, few=not spare)
    told = [note for note in [apart.note if spare else parts[0].note] if note is not None]
    if held_out is None:
        told.append(f"{len(photos)} edits are too few to spare any: scored in {len(parts)} folds, then all were learnt")
    run = identity(recipe, spec, photos) | {"start": facts["start"], "mode": mode.to_dict()}
    with Unfinished(out, run) as unfinished:
        learnt = learn(network, spec, train, recipe, parts, watch=held_out, device=device, unfinished=unfinished)
        if held_out is None:
            scored, labels, baseline, median = learnt.predicted, photos.labels, learnt.baseline, learnt.median
        else:
            scored, labels = predict(network, held_out), held_out.labels
            baseline, median = mean_label(train.labels), median_label(train.labels)
        give_features(network, spec, train)
        better = beaten(scored, labels, median)
        _hold(network, median_label(train.labels), better)
        scores = score(scored, labels, baseline, median, better)
        trained_on = {
            **facts,
            **_counts(train, held_out),
            "folds": len(parts),
            "notes": [*notes, *told],
            "recipe": recipe,
            "steps": learnt.steps,
            "scores": scores,
        }
        checkpoint = Checkpoint(network, spec, f"autohdr-{recipe.name}", trained_on, mode)
        leave(out, checkpoint, photos if held_out is None else held_out)
        write_log(out, learnt.curve)
    return scores, told


def _hold(network: SliderNet, constants: NDArray[np.float64], learnt: NDArray[np.bool_]) -> None:
    """Makes a constant of each slider that was not learnt; one without labels stays as it is."""
    for slider, (constant, limit) in enumerate(zip(constants, LIMITS, strict=True)):
        if not learnt[slider] and np.isfinite(constant):
            network.hold(slider, float(constant / limit))


def _folds(photos: TensorDataset, recipe: Recipe, *, few: bool) -> list[Split]:
    """Few photos are scored in folds, which say when to stop as well; of many, one part is watched for that."""
    if few:
        return folds(photos.groups, photos.captured, FOLDS, seed=recipe.seed, labels=photos.labels)
    if recipe.watch_every is None:
        return []
    share, seed = recipe.held_out, recipe.seed
    return [split(photos.groups, photos.captured, share=share, seed=seed, labels=photos.labels)]


def _counts(train: TensorDataset, held_out: TensorDataset | None) -> dict[str, Any]:
    """Plain JSON: how many photos and groups are learnt from, and held out."""
    return {
        "photos": {"train": len(train), "held_out": 0 if held_out is None else len(held_out)},
        "groups": {
            "train": len(set(train.groups)),
            "held_out": 0 if held_out is None else len(set(held_out.groups)),
        },
    }


def refuse_taken(out: Path) -> None:
    """Raises:
    SettingsError: `out` already holds a finished checkpoint, or is no folder and cannot become one.
    """
    if has_checkpoint(out) and not is_unfinished(out):
        raise SettingsError(f"--out {out} already holds a model; name another folder, or move that one away")
    refuse_impossible(out, "--out")


def refuse_foreign(out: Path) -> None:
    """Raises:
    SettingsError: `out` holds a model that autohdr train did not make, or is no folder and cannot become one.
    """
    if not has_checkpoint(out) or not is_ours(out):
        refuse_taken(out)
