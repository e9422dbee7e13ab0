"""Learning a photographer's style: from folders of edited RAW files to one small file, without torch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from autohdr.edits.constant import constant
from autohdr.edits.left_out import LeftOut, count_kinds, too_little
from autohdr.edits.photos import EditedPhotos, LabelledPhoto, kept_of_other_kinds
from autohdr.edits.preset import Preset
from autohdr.files.folders import make_folder, refuse_impossible
from autohdr.mode import Mode
from autohdr.model.info import ModelFile, find_model
from autohdr.model.onnx_file import read_model
from autohdr.shot.shot import Shot
from autohdr.style.confidence.scores import SliderScore
from autohdr.style.confidence.verdict import too_little_learnt, what_next
from autohdr.style.experts.people import load
from autohdr.style.experts.prior import Array, Prior
from autohdr.style.file import Style, earlier_style, save_style
from autohdr.style.fit import fit_and_score
from autohdr.style.further.fitting import fit_further
from autohdr.style.further.labels import labels_of
from autohdr.style.looking import Looking, looking
from autohdr.style.moved import Moved, moves
from autohdr.style.points import Seen, to_copy
from autohdr.style.split import shoot_groups
from autohdr.words import Keep, ModeName

FROM = 5
"""Edits below which no style can be told from chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """The result of learning a style: the style, its scores, and what was left out."""

    style: Style
    path: Path
    """Where it was written."""
    used: int
    """Photos that were learnt from or scored."""
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    """What a reader should know about the photos and the scores, a sentence each."""
    corrected: tuple[Path, ...] = ()
    """Photos whose edits are corrections of autohdr's labels."""
    moved: Moved | None = None
    """How much the style moved other photos; None where there was none before."""
    lost: str | None = None
    """A sentence where the style before was learnt from more photos; None where it was not."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, without notes and what was left out."""
        told = (too_little_learnt(self.scores), what_next(self.scores, self.unedited))
        return {
            "used": self.used,
            "left_out": len(self.left_out),
            "corrected": [str(path) for path in self.corrected],
            "moved": None if self.moved is None else self.moved.to_dict(),
            "adapted": [row.key for row in self.scores if row.verdict == "adapted"],
            "constant": [row.key for row in self.scores if row.verdict == "constant"],
            "not_learnt": [row.key for row in self.scores if row.verdict == "not learnt"],
            "warning": " ".join(sentence for sentence in told if sentence) or None,
            "style": self.style.describe(),
        }

    @property
    def unedited(self) -> int:
        """How many photos of the shoots nobody has edited."""
        return sum(item.unedited for item in self.left_out)

    @property
    def scores(self) -> tuple[SliderScore, ...]:
        """Each slider on photos that were not learnt from."""
        return self.style.scores

    @property
    def mode(self) -> Mode:
        """The mode of the edits that were learnt, and so of those that the style makes."""
        return self.style.mode


def learn(
    shoots: str | PathLike[str] | Sequence[str | PathLike[str]],
    style: str | PathLike[str],
    *,
    model: str | PathLike[str] | None = None,
    settings: str | PathLike[str] | None = None,
    keep: Collection[Keep] = (),
    mode: ModeName | None = None,
    only: Sequence[str] = (),
    root: Sequence[str] = (),
    engine: str = "auto",
    threads: int | None = None,
    cache: str | PathLike[str] | None = None,
    seed: int = 0,
) -> Learnt:
    """Learn a photographer's edits from RAW files with sidecars, or from a Lightroom catalog, and write the style into
    a file. A catalog is never written.

    Args:
        shoots: RAW files, folders that are searched in depth, and catalogs (`.lrcat`); or a single one of them.
        style: the file to write; a style that is there stays whole until the new one takes its place.
        model: the network to learn on, an `.onnx` of autohdr's or a folder that holds one; None for the embedded one.
        settings: folder of the sidecars; None where each lies beside its photo.
        keep: photos to learn from that would be left out, as of `EditedPhotos.find`.
        mode: that of the edits to learn from; None for the one that more of them have.
        only: which photos of catalogs, conditions that all hold: `folder=2024/Paris`, `collection=Wedding`,
            `rating=3..`, `flag=picked`, `date=2024-05..2024-06`.
        root: folders of catalogs that have moved, each `OLD=NEW`.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto`.
        threads: that decode; None for one a core.
        cache: folder for prepared photos and what the network sees of them; None for the user's.
        seed: of all that is drawn.

    Raises:
        SettingsError: a path does not exist, or something that is no style stands at `style`.
        CatalogError: a catalog cannot be read.
        ModelError: the model is missing, not ours, or from a newer version.
        LearningError: there is too little to learn from.
        EngineError: the engine cannot run here.
        FileError: the style, or the cache, cannot be written.
    """
    paths = [shoots] if isinstance(shoots, str | PathLike) else list(shoots)
    out = Path(style)
    refuse_impossible(out.parent, "--style")
    before = earlier_style(out)
    file = read_model(find_model(None if model is None else Path(model)))
    edited = EditedPhotos.find(paths, settings=settings, keep=keep, mode=mode, only=only, root=root)
    if len(edited.photos) < FROM:
        raise too_little(paths, len(edited.photos), edited.left_out, FROM)
    folder = None if cache is None else Path(cache)
    with looking(file, engine=engine, threads=threads, cache=folder) as network:
        made, used, unread = _learnt(network, edited, seed, paths)
        make_folder(out.parent, "--style")
        saved = save_style(out, made)
        others = [item.path for item in edited.left_out if item.unedited]
        moved = None if before is None else moves(network, before, saved, others)
    corrected = tuple(photo.path for photo in used if photo.corrected)
    notes = tuple(made.learnt_from["notes"])
    lost = None if before is None else _lost(before, len(used))
    return Learnt(saved, out, len(used), (*edited.left_out, *unread), notes, corrected, moved, lost)


def _lost(before: Style, used: int) -> str | None:
    """Says, in one sentence, where a style was learnt from more photos than the one that takes its place; else None."""
    photos, corrections = (before.learnt_from.get(name, 0) for name in ("photos", "corrections"))
    if photos <= used:
        return None
    of_them = (
        "" if not corrections else f", {corrections} of them {'a correction' if corrections == 1 else 'corrections'}"
    )
    return (
        f"The style before was learnt from more photos ({photos}{of_them}), and those of them that were not named this "
        "time are no longer in it: name both shoots in one command to keep both"
    )


def _learnt(
    network: Looking, edited: EditedPhotos, seed: int, paths: Sequence[str | PathLike[str]]
) -> tuple[Style, list[LabelledPhoto], list[LeftOut]]:
    """The style, the photos that it was learnt from, and those that could not be read."""
    ordered = sorted(edited.photos, key=lambda photo: photo.path)
    used, pixels, unread = network.prepared(ordered)
    left_out = (*edited.left_out, *unread)
    if len(used) < FROM:
        raise too_little(paths, len(used), left_out, FROM)
    corrected = np.array([photo.corrected for photo in used], dtype=bool)
    shots = [pixels.shot(index) for index in range(len(pixels))]
    seen = network.look(pixels, corrected, to_copy(corrected, seed).tolist())
    seen = replace(seen, descriptions=network.describe(pixels))
    more = network.describe_beside(pixels)
    made, _ = style_of(network.model, used, shots, seen, more, left_out=left_out, mode=edited.mode, seed=seed)
    return made, used, unread


def style_of(
    model: ModelFile,
    photos: Sequence[LabelledPhoto],
    shots: Sequence[Shot],
    seen: Seen,
    more: Array,
    *,
    left_out: Sequence[LeftOut],
    mode: Mode,
    seed: int = 0,
) -> tuple[Style, list[int]]:
    """The style that edits make, and the numbers of those that it remembers, in its order.

    Args:
        model: the network's file.
        photos: N of them, sorted by path.
        shots: what their files say beside pixels.
        seen: what the network sees of them, with their descriptions; of those that `to_copy` names also in other light.
        more: (N, E), as of `further.inputs.describe_all_beside`.
        left_out: those that are not learnt from.
        mode: of the edits.
        seed: of all that is drawn.

    Raises:
        LearningError: there are fewer than two photos.
    """
    labels = np.array([photo.labels for photo in photos], dtype=np.float64)
    captured = np.array([np.nan if shot.captured is None else shot.captured for shot in shots], dtype=np.float64)
    groups = shoot_groups([str(photo.path.parent) for photo in photos], captured)
    described = np.concatenate([seen.described, more], axis=1)
    further = fit_further(labels_of(list(photos), list(shots)), described, captured, seen.corrected, load())
    fitted = fit_and_score(Prior.of(model.prior), seen, labels, groups, captured, seed=seed)
    learnt_from: dict[str, Any] = {
        "photos": len(photos),
        "groups": len(set(groups)),
        "corrections": int(seen.corrected.sum()),
        "left_out": count_kinds(left_out),
        "notes": [*kept_of_other_kinds(photos, mode), *fitted.notes],
        "seed": seed,
    }
    names = tuple(photos[row].path.name for row in fitted.remembered)
    scores = (*fitted.scores, *(() if further is None else further.scores))
    beside = None if further is None else further.further
    made = Style(fitted.head, model.network, model.info.name, mode, learnt_from, scores, names, beside)
    return replace(made, preset=_preset(photos, shots)), fitted.remembered.tolist()


def _preset(photos: Sequence[LabelledPhoto], shots: Sequence[Shot]) -> Preset:
    """What the edits have in common beside all sliders."""
    edits = [(photo.tools, shot) for photo, shot in zip(photos, shots, strict=True) if photo.edited]
    return constant([tools for tools, _ in edits], [shot for _, shot in edits])
