"""What was saved answers as what was scored: the last step of every way of training."""

from contextlib import suppress
from pathlib import Path

import numpy as np

from autohdr.errors import ModelError
from autohdr.sliders import LIMITS
from autohdr_train.checkpoint import OTHERS, WEIGHTS, load
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.errors import TrainingError
from autohdr_train.evaluate import predict
from autohdr_train.model import SliderNet

TOLERANCE = 2e-4
"""Of a slider's range: 0.001 EV, 0.02. A network that is folded into another form on saving rounds otherwise."""


def refuse_another(folder: Path, network: SliderNet, photos: TensorDataset) -> None:
    """Loads a checkpoint that was saved a moment ago and asks it about the photos that the network was scored on.

    Raises:
        TrainingError: it cannot be loaded, or answers otherwise than the network; then the checkpoint is removed.
    """
    wanted = predict(network, photos)
    try:
        loaded = load(folder).network.to(next(network.parameters()).device)
    except ModelError as error:
        _remove(folder)
        raise TrainingError(
            f"{folder}: the model cannot be loaded again ({error}), so it was removed; repeat the command, and report "
            "this if it comes again"
        ) from error
    found = predict(loaded, photos)
    apart = np.abs(found - wanted).max(axis=0) / LIMITS if len(photos) else np.zeros(len(LIMITS))
    if np.isfinite(apart).all() and apart.max() <= TOLERANCE:
        return
    _remove(folder)
    raise TrainingError(
        f"{folder}: the model answers otherwise once it is loaded again (by up to {apart.max():.2g} of a slider's "
        "range), so it was removed; please report this with the command that you gave"
    )


def _remove(folder: Path) -> None:
    """A checkpoint's files; others in the folder stay."""
    for name in (WEIGHTS, *OTHERS, "README.md"):
        with suppress(OSError):
            (folder / name).unlink()
