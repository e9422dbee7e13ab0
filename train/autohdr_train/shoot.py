"""Learn a photographer's edits: from folders of RAW files with sidecars to a checkpoint."""

import dataclasses
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from autohdr.errors import SettingsError
from autohdr.spec import Encoding, InputSpec, Source
from autohdr_train.checkpoint import has_checkpoint, is_ours, load
from autohdr_train.data.cache import default_folder
from autohdr_train.data.raw import LabelledPhoto, LeftOut, RawDataset, count_kinds, describe
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.errors import TrainingError
from autohdr_train.evaluate import SliderScore
from autohdr_train.folders import make_folder, refuse_impossible
from autohdr_train.loop import fit
from autohdr_train.model import SIZES, Head, SliderNet, pretrained, scratch
from autohdr_train.recipes import Recipe
from autohdr_train.split import Split, split


@dataclasses.dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training run."""

    scores: list[SliderScore]
    """On the held-out photos, after the last epoch."""
    used: int
    """Photos that were learnt from or scored."""
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    """What a reader of the scores should know about the photos and the split, a sentence each."""


def train_shoot(
    shoots: Sequence[str | PathLike[str]],
    out: Path,
    recipe: Recipe,
    *,
    start: str = "tiny",
    encoding: Encoding | None = None,
    source: Source | None = None,
    cache: Path | None = None,
    device: str = "cpu",
) -> Trained:
    """Learn from edited RAW files and leave a checkpoint in `out`.

    Args:
        shoots: RAW files, or folders searched in depth; each photo's sidecar lies beside it.
        out: a folder without a checkpoint; made if it is missing.
        recipe: how to train.
        start: `tiny`, `small` or `base` from scratch, a checkpoint of ours to go on from, or another ViT's folder or
            hub id, which gets a new head.
        encoding: of the network's input; None leaves the start's own, or `srgb`.
        source: of the network's input; None leaves the start's own, or `raw`.
        cache: folder for prepared photos, shared between runs; None is the user's cache folder.
        device: where torch computes.

    Raises:
        SettingsError: a path does not exist, or `out` already holds a checkpoint.
        ModelError: `start` cannot be loaded.
        TrainingError: there is nothing to learn from, or learning diverged.
    """
    refuse_taken(out)
    raw = RawDataset.find(shoots)
    if len(raw.photos) < 2:
        raise _nothing(shoots, len(raw.photos), raw.left_out)
    network, spec = begin(start, encoding, source, recipe.head, recipe.seed)
    tensors, unreadable = TensorDataset.from_photos(raw.photos, spec, cache or default_folder())
    left_out = (*raw.left_out, *unreadable)
    if len(tensors) < 2:
        raise _nothing(shoots, len(tensors), left_out)
    parts = split(tensors.groups, tensors.captured, share=recipe.held_out, seed=recipe.seed)
    unread = {item.path for item in unreadable}
    notes = _notes([photo for photo in raw.photos if photo.path not in unread], parts)
    facts = {
        "data": "RAW photos with their photographer's Lightroom edits",
        "start": start if start in SIZES else f"weights of {Path(start).name if Path(start).is_dir() else start}",
        "left_out": count_kinds(left_out),
        **split_facts(tensors, parts),
        "notes": notes,
    }
    make_folder(out, "--out")
    train, held_out = tensors.subset(parts.train), tensors.subset(parts.held_out)
    name = f"autohdr-{recipe.name}"
    scores = fit(network, spec, train, held_out, recipe, out, name=name, facts=facts, device=device)
    return Trained(scores, len(tensors), left_out, tuple(notes))


def begin(
    start: str, encoding: Encoding | None, source: Source | None, head: Head, seed: int
) -> tuple[SliderNet, InputSpec]:
    """The network to train and the input that it needs. A checkpoint of ours keeps its own head.

    Raises:
        ModelError: it cannot be loaded.
    """
    if start in SIZES:
        spec = InputSpec(source=source or "raw", encoding=encoding or "srgb")
        return scratch(start, spec, head, seed=seed), spec
    if is_ours(Path(start)):
        checkpoint = load(Path(start))
        own = checkpoint.spec
        return checkpoint.network, dataclasses.replace(
            own, source=source or own.source, encoding=encoding or own.encoding
        )
    network, spec = pretrained(start, encoding, head, seed=seed)
    return network, dataclasses.replace(spec, source=source or spec.source)


def refuse_taken(out: Path) -> None:
    """Raises:
    SettingsError: `out` already holds a checkpoint, or is no folder and cannot become one.
    """
    if has_checkpoint(out):
        raise SettingsError(f"--out {out} already holds a model; name another folder, or move that one away")
    refuse_impossible(out, "--out")


def split_facts(photos: TensorDataset, parts: Split) -> dict[str, Any]:
    """Plain JSON about a split: how many photos and groups are on either side."""
    groups = np.asarray(photos.groups)
    return {
        "photos": {"train": len(parts.train), "held_out": len(parts.held_out)},
        "groups": {
            "train": len(np.unique(groups[parts.train])),
            "held_out": len(np.unique(groups[parts.held_out])),
        },
    }


def _notes(photos: Sequence[LabelledPhoto], parts: Split) -> list[str]:
    sdr = sum(not photo.hdr for photo in photos)
    modes = f"{sdr} of {len(photos)} photos {'was' if sdr == 1 else 'were'} edited as SDR; autohdr-run writes HDR edits"
    return [*([modes] if sdr else []), *([] if parts.note is None else [parts.note])]


def _nothing(shoots: Sequence[str | PathLike[str]], used: int, left_out: Sequence[LeftOut]) -> TrainingError:
    where = ", ".join(str(shoot) for shoot in shoots)
    first = f" First: {left_out[0].reason}" if left_out else ""
    return TrainingError(
        f"too little to learn from in {where}: {describe(used, left_out)}; expected two or more.{first}"
    )
