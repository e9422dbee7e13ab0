"""Which photos to edit first: those whose edits would say most about how the photographer edits all the others.

What styles are expected to be (`prior`) says, before any edit is seen, how uncertain each photo's sliders are, and how
much the edit of one photo would tell of another. Photos are taken one after the other, each the one after which the
least variance is left over the shoot, given those before it (D. A. Cohn, Z. Ghahramani and M. I. Jordan, "Active
learning with statistical models", Journal of Artificial Intelligence Research 4, 1996).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.left_out import LeftOut
from autohdr.edits.photos import EditedPhotos, LabelledPhoto
from autohdr.errors import LearningError
from autohdr.model.info import find_model
from autohdr.model.onnx_file import read_model
from autohdr.sliders import SLIDERS
from autohdr.style.looking import looking
from autohdr.style.points import some
from autohdr.style.prior import Array, Prior
from autohdr.system.one_thread import one_thread
from autohdr.words import PICKED, Keep

Rows = NDArray[np.int64]

MOST = 400
"""Photos that stand for a shoot, and edits that count; of more, a random choice."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The photos that are worth editing first, and those that could not be looked at."""

    photos: tuple[Path, ...]
    """To edit, the most useful one first."""
    found: int
    """Photos that are learnt from already, or may be asked for."""
    edited: int
    """How many of them are learnt from already."""
    left_out: tuple[LeftOut, ...]
    """Photos that are neither: edited in a way that is not learnt, or not to be read. And folders that cannot be
    searched."""


def pick(
    shoots: str | PathLike[str] | Sequence[str | PathLike[str]],
    count: int = PICKED,
    *,
    model: str | PathLike[str] | None = None,
    settings: str | PathLike[str] | None = None,
    keep: Collection[Keep] = (),
    engine: str = "auto",
    threads: int | None = None,
    cache: str | PathLike[str] | None = None,
) -> Picked:
    """The photos of a shoot to edit first. Those that `learn` would learn from count as known, and no photo that is
    edited in another way is asked for.

    Args:
        shoots: RAW files, and folders that are searched in depth; or a single one of them.
        count: how many, at most.
        model: as of `learn`, like all that follow.
        settings: folder of the sidecars; None where each lies beside its photo.
        keep: edits that count although `learn` would leave them out.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto`.
        threads: that decode; None for one a core.
        cache: folder for prepared photos, shared with `learn`; None for the user's.

    Raises:
        SettingsError: a path does not exist, or the cache folder cannot be made.
        LearningError: no photo could be read.
        EngineError: the engine cannot run here.
        FileError: nothing can be written into the cache folder.
    """
    paths = [shoots] if isinstance(shoots, str | PathLike) else list(shoots)
    file = read_model(find_model(None if model is None else Path(model)))
    edits = EditedPhotos.find(paths, settings=settings, keep=keep)
    set_aside = [item for item in edits.left_out if not item.unedited]
    unknown = np.full(len(SLIDERS), np.nan, dtype=np.float32)
    others = [LabelledPhoto(item.path, unknown, hdr=True) for item in edits.left_out if item.unedited]
    ordered = sorted((*edits.photos, *others), key=lambda photo: photo.path)
    with looking(file, engine=engine, threads=threads, cache=None if cache is None else Path(cache)) as network:
        used, pixels, unreadable = network.prepared(ordered)
        left_out = (*set_aside, *unreadable)
        if not used:
            where = ", ".join(str(path) for path in paths)
            first = f"; first: {left_out[0].reason}" if left_out else ""
            raise LearningError(f"no RAW file in {where} could be read; name a folder of them{first}")
        features = network.look(pixels, np.zeros(len(used), dtype=bool)).features
    labels = np.array([photo.labels for photo in used])
    edited = np.flatnonzero(np.isfinite(labels).any(axis=1)).tolist()
    corrected = [index for index in edited if used[index].corrected]
    with one_thread():
        chosen = choose(Prior.of(file.prior), features.astype(np.float64), count, edited, corrected)
    return Picked(tuple(used[index].path for index in chosen), len(used), len(edited), left_out)


def choose(
    prior: Prior, features: Array, count: int, edited: Sequence[int] = (), corrected: Collection[int] = ()
) -> list[int]:
    """Numbers of at most `count` photos, the one that tells most first; fewer of them are the first of more.

    Args:
        prior: what is expected of photographers.
        features: what the network sees of the photos (N, F).
        count: how many.
        edited: numbers of photos that are known, and not taken.
        corrected: those of them that count whatever else does, where there are more than `MOST`.
    """
    noise = prior.noise[:, None]
    permuted = np.random.default_rng(0).permutation
    kept = some(len(edited), MOST, 0, np.isin(edited, list(corrected)))
    asked, known = permuted(len(features))[:MOST], np.array(edited, dtype=np.int64)[kept]

    def covariance(one: Rows, other: Rows) -> Array:
        return prior.covariances(features[one], features[other])

    every: Rows = np.arange(len(features))
    own = covariance(known, known) + noise[:, None] * np.eye(len(known))
    told = np.linalg.solve(np.linalg.cholesky(own), covariance(known, every))  # of each photo (8, K, N)
    variance = prior.variances(features)  # (8, N)
    usual = variance[:, asked].mean(axis=1, keepdims=True)
    variance = variance - (told**2).sum(axis=1)
    across = covariance(every, asked) - told.swapaxes(1, 2) @ told[:, :, asked]  # (8, N, A)
    left, chosen = np.setdiff1d(every, edited).tolist(), []
    for _ in range(min(count, len(left))):
        less = (across**2).sum(axis=2) / (variance + noise)  # of the variance over the shoot
        photo = left.pop(int((less / usual).mean(axis=0)[left].argmax()))
        column = covariance(every, np.array([photo]))[:, :, 0]
        column = column - (told[:, :, photo, None] * told).sum(axis=1)
        column = column / np.sqrt(variance[:, photo, None] + noise)
        variance = variance - column**2
        across -= column[:, :, None] * column[:, None, asked]
        told = np.concatenate([told, column[:, None]], axis=1)
        chosen.append(photo)
    return chosen
