"""Which photos to edit first: those whose edits would tell most about how the photographer edits all the others.

What styles are expected to be (`style.Style`) says, before any edit is seen, how uncertain each photo's sliders are,
and how much the edit of one photo would tell of another. Photos are taken one after the other, each the one after which
the least variance is left over the shoot, given those before it (D. A. Cohn, Z. Ghahramani and M. I. Jordan, "Active
learning with statistical models", Journal of Artificial Intelligence Research 4, 1996).
"""

import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from autohdr.edits.left_out import LeftOut
from autohdr.edits.photos import EditedPhotos, LabelledPhoto
from autohdr.edits.prepared import TensorCache, default_folder, prepare_all
from autohdr.errors import LearningError
from autohdr.sliders import SLIDERS
from autohdr.words import Keep
from autohdr_train import probe
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.start import DEFAULT, begin
from autohdr_train.style import Style

MOST = 400
"""Photos that stand for a shoot, and edits that count; of more, a random choice."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What came of a search."""

    photos: tuple[Path, ...]
    """To edit, the one that tells most first."""
    found: int
    """Photos that are learnt from already, or may be asked for."""
    edited: int
    """Of those, the ones that are learnt from already."""
    left_out: tuple[LeftOut, ...]
    """Photos that are neither: edited in a way that is not learnt, or not to be read. And folders that cannot be
    searched."""


def pick_photos(
    shoots: Sequence[str | PathLike[str]],
    count: int,
    *,
    settings: Path | None = None,
    keep: Collection[Keep] = (),
    cache: Path | None = None,
) -> Picked:
    """The photos of a shoot to edit first. Those that `train_shoot` would learn from count as known, and no photo that
    is edited in another way is asked for.

    Args:
        shoots: RAW files, or folders searched in depth.
        count: how many, at most.
        settings: folder of the sidecars; None where each lies beside its photo.
        keep: as of `train_shoot`.
        cache: folder for prepared photos, shared with training; None is the user's cache folder.

    Raises:
        SettingsError: a path does not exist, or the cache folder cannot be made.
        LearningError: no photo could be read.
        FileError: nothing can be written into the cache folder.
    """
    raw = EditedPhotos.find(shoots, settings=settings, keep=keep)
    set_aside = [item for item in raw.left_out if not item.unedited]
    unknown = np.full(len(SLIDERS), np.nan, dtype=np.float32)
    others = [LabelledPhoto(item.path, unknown, hdr=True) for item in raw.left_out if item.unedited]
    network, spec = begin(DEFAULT, None, None, "linear", 0)
    assert network.style is not None
    ordered = sorted((*raw.photos, *others), key=lambda photo: photo.path)
    used, pixels, unreadable = prepare_all(ordered, TensorCache(cache or default_folder(), spec))
    left_out = (*set_aside, *unreadable)
    if not used:
        where = ", ".join(str(shoot) for shoot in shoots)
        first = f"; first: {left_out[0].reason}" if left_out else ""
        raise LearningError(f"no RAW file in {where} could be read; name a folder of them{first}")
    labels = np.array([photo.labels for photo in used])
    seen = probe.features(network, TensorDataset(pixels, labels, [""] * len(used), np.full(len(used), np.nan)))
    edited = np.flatnonzero(np.isfinite(labels).any(axis=1)).tolist()
    corrected = [index for index in edited if used[index].corrected]
    chosen = pick(network.style, seen[:, : network.style.learnt], count, edited, corrected)
    return Picked(tuple(used[index].path for index in chosen), len(used), len(edited), left_out)


@torch.no_grad()
def pick(
    style: Style, learnt: Tensor, count: int, edited: Sequence[int] = (), corrected: Collection[int] = ()
) -> list[int]:
    """Numbers of at most `count` photos, the one that tells most first; fewer of them are the first of more.

    Args:
        style: what is expected of photographers.
        learnt: features (N, Z) that it knows.
        count: how many.
        edited: numbers of photos that are known, and not taken.
        corrected: those of them that count whatever else does, where there are more than `MOST`.
    """
    style, learnt = copy.deepcopy(style).double(), learnt.double()
    noise = torch.exp(2.0 * style.log_noise)[:, None]
    some = np.random.default_rng(0).permutation
    kept = probe.some(len(edited), MOST, 0, np.isin(edited, list(corrected)))
    asked, known = torch.from_numpy(some(len(learnt))[:MOST]), learnt[np.array(edited, dtype=np.int64)[kept]]
    root = torch.linalg.cholesky(style.covariance(known, known) + noise[:, None] * torch.eye(len(known)))
    told = torch.linalg.solve_triangular(root, style.covariance(known, learnt), upper=False)  # of each photo (8, K, N)
    variance = style.prior(learnt)  # (8, N)
    usual = variance[:, asked].mean(dim=1, keepdim=True)
    variance = variance - told.square().sum(dim=1)
    across = style.covariance(learnt, learnt[asked]).baddbmm_(told.mT, told[:, :, asked], alpha=-1.0)  # (8, N, A)
    left, chosen = np.setdiff1d(np.arange(len(learnt)), edited).tolist(), []
    for _ in range(min(count, len(left))):
        less = torch.linalg.vector_norm(across, dim=2).square() / (variance + noise)  # of the variance over the shoot
        photo = left.pop(int((less / usual).mean(dim=0)[left].argmax()))
        column = style.covariance(learnt, learnt[photo : photo + 1])[:, :, 0]
        column = column - (told[:, :, photo, None] * told).sum(dim=1)
        column = column / (variance[:, photo, None] + noise).sqrt()
        variance = variance - column.square()
        across.baddbmm_(column[:, :, None], column[:, None, asked], alpha=-1.0)
        told = torch.cat([told, column[:, None]], dim=1)
        chosen.append(photo)
    return chosen
