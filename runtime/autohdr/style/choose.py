"""Which photos to edit first: those whose edits would say most about how the photographer edits all the others.

What styles are expected to be (`prior`) says, before any edit is seen, how uncertain each photo's sliders are, and how
much the edit of one photo would tell of another. Photos are taken one after the other, each the one after which the
least variance is left over the shoot, given those before it (D. A. Cohn, Z. Ghahramani and M. I. Jordan, "Active
learning with statistical models", Journal of Artificial Intelligence Research 4, 1996). Photos of one day share a part
of how they are edited, so that no day is passed over for a better known one; and one photo of a burst is enough.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.left_out import LeftOut, none_readable
from autohdr.edits.photos import EditedPhotos, LabelledPhoto
from autohdr.model.info import find_model
from autohdr.model.onnx_file import read_model
from autohdr.sliders import SLIDERS
from autohdr.style.experts.prior import Array, Prior
from autohdr.style.looking import looking
from autohdr.style.points import some
from autohdr.style.split import BURST, shoot_groups
from autohdr.system.one_thread import one_thread
from autohdr.words import PICKED, Keep, ModeName

Rows = NDArray[np.int64]

MOST = 400
"""Photos that stand for a shoot, and edits that count; of more, a random choice."""
DAY = 0.15
"""Share of a photographer's own variance that photos of one day have in common. Of eleven real people it is 0.03
(Exposure) to 0.30 (Whites), 0.12 on average over the sliders, each person counted by their pairs of photos."""
NIGHT = 6 * 3600.0
"""Seconds without a photo after which the next one begins another day."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The photos that are worth editing first, and those that could not be looked at."""

    photos: tuple[Path, ...]
    """The photos to edit, the most useful one first."""
    found: int
    """Photos that are learnt from already, or may be asked for."""
    edited: int
    """How many of them are learnt from already."""
    left_out: tuple[LeftOut, ...]
    """Photos that are neither: edited in a way that is not learnt, or not to be read. And folders that cannot be
    searched."""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """When photos were taken."""

    captured: Array
    """(N,), seconds, NaN where unknown."""
    days: NDArray[np.int64]
    """(N,), a number for each day."""

    @classmethod
    def of(cls, folders: Sequence[str], captured: Array) -> Self:
        """The days that pauses of `NIGHT` divide; photos of unknown time are a day for each of their folders."""
        places = ["" if known else folder for folder, known in zip(folders, np.isfinite(captured), strict=True)]
        return cls(captured, np.unique(shoot_groups(places, captured, NIGHT), return_inverse=True)[1])

    def same_burst(self, photo: int) -> NDArray[np.bool_]:
        """(N,), which photos show the moment of this one."""
        return np.abs(self.captured - self.captured[photo]) <= BURST


def pick(
    shoots: str | PathLike[str] | Sequence[str | PathLike[str]],
    count: int = PICKED,
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
) -> Picked:
    """The photos of a shoot to edit first. Those that `learn` would learn from count as known, and no photo that is
    edited in another way is asked for.

    Args:
        shoots: RAW files, folders that are searched in depth, and Lightroom catalogs; or a single one of them.
        count: how many, at most.
        model: as of `learn`, like all that follow.
        settings: folder of the sidecars; None where each lies beside its photo.
        keep: edits that count although `learn` would leave them out.
        mode: as of `learn`.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto`.
        threads: that decode; None for one a core.
        cache: folder for prepared photos, shared with `learn`; None for the user's.

    Raises:
        SettingsError: a path does not exist, or the cache folder cannot be made.
        CatalogError: a catalog cannot be read.
        LearningError: no photo could be read.
        EngineError: the engine cannot run here.
        FileError: nothing can be written into the cache folder.
    """
    paths = [shoots] if isinstance(shoots, str | PathLike) else list(shoots)
    file = read_model(find_model(None if model is None else Path(model)))
    edits = EditedPhotos.find(paths, settings=settings, keep=keep, mode=mode, only=only, root=root)
    set_aside = [item for item in edits.left_out if not item.unedited]
    unknown = np.full(len(SLIDERS), np.nan, dtype=np.float32)
    others = [LabelledPhoto(item.path, unknown, hdr=True) for item in edits.left_out if item.unedited]
    ordered = sorted((*edits.photos, *others), key=lambda photo: photo.path)
    with looking(file, engine=engine, threads=threads, cache=None if cache is None else Path(cache)) as network:
        used, pixels, unreadable = network.prepared(ordered)
        left_out = (*set_aside, *unreadable)
        if not used:
            raise none_readable(paths, left_out)
        features = network.look(pixels, np.zeros(len(used), dtype=bool)).features
    labels = np.array([photo.labels for photo in used])
    edited = np.flatnonzero(np.isfinite(labels).any(axis=1)).tolist()
    corrected = [index for index in edited if used[index].corrected]
    with one_thread():
        taken = Taken.of([str(photo.path.parent) for photo in used], pixels.captured())
        chosen = choose(Prior.of(file.prior), features.astype(np.float64), count, edited, corrected, taken)
    return Picked(tuple(used[index].path for index in chosen), len(used), len(edited), left_out)


def choose(
    prior: Prior,
    features: Array,
    count: int,
    edited: Sequence[int] = (),
    corrected: Collection[int] = (),
    taken: Taken | None = None,
) -> list[int]:
    """Numbers of at most `count` photos, the one that tells most first; fewer of them are the first of more.

    Photos of a burst of which one is edited or taken come after all others.

    Args:
        prior: what is expected of photographers.
        features: what the network sees of the photos (N, F).
        count: how many.
        edited: numbers of photos that are known, and not taken.
        corrected: those of them that count whatever else does, where there are more than `MOST`.
        taken: when the photos were taken; None where that does not count.
    """
    moments = taken or Taken(np.full(len(features), np.nan), np.arange(len(features)))
    kept = some(len(edited), MOST, 0, np.isin(edited, list(corrected)))
    doubt = _Doubt.of(prior, features, np.array(edited, dtype=np.int64)[kept], None if taken is None else taken.days)
    known = np.zeros(len(features), dtype=bool)
    for photo in edited:
        known |= moments.same_burst(photo)
    left, chosen = np.setdiff1d(np.arange(len(features)), edited).tolist(), []
    for _ in range(min(count, len(left))):
        fresh = [photo for photo in left if not known[photo]] or left
        photo = fresh[int(doubt.less()[fresh].argmax())]
        left.remove(photo)
        known |= moments.same_burst(photo)
        doubt.learn(photo)
        chosen.append(photo)
    return chosen


@dataclass(slots=True, eq=False)
class _Doubt:
    """What is uncertain about the photos of a shoot, given those that are known."""

    covariance: Callable[[Rows, Rows], Array]
    """(8, one, other), before any photo is known."""
    noise: Array
    """(8, 1)."""
    asked: Rows
    """The photos (A,) that stand for all."""
    usual: Array
    """(8, 1), mean variance of these before any photo is known."""
    told: Array
    """(8, K, N), what the known photos tell of each."""
    variance: Array
    """(8, N)."""
    across: Array
    """(8, N, A), covariance of each photo with those that stand for all."""

    @classmethod
    def of(cls, prior: Prior, features: Array, known: Rows, days: NDArray[np.int64] | None) -> Self:
        before = prior.variances(features)
        day = before.mean(axis=1)[:, None, None] * (0.0 if days is None else DAY)

        def covariance(one: Rows, other: Rows) -> Array:
            same = 0.0 if days is None else days[one][:, None] == days[other]
            return prior.covariances(features[one], features[other]) + day * same

        noise, every = prior.noise[:, None], np.arange(len(features))
        asked: Rows = np.random.default_rng(0).permutation(len(features))[:MOST]
        before = before + day[:, :, 0]
        own = covariance(known, known) + noise[:, None] * np.eye(len(known))
        told = np.linalg.solve(np.linalg.cholesky(own), covariance(known, every))
        usual = before[:, asked].mean(axis=1, keepdims=True)
        across = covariance(every, asked) - told.swapaxes(1, 2) @ told[:, :, asked]
        return cls(covariance, noise, asked, usual, told, before - (told**2).sum(axis=1), across)

    def less(self) -> Array:
        """(N,), by what share of the usual variance the shoot's would be less, were each photo known."""
        return ((self.across**2).sum(axis=2) / (self.variance + self.noise) / self.usual).mean(axis=0)

    def learn(self, photo: int) -> None:
        """Counts a photo as known."""
        column = self.covariance(np.arange(self.variance.shape[1]), np.array([photo]))[:, :, 0]
        column = column - (self.told[:, :, photo, None] * self.told).sum(axis=1)
        column = column / np.sqrt(self.variance[:, photo, None] + self.noise)
        self.variance = self.variance - column**2
        self.across = self.across - column[:, :, None] * column[:, None, self.asked]
        self.told = np.concatenate([self.told, column[:, None]], axis=1)
