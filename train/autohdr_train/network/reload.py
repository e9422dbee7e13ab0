"""Checks that a saved checkpoint answers as the network that was scored: the last step of every way of training."""

import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np

from autohdr.errors import LearningError, ModelError
from autohdr.files.whole import write_atomically
from autohdr.sliders import LIMITS
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.checkpoint import NEW, OTHERS, WEIGHTS, Checkpoint, load_saved, save
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SliderNet

TOLERANCE = 2e-4
"""The largest difference after reloading, as a share of a slider's range: 0.001 EV, 0.02. A network that is folded into
another form on saving rounds otherwise."""


def leave(folder: Path, checkpoint: Checkpoint, photos: TensorDataset) -> None:
    """Saves a checkpoint, checks it with `refuse_another`, and puts it into the place of one that is there.

    It is whole in a folder below before anything of the old one goes, and stays there until it is in place: `load`
    finds one of the two at every moment.

    Args:
        folder: of the checkpoint; made if it is missing.
        checkpoint: what has been learnt.
        photos: that it was scored on.

    Raises:
        LearningError: as `refuse_another`; the old one is as it was.
        FileError: it cannot be written.
    """
    new = folder / NEW
    shutil.rmtree(new, ignore_errors=True)
    try:
        save(new, checkpoint)
        refuse_another(new, checkpoint.network, photos)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    for name in (*OTHERS, WEIGHTS, "README.md"):
        write_atomically(folder / name, (new / name).read_bytes())
    shutil.rmtree(new, ignore_errors=True)


def refuse_another(folder: Path, network: SliderNet, photos: TensorDataset) -> None:
    """Loads a checkpoint that was saved a moment ago and asks it about the photos that the network was scored on.

    Raises:
        LearningError: it cannot be loaded, or answers otherwise than the network; then the checkpoint is removed.
    """
    wanted = predict(network, photos)
    try:
        loaded = load_saved(folder).network.to(next(network.parameters()).device)
    except ModelError as error:
        _remove(folder)
        raise LearningError(
            f"{folder}: the model cannot be loaded again ({error}), so it was removed; repeat the command, and report "
            "this if it comes again"
        ) from error
    found = predict(loaded, photos)
    apart = np.abs(found - wanted).max(axis=0) / LIMITS if len(photos) else np.zeros(len(LIMITS))
    if np.isfinite(apart).all() and apart.max() <= TOLERANCE:
        return
    _remove(folder)
    raise LearningError(
        f"{folder}: the model answers otherwise once it is loaded again (by up to {apart.max():.2g} of a slider's "
        "range), so it was removed; please report this with the command that you gave"
    )


def _remove(folder: Path) -> None:
    """A checkpoint's files; others in the folder stay."""
    for name in (WEIGHTS, *OTHERS, "README.md"):
        with suppress(OSError):
            (folder / name).unlink()
